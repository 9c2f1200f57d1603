package main

import (
	"os"
	"path/filepath"
	"testing"

	"posprobe/probe/lab"
)

// TestStatusNamesPermission: a daemon without rights, where users may not ping, says in
// its status which permission the missing evidence takes.
func TestStatusNamesPermission(t *testing.T) {
	need(t, true, "setpriv")
	t.Parallel()
	const nobody = 65534
	w := lab.New(t, lab.Options{NAT: 1, ClosedPing: true})
	w.Acquirer(lab.Acq)
	home := w.Dir()
	runDir := filepath.Join(home, "run")
	for _, dir := range []string{runDir, filepath.Join(home, "store")} {
		if err := os.Mkdir(dir, 0o700); err != nil || os.Chown(dir, nobody, nobody) != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(home, "posprobe.yaml")
	writeFile(t, file, daemonYAML(lab.AcqAddr+":5500", filepath.Join(home, "store"), ""))
	binary := filepath.Join(home, "posprobe") // the test's own directory is closed to other users
	text, err := os.ReadFile(hasty(t))
	if err == nil {
		err = os.WriteFile(binary, text, 0o755)
	}
	if err != nil || os.Chmod(file, 0o644) != nil || os.Chmod(binary, 0o755) != nil {
		t.Fatal(err)
	}
	a := startAgent(t, runDir, nil, "ip", "netns", "exec", w.Name(lab.Term), "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
		"--inh-caps=-all", "--bounding-set=-all", binary, "run", "--config", file)
	var said string
	for lang, words := range map[string]string{"en": "ping (not permitted: it takes CAP_NET_RAW", "zh": "ping（没有权限：需要 CAP_NET_RAW"} {
		a.until("a status that names the permission, in "+lang, func() bool {
			o := a.ask("service", "status", "--lang", lang)
			said = o.stdout + o.stderr
			return o.exit == 0 && lacking(said, words) == nil
		})
	}
	t.Log(said)
	a.stop()
}
