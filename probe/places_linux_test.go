package probe

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// place is a network namespace besides the test's own; it ends with the test's process.
type place struct {
	t  *testing.T
	do chan func()
	fd int
}

// newPlace makes one that forwards packets.
func newPlace(t *testing.T) *place {
	p := &place{t: t, do: make(chan func()), fd: -1}
	made := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never undone: the thread ends with the goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			p.fd, err = unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		}
		made <- err
		for f := range p.do {
			f()
		}
	}()
	run(t, <-made)
	p.in(func() error {
		lo, err := netlink.LinkByName("lo")
		if err != nil {
			return err
		}
		for file, value := range map[string]string{
			"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1", "ipv4/icmp_ratelimit": "0", "ipv6/icmp/ratelimit": "0",
			"ipv6/conf/default/accept_dad": "0",
		} {
			if err := os.WriteFile("/proc/sys/net/"+file, []byte(value), 0); err != nil {
				return err
			}
		}
		return netlink.LinkSetUp(lo)
	})
	return p
}

// in does something inside.
func (p *place) in(f func() error) {
	p.t.Helper()
	done := make(chan error, 1)
	p.do <- func() { done <- f() }
	run(p.t, <-done)
}

// filter puts nftables rules in force, in place of those before.
func (p *place) filter(rules string) {
	p.t.Helper()
	p.in(func() error {
		cmd := exec.Command("nft", "-f", "-")
		cmd.Stdin = strings.NewReader("flush ruleset\n" + rules)
		out, err := cmd.CombinedOutput()
		if err != nil {
			p.t.Logf("%s", out)
		}
		return err
	})
}

// forward is a filter for what passes through.
func forward(rule string) string {
	return "table inet t {\n chain f {\n type filter hook forward priority 0;\n " + rule + "\n }\n}\n"
}

// listen accepts connections inside and hands each to handle, which need not close it.
func (p *place) listen(address string, handle func(net.Conn)) {
	p.t.Helper()
	p.in(func() error {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		p.t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer c.Close()
					handle(c)
				}()
			}
		}()
		return nil
	})
}

// at does something in the network of p, or in the test's own where p is nil.
func (p *place) at(t *testing.T, f func() error) {
	t.Helper()
	if p == nil {
		run(t, f())
		return
	}
	p.in(f)
}

// cable joins two places, nil being the test's own, by links with the names and
// addresses given, and switches them on.
func cable(t *testing.T, a *place, nameA, addressesA string, b *place, nameB, addressesB string) {
	t.Helper()
	a.at(t, func() error {
		link := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: nameA}, PeerName: "peer", PeerNamespace: netlink.NsFd(b.fd)}
		if err := netlink.LinkAdd(link); err != nil {
			return err
		}
		return switchOn(nameA, addressesA)
	})
	b.in(func() error {
		link, err := netlink.LinkByName("peer")
		if err != nil {
			return err
		}
		if err := netlink.LinkSetName(link, nameB); err != nil {
			return err
		}
		return switchOn(nameB, addressesB)
	})
}

func switchOn(name, addresses string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	for a := range strings.FieldsSeq(addresses) {
		address, err := netlink.ParseAddr(a)
		if err != nil {
			return err
		}
		address.Flags |= unix.IFA_F_NODAD
		if err := netlink.AddrAdd(link, address); err != nil {
			return err
		}
	}
	return netlink.LinkSetUp(link)
}

// route sends what is for a prefix to a gateway.
func route(prefix, gateway string, metric int) error {
	_, dst, err := net.ParseCIDR(prefix)
	if err != nil {
		return err
	}
	return netlink.RouteAdd(&netlink.Route{Dst: dst, Gw: net.ParseIP(gateway), Priority: metric})
}

// town is a terminal behind two routers, and a host behind those: the test's own
// network, 192.0.2.7, then 192.0.2.1, 198.51.100.2 and 203.0.113.7; in IPv6 the same
// with 2001:db8:1::7, 2001:db8:1::1, 2001:db8:2::2 and 2001:db8:3::7.
type town struct{ near, far, host *place }

func newTown(t *testing.T) town {
	t.Helper()
	run(t, os.WriteFile("/proc/sys/net/ipv6/conf/default/accept_dad", []byte("0"), 0)) // it takes a second
	w := town{newPlace(t), newPlace(t), newPlace(t)}
	cable(t, nil, "eth0", "192.0.2.7/24 2001:db8:1::7/64", w.near, "lan", "192.0.2.1/24 2001:db8:1::1/64")
	cable(t, w.near, "wan", "198.51.100.1/24 2001:db8:2::1/64", w.far, "wan", "198.51.100.2/24 2001:db8:2::2/64")
	cable(t, w.far, "lan", "203.0.113.1/24 2001:db8:3::1/64", w.host, "eth0", "203.0.113.7/24 2001:db8:3::7/64")
	run(t, route("0.0.0.0/0", "192.0.2.1", 100))
	run(t, route("::/0", "2001:db8:1::1", 100))
	w.near.in(func() error { return route("203.0.113.0/24", "198.51.100.2", 0) })
	w.near.in(func() error { return route("2001:db8:3::/64", "2001:db8:2::2", 0) })
	w.far.in(func() error { return route("192.0.2.0/24", "198.51.100.1", 0) })
	w.far.in(func() error { return route("2001:db8:1::/64", "2001:db8:2::1", 0) })
	w.host.in(func() error { return route("0.0.0.0/0", "203.0.113.1", 0) })
	w.host.in(func() error { return route("::/0", "2001:db8:3::1", 0) })
	return w
}

// addressless takes a link's IPv4 address away.
func addressless(name string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	addresses, err := netlink.AddrList(link, netlink.FAMILY_V4)
	if err != nil || len(addresses) == 0 {
		return errors.Join(err, errors.New("no address"))
	}
	return netlink.AddrDel(link, &addresses[0])
}
