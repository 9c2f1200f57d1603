package probe

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/report"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// inNamespace runs the calling test again in a process with a network of its own, which
// ends with the process, and without the given capabilities; it returns true there.
func inNamespace(t *testing.T, without ...uintptr) bool {
	t.Helper()
	const mark = "POSPROBE_TEST_NAMESPACE"
	if os.Getenv(mark) == t.Name() {
		lo, err := netlink.LinkByName("lo")
		if err == nil {
			err = netlink.LinkSetUp(lo)
		}
		if err != nil {
			t.Fatal(err)
		}
		return true
	}
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: not root, and making a network namespace needs it")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), mark+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	// The bounding set is a thread's, and the child has that of the thread that makes
	// it. The thread is never given back.
	runtime.LockOSThread()
	for _, c := range without {
		run(t, unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0))
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("NOT TESTED: making a network namespace is not permitted here")
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") { // one that ran nothing passes as well
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

func run(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPing(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	lo := netip.MustParseAddr("127.0.0.1")
	// Ping sockets are for nobody in a new namespace: the raw one is used.
	r, err := ping(t.Context(), lo, Echoes{Count: 2, Interval: 10 * time.Millisecond, Timeout: 5 * time.Second})
	if err != nil || r.Sent != 2 || r.Received != 2 || r.Min <= 0 || r.Max < r.Min {
		t.Fatalf("raw: %+v %v", r, err)
	}
	run(t, os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte("0 2147483647"), 0))
	r, opened, err := pingOnce(t.Context(), lo, Echoes{Count: 1, Interval: time.Second, Timeout: 5 * time.Second}, false)
	if err != nil || !opened || r.Received != 1 {
		t.Fatalf("unprivileged: %+v %v", r, err)
	}
	// IPv6 likewise, where the machine has it.
	if _, err := net.ListenPacket("udp6", "[::1]:0"); err == nil {
		if r, err := ping(t.Context(), netip.IPv6Loopback(), endpointEchoes); err != nil || r.Received != 1 {
			t.Fatalf("IPv6: %+v %v", r, err)
		}
	}
}

// A prohibit route makes sending fail with EACCES, on which the library alone would
// spin for ever; and without any route nothing is sent, which is no loss.
func TestPingThatCannotLeave(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	_, prefix, _ := net.ParseCIDR("203.0.113.0/24")
	run(t, netlink.RouteAdd(&netlink.Route{Dst: prefix, Type: unix.RTN_PROHIBIT}))
	r, err := ping(t.Context(), netip.MustParseAddr("203.0.113.7"), gatewayEchoes)
	if classify(err) != report.FailAccess || r.Sent != 0 {
		t.Errorf("prohibited: %+v %v", r, err)
	}
	r, err = ping(t.Context(), netip.MustParseAddr("198.51.100.7"), gatewayEchoes)
	if classify(err) != report.FailNetUnreach || r.Sent != 0 {
		t.Errorf("no route: %+v %v", r, err)
	}
}

// Without any permission nothing was asked, and that is what the task says.
func TestPingDenied(t *testing.T) {
	if !inNamespace(t, unix.CAP_NET_RAW) {
		return
	}
	r, err := ping(t.Context(), netip.MustParseAddr("127.0.0.1"), endpointEchoes)
	if !errors.Is(err, errPingDenied) || r.Sent != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	sys := loopbackSystem(t)
	sys.Ping = ping
	sys.Lists.Routes = func() ([]report.Route, error) {
		return []report.Route{{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "lo"}}, nil
	}
	e := Round(t.Context(), sys, requestFor(Endpoint{Address: "203.0.113.7:5500"}))
	checkCounts(t, e)
	for _, id := range []string{"ping gateway 192.0.2.1", "ping endpoint 203.0.113.7"} {
		task := outcome(t, e, id)
		if task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonNotPermitted || len(e.Pings) != 0 {
			t.Fatalf("task %+v", task)
		}
	}
}

// Whoever names a link may put anything but spaces and slashes into the name. Every
// list knows the link by the same harmless one.
func TestLinkNamesAgree(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	const raw, clean = "e\x1b[31m\x7fth0", "e[31mth0"
	run(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: raw}, PeerName: "\x1b\x1b"}))
	link, err := netlink.LinkByName(raw)
	run(t, err)
	nameless, err := netlink.LinkByName("\x1b\x1b")
	run(t, err)
	run(t, netlink.LinkSetUp(link))
	run(t, netlink.LinkSetUp(nameless))
	address, _ := netlink.ParseAddr("192.0.2.7/24")
	run(t, netlink.AddrAdd(link, address))
	run(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(192, 0, 2, 1), LinkIndex: link.Attrs().Index}))
	req := requestFor(Endpoint{Address: "203.0.113.7:5500"})
	req.Connect = 500 * time.Millisecond
	e := Round(t.Context(), Local(), req)
	checkCounts(t, e)
	var names []string
	for _, l := range e.Links {
		names = append(names, l.Name)
	}
	for _, want := range []string{clean, "#" + strconv.Itoa(nameless.Attrs().Index)} {
		if !slices.Contains(names, want) {
			t.Errorf("links %q without %q", names, want)
		}
	}
	if len(e.Routes) == 0 || e.Routes[0].Link != clean || len(e.Neighbors) != 1 || e.Neighbors[0].Link != clean || e.Neighbors[0].State == "none" {
		t.Errorf("routes %+v, neighbours %+v", e.Routes, e.Neighbors)
	}
	if len(e.Connects) != 1 || e.Connects[0].Link != clean {
		t.Errorf("connects %+v", e.Connects)
	}
	for _, a := range e.Addresses {
		if a.Prefix == "192.0.2.7/24" && a.Link != clean {
			t.Errorf("address %+v", a)
		}
	}
}

