package probe

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report"

	"github.com/miekg/dns"
)

// elsewhere makes a loopback server of a test stand at an address of the world: the
// connection is a real one, the address that the round asked for is on record. Pings
// are counted and not sent.
func elsewhere(sys System, at map[string]string) (System, *atomic.Int32) {
	pings := new(atomic.Int32)
	sys.Lists.RouteTo = nil
	sys.Lists.Addresses = func() ([]report.Address, error) { return nil, nil } // no IPv6
	sys.Ping = func(context.Context, netip.Addr, Echoes) (Replies, error) {
		pings.Add(1)
		return Replies{}, errPingDenied
	}
	sys.Dial = func(ctx context.Context, d *net.Dialer, a netip.AddrPort) (net.Conn, error) {
		if to, ok := at[a.Addr().String()]; ok {
			a = netip.MustParseAddrPort(to)
		}
		return dial(ctx, d, a)
	}
	return sys, pings
}

// answering is a resolver with A records.
func answering(t *testing.T, addresses ...string) netip.AddrPort {
	return resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		for _, a := range addresses {
			m.Answer = append(m.Answer, rr(t, posName+". 30 IN A "+a))
		}
		w.WriteMsg(m)
	})
}

// counting serves PONG to every PING; it counts requests, and connections once their request or end has come.
func counting(t *testing.T) (address string, connections, requests *atomic.Int32) {
	connections, requests = new(atomic.Int32), new(atomic.Int32)
	return serve(t, func(c net.Conn) {
		n, _ := c.Read(make([]byte, 4))
		if n > 0 {
			requests.Add(1)
		}
		connections.Add(1) // last: whoever sees it sees the request too
		if n > 0 {
			c.Write([]byte("PONG"))
			hang(c)
		}
	}), connections, requests
}

// An answer that leads to the device is not followed, although somebody listens there.
func TestForbiddenAnswersAreNotContacted(t *testing.T) {
	trap, connections, _ := counting(t)
	_, port, _ := net.SplitHostPort(trap)
	sys, pings := elsewhere(loopbackSystem(t), map[string]string{"203.0.113.7": serve(t, answerTo(4, "PONG"))})
	req := requestFor(Endpoint{Address: posName + ":" + port, Dialect: wordDialect{request: "PING"}})
	req.Resolvers = []netip.AddrPort{answering(t, "127.0.0.1", "169.254.169.254", "203.0.113.7")}
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	if len(e.Connects) != 1 || e.Connects[0].Address != "203.0.113.7:"+port || connections.Load() != 0 || pings.Load() != 1 {
		t.Fatalf("connects %+v, %d at the trap, %d pings", e.Connects, connections.Load(), pings.Load())
	}
	for _, a := range []string{"127.0.0.1", "169.254.169.254"} {
		task := outcome(t, e, "exchange "+posName+":"+port+" at "+a+":"+port)
		if task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonNotAllowed {
			t.Errorf("task %+v", task)
		}
	}
}

// Working keys are asked for once a round.
func TestKeysAreAskedForOnce(t *testing.T) {
	for name, first := range map[string]func(net.Conn){
		"answered": answerTo(4, "PONG"),
		"cut off":  func(c net.Conn) { c.Read(make([]byte, 4)); reset(c) }, // no second try: the host may have made keys all the same
	} {
		second, connections, requests := counting(t)
		sys, _ := elsewhere(loopbackSystem(t), map[string]string{
			"203.0.113.1": serve(t, first), "203.0.113.2": second, "203.0.113.3": second,
		})
		d := wordDialect{request: "PING", keys: true}
		req := requestFor(Endpoint{Address: posName + ":5500", Dialect: d}, Endpoint{Address: second, Dialect: d})
		req.Resolvers = []netip.AddrPort{answering(t, "203.0.113.1", "203.0.113.2", "203.0.113.3")}
		e := Round(t.Context(), sys, req)
		checkCounts(t, e)
		// The kernel completes a connection before the server has taken it up.
		eventually(t, "three connections elsewhere", func() bool { return connections.Load() == 3 })
		if len(e.SignOns) != 1 || e.SignOns[0].Address != "203.0.113.1:5500" || requests.Load() != 0 {
			t.Errorf("%s: sign-ons %+v, %d requests elsewhere", name, e.SignOns, requests.Load())
		}
		if len(e.Connects) != 4 {
			t.Errorf("%s: %d connects", name, len(e.Connects))
		}
	}
}

