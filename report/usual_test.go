package report

import (
	"slices"
	"testing"
)

// habit adds what was usual at every endpoint: high quantiles of round trip and host time,
// in ms.
func (w *world) habit(rtt, host float64) *world {
	for _, e := range w.e.Site.Endpoints {
		w.e.Memory.Baselines = append(w.e.Memory.Baselines, Baseline{
			Endpoint: e.Address, Link: "eth0", Gateway: gatewayIP, BootID: w.e.Device.BootID, Rounds: UsualRounds,
			RTTMedianMs: rtt / 1.4, RTTHighMs: rtt, HostMedianMs: ptr(host / 1.4), HostHighMs: &host,
		})
	}
	return w
}

// near makes the latest connection's round trip take as long, in ms.
func (w *world) near(ms float64) *world {
	c := &w.e.Connects[len(w.e.Connects)-1]
	c.TCP.MinRTTMs, c.TCP.RTTMs = &ms, &ms
	return w
}

// crawling is a shop whose access takes ten times as long as usual, towards a reference
// as well.
func crawling() *world {
	return healthy().habit(45, 40).far(450).companion(TaskReference, "", reference, "").near(430)
}

// asked is a crawling shop in which a resolver answered at once.
func asked(resolver string) func() *world {
	return func() *world {
		w := crawling()
		w.lookup("pos.acquirer.example", resolver, mainHost)
		return w
	}
}

// sluggish is an acquirer of which both endpoints take much longer than usual.
func sluggish() *world {
	w := twoHosts().habit(45, 100)
	w.e.SignOns[0].ElapsedMs, w.e.SignOns[1].ElapsedMs = 1500, 1300
	return w
}

