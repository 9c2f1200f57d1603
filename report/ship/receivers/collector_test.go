package receivers

import (
	"os"
	"os/exec"
	"testing"

	"posprobe/report/ship"
)

// startCollector runs an OpenTelemetry Collector with the configuration that is shipped,
// in front of VictoriaLogs: one with the components that the file names, called otelcol,
// in PATH.
func startCollector(t *testing.T, victoriaLogs string) (d ship.Destination) {
	t.Helper()
	program, err := exec.LookPath("otelcol")
	if err != nil {
		t.Skip("NOT TESTED: no otelcol in PATH (the OpenTelemetry builder makes one of the components that packaging/central/otelcol.yaml names)")
	}
	dir, address := certificates(t), freePort(t)
	c := exec.Command(program, "--config", central+"otelcol.yaml")
	c.Env = append(os.Environ(), "POSPROBE_LISTEN="+address, "POSPROBE_TLS="+dir, "POSPROBE_QUEUE="+t.TempDir(), "POSPROBE_VICTORIALOGS=http://"+victoriaLogs)
	start(t, c)
	listens(t, address)
	return trusting(ship.Destination{To: "https://" + address + "/v1/logs", Format: ship.OTLP}, dir)
}

// TestCollector ships over TLS to the Collector, and asks VictoriaLogs behind it.
func TestCollector(t *testing.T) {
	logs := startVictoriaLogs(t, "-retentionPeriod=100y", "-futureRetention=100y")
	want := deliver(t, startCollector(t, logs))
	var got []map[string]string
	eventually(t, "everything to be passed on", func() bool {
		got = ask(t, logs, "* | fields log.record.uid, service.name, host.arch, severity, terminal.ref, _msg")
		return len(got) >= len(want)
	})
	byID := map[string]int{}
	for _, l := range got {
		byID[l["log.record.uid"]]++
		if l["terminal.ref"] != "0123456789abcdef" || l["severity"] == "" || len(l["_msg"]) < 5000 {
			t.Fatalf("%.400v", l)
		}
	}
	for _, id := range want {
		if byID[id] != 1 {
			t.Errorf("report %s is there %d times", id, byID[id])
		}
	}
}