// An echo goes to everybody.
func TestEchoIsSentEverywhere(t *testing.T) {
	server, _, requests := counting(t)
	req := requestFor(Endpoint{Address: server, Dialect: wordDialect{request: "PING"}}, Endpoint{Address: server, Dialect: wordDialect{request: "PING"}})
	req.Endpoints[1].Address = "localhost" + server[len("127.0.0.1"):]
	sys := loopbackSystem(t)
	sys.Files = without{sys.Files, []string{"proc/net/tcp"}}
	e := Round(t.Context(), sys, req)
	if len(e.SignOns) < 2 || int(requests.Load()) != len(e.SignOns) {
		t.Fatalf("sign-ons %+v, %d requests", e.SignOns, requests.Load())
	}
}

// Somebody's payment at one address holds up nobody at another, and what stands at a
// forbidden one is nobody's business.
func TestYieldIsPerAddress(t *testing.T) {
	onLinux(t)
	busy := serve(t, answerTo(4, "PONG"))
	other := somebodyConnected(t, busy)
	_, port, _ := net.SplitHostPort(busy)
	// The payment ends only after the free address was asked: waiting for both would be
	// waiting until patience ends.
	free := serve(t, func(c net.Conn) {
		if n, _ := c.Read(make([]byte, 4)); n > 0 {
			other.Close()
		}
		c.Write([]byte("PONG"))
		hang(c)
	})
	sys, _ := elsewhere(loopbackSystem(t), map[string]string{"203.0.113.7": free})
	echo := wordDialect{request: "PING"}
	req := requestFor(Endpoint{Address: busy, Dialect: echo}, Endpoint{Address: posName + ":" + port, Dialect: echo})
	req.Resolvers = []netip.AddrPort{answering(t, "127.0.0.1", "203.0.113.7")}
	req.Yield = 20 * time.Second
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	if len(e.SignOns) != 2 || e.SignOns[0].Failure != nil || e.SignOns[1].Failure != nil {
		t.Fatalf("sign-ons %+v, tasks %+v", e.SignOns, e.Tasks)
	}
	if len(e.Flows) != 1 || e.Flows[0].Address != busy {
		t.Errorf("flows %+v", e.Flows)
	}
	if id := "exchange " + posName + ":" + port + " at 127.0.0.1:" + port; outcome(t, e, id).Reason != report.ReasonNotAllowed {
		t.Errorf("task %+v", outcome(t, e, id))
	}
}

// A payment that goes on keeps its own address from being asked, and no other.
func TestYieldGivesUpOneAddress(t *testing.T) {
	onLinux(t)
	busy, free := serve(t, hang), serve(t, answerTo(4, "PONG"))
	somebodyConnected(t, busy)
	echo := wordDialect{request: "PING"}
	req := requestFor(Endpoint{Address: busy, Dialect: echo}, Endpoint{Address: free, Dialect: echo})
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if task := outcome(t, e, "exchange "+busy+" at "+busy); task.Reason != report.ReasonPayment {
		t.Errorf("task %+v", task)
	}
	if len(e.SignOns) != 1 || e.SignOns[0].Address != free || e.SignOns[0].Failure != nil {
		t.Errorf("sign-ons %+v", e.SignOns)
	}
}

// A fault of this program's own fails one task, and the round goes on.
func TestPanicFailsItsTask(t *testing.T) {
	address := serve(t, answerTo(4, "PONG"))
	sys := loopbackSystem(t)
	sys.Exchange = func(context.Context, string, netip.AddrPort, *dns.Msg) (*dns.Msg, error) { panic("secret 99999906") }
	sys.Lists.Addresses = func() ([]report.Address, error) { panic("here too") }
	req := requestFor(Endpoint{Address: posName + ":1"}, Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:53")}
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	for _, id := range []string{"lookup A " + posName + " at 127.0.0.1:53", "addresses"} {
		task := outcome(t, e, id)
		if task.Outcome != report.OutcomeFailed || !task.Failure.Is(report.FailUnknown) || task.Failure.Detail != "internal error" {
			t.Errorf("task %+v, failure %+v", task, task.Failure)
		}
	}
	if len(e.SignOns) != 1 || e.SignOns[0].Failure != nil {
		t.Errorf("sign-ons %+v", e.SignOns)
	}
}
