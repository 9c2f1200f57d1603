//go:build linux

package lab

import (
	"syscall"
	"testing"
	"time"
)

func TestFaultRejectICMP(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	for _, c := range []struct {
		ns   NS
		how  Reject
		err  error
		seen witness
	}{
		{Shop, RejectNet, syscall.ENETUNREACH, witness{ShopAddr, 3, 0}},
		{ISP, RejectNet, syscall.ENETUNREACH, witness{ISPAddr, 3, 0}},
		{ISP, RejectHost, syscall.EHOSTUNREACH, witness{ISPAddr, 3, 1}},
		{ISP, RejectPort, syscall.ECONNREFUSED, witness{ISPAddr, 3, 3}},
		{ISP, RejectHostProhib, syscall.EHOSTUNREACH, witness{ISPAddr, 3, 10}},
		{ISP, RejectAdmin, syscall.EHOSTUNREACH, witness{ISPAddr, 3, 13}},
		{Acq, RejectAdmin, syscall.EHOSTUNREACH, witness{AcqAddr, 3, 13}},
		{ISP, RejectReset, syscall.ECONNREFUSED, witness{}},
		{Acq, RejectReset, syscall.ECONNREFUSED, witness{}},
	} {
		repair := w.RejectICMP(c.ns, addr, c.how)
		seen, err := connectWitness(t, w, addr)
		wantErr(t, string(c.ns)+" "+string(c.how), err, c.err)
		if seen != c.seen {
			t.Errorf("%s %s: error queue says %+v, want %+v", c.ns, c.how, seen, c.seen)
		}
		wantRepair(t, w, addr, repair)
	}
}

// Routers do not limit their ICMP errors: a trace or a second attempt sees what the
// first one saw. A limited router leaves each attempt after the sixth to the SYN's
// retransmission, a second later.
func TestRoutersAnswerEveryPacket(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	w.RejectICMP(ISP, addr, RejectNet)
	const attempts = 18
	began := time.Now()
	for i := range attempts {
		if seen, _ := connectWitness(t, w, addr); seen.offender != ISPAddr {
			t.Fatalf("attempt %d: error queue says %+v", i, seen)
		}
	}
	if d := time.Since(began); d > 8*time.Second {
		t.Errorf("%d attempts took %v", attempts, d)
	}
}

// In an established connection an ICMP error is a soft error: the connection goes on
// trying, and the socket remembers.
func TestFaultRejectEstablished(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	conn, err := dial(t, w, addr, generous)
	if err != nil {
		t.Fatal(err)
	}
	repair := w.RejectICMP(ISP, addr, RejectHost)
	o := ask(t, conn, request, patience)
	wantTimeout(t, "reply", o.ioErr)
	wantErr(t, "SO_ERROR", o.softErr, syscall.EHOSTUNREACH)
	wantRepair(t, w, addr, repair)
}

func TestFaultRSTOnData(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	ln := w.Listen(Acq, AcquirerPort)
	addr := ln.Addr().String()
	taken := serve(ln)
	repair := w.RSTOnData(addr)
	o := exchange(t, w, addr, generous)
	wantErr(t, "connect", o.dialErr, nil)
	wantErr(t, "reply", o.ioErr, syscall.ECONNRESET)
	// At the reset the kernel forgets what was acknowledged and queued: only that the
	// request was not acknowledged remains.
	if o.info == nil || o.info.Bytes_acked != 1 {
		t.Errorf("the request must not be acknowledged: %+v", o.info)
	}
	select {
	case <-taken:
		t.Error("the host saw the request")
	default:
	}
	wantRepair(t, w, addr, repair)
}
