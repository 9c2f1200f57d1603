package rtnetlink

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// world has one of everything that this package reads, or nearly. sometimes has what not
// every kernel is built with.
const world = `
link set lo up
link add v0 mtu 1400 type veth peer name v1
link add w0 type veth peer name w1
link add d0 type veth peer name d1
link add b0 type bridge
link add i0 type ifb
link add x0 type vxlan id 5 dstport 4789
link set v0 up
link set v1 up
link set w0 up
link set d0 up
link set d1 up
addr add 192.0.2.7/24 dev v0 valid_lft 6000 preferred_lft 3000
addr add 192.0.2.8/24 dev v0
addr add 10.0.0.1 peer 10.0.0.2/32 dev d0
addr add 169.254.1.1/16 dev d0 scope link
addr add 198.51.100.7/24 dev w0
addr add 2001:db8::1/64 dev d0
addr add 2001:db8:1::1 peer 2001:db8:1::2/128 dev d0
addr add 2001:db8:5::1/64 dev v0
addr add 2001:db8:7::7/64 dev v1 nodad
addr add 2001:db8:7::7/64 dev v0
route add default via 192.0.2.1 metric 600 proto dhcp
route add default via 192.0.2.2 metric 4000000000 proto 99
route add unreachable 203.0.113.0/24
route add 203.0.113.128/25 dev d0 src 10.0.0.1 mtu 1300
route add 100.64.0.0/10 nexthop via 192.0.2.3 weight 2 nexthop via inet6 2001:db8::2 dev d0 nexthop via 198.51.100.1 dev w0
route add 100.128.0.0/10 via inet6 2001:db8::3 dev d0
route add 100.192.0.0/10 table 100 dev d0
route add 100.193.0.0/16 table 1000 dev d0
route add default via 2001:db8::4 dev d0 metric 7 proto ra
route add 2001:db8:8::/48 nexthop via 2001:db8::5 dev d0 nexthop via 2001:db8::6 dev d0
route add blackhole 2001:db8:9::/48
neigh add 192.0.2.1 dev v0 lladdr 02:00:00:00:00:01 nud permanent
neigh add 192.0.2.2 dev v0 lladdr 02:00:00:00:00:02 nud stale
neigh add 192.0.2.3 dev v0 lladdr 02:00:00:00:00:03 nud reachable
neigh add 192.0.2.4 dev v0 nud failed
neigh add 192.0.2.5 dev v0 lladdr 02:00:00:00:00:05 nud noarp
neigh add 2001:db8:7::9 dev v0 lladdr 02:00:00:00:00:09 nud permanent
neigh add 2001:db8:7::a dev v0 lladdr 02:00:00:00:00:0a nud stale
`

var sometimes = []string{
	"link v0 name v0.5 type vlan id 5", "name d2 type dummy", "link v0 name m0 type macvlan", "name g0 type gretap local 192.0.2.7 remote 192.0.2.9",
	"name g1 type ip6gretap local 2001:db8::1 remote 2001:db8::9", "name s0 type sit local 192.0.2.7", "name wg0 type wireguard", "name f0 type vrf table 9",
}

