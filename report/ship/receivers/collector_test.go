package receivers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/report/ship"
)

// TestCollector ships to an OpenTelemetry Collector that prints what it gets: one with
// the OTLP receiver and the debug exporter, called otelcol, in PATH.
func TestCollector(t *testing.T) {
	program, err := exec.LookPath("otelcol")
	if err != nil {
		t.Skip("NOT TESTED: no otelcol in PATH (the OpenTelemetry builder makes one of otlpreceiver and debugexporter)")
	}
	dir, address := t.TempDir(), freePort(t)
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte(`
receivers: {otlp: {protocols: {http: {endpoint: "`+address+`"}}}}
exporters: {debug: {verbosity: detailed, use_internal_logger: false, output_paths: ["`+dir+`/out"]}}
service:
  pipelines: {logs: {receivers: [otlp], exporters: [debug]}}
  telemetry: {metrics: {level: none}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, program, "--config", config)
	listens(t, address)
	want := deliver(t, ship.Destination{To: "http://" + address + "/v1/logs", Format: ship.OTLP})
	var out string
	eventually(t, "everything to be printed", func() bool {
		data, _ := os.ReadFile(filepath.Join(dir, "out"))
		out = string(data)
		return strings.Count(out, "LogRecord #") >= len(want)
	})
	for _, id := range want {
		if n := strings.Count(out, "log.record.uid: Str("+id+")"); n != 1 {
			t.Errorf("report %s is there %d times", id, n)
		}
	}
	for _, s := range []string{"service.name: Str(posprobe)", "host.arch: Str(arm32)", "EventName: posprobe.report", "SeverityText: ERROR", "SeverityNumber: Error(17)"} {
		if !strings.Contains(out, s) {
			t.Errorf("%s is missing", s)
		}
	}
}
