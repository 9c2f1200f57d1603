//go:build linux

package lab

import (
	"path/filepath"
	"testing"
)

func TestBlackbox(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	w.Acquirer(Acq)
	ca, other := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "other.pem")
	w.Acquirer(Acq, "-listen", AcqAddr+":5501", "-tls", "-ca-out", ca)
	w.Acquirer(Acq, "-listen", AcqAddr+":5502", "-tls", "-ca-out", other)
	for name, c := range map[string]struct {
		target BlackboxTarget
		want   bool
	}{
		"listening":    {BlackboxTarget{Endpoint: AcqAddr + ":5500"}, true},
		"refused":      {BlackboxTarget{Endpoint: AcqAddr + ":5599"}, false},
		"no such name": {BlackboxTarget{Endpoint: "pos.acquirer.example:5500"}, false},
		"TLS":          {BlackboxTarget{Endpoint: AcqAddr + ":5501", TLS: true, CA: ca}, true},
		"wrong issuer": {BlackboxTarget{Endpoint: AcqAddr + ":5501", TLS: true, CA: other}, false},
		"no TLS there": {BlackboxTarget{Endpoint: AcqAddr + ":5500", TLS: true, CA: ca}, false},
	} {
		if up, err := w.Blackbox(t.Context(), c.target); err != nil || up != c.want {
			t.Errorf("%s: %v, %v, want %v", name, up, err, c.want)
		}
	}
}

func TestProbeSuccess(t *testing.T) {
	for metrics, want := range map[string]bool{
		"# HELP probe_success x\nprobe_success 1\n": true,
		"probe_duration_seconds 1\nprobe_success 0": false,
	} {
		if up, err := probeSuccess(metrics); err != nil || up != want {
			t.Errorf("%q: %v, %v", metrics, up, err)
		}
	}
	if _, err := probeSuccess("probe_success_total 1\n"); err == nil {
		t.Error("a metric of another name was taken for it")
	}
}
