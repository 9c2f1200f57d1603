package probe

import (
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"posprobe/report"

	"github.com/miekg/dns"
)

// silentResolver reads questions and says nothing.
func silentResolver(t *testing.T) netip.AddrPort {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// resolver answers over UDP and, on the same port, over TCP.
func resolver(t *testing.T, handle dns.HandlerFunc) netip.AddrPort {
	t.Helper()
	// A UDP port whose TCP twin is taken is tried again with another one.
	for range 20 {
		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		streams, err := net.Listen("tcp", packets.LocalAddr().String())
		if err != nil {
			packets.Close()
			continue
		}
		for _, s := range []*dns.Server{{PacketConn: packets, Handler: handle}, {Listener: streams, Handler: handle}} {
			started := make(chan struct{})
			s.NotifyStartedFunc = func() { close(started) }
			go s.ActivateAndServe()
			<-started
			t.Cleanup(func() { s.Shutdown() })
		}
		return packets.LocalAddr().(*net.UDPAddr).AddrPort()
	}
	t.Fatal("no port is free for both UDP and TCP")
	return netip.AddrPort{}
}

// rr parses a record.
func rr(t *testing.T, text string) dns.RR {
	t.Helper()
	r, err := dns.NewRR(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const posName = "pos.acquirer.example"

// ask runs a round that looks the name up, and returns the only lookup.
func askFor(t *testing.T, at netip.AddrPort) (report.Lookup, report.Evidence) {
	t.Helper()
	sys := loopbackSystem(t)
	sys.Lists.Addresses = func() ([]report.Address, error) { return nil, nil } // no IPv6
	req := requestFor(Endpoint{Address: posName + ":1"})
	req.Resolvers = []netip.AddrPort{at}
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	if len(e.Lookups) != 1 {
		t.Fatalf("lookups %+v", e.Lookups)
	}
	return e.Lookups[0], e
}

func TestLookupAnswers(t *testing.T) {
	l, e := askFor(t, resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		m.Answer = []dns.RR{
			rr(t, "edge.acquirer.example. 30 IN A 127.0.0.2"),
			rr(t, "unrelated.example. 30 IN A 127.0.0.9"),
			rr(t, strings.ToUpper(posName)+". 60 IN CNAME edge.acquirer.example."),
			rr(t, "edge.acquirer.example. 30 IN A 127.0.0.3"),
		}
		w.WriteMsg(m)
	}))
	if l.Failure != nil || l.RCode != "NOERROR" || l.Transport != "udp" || l.Type != "A" || l.ElapsedMs <= 0 {
		t.Fatalf("lookup %+v", l)
	}
	if len(l.Answers) != 2 || l.Answers[0] != (report.Answer{Address: "127.0.0.2", TTLSeconds: 30}) || l.Answers[1].Address != "127.0.0.3" {
		t.Fatalf("answers %+v", l.Answers)
	}
	// Every address is a matter of its own.
	for _, a := range []string{"127.0.0.2:1", "127.0.0.3:1"} {
		if task := outcome(t, e, "exchange "+posName+":1 at "+a); task.Reason != report.ReasonNotAllowed {
			t.Errorf("task %+v", task)
		}
	}
}

func TestLookupFailures(t *testing.T) {
	code := func(rcode int) dns.HandlerFunc {
		return func(w dns.ResponseWriter, q *dns.Msg) { w.WriteMsg(new(dns.Msg).SetRcode(q, rcode)) }
	}
	for name, tt := range map[string]struct {
		handle dns.HandlerFunc
		fail   report.FailureType
		rcode  string
	}{
		"nxdomain": {code(dns.RcodeNameError), report.FailNXDomain, "NXDOMAIN"},
		"refused":  {code(dns.RcodeRefused), report.FailDNSRefused, "REFUSED"},
		"formerr":  {code(dns.RcodeFormatError), report.FailDNSFormat, "FORMERR"},
		"notimp":   {code(dns.RcodeNotImplemented), report.FailDNSNotImpl, "NOTIMP"},
		"other":    {code(dns.RcodeNotZone), report.FailDNSOther, "NOTZONE"},
		"no data":  {code(dns.RcodeSuccess), report.FailNoData, "NOERROR"},
		"another question": {func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg).SetReply(q)
			m.Question[0].Name = "other.example."
			m.Answer = []dns.RR{rr(t, "other.example. 1 IN A 127.0.0.2")}
			w.WriteMsg(m)
		}, report.FailDNSMalformed, ""},
		"garbage": {func(w dns.ResponseWriter, q *dns.Msg) {
			// A header that promises a question and holds none.
			w.Write([]byte{byte(q.Id >> 8), byte(q.Id), 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63})
		}, report.FailDNSMalformed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, e := askFor(t, resolver(t, tt.handle))
			wantFailure(t, l.Failure, report.OpResolve, tt.fail)
			if l.RCode != tt.rcode || len(l.Answers) != 0 {
				t.Fatalf("lookup %+v", l)
			}
			if x := taskOf(t, e, report.TaskExchange); x.Outcome != report.OutcomeNotAsked || x.Reason != report.ReasonUnresolved {
				t.Fatalf("exchange %+v", x)
			}
		})
	}
}

