//go:build linux

package lab

import (
	"syscall"
	"testing"
	"time"
)

func TestFaultLoseState(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	conn, err := dial(t, w, addr, generous)
	if err != nil {
		t.Fatal(err)
	}
	if o := ask(t, conn, request, generous); !o.ok() {
		t.Fatalf("%+v", o)
	}
	w.LoseState(AcquirerPort)
	quiet := ask(t, conn, nil, 300*time.Millisecond)
	wantTimeout(t, "before the next packet", quiet.ioErr)
	o := ask(t, conn, request, generous)
	wantErr(t, "after it", o.ioErr, syscall.ECONNRESET)
	wantOK(t, w, addr) // new connections are welcome
}

func TestFaultPowerOff(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	repair := w.PowerOff()
	seen, err := connectWitness(t, w, addr)
	wantErr(t, "connect", err, syscall.EHOSTUNREACH)
	if want := (witness{GateAddr, 3, 1}); seen != want {
		t.Errorf("error queue says %+v, want %+v", seen, want)
	}
	wantRepair(t, w, addr, repair)
}

func TestFaultSYNProxy(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	repair := w.SYNProxy(AcquirerPort)
	o := exchange(t, w, addr, 2*patience)
	wantErr(t, "connect", o.dialErr, nil)
	wantTimeout(t, "reply", o.ioErr)
	if o.info == nil || o.info.Bytes_acked != 1 || o.info.Unacked != 0 || o.info.Total_retrans != 0 ||
		o.info.Notsent_bytes != uint32(len(request)) || o.info.Probes == 0 {
		t.Errorf("the request must stay unsent before a closed window: %+v", o.info)
	}
	wantRepair(t, w, addr, repair)
}

// A listener whose program is stopped still completes handshakes and takes data: the
// kernel does that.
func TestFaultPause(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	require(t, "python3")
	p := w.Start(Acq, "python3", "-u", "-c", `
import socket
s = socket.create_server(("`+AcqAddr+`", 5500))
print("listening on 5500")
while True:
    c, _ = s.accept()
    c.recv(300)
    c.sendall(b"a" * 200)
`)
	p.WaitFor("listening on")
	addr := AcqAddr + ":5500"
	wantOK(t, w, addr)
	w.Pause(p)
	o := exchange(t, w, addr, patience)
	wantTimeout(t, "reply", o.ioErr)
	if o.info == nil || o.info.Unacked != 0 || o.info.Bytes_acked != uint64(len(request))+1 {
		t.Errorf("the host's kernel must acknowledge the request: %+v", o.info)
	}
	wantRepair(t, w, addr, p.Resume)
}

// Nobody listens: the host itself refuses.
func TestFaultRefused(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	seen, err := connectWitness(t, w, AcqAddr+":5500")
	wantErr(t, "connect", err, syscall.ECONNREFUSED)
	if seen != (witness{}) {
		t.Errorf("a reset leaves nothing in the error queue, got %+v", seen)
	}
}

func TestFaultFullBacklog(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	repair := w.FullBacklog(AcquirerPort)
	addr := AcqAddr + ":5500"
	_, err := dial(t, w, addr, patience)
	wantTimeout(t, "connect", err)
	repair()
	_, err = dial(t, w, addr, generous)
	wantErr(t, "after the program has ended", err, syscall.ECONNREFUSED)
}
