//go:build linux

package lab

import "testing"

func TestAcquirer(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	a := w.Acquirer(Acq)
	if want := AcqAddr + ":5500"; a.Addr != want {
		t.Errorf("listens on %q, want %q", a.Addr, want)
	}
	if _, err := dial(t, w, a.Addr, generous); err != nil {
		t.Errorf("connect: %v", err)
	}
	other := w.Acquirer(Acq, "--listen="+AcqAddr+":0")
	if _, err := dial(t, w, other.Addr, generous); err != nil {
		t.Errorf("connect to a second one: %v", err)
	}
	if a.Process.argv[0] != other.Process.argv[0] {
		t.Error("built twice")
	}
	other.Stop()
	if _, err := dial(t, w, other.Addr, generous); err == nil {
		t.Error("a stopped acquirer answers")
	}
}
