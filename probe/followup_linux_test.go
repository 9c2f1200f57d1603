package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"posprobe/report"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// hopsTo are those of one target, as TTL answer address type/code.
func hopsTo(e report.Evidence, target string) []string {
	var out []string
	for _, h := range e.Hops {
		if h.Target == target {
			line := fmt.Sprintf("%d %s %s", h.TTL, h.Answer, h.Address)
			if h.Type != 0 {
				line += fmt.Sprintf(" %d/%d", h.Type, h.Code)
			}
			out = append(out, line)
		}
	}
	return out
}

func wantHops(t *testing.T, e report.Evidence, target string, want ...string) {
	t.Helper()
	if got := hopsTo(e, target); !slices.Equal(got, want) {
		t.Errorf("hops to %s: %q, want %q", target, got, want)
	}
}

const townHost = "203.0.113.7:5500"

func townRequest() Request {
	req := requestFor(Endpoint{Address: townHost, Dialect: wordDialect{request: "PING"}})
	req.Connect, req.Reply = 700*time.Millisecond, 700*time.Millisecond
	req.FollowUp = 10 * time.Second
	return req
}

func TestTraceToAnsweringHost(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	var accepted atomic.Int32
	w.host.listen(townHost, func(c net.Conn) { accepted.Add(1); hang(c) })
	w.host.listen("203.0.113.7:443", hang)
	w.host.listen("[2001:db8:3::7]:443", hang)
	req := townRequest()
	req.Connect = 5 * time.Second // neighbours take a second to be found in a new network
	req.References = []netip.AddrPort{netip.MustParseAddrPort("[2001:db8:3::7]:443"), netip.MustParseAddrPort("203.0.113.7:443")}
	req = asks(req, report.AskTrace, report.AskClosedPort, report.AskReference)
	e := Round(t.Context(), Local(), req)
	checkCounts(t, e)
	wantHops(t, e, townHost, "1 expired 192.0.2.1 11/0", "2 expired 198.51.100.2 11/0", "3 connected 203.0.113.7")
	wantHops(t, e, "203.0.113.7:1", "1 expired 192.0.2.1 11/0", "2 expired 198.51.100.2 11/0", "3 refused 203.0.113.7")
	wantHops(t, e, "[2001:db8:3::7]:443", "1 expired 2001:db8:1::1 3/0", "2 expired 2001:db8:2::2 3/0", "3 connected 2001:db8:3::7")
	if n := accepted.Load(); n > 4 { // the exchange, the hop, and what a busy machine adds
		t.Errorf("%d connections: the trace did not end at its target", n)
	}
	for _, h := range e.Hops {
		if h.RTTMs == nil || *h.RTTMs <= 0 || (h.Target == townHost || h.Target == "203.0.113.7:1") != (h.Endpoint == townHost) {
			t.Errorf("hop %+v", h)
		}
	}
	reached := map[string]*report.Failure{}
	for _, c := range e.Connects {
		reached[c.Endpoint+" "+c.Address] = c.Failure
	}
	if reached[" 203.0.113.7:443"] != nil || reached[" [2001:db8:3::7]:443"] != nil || !reached[townHost+" 203.0.113.7:1"].Is(report.FailRefused) || len(reached) != 4 {
		t.Errorf("connects %v", asJSON(reached))
	}
}

// Where packets are dropped or turned away, the last hop that answers tells.
func TestTraceThatEnds(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	for _, tt := range []struct {
		name string
		at   *place
		rule string
		hops []string
	}{
		{"dropped far away", w.far, "tcp dport 5500 drop",
			[]string{"1 expired 192.0.2.1 11/0", "2 expired 198.51.100.2 11/0", "3 silent ", "4 silent "}},
		{"dropped nearby", w.near, "tcp dport 5500 drop", []string{"1 expired 192.0.2.1 11/0", "2 silent ", "3 silent "}},
		{"prohibited nearby", w.near, "tcp dport 5500 reject with icmpx type admin-prohibited",
			[]string{"1 expired 192.0.2.1 11/0", "2 rejected 192.0.2.1 3/13"}},
		{"refused in the host's name", w.far, "tcp dport 5500 reject with tcp reset",
			[]string{"1 expired 192.0.2.1 11/0", "2 expired 198.51.100.2 11/0", "3 refused 203.0.113.7"}},
	} {
		w.near.filter("")
		w.far.filter("")
		tt.at.filter(forward(tt.rule))
		e := Round(t.Context(), Local(), asks(townRequest(), report.AskTrace))
		checkCounts(t, e)
		t.Log(tt.name)
		wantHops(t, e, townHost, tt.hops...)
	}
}

// The gateway does not answer on the link: that is no hop.
func TestTraceWithoutGateway(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	w.near.in(func() error { return addressless("lan") })
	e := Round(t.Context(), Local(), asks(townRequest(), report.AskTrace))
	checkCounts(t, e)
	for _, h := range e.Hops {
		if h.Answer != report.HopSilent || h.Address != "" || h.TTL > silentHops {
			t.Errorf("task %+v hop %+v", taskOf(t, e, report.TaskTrace), h)
		}
	}
}