func TestKernelLists(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	run(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0", MTU: 1400}, PeerName: "far"}))
	eth0, err := netlink.LinkByName("eth0")
	run(t, err)
	far, err := netlink.LinkByName("far")
	run(t, err)
	run(t, netlink.LinkSetUp(eth0))
	address, _ := netlink.ParseAddr("192.0.2.7/24")
	address.ValidLft, address.PreferedLft = 600, 300
	run(t, netlink.AddrAdd(eth0, address))
	run(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(192, 0, 2, 1), LinkIndex: eth0.Attrs().Index, Priority: 600, Protocol: unix.RTPROT_DHCP}))
	run(t, netlink.NeighAdd(&netlink.Neigh{LinkIndex: eth0.Attrs().Index, IP: net.IPv4(192, 0, 2, 1), State: netlink.NUD_FAILED}))

	sys := Local()
	sys.Ping = nil // paused: nothing may be sent
	look := func() report.Evidence {
		e := Round(t.Context(), sys, Request{Paused: true, Endpoints: []Endpoint{{Address: "203.0.113.7:1"}}})
		checkCounts(t, e)
		return e
	}
	linkNamed := func(e report.Evidence) report.Link {
		for _, l := range e.Links {
			if l.Name == "eth0" {
				return l
			}
		}
		t.Fatalf("links %+v", e.Links)
		return report.Link{}
	}

	// The far end is off: no carrier, and the route stands on a dead link.
	e := look()
	if l := linkNamed(e); l.Kind != report.LinkEthernet || !l.AdminUp || l.MTU != 1400 || l.Carrier == nil || *l.Carrier || l.RxPackets == nil {
		t.Errorf("link %+v", l)
	}
	if len(e.Routes) == 0 || !e.Routes[0].LinkDown || e.Routes[0].Destination != "0.0.0.0/0" || e.Routes[0].Gateway != "192.0.2.1" ||
		e.Routes[0].Metric != 600 || e.Routes[0].Protocol != "dhcp" || e.Routes[0].Link != "eth0" {
		t.Errorf("routes %+v", e.Routes)
	}
	found := false
	for _, a := range e.Addresses {
		if a.Prefix == "192.0.2.7/24" {
			found = a.Dynamic && a.Scope == "global" && a.Link == "eth0"
		} else if a.Dynamic {
			t.Errorf("address %+v", a)
		}
	}
	if !found {
		t.Errorf("addresses %+v", e.Addresses)
	}

	run(t, netlink.LinkSetUp(far))
	eventually(t, "carrier", func() bool { l := linkNamed(look()); return *l.Carrier && l.OperationalState == "up" })
	e = look()
	if e.Routes[0].LinkDown {
		t.Errorf("routes %+v", e.Routes)
	}
	if len(e.Neighbors) != 1 || e.Neighbors[0].Address != "192.0.2.1" || e.Neighbors[0].Link != "eth0" {
		t.Errorf("neighbours %+v", e.Neighbors)
	}
	way, err := kernelRouteTo(netip.MustParseAddr("203.0.113.7"))
	if err != nil || way != (Way{Link: "eth0", Gateway: "192.0.2.1", Source: "192.0.2.7"}) {
		t.Errorf("way %+v %v", way, err)
	}

	run(t, netlink.LinkSetDown(eth0))
	if l := linkNamed(look()); l.AdminUp || l.Carrier != nil {
		t.Errorf("link %+v", l)
	}
	if _, err := kernelRouteTo(netip.MustParseAddr("203.0.113.7")); classify(err) != report.FailNetUnreach {
		t.Errorf("way without a route: %v", err)
	}
}

