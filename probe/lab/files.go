//go:build linux

package lab

import (
	"os"
	"path/filepath"
	"strings"
)

// setFiles writes the terminal's resolv.conf and hosts file. `ip netns exec` lays them
// over those of /etc for the programs it starts (ip-netns(8)).
func (w *World) setFiles() error {
	dir := filepath.Join(netnsEtcDir, w.Name(Term))
	// The last world of another process may remove the empty parent in between.
	var err error
	for range 5 {
		if err = os.MkdirAll(dir, 0o755); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	if err := w.writeFile("resolv.conf", resolvConf(w.options.Resolvers)); err != nil {
		return err
	}
	return w.writeFile("hosts", hostsFile(w.options.Hosts))
}

// SetResolvers rewrites the terminal's resolv.conf; running programs see it too. None
// at all leaves the file empty.
func (w *World) SetResolvers(addresses ...string) {
	w.t.Helper()
	if err := w.writeFile("resolv.conf", resolvConf(addresses)); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
}

// SetHosts rewrites the terminal's hosts file: these lines, and the one for localhost.
func (w *World) SetHosts(lines ...string) {
	w.t.Helper()
	if err := w.writeFile("hosts", hostsFile(lines)); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
}

// writeFile rewrites a file in place: a new file under the old name would stay unseen
// by programs that have the old one mounted.
func (w *World) writeFile(name, content string) error {
	return os.WriteFile(filepath.Join(netnsEtcDir, w.Name(Term), name), []byte(content), 0o644)
}

func resolvConf(addresses []string) string {
	var b strings.Builder
	for _, a := range addresses {
		b.WriteString("nameserver " + a + "\n")
	}
	return b.String()
}

func hostsFile(lines []string) string {
	return strings.Join(append([]string{"127.0.0.1 localhost"}, lines...), "\n") + "\n"
}