// A reset in the middle of an exchange: its time to live tells whether the machine that
// accepted the connection sent it.
func TestResetTTL(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	w.host.listen(townHost, func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); reset(c) })
	look := func(name string, ttl int64) {
		t.Helper()
		e := Round(t.Context(), Local(), asks(townRequest(), report.AskSecondExchange))
		checkCounts(t, e)
		if len(e.SignOns) != 2 || e.SignOns[0].TCP.ResetTTL != nil || e.Connects[0].TCP.SYNACKTTL != nil {
			t.Fatalf("%s: sign-ons %+v", name, e.SignOns)
		}
		again, connect := e.SignOns[1], e.Connects[1]
		wantFailure(t, again.Failure, report.OpRead, report.FailReset)
		if again.Task != "second_exchange "+townHost+" at "+townHost || again.TCP.ResetTTL == nil || *again.TCP.ResetTTL != ttl ||
			again.TCP.SYNACKTTL == nil || *again.TCP.SYNACKTTL != 62 || connect.TCP.SYNACKTTL == nil || *connect.TCP.SYNACKTTL != 62 || connect.TCP.ResetTTL != nil {
			t.Errorf("%s: reset %v, SYN-ACK %v, connect %+v", name, again.TCP.ResetTTL, again.TCP.SYNACKTTL, connect.TCP)
		}
	}
	look("the host", 62)
	w.far.filter(forward("tcp dport 5500 tcp flags & psh == psh reject with tcp reset"))
	look("a box on the way", 63)
}

// asJSON shows what pointers lead to.
func asJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// The peer sees small segments, from the handshake on.
func TestSmallSegments(t *testing.T) {
	sizes := make(chan int, 2)
	address := serve(t, func(c net.Conn) {
		raw, err := c.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Error(err)
			return
		}
		raw.Control(func(fd uintptr) {
			info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				t.Error(err)
				return
			}
			sizes <- int(info.Snd_mss)
		})
		io.ReadFull(c, make([]byte, 4))
	})
	req := asks(requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}}), report.AskSmallSegments)
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if first, again := <-sizes, <-sizes; first <= smallSegment || again > smallSegment || again < smallSegment-40 {
		t.Errorf("segments of %d, then of %d bytes", first, again)
	}
	if s := e.SignOns[1]; s.Task != taskOf(t, e, report.TaskSmall).ID || !s.Failure.Is(report.FailClosed) {
		t.Errorf("sign-on %+v", s)
	}
}

// A path that carries no large packets, and says nothing of it: small segments pass.
func TestSmallSegmentsThroughBlackHole(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	w.host.listen(townHost, func(c net.Conn) {
		io.ReadFull(c, make([]byte, 1400))
		io.WriteString(c, "PONG")
		hang(c)
	})
	w.near.filter(forward("tcp dport 5500 meta length > 1000 drop"))
	req := townRequest()
	req.Endpoints[0].Dialect = wordDialect{request: strings.Repeat("x", 1400)}
	e := Round(t.Context(), Local(), asks(req, report.AskSmallSegments))
	checkCounts(t, e)
	if len(e.SignOns) != 2 || !e.SignOns[0].Failure.Is(report.FailDeadline) || e.SignOns[1].Failure != nil {
		t.Errorf("sign-ons %s", asJSON(e.SignOns))
	}
}

// The way over the first uplink is cut; the second one's leads there.
func TestOtherUplink(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	w.near.filter(forward("tcp dport 5500 drop"))
	other := newPlace(t)
	cable(t, nil, "wwan0", "198.51.101.7/24", other, "lan", "198.51.101.1/24")
	cable(t, other, "wan", "203.0.114.1/24", w.host, "eth1", "203.0.114.7/24")
	other.in(func() error { return route("203.0.113.7/32", "203.0.114.7", 0) })
	w.host.in(func() error { return route("198.51.101.0/24", "203.0.114.1", 0) })
	run(t, route("0.0.0.0/0", "198.51.101.1", 700))
	w.host.listen(townHost, answerTo(4, "PONG"))
	e := Round(t.Context(), Local(), asks(townRequest(), report.AskOtherUplink))
	checkCounts(t, e)
	if len(e.Connects) != 2 || !e.Connects[0].Failure.Is(report.FailDeadline) || e.Connects[0].Link != "eth0" {
		t.Fatalf("connects %s", asJSON(e.Connects))
	}
	if c := e.Connects[1]; c.Failure != nil || c.Link != "wwan0" || c.Gateway != "198.51.101.1" || c.Source != "198.51.101.7" {
		t.Errorf("connect %s", asJSON(c))
	}
	if len(e.SignOns) != 1 || e.SignOns[0].Failure != nil {
		t.Errorf("sign-ons %s", asJSON(e.SignOns))
	}

	// A system that does not let us bind to a link: the source address will do where it
	// leads there, and only there.
	sys := Local()
	sys.MayBind = func(string) error { return syscall.EPERM }
	e = Round(t.Context(), sys, asks(townRequest(), report.AskOtherUplink))
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskUplink); task.Reason != report.ReasonNotPermitted || len(e.Connects) != 1 {
		t.Errorf("task %+v", task)
	}
	rule := netlink.NewRule()
	rule.Src = &net.IPNet{IP: net.IPv4(198, 51, 101, 7), Mask: net.CIDRMask(32, 32)}
	rule.Table, rule.Family = 100, netlink.FAMILY_V4
	run(t, netlink.RuleAdd(rule))
	run(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(198, 51, 101, 1), Table: 100}))
	var from []string
	sys.Dial = func(ctx context.Context, d *net.Dialer, a netip.AddrPort) (net.Conn, error) {
		if d.LocalAddr != nil {
			from = append(from, d.LocalAddr.String())
		}
		return dial(ctx, d, a)
	}
	e = Round(t.Context(), sys, asks(townRequest(), report.AskOtherUplink))
	checkCounts(t, e)
	if len(e.SignOns) != 1 || e.SignOns[0].Failure != nil || e.Connects[1].Link != "wwan0" || !slices.Equal(from, []string{"198.51.101.7:0"}) {
		t.Errorf("by source: %s from %s", asJSON(e.Connects), from)
	}

	for _, n := range e.Neighbors {
		if n.Address == "198.51.101.1" {
			t.Errorf("the other link's gateway counts as the terminal's: %+v", n)
		}
	}
}

