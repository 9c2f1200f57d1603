package probe

import (
	"testing"
	"time"

	"github.com/vishvananda/netlink"
)

// A link that comes, gains its carrier and goes is news each time; its MTU is none.
func TestWatchLinks(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	changed := WatchLinks(t.Context())
	if changed == nil {
		t.Fatal("not listening")
	}
	news := func(what string, want bool, wait time.Duration) {
		t.Helper()
		select {
		case <-changed:
			if !want {
				t.Errorf("%s is news", what)
			}
		case <-time.After(wait):
			if want {
				t.Errorf("%s is no news", what)
			}
		}
	}
	settle := func() {
		for quiet := false; !quiet; {
			select {
			case <-changed:
			case <-time.After(300 * time.Millisecond):
				quiet = true
			}
		}
	}
	run(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "far"}))
	news("a new link", true, 10*time.Second)
	settle()
	eth0, err := netlink.LinkByName("eth0")
	run(t, err)
	run(t, netlink.LinkSetMTU(eth0, 1400))
	news("an MTU", false, 300*time.Millisecond)
	run(t, netlink.LinkSetUp(eth0))
	news("a link switched on", true, 10*time.Second)
	settle()
	run(t, netlink.LinkDel(eth0))
	news("a link that went", true, 10*time.Second)
}
