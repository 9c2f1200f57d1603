package receivers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/report/fleet"
	"posprobe/report/ship"
)

// TestRsyslog ships over TLS to rsyslog with the configuration that is shipped, its port
// and directories apart, and reads what it wrote as posprobe fleet does.
func TestRsyslog(t *testing.T) {
	program, err := exec.LookPath("rsyslogd")
	if err != nil {
		t.Skip("NOT TESTED: no rsyslogd")
	}
	text, err := os.ReadFile(central + "rsyslog.conf")
	if err != nil {
		t.Fatal(err)
	}
	dir, certs, address := t.TempDir(), certificates(t), freePort(t)
	config := strings.NewReplacer("/etc/posprobe-central", certs, "/var/log/posprobe", dir, "/var/spool/rsyslog", dir,
		`port="6514"`, `address="127.0.0.1" port="`+strings.TrimPrefix(address, "127.0.0.1:")+`"`).Replace(string(text))
	if err := os.WriteFile(dir+"/conf", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, program, "-n", "-f", dir+"/conf", "-i", dir+"/pid")
	listens(t, address)
	want := deliver(t, trusting(ship.Destination{To: "syslog+tls://" + address}, certs))
	seen := map[string]int{}
	eventually(t, "everything to be written", func() bool {
		files, _ := filepath.Glob(dir + "/*.ndjson")
		clear(seen)
		for _, name := range files {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := fleet.NewReader(f)
			for err == nil {
				var line []byte
				if line, err = r.Next(); err == nil {
					if v, bad := fleet.Decode(line); bad == nil && v.Terminal == "0123456789abcdef" {
						seen[v.ID]++
					} else {
						seen["other"]++
					}
				}
			}
			f.Close()
		}
		return len(seen) >= len(want)
	})
	for _, id := range want {
		if seen[id] != 1 {
			t.Errorf("report %s is there %d times", id, seen[id])
		}
	}
	if seen["other"] != 0 {
		t.Errorf("%d lines that are no reports", seen["other"])
	}
}