// usualCases are worlds that a rule about what is usual tells apart; see TestUsual.
var usualCases = []condition{
	{"the access crawls", crawling, nil, "network.access.congested", Likely},
	{"nobody knows what is usual", crawling, func(e *Evidence) { e.Memory = Memory{} }, "network.access.congested", absent},
	{"too few rounds tell", crawling, func(e *Evidence) { e.Memory.Baselines[0].Rounds-- }, "network.access.congested", absent},
	{"the terminal was started since", crawling, func(e *Evidence) { e.Device.BootID = "another" }, "network.access.congested", absent},
	{"another gateway", crawling, func(e *Evidence) { e.Memory.Baselines[0].Gateway = "10.0.0.1" }, "network.access.congested", absent},
	{"another link", crawling, func(e *Evidence) { e.Memory.Baselines[0].Link = "wlan0" }, "network.access.congested", absent},
	{"another endpoint", crawling, func(e *Evidence) { e.Memory.Baselines[0].Endpoint = backupAddr }, "network.access.congested", absent},
	{"it always takes that long", crawling, func(e *Evidence) { e.Memory.Baselines[0].RTTHighMs = 151 }, "network.access.congested", absent},
	{"just three times the usual", crawling, func(e *Evidence) { e.Memory.Baselines[0].RTTHighMs = 150 }, "network.access.congested", Likely},
	{"too fast to be noticed", func() *world {
		return healthy().habit(10, 40).far(299).companion(TaskReference, "", reference, "").near(290)
	}, nil, "network.access.congested", absent},
	{"beyond the site's limit", crawling, func(e *Evidence) { e.Site.Limits.RTTMs = 400 }, "network.access.congested", absent},
	{"beyond the site's limit, by its own row", crawling, func(e *Evidence) { e.Site.Limits.RTTMs = 400 }, "network.access.slow", Likely},
	{"without a limit", crawling, func(e *Evidence) { e.Site.Limits.RTTMs = 0 }, "network.access.congested", Likely},
	{"something got lost", crawling, func(e *Evidence) { e.SignOns[0].TCP.TotalRetrans = ptr(int64(1)) }, "network.access.congested", absent},
	{"something came twice", crawling, func(e *Evidence) { e.SignOns[0].TCP.DSACKDups = ptr(int64(1)) }, "network.access.congested", absent},
	{"something was overtaken", crawling, func(e *Evidence) { e.SignOns[0].TCP.RcvOooPack = ptr(int64(1)) }, "network.access.congested", absent},
	{"measured once only", func() *world {
		return connected().habit(45, 40).far(450).companion(TaskReference, "", reference, "").near(430)
	}, nil, "network.access.congested", absent},
	{"nobody else was asked", func() *world { return healthy().habit(45, 40).far(450) }, nil, "network.access.congested", Possible},
	{"the reference is as fast as ever", crawling, func(e *Evidence) { e.Connects[1].TCP.MinRTTMs = ptr(20.0) }, "network.access.congested", absent},
	{"the reference is neither fast nor slow", crawling, func(e *Evidence) { e.Connects[1].TCP.MinRTTMs = ptr(250.0) }, "network.access.congested", Possible},
	{"the reference's handshake lost something", crawling, func(e *Evidence) { e.Connects[1].TCP.TotalRetrans = ptr(int64(1)) }, "network.access.congested", Possible},
	{"the reference goes another way", crawling, func(e *Evidence) { e.Connects[1].Link = "wwan0" }, "network.access.congested", Possible},
	{"a second endpoint crawls too", func() *world { return twoHosts().habit(45, 40).far(450) }, func(e *Evidence) {
		e.Connects[0].TCP.MinRTTMs = ptr(440.0)
		e.SignOns[0].TCP.MinRTTMs = ptr(440.0)
	}, "network.access.congested", Likely},
	{"a second endpoint is as fast as ever", func() *world { return twoHosts().habit(45, 40).far(450) }, nil, "network.access.congested", absent},
	{"a second endpoint in the same network says nothing", func() *world {
		w := shop()
		for _, address := range []string{mainAddr, "203.0.113.21:5500"} {
			w.endpoint(address, StepSignOn)
			w.exchange(address, address)
			w.far(450)
		}
		return w.habit(45, 40)
	}, nil, "network.access.congested", Possible},
	{"a resolver answers at once", func() *world {
		return named().habit(45, 40).far(450).companion(TaskReference, "", reference, "").near(430)
	}, nil, "network.access.congested", absent},
	{"a second endpoint is out of reach", func() *world {
		w := twoHosts().habit(45, 40)
		w.noConnect(FailDeadline)
		w.e.Connects[0].TCP.MinRTTMs, w.e.SignOns[0].TCP.MinRTTMs = ptr(450.0), ptr(450.0)
		return w
	}, nil, "network.access.congested", Possible},
	{"the resolvers are slow as well", asked(resolverA), func(e *Evidence) { e.Lookups[0].ElapsedMs = 460 }, "network.access.congested", Likely},
	{"a look-up failed at once", asked(resolverA), func(e *Evidence) {
		e.Lookups[0].Failure, e.Lookups[0].RCode = &Failure{Operation: OpResolve, Type: FailNetUnreach}, ""
	}, "network.access.congested", Likely},
	{"the terminal's own resolver answers at once", asked("127.0.0.53:53"), nil, "network.access.congested", Likely},
	{"the router's resolver answers at once", asked(gatewayIP + ":53"), nil, "network.access.congested", Likely},
	{"over TLS", func() *world {
		return secure(StepTLS).habit(45, 40).far(450).companion(TaskReference, "", reference, "").near(430)
	}, nil, "network.access.congested", Likely},
	{"nothing is known of what was usual", crawling, func(e *Evidence) { e.Memory.Baselines[0].RTTHighMs = 0 }, "network.access.congested", absent},
	{"a link that was not seen", crawling, func(e *Evidence) { e.Links, e.Pings = nil, nil }, "network.access.congested", Possible},
	{"a dialled line", func() *world {
		w := crawling().kind(LinkPPP)
		w.e.Pings = nil
		return w
	}, nil, "network.access.congested", Likely},
	{"the router answers no pings", crawling, func(e *Evidence) { e.Pings[0].Received, e.Pings[0].MinRTTMs = 0, nil }, "network.access.congested", Possible},
	{"the router answered while the clock was set", crawling, func(e *Evidence) { e.Pings[0].MinRTTMs = nil }, "network.access.congested", Possible},
	{"the router answered one ping", crawling, func(e *Evidence) {
		e.Pings[0].Sent, e.Pings[0].Received = 1, 1
	}, "network.access.congested", Possible},
	{"the router takes a part of it", crawling, func(e *Evidence) { e.Pings[0].MinRTTMs = ptr(110.0) }, "network.access.congested", Possible},
	{"pings to the router get lost", crawling, func(e *Evidence) { e.Pings[0].Received = 2 }, "network.access.congested", Possible},
	{"pings may get lost here", crawling, func(e *Evidence) { e.Pings[0].Received, e.Site.Limits.GatewayLossPercent = 2, 34 }, "network.access.congested", Likely},
	{"a modem needs no router", func() *world {
		w := crawling().kind(LinkCellular)
		w.e.Connects[0].Gateway, w.e.Connects[1].Gateway, w.e.Memory.Baselines[0].Gateway = "", "", ""
		return w
	}, nil, "network.access.congested", Likely},
	{"starved", crawling, func(e *Evidence) { e.Device.Scheduling.MaxMs = 900 }, "network.access.congested", Possible},

	{"the way to the router takes most of what is new", func() *world {
		w := crawling().far(450)
		w.e.Pings[0].MinRTTMs = ptr(190.0)
		w.e.Memory.Baselines[0].RTTHighMs = 100
		return w.shrink(330)
	}, nil, "network.local.congested", Likely},
	{"the endpoint's own pings take long, the router's do not", crowding, func(e *Evidence) {
		e.Pings[0].MinRTTMs, e.Pings[1].MinRTTMs, e.Pings[1].Received = ptr(1.0), ptr(480.0), 3
	}, "network.local.congested", absent},
	{"another router's pings take long", crowding, func(e *Evidence) { e.Pings[0].Address = "10.0.0.1" }, "network.local.congested", absent},
	{"one ping of the router's takes long", crowding, func(e *Evidence) { e.Pings[0].Received = 1 }, "network.local.congested", absent},
	{"pings were answered while the clock was set", crowding, func(e *Evidence) { e.Pings[0].MinRTTMs = nil }, "network.local.congested", absent},
	{"the router's pings take long", crowding, nil, "network.local.congested", Likely},
	{"and that is not the access", func() *world {
		w := crawling()
		w.e.Pings[0].MinRTTMs = ptr(390.0)
		return w
	}, nil, "network.access.congested", absent},
	{"the way to the router takes a part of what is new", func() *world {
		w := crawling()
		w.e.Pings[0].MinRTTMs = ptr(180.0)
		w.e.Memory.Baselines[0].RTTHighMs = 100
		return w.shrink(330)
	}, nil, "network.local.congested", absent},
	{"pings to the router get lost, and segments", losing, nil, "network.local.congested", Likely},
	{"and that is not the access", losing, nil, "network.access.lossy", absent},
	{"segments get lost, pings do not", losing, func(e *Evidence) { e.Pings[0].Received = 3 }, "network.local.congested", absent},
	{"that is the access", losing, func(e *Evidence) { e.Pings[0].Received = 3 }, "network.access.lossy", Likely},
	{"pings get lost, segments do not", losing, func(e *Evidence) { e.SignOns[0].TCP.TotalRetrans = ptr(int64(2)) }, "network.local.congested", absent},
	{"a router that is silent to pings", losing, func(e *Evidence) { e.Pings[0].Received, e.Pings[0].MinRTTMs = 0, nil }, "network.local.congested", absent},
	{"the site allows it", losing, func(e *Evidence) { e.Site.Limits.GatewayLossPercent = 34 }, "network.local.congested", absent},
	{"the site says nothing of it", losing, func(e *Evidence) { e.Site.Limits.GatewayLossPercent = 0 }, "network.local.congested", absent},
	{"frames arrive damaged", losing, func(e *Evidence) { e.Links[3].RxErrors = ptr(int64(9)) }, "network.local.congested", absent},
	{"frames arrive damaged elsewhere", losing, func(e *Evidence) {
		spare := e.Links[3]
		spare.Name, spare.RxErrors = "eth1", ptr(int64(0))
		later := spare
		later.RxErrors = ptr(int64(9))
		e.Links = append(e.Links, spare, later)
	}, "network.local.congested", Likely},
	{"the kernel says nothing of the connection", losing, func(e *Evidence) { e.SignOns[0].TCP = nil }, "network.local.congested", absent},
	{"the link comes and goes", losing, func(e *Evidence) { e.Links[3].CarrierChanges = ptr(int64(4)) }, "network.local.congested", absent},

	{"both endpoints are far slower than usual", sluggish, nil, "host.slow", Likely},
	{"nobody knows what the host takes", sluggish, func(e *Evidence) { e.Memory = Memory{} }, "host.slow", absent},
	{"few replies tell", sluggish, func(e *Evidence) { e.Memory.Baselines[0].HostHighMs = nil }, "host.slow", absent},
	{"one endpoint is as fast as ever", sluggish, func(e *Evidence) { e.SignOns[1].ElapsedMs = 200 }, "host.slow", absent},
	{"one endpoint takes that long for ever", sluggish, func(e *Evidence) { e.Memory.Baselines[1].HostHighMs = ptr(700.0) }, "host.slow", absent},
	{"a second each, with the way", sluggish, func(e *Evidence) { e.SignOns[1].ElapsedMs = 1000 }, "host.slow", absent},
	{"part of it was a retransmission's", sluggish, func(e *Evidence) { e.SignOns[1].TCP.TotalRetrans = ptr(int64(1)) }, "host.slow", absent},
	{"one reply of more than three seconds", func() *world { return healthy().habit(45, 100).takes(3400) }, nil, "host.slow", Likely},
	{"one reply of less than three seconds", func() *world { return healthy().habit(45, 100).takes(2900) }, nil, "host.slow", absent},
	{"three seconds, as usual", func() *world { return healthy().habit(45, 1200).takes(3400) }, nil, "host.slow", absent},
	{"three seconds, on another boot", func() *world { return healthy().habit(45, 100).takes(3400) },
		func(e *Evidence) { e.Device.BootID = "another" }, "host.slow", absent},
}