func TestLookupServFailSaysWhy(t *testing.T) {
	l, _ := askFor(t, resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetRcode(q, dns.RcodeServerFailure)
		m.SetEdns0(1232, false)
		m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: 22, ExtraText: "no reachable\x1b[31m authority"})
		w.WriteMsg(m)
	}))
	wantFailure(t, l.Failure, report.OpResolve, report.FailServFail)
	if len(l.ExtendedErrors) != 1 || l.ExtendedErrors[0].Code != 22 || strings.Contains(l.ExtendedErrors[0].Text, "\x1b") {
		t.Fatalf("extended errors %+v", l.ExtendedErrors)
	}
}

func TestLookupTruncatedGoesOverTCP(t *testing.T) {
	l, _ := askFor(t, resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if w.RemoteAddr().Network() == "udp" {
			m.Truncated = true
		} else {
			m.Answer = []dns.RR{rr(t, posName+". 30 IN A 127.0.0.2")}
		}
		w.WriteMsg(m)
	}))
	if l.Failure != nil || !l.Truncated || l.Transport != "tcp" || len(l.Answers) != 1 {
		t.Fatalf("lookup %+v", l)
	}
}

func TestLookupTruncatedWithoutTCP(t *testing.T) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{PacketConn: c, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		m.Truncated = true
		w.WriteMsg(m)
	})}
	started := make(chan struct{})
	s.NotifyStartedFunc = func() { close(started) }
	go s.ActivateAndServe()
	<-started
	t.Cleanup(func() { s.Shutdown() })
	l, _ := askFor(t, c.LocalAddr().(*net.UDPAddr).AddrPort())
	wantFailure(t, l.Failure, report.OpResolve, report.FailDNSTruncated)
}

// A resolver that cannot take EDNS is asked again without.
func TestLookupWithoutEDNS(t *testing.T) {
	l, _ := askFor(t, resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if q.IsEdns0() != nil {
			w.WriteMsg(new(dns.Msg).SetRcode(q, dns.RcodeFormatError))
			return
		}
		m := new(dns.Msg).SetReply(q)
		m.Answer = []dns.RR{rr(t, posName+". 30 IN A 127.0.0.2")}
		w.WriteMsg(m)
	}))
	if l.Failure != nil || len(l.Answers) != 1 {
		t.Fatalf("lookup %+v", l)
	}
}

func TestLookupSilentResolver(t *testing.T) {
	l, _ := askFor(t, silentResolver(t))
	wantFailure(t, l.Failure, report.OpResolve, report.FailDeadline)
	if l.ElapsedMs < 3500 {
		t.Fatalf("gave up after %v ms", l.ElapsedMs)
	}
}

// Answers with another id are ignored: the one that counts comes third.
func TestLookupForgedID(t *testing.T) {
	l, _ := askFor(t, resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if w.RemoteAddr().Network() == "udp" {
			m.Id++
			m.Answer = []dns.RR{rr(t, posName+". 30 IN A 127.0.0.66")}
			w.WriteMsg(m)
			w.WriteMsg(m)
			m.Id--
		}
		m.Answer = []dns.RR{rr(t, posName+". 30 IN A 127.0.0.2")}
		w.WriteMsg(m)
	}))
	if l.Failure != nil || len(l.Answers) != 1 || l.Answers[0].Address != "127.0.0.2" {
		t.Fatalf("lookup %+v", l)
	}
}

func TestLookupRefusedPort(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("reported in another way there")
	}
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := c.LocalAddr().(*net.UDPAddr).AddrPort()
	c.Close()
	l, _ := askFor(t, at)
	wantFailure(t, l.Failure, report.OpResolve, report.FailRefused)
}

// An exchange does not wait for a resolver that is slower than another.
func TestExchangeStartsWithTheFirstAnswer(t *testing.T) {
	sys, _ := elsewhere(loopbackSystem(t), map[string]string{"203.0.113.2": serve(t, hang)})
	req := requestFor(Endpoint{Address: posName + ":1"})
	req.Resolvers = []netip.AddrPort{silentResolver(t), answering(t, "203.0.113.2")}
	e := Round(t.Context(), sys, req)
	slow := e.Lookups[len(e.Lookups)-1]
	if len(e.Connects) != 1 || slow.Failure == nil || e.Connects[0].AtMs >= slow.AtMs+slow.ElapsedMs {
		t.Fatalf("connects %+v, slow lookup %+v", e.Connects, slow)
	}
}
