//go:build linux

package lab

import (
	"net"
	"syscall"
	"testing"
)

func TestFaultNoWayOut(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	for name, fault := range map[string]func() func(){
		"NoDefaultRoute": w.NoDefaultRoute, "NoAddress": w.NoAddress, "LinkDown": w.LinkDown,
	} {
		repair := fault()
		_, err := dial(t, w, addr, generous)
		wantErr(t, name, err, syscall.ENETUNREACH)
		wantRepair(t, w, addr, repair)
	}
}

func TestFaultFirewall(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	repair := w.Firewall(AcqAddr)
	_, err := dial(t, w, addr, patience)
	wantTimeout(t, "connect", err)
	err = w.In(Term, func() error {
		conn, err := net.Dial("udp4", addr)
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.Write(request)
		return err
	})
	wantErr(t, "datagram", err, syscall.EPERM)
	wantRepair(t, w, addr, repair)
}
