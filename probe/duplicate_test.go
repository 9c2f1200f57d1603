package probe

import (
	"net/netip"
	"testing"
)

func TestClaimedBy(t *testing.T) {
	ip := netip.MustParseAddr("192.0.2.7")
	own := [6]byte{2, 0, 0, 0, 0, 7}
	probe := arpProbe(own, ip)
	if _, ok := claimedBy(probe, ip); ok {
		t.Error("a probe claims nothing")
	}
	reply := append([]byte(nil), probe...)
	copy(reply[14:], []byte{192, 0, 2, 7})
	for _, op := range []byte{1, 2} { // an announcement, a reply
		reply[7] = op
		if hardware, ok := claimedBy(reply, ip); !ok || hardware != own {
			t.Errorf("operation %d: %v %v", op, hardware, ok)
		}
	}
	if _, ok := claimedBy(reply, netip.MustParseAddr("192.0.2.8")); ok {
		t.Error("another address")
	}
	reply[1] = 6 // IEEE 802
	if _, ok := claimedBy(reply, ip); ok {
		t.Error("another kind of hardware")
	}
}

func FuzzClaim(f *testing.F) {
	ip := netip.MustParseAddr("192.0.2.7")
	f.Add(arpProbe([6]byte{2}, ip))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, ok := claimedBy(b, ip); ok && len(b) < arpLength {
			t.Fatal("too short")
		}
	})
}