// Somebody else in the shop has the terminal's address.
func TestDuplicateAddress(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	shop := newPlace(t)
	cable(t, nil, "eth0", "192.0.2.7/24", shop, "till", "")
	shop.in(func() error {
		bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "br0"}}
		if err := netlink.LinkAdd(bridge); err != nil {
			return err
		}
		if err := enslave("till", "br0"); err != nil {
			return err
		}
		return switchOn("br0", "192.0.2.1/24")
	})
	run(t, route("0.0.0.0/0", "192.0.2.1", 0))
	look := func(answers int64) {
		t.Helper()
		e := Round(t.Context(), Local(), asks(townRequest(), report.AskDuplicateAddress))
		checkCounts(t, e)
		if len(e.Claims) != 1 || e.Claims[0].Link != "eth0" || e.Claims[0].Address != "192.0.2.7" || e.Claims[0].Probes != 3 || e.Claims[0].Answers != answers {
			t.Errorf("claims %+v of %+v", e.Claims, tasksOfKind(e, report.TaskDuplicate))
		}
	}
	look(0)
	for i, name := range []string{"printer", "camera"} {
		somebody := newPlace(t)
		cable(t, somebody, "eth0", "192.0.2.7/24", shop, name, "")
		shop.in(func() error { return enslave(name, "br0") })
		look(int64(i + 1))
	}
}

func enslave(name, bridge string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	master, err := netlink.LinkByName(bridge)
	if err != nil {
		return err
	}
	return netlink.LinkSetMaster(link, master)
}

// Nobody's process traces, and uses another link; what it may not, it says.
func TestFollowUpsUnprivileged(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newTown(t)
	w.host.listen(townHost, hang)
	run(t, syscall.Setgroups(nil))
	run(t, syscall.Setgid(65534))
	run(t, syscall.Setuid(65534))
	req := asks(townRequest(), report.AskTrace, report.AskSecondExchange, report.AskSmallSegments, report.AskDuplicateAddress)
	e := Round(t.Context(), Local(), req)
	checkCounts(t, e)
	wantHops(t, e, townHost, "1 expired 192.0.2.1 11/0", "2 expired 198.51.100.2 11/0", "3 connected 203.0.113.7")
	if task := taskOf(t, e, report.TaskDuplicate); task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonNotPermitted || len(e.Claims) != 0 {
		t.Errorf("task %+v", task)
	}
	if len(e.SignOns) != 3 {
		t.Fatalf("sign-ons %+v", e.SignOns)
	}
	for _, c := range e.Connects {
		if c.TCP == nil || c.TCP.SYNACKTTL != nil {
			t.Errorf("connect %+v", c)
		}
	}
	for _, s := range e.SignOns {
		if s.Ending == nil || s.Ending.How != report.EndingClosed || s.Task != e.SignOns[0].Task && s.Ending.WaitMs > 500 {
			t.Errorf("ending %+v", s.Ending)
		}
	}
}

func FuzzSegment(f *testing.F) {
	f.Add(append([]byte{0x45, 8: 61, 9: 6, 19: 1}, make([]byte, 20)...), true)
	f.Add(make([]byte, 60), false)
	f.Fuzz(func(t *testing.T, b []byte, four bool) { parseSegment(b, four) })
}

func TestParseSegment(t *testing.T) {
	four := append([]byte{0x46, 8: 61, 9: 6, 23: 0}, 0x15, 0x7c, 0xd4, 0x31, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, flagSYN|flagACK)
	if h, ok := parseSegment(four, true); !ok || h != (tcpHead{to: 0xd431, flags: flagSYN | flagACK, ttl: 61}) {
		t.Errorf("%+v %v", h, ok)
	}
	if _, ok := parseSegment(four[:len(four)-1], true); ok {
		t.Error("read beyond the end")
	}
}