// crowding is a shop whose router answers late.
func crowding() *world {
	w := healthy().far(500)
	w.e.Pings[0].MinRTTMs = ptr(480.0)
	return w
}

// losing is a shop whose network loses packets.
func losing() *world {
	w := healthy()
	w.e.Pings[0].Received = 2
	w.e.SignOns[0].TCP.TotalRetrans = ptr(int64(3))
	return w
}

// shrink makes the first connection's round trip take as long, in ms.
func (w *world) shrink(ms float64) *world {
	w.e.Connects[0].TCP.MinRTTMs, w.e.SignOns[0].TCP.MinRTTMs = &ms, &ms
	return w
}

// TestUsual: what is found where something takes longer than usual, and what keeps it from
// being found: one condition taken away at a time.
func TestUsual(t *testing.T) { checkConditions(t, usualCases) }

// TestMinRTT: a connection's shortest round trip, of all that the kernel told.
func TestMinRTT(t *testing.T) {
	for _, c := range []struct {
		name string
		take func(*Evidence)
		want float64 // 0 is none
	}{
		{"the shortest of all", func(e *Evidence) { e.TLS[0].TCP.MinRTTMs = ptr(21.0) }, 21},
		{"the first packet waited", func(e *Evidence) { e.Connects[0].TCP.MinRTTMs = ptr(900.0) }, 29.8},
		{"a kernel without it", func(e *Evidence) {
			e.Connects[0].TCP.MinRTTMs, e.TLS[0].TCP.MinRTTMs, e.SignOns[0].TCP.MinRTTMs = nil, nil, nil
			e.TLS[0].TCP.RTTMs = ptr(20.0)
		}, 30.1},
		{"no figure at first", func(e *Evidence) { e.Connects[0].TCP = nil }, 29.8},
		{"no connection", func(e *Evidence) { e.Connects[0].Failure = &Failure{Type: FailReset} }, 0},
		{"part of the exchange is missing", func(e *Evidence) { e.SignOns = nil }, 0},
	} {
		e := secure(StepSignOn).evidence()
		c.take(&e)
		got := newFacts(&e).attempts[0].minRTT()
		if (got != nil) != (c.want != 0) || got != nil && *got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestUsualVerdict: what takes longer than usual is worth a word, and a question to the
// reference where it was not put; memory that is lost costs no more than that.
func TestUsualVerdict(t *testing.T) {
	d := Diagnose(crawling().evidence())
	if d.Verdict != VerdictDegraded || d.Code != "network.access.congested" || !slices.Contains(d.Findings[0].Because, "/evidence/memory/baselines/0") {
		t.Errorf("%s: %v", brief(d), d.Findings)
	}
	alone := Diagnose(healthy().habit(45, 40).far(450).evidence())
	if alone.Verdict != VerdictHealthy || !slices.Contains(alone.Wants, AskReference) {
		t.Errorf("nobody else was asked: %s, wants %v", brief(alone), alone.Wants)
	}
	forgotten := crawling()
	forgotten.e.Memory = Memory{}
	if d := Diagnose(forgotten.evidence()); d.Verdict != VerdictHealthy {
		t.Errorf("without memory: %s", brief(d))
	}
}