// enter makes the world in a network namespace, which ends with the test's thread.
func enter(t *testing.T, script string) {
	t.Helper()
	runtime.LockOSThread() // never undone
	if err := unix.Unshare(unix.CLONE_NEWNET); errors.Is(err, unix.EPERM) {
		t.Skip("NOT TESTED: making a network namespace is not permitted here")
	} else if err != nil {
		t.Fatal(err)
	}
	// Solicitations enough for an address that stays tentative, except where another
	// machine answers.
	if err := os.WriteFile("/proc/sys/net/ipv6/conf/default/dad_transmits", []byte("100"), 0); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func dial(t *testing.T) *Conn {
	t.Helper()
	c, err := Dial(2 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// same compares what this package reads with what the library reads before and after it.
func same(t *testing.T, what string, ours, theirs func() ([]string, error)) []string {
	t.Helper()
	var us, before []string
	for range 50 {
		var err, err2, err3 error
		var after []string
		before, err = theirs()
		us, err2 = ours()
		after, err3 = theirs()
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if slices.Equal(us, before) {
			return us
		}
		if slices.Equal(before, after) {
			break
		}
		time.Sleep(20 * time.Millisecond) // the world moved
	}
	t.Fatalf("%s\nours:\n%s\ntheirs:\n%s", what, strings.Join(us, "\n"), strings.Join(before, "\n"))
	return nil
}

func TestSameAsLibrary(t *testing.T) {
	enter(t, world)
	tun := &netlink.Tuntap{LinkAttrs: netlink.LinkAttrs{Name: "t0"}, Mode: netlink.TUNTAP_MODE_TUN}
	if err := netlink.LinkAdd(tun); err != nil {
		t.Errorf("tun: %v", err)
	}
	for _, link := range sometimes {
		if out, err := exec.Command("ip", append([]string{"link", "add"}, strings.Fields(link)...)...).CombinedOutput(); err != nil {
			t.Logf("not here: %s: %s", link, out)
		}
	}
	c := dial(t)
	flagged := func(flag uint32) func() bool {
		return func() bool {
			all, err := c.Addresses()
			return err == nil && slices.ContainsFunc(all, func(a Address) bool { return a.Flags&flag != 0 })
		}
	}
	eventually(t, "duplicate address", flagged(unix.IFA_F_DADFAILED))
	eventually(t, "tentative address", flagged(unix.IFA_F_TENTATIVE))

	links := same(t, "links", func() ([]string, error) { return rows(c.Links()) }, libraryLinks)
	if text := strings.Join(links, "\n"); len(links) < 11 || !strings.Contains(text, "Kind:vxlan") || !strings.Contains(text, "Kind:tun") {
		t.Errorf("links\n%s", text)
	}
	same(t, "addresses", func() ([]string, error) { return rows(c.Addresses()) }, libraryAddresses)
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		neighbors := same(t, "neighbours", func() ([]string, error) { return rows(c.Neighbors(family)) },
			func() ([]string, error) { return libraryNeighbors(family) })
		routes := same(t, "routes", func() ([]string, error) {
			var all []Route
			err := c.Routes(family, func(r Route) { all = append(all, r) })
			return rows(all, err)
		}, func() ([]string, error) {
			all, err := netlink.RouteListFiltered(int(family), &netlink.Route{}, 0)
			return libraryRoutes(all, err)
		})
		if len(neighbors) < 2 || len(routes) < 5 {
			t.Errorf("family %d: %d neighbours, %d routes", family, len(neighbors), len(routes))
		}
	}
	for _, q := range [][2]string{
		{"", "192.0.2.77"}, {"", "8.8.8.8"}, {"192.0.2.8", "8.8.8.8"}, {"", "203.0.113.200"}, {"", "100.128.0.1"}, {"", "127.0.0.1"},
		{"", "2001:db8::9"}, {"2001:db8::1", "2001:db8:ff::9"}, {"", "::1"},
		{"", "203.0.113.7"}, {"198.51.100.99", "8.8.8.8"}, {"", "2001:db8:9::1"}, // errors
	} {
		var source netip.Addr
		var options netlink.RouteGetOptions
		if q[0] != "" {
			source = netip.MustParseAddr(q[0])
			options.SrcAddr = source.AsSlice()
		}
		to := netip.MustParseAddr(q[1])
		mine, err := c.RouteTo(source, to)
		theirs, err2 := netlink.RouteGetWithOptions(to.AsSlice(), &options)
		if err != nil && err == err2 {
			continue
		}
		us, err := rows(mine, err)
		them, err2 := libraryRoutes(theirs, err2)
		if err != nil || err2 != nil || !slices.Equal(us, them) || len(us) != 1 {
			t.Errorf("%v: %v %v, the library %v %v", q, us, err, them, err2)
		}
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s", what)
		}
	}
}

func rows[T any](all []T, err error) ([]string, error) {
	var out []string
	for _, v := range all {
		if l, ok := any(v).(Link); ok {
			out = append(out, linkRow(l))
			continue
		}
		out = append(out, fmt.Sprintf("%+v", v))
	}
	return out, err
}

func linkRow(l Link) string {
	c := *l.Counters
	l.Counters = nil
	return fmt.Sprintf("%+v %+v", l, c)
}

func libraryLinks() ([]string, error) {
	all, err := netlink.LinkList()
	var out []string
	for _, v := range all {
		a := v.Attrs()
		l := Link{
			Index: a.Index, Name: a.Name, Kind: v.Type(), Flags: a.RawFlags, State: uint8(a.OperState), MTU: uint32(a.MTU),
			Hardware: map[string]uint16{"ether": unix.ARPHRD_ETHER, "loopback": unix.ARPHRD_LOOPBACK, "none": unix.ARPHRD_NONE}[a.EncapType],
		}
		switch l.Kind {
		case "device":
			l.Kind = ""
		case "tuntap":
			l.Kind = "tun"
		}
		s := a.Statistics
		l.Counters = &Counters{s.RxPackets, s.TxPackets, s.RxBytes, s.TxBytes, s.RxErrors, s.TxErrors, s.RxDropped, s.TxDropped}
		out = append(out, linkRow(l))
	}
	return out, err
}

func libraryAddresses() ([]string, error) {
	all, err := netlink.AddrList(nil, netlink.FAMILY_ALL)
	var out []Address
	for _, a := range all {
		out = append(out, Address{
			Link: a.LinkIndex, Prefix: libraryPrefix(a.IPNet), Scope: uint8(a.Scope), Flags: uint32(a.Flags), Valid: uint32(a.ValidLft),
		})
	}
	return rows(out, err)
}

func libraryNeighbors(family uint8) ([]string, error) {
	all, err := netlink.NeighList(0, int(family))
	var out []Neighbor
	for _, n := range all {
		out = append(out, Neighbor{Link: n.LinkIndex, Address: libraryAddress(n.IP), State: uint16(n.State)})
	}
	return rows(out, err)
}

func libraryRoutes(all []netlink.Route, err error) ([]string, error) {
	var out []Route
	for _, v := range all {
		r := Route{
			Type: uint8(v.Type), Protocol: uint8(v.Protocol), Destination: libraryPrefix(v.Dst), Metric: uint32(v.Priority),
			Source: libraryAddress(v.Src), Hop: libraryHop(v.LinkIndex, v.Gw, v.Via, v.Flags),
		}
		for _, h := range v.MultiPath {
			r.Hops = append(r.Hops, libraryHop(h.LinkIndex, h.Gw, h.Via, h.Flags))
		}
		out = append(out, r)
	}
	return rows(out, err)
}

func libraryHop(link int, gateway net.IP, via netlink.Destination, flags int) Hop {
	h := Hop{Link: link, Gateway: libraryAddress(gateway), Flags: uint32(flags)}
	if v, ok := via.(*netlink.Via); ok && gateway == nil {
		h.Gateway = libraryAddress(v.Addr)
	}
	return h
}

func libraryAddress(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}

func libraryPrefix(n *net.IPNet) netip.Prefix {
	bits, _ := n.Mask.Size()
	return netip.PrefixFrom(libraryAddress(n.IP), bits)
}