// A gateway that does not answer on the link: the kernel gives up on the neighbour, and
// says so in the error queue under the device's own address.
func TestDeadGateway(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	run(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "far"}))
	eth0, err := netlink.LinkByName("eth0")
	run(t, err)
	far, err := netlink.LinkByName("far")
	run(t, err)
	run(t, netlink.LinkSetUp(eth0))
	run(t, netlink.LinkSetUp(far))
	address, _ := netlink.ParseAddr("192.0.2.7/24")
	run(t, netlink.AddrAdd(eth0, address))
	run(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(192, 0, 2, 1), LinkIndex: eth0.Attrs().Index}))

	req := requestFor(Endpoint{Address: "203.0.113.7:5500"})
	req.Connect = 20 * time.Second
	e := Round(t.Context(), Local(), req)
	checkCounts(t, e)
	c := e.Connects[0]
	wantFailure(t, c.Failure, report.OpConnect, report.FailHostUnreach)
	if c.Gateway != "192.0.2.1" || c.Link != "eth0" || c.Source != "192.0.2.7" {
		t.Errorf("way %+v", c)
	}
	if len(c.ICMP) != 1 || c.ICMP[0] != (report.ICMPError{From: "192.0.2.7", Own: true, Type: 3, Code: 1}) {
		t.Errorf("icmp %+v", c.ICMP)
	}
	if len(e.Neighbors) != 1 || e.Neighbors[0].State != "failed" && e.Neighbors[0].State != "incomplete" {
		t.Errorf("neighbours %+v", e.Neighbors)
	}
	if len(e.Pings) != 2 { // gateway and endpoint
		t.Fatalf("pings %+v", e.Pings)
	}
	for _, p := range e.Pings {
		if p.Failure == nil || p.Received != 0 || p.MinRTTMs != nil {
			t.Errorf("ping %+v", p)
		}
	}
}

// Every packet vanishes behind a gateway that answers on the link: the round ends by
// its own deadlines, and the kernel's view shows a SYN without an answer.
func TestEverythingVanishes(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	run(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "far"}))
	eth0, err := netlink.LinkByName("eth0")
	run(t, err)
	far, err := netlink.LinkByName("far")
	run(t, err)
	run(t, netlink.LinkSetUp(eth0))
	run(t, netlink.LinkSetUp(far))
	address, _ := netlink.ParseAddr("192.0.2.7/24")
	run(t, netlink.AddrAdd(eth0, address))
	run(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(192, 0, 2, 1), LinkIndex: eth0.Attrs().Index}))
	run(t, netlink.NeighAdd(&netlink.Neigh{
		LinkIndex: eth0.Attrs().Index, IP: net.IPv4(192, 0, 2, 1), State: netlink.NUD_PERMANENT,
		HardwareAddr: net.HardwareAddr{2, 0, 0, 0, 0, 1},
	}))

	req := requestFor(Endpoint{Address: posName + ":5500"}, Endpoint{Address: "203.0.113.7:5500"})
	req.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("198.51.100.53:53"), netip.MustParseAddrPort("198.51.100.54:53")}
	req.Connect, req.Reply = 0, 0 // the defaults
	began := time.Now()
	e := Round(t.Context(), Local(), req)
	if took := time.Since(began); took > 25*time.Second {
		t.Errorf("the round took %v", took)
	}
	checkCounts(t, e)
	for _, l := range e.Lookups {
		wantFailure(t, l.Failure, report.OpResolve, report.FailDeadline)
	}
	c := e.Connects[0]
	wantFailure(t, c.Failure, report.OpConnect, report.FailDeadline)
	if len(e.Connects) != 1 || c.TCP.State != "syn_sent" || *c.TCP.SegsIn != 0 || *c.TCP.TotalRetrans < 1 || len(c.ICMP) != 0 {
		t.Errorf("connects %+v, tcp %+v", e.Connects, c.TCP)
	}
	if len(e.Pings) != 2 || e.Pings[0].Sent == 0 || e.Pings[1].Sent == 0 {
		t.Errorf("pings %+v", e.Pings)
	}
	if len(e.Neighbors) != 1 || e.Neighbors[0].State != "permanent" {
		t.Errorf("neighbours %+v", e.Neighbors)
	}
}
