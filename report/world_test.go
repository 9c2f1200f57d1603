package report

import (
	"time"
)

// world builds evidence for tests: a healthy shop in which a test breaks one thing.
type world struct{ e Evidence }

const (
	mainHost   = "203.0.113.20"
	mainAddr   = "203.0.113.20:5500"
	backupAddr = "198.51.100.20:5500"
	namedAddr  = "pos.acquirer.example:5500"
	gatewayIP  = "192.168.1.1"
	resolverA  = "192.0.2.53:53"
	resolverB  = "198.51.100.53:53"
	print1     = "1f2e3d4c"
)

func ptr[T any](v T) *T { return &v }

// shop is the device and its local network, without any endpoint.
func shop() *world {
	w := &world{}
	wall := time.Date(2026, 12, 1, 9, 30, 12, 345e6, time.FixedZone("", 8*3600))
	e := &w.e
	e.Site = Site{Profile: ProfileInternet, Zone: "Asia/Shanghai", Limits: DefaultLimits()}
	e.Site.Limits.ReplyMs = 8000
	e.Device = Device{
		Kernel: "6.1.0", BootID: "0f0e0d0c-0000-4000-8000-000000000000", UptimeMs: ptr(86400000.0), CPUs: ptr(int64(1)),
		Memory:      &RAM{TotalBytes: 128e6, AvailableBytes: 64e6},
		Load:        &Load{One: 0.2, Five: 0.2, Fifteen: 0.1},
		Pressure:    &Pressure{CPUSome: 1.5},
		Scheduling:  &Scheduling{Samples: 40, MaxMs: 4, TotalMs: 0, RunDelayMs: ptr(1.0), RoundMs: 812},
		Undelivered: ptr(int64(0)),
		Disks:       List[Disk]{{Path: "/", TotalBytes: 512e6, AvailableBytes: 200e6}},
	}
	link := Link{
		Name: "eth0", Kind: LinkEthernet, AdminUp: true, OperationalState: "up", Carrier: ptr(true),
		CarrierChanges: ptr(int64(2)), SpeedMbps: ptr(int64(100)), Duplex: "full", MTU: 1500,
		RxPackets: ptr(int64(1000)), TxPackets: ptr(int64(900)), RxErrors: ptr(int64(0)), TxErrors: ptr(int64(0)),
		RxDropped: ptr(int64(0)), TxDropped: ptr(int64(0)),
	}
	lo := Link{Name: "lo", Kind: LinkLoopback, AdminUp: true, OperationalState: "unknown", Carrier: ptr(true), MTU: 65536}
	for _, task := range []string{"links", "links end"} {
		l, o := link, lo
		l.Task, o.Task = task, task
		if task == "links end" {
			l.AtMs, o.AtMs = 810, 810
			l.RxPackets, l.TxPackets = ptr(int64(1020)), ptr(int64(925))
		}
		e.Links = append(e.Links, o, l)
		w.task(task, TaskLinks, "")
	}
	w.task("addresses", TaskAddresses, "")
	e.Addresses = List[Address]{
		{Observation: Observation{Task: "addresses", AtMs: 1}, Link: "lo", Prefix: "127.0.0.1/8", Scope: "host"},
		{Observation: Observation{Task: "addresses", AtMs: 1}, Link: "eth0", Prefix: "192.168.1.23/24", Scope: "global", Dynamic: true},
	}
	w.task("routes", TaskRoutes, "")
	e.Routes = List[Route]{
		{Observation: Observation{Task: "routes", AtMs: 1}, Destination: "0.0.0.0/0", Gateway: gatewayIP, Link: "eth0", Protocol: "dhcp"},
		{Observation: Observation{Task: "routes", AtMs: 1}, Destination: "192.168.1.0/24", Link: "eth0", Protocol: "kernel"},
	}
	w.task("resolvers", TaskResolvers, "")
	e.Resolvers = List[Resolver]{
		{Observation: Observation{Task: "resolvers", AtMs: 1}, Address: resolverA, Source: "/etc/resolv.conf"},
		{Observation: Observation{Task: "resolvers", AtMs: 1}, Address: resolverB, Source: "/etc/resolv.conf"},
	}
	w.task("hosts", TaskHosts, "").Outcome = OutcomeEmpty
	w.task("device", TaskDevice, "")
	w.task("clock", TaskClock, "")
	e.Clocks = List[Clock]{
		{Observation: Observation{Task: "clock"}, Source: ClockRound, Wall: wall},
		{Observation: Observation{Task: "clock", AtMs: 1}, Source: ClockKernel, Wall: wall, Synchronized: ptr(true)},
		{Observation: Observation{Task: "clock", AtMs: 812}, Source: ClockRound, Wall: wall.Add(812 * time.Millisecond)},
	}
	w.task("neighbors", TaskNeighbors, "")
	e.Neighbors = List[Neighbor]{{Observation: Observation{Task: "neighbors", AtMs: 805}, Address: gatewayIP, Link: "eth0", State: "reachable"}}
	w.ping(PingGateway, gatewayIP, 0.6)
	return w
}

func (w *world) task(id string, kind TaskKind, endpoint string) *Task {
	w.e.Tasks = append(w.e.Tasks, Task{ID: id, Kind: kind, Endpoint: endpoint, Target: id, Outcome: OutcomeAnswered})
	return &w.e.Tasks[len(w.e.Tasks)-1]
}

// healthy is a shop with one literal endpoint that answers the echo.
func healthy() *world {
	w := shop()
	w.endpoint(mainAddr, StepSignOn)
	w.exchange(mainAddr, mainAddr)
	w.ping(PingEndpoint, mainHost, 31)
	return w
}

// named is a shop with one endpoint by name; both resolvers answer.
func named() *world {
	w := shop()
	w.endpoint(namedAddr, StepSignOn)
	w.lookup("pos.acquirer.example", resolverA, mainHost)
	w.lookup("pos.acquirer.example", resolverB, mainHost)
	w.exchange(namedAddr, mainAddr)
	return w
}

// unresolvable is named with every look-up failed.
func unresolvable(f FailureType, rcode string) *world {
	w := shop()
	w.endpoint(namedAddr, StepSignOn)
	for _, r := range []string{resolverA, resolverB} {
		l := w.lookup("pos.acquirer.example", r)
		l.Failure, l.RCode = &Failure{Operation: OpResolve, Type: f}, rcode
		if f == FailDeadline {
			l.ElapsedMs = 4000
		}
	}
	t := w.task("exchange "+namedAddr, TaskExchange, namedAddr)
	t.Outcome, t.Reason = OutcomeNotAsked, ReasonUnresolved
	return w
}

func (w *world) endpoint(address string, goal Step) *Endpoint {
	e := Endpoint{Address: address, Goal: goal}
	if goal == StepSignOn {
		e.Protocol, e.Fingerprint = "unionpay", print1
	}
	w.e.Site.Endpoints = append(w.e.Site.Endpoints, e)
	return &w.e.Site.Endpoints[len(w.e.Site.Endpoints)-1]
}

func (w *world) lookup(name, resolver string, answers ...string) *Lookup {
	id := "lookup " + name + " A " + resolver
	w.task(id, TaskLookup, name+":5500")
	l := Lookup{Observation: Observation{Task: id, AtMs: 5}, Name: name, Type: "A", Resolver: resolver, Transport: "udp", ElapsedMs: 21}
	if len(answers) > 0 {
		l.RCode = "NOERROR"
	}
	for _, a := range answers {
		l.Answers = append(l.Answers, Answer{Address: a, TTLSeconds: 300})
	}
	w.e.Lookups = append(w.e.Lookups, l)
	return &w.e.Lookups[len(w.e.Lookups)-1]
}

func (w *world) ping(target PingTarget, address string, rtt float64) *Ping {
	id := "ping " + address
	w.task(id, TaskPing, "")
	p := Ping{Observation: Observation{Task: id, AtMs: 6}, Target: target, Address: address, Sent: 3, Received: 3,
		MinRTTMs: ptr(rtt), AvgRTTMs: ptr(rtt + 0.2), MaxRTTMs: ptr(rtt + 0.5)}
	w.e.Pings = append(w.e.Pings, p)
	return &w.e.Pings[len(w.e.Pings)-1]
}

func (p *Ping) silent() {
	p.Received, p.MinRTTMs, p.AvgRTTMs, p.MaxRTTMs = 0, nil, nil, nil
	p.Failure = &Failure{Operation: OpPing, Type: FailDeadline}
}

// exchange is a complete healthy exchange with one address of an endpoint.
func (w *world) exchange(endpoint, address string) {
	id := "exchange " + address
	w.task(id, TaskExchange, endpoint)
	o := Observation{Task: id, AtMs: 30}
	w.e.Connects = append(w.e.Connects, Connect{Observation: o, Endpoint: endpoint, Address: address, Link: "eth0",
		Gateway: gatewayIP, Source: "192.168.1.23", ElapsedMs: 31.6, TCP: snapshot(0)})
	e := Endpoint{}
	for _, x := range w.e.Site.Endpoints {
		if x.Address == endpoint {
			e = x
		}
	}
	if e.TLS {
		w.e.TLS = append(w.e.TLS, Handshake{Observation: o, Endpoint: endpoint, Address: address, ElapsedMs: 64, WaitMs: 5000,
			KeepaliveMs: ptr(1000.0), HelloBytes: 253, Version: "TLS 1.2", Cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Verified: ptr(true),
			Certificates: List[Certificate]{{Subject: "CN=pos.acquirer.example", Issuer: "CN=Example CA",
				NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
				Key: "RSA-2048", Signature: "SHA256-RSA", SPKI: "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}},
			TCP: snapshot(300)})
	}
	if e.Goal == StepSignOn {
		w.e.SignOns = append(w.e.SignOns, SignOn{Observation: o, Endpoint: endpoint, Address: address, Protocol: e.Protocol,
			Fingerprint: e.Fingerprint, MessageType: "0820", RequestBytes: 54, ReplyBytes: 61, ElapsedMs: 52, WaitMs: 8000,
			KeepaliveMs: ptr(1000.0), ReplyType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "1201093012", TCP: snapshot(54)})
		w.e.Clocks = append(w.e.Clocks, Clock{Observation: o, Source: ClockReply, Endpoint: endpoint,
			Wall: w.e.Clocks[0].Wall, OffsetMs: ptr(-345.0)})
	}
}

// snapshot is the kernel's view of a healthy connection after sent bytes were answered
// (none were sent: right after the handshake).
func snapshot(sent int64) *TCP {
	t := &TCP{Length: 280, State: "established", RTTMs: ptr(30.1), RTTVarMs: ptr(8.0), MinRTTMs: ptr(29.8),
		Unacked: ptr(int64(0)), Sacked: ptr(int64(0)), Lost: ptr(int64(0)), Retransmits: ptr(int64(0)), Backoff: ptr(int64(0)),
		Probes: ptr(int64(0)), TotalRetrans: ptr(int64(0)), BytesAcked: ptr(sent + 1), BytesReceived: ptr(int64(0)),
		SegsOut: ptr(int64(3)), SegsIn: ptr(int64(1)), DataSegsIn: ptr(int64(0)), RcvOooPack: ptr(int64(0)), DSACKDups: ptr(int64(0)),
		SndWnd: ptr(int64(64256)), PMTU: ptr(int64(1500)), LastAckRecvMs: ptr(2.0), LastDataRecvMs: ptr(2.0),
		OutQueue: ptr(int64(0)), UnsentQueue: ptr(int64(0)), InQueue: ptr(int64(0))}
	if sent > 0 {
		t.BytesReceived, t.SegsIn, t.DataSegsIn = ptr(int64(61)), ptr(int64(3)), ptr(int64(1))
	}
	return t
}

// far makes every round trip of the latest exchange take as long, in ms.
func (w *world) far(ms float64) *world {
	c, h, s := w.last()
	c.TCP.MinRTTMs, c.TCP.RTTMs = ptr(ms), ptr(ms)
	if h != nil {
		h.TCP.MinRTTMs, h.TCP.RTTMs = ptr(ms), ptr(ms)
	}
	if s != nil {
		s.TCP.MinRTTMs, s.TCP.RTTMs = ptr(ms), ptr(ms)
	}
	return w
}

// takes makes the reply of the first exchange take as long, in ms, with keepalives
// answered meanwhile.
func (w *world) takes(ms float64) *world {
	s := &w.e.SignOns[0]
	s.ElapsedMs = ms
	s.TCP.SegsIn = ptr(*s.TCP.SegsIn + int64(ms/1000))
	return w
}

// last returns the latest exchange's observations; nil for steps it does not have.
func (w *world) last() (c *Connect, h *Handshake, s *SignOn) {
	c = &w.e.Connects[len(w.e.Connects)-1]
	for i := range w.e.TLS {
		if w.e.TLS[i].Task == c.Task {
			h = &w.e.TLS[i]
		}
	}
	for i := range w.e.SignOns {
		if w.e.SignOns[i].Task == c.Task {
			s = &w.e.SignOns[i]
		}
	}
	return
}

// noConnect makes the latest exchange fail at its handshake.
func (w *world) noConnect(t FailureType, icmp ...ICMPError) *Connect {
	c, _, _ := w.last()
	c.Failure = &Failure{Operation: OpConnect, Type: t}
	c.ICMP = icmp
	c.TCP = &TCP{Length: 280, State: "syn_sent", Unacked: ptr(int64(1)), Retransmits: ptr(int64(4)), TotalRetrans: ptr(int64(4)),
		BytesAcked: ptr(int64(0)), BytesReceived: ptr(int64(0)), SegsOut: ptr(int64(5)), SegsIn: ptr(int64(0)),
		DataSegsIn: ptr(int64(0)), RcvOooPack: ptr(int64(0)), OutQueue: ptr(int64(0)), UnsentQueue: ptr(int64(0))}
	if t == FailDeadline {
		c.ElapsedMs = 5000
	}
	w.drop(c.Task, true)
	return c
}

// drop removes the steps after the handshake (tls too) from an exchange.
func (w *world) drop(task string, tls bool) {
	keep := func(o Observation) bool { return o.Task != task }
	w.e.SignOns = filter(w.e.SignOns, func(s SignOn) bool { return keep(s.Observation) })
	w.e.Clocks = filter(w.e.Clocks, func(c Clock) bool { return keep(c.Observation) })
	if tls {
		w.e.TLS = filter(w.e.TLS, func(h Handshake) bool { return keep(h.Observation) })
	}
	for i := range w.e.Tasks {
		if w.e.Tasks[i].ID == task {
			w.e.Tasks[i].Outcome = OutcomeFailed
		}
	}
}

func filter[T any](in List[T], keep func(T) bool) List[T] {
	var out List[T]
	for _, v := range in {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

// noReply makes the latest exchange's sign-on fail, with the snapshot changed by edit.
func (w *world) noReply(t FailureType, edit func(*TCP)) *SignOn {
	c, _, s := w.last()
	keep := *s
	w.drop(c.Task, false)
	keep.Failure = &Failure{Operation: OpRead, Type: t}
	keep.ReplyType, keep.ResponseCode, keep.Requirement, keep.HostTime, keep.ReplyBytes = "", "", "", "", 0
	keep.TCP = snapshot(54)
	keep.TCP.BytesReceived, keep.TCP.DataSegsIn, keep.TCP.SegsIn = ptr(int64(0)), ptr(int64(0)), ptr(int64(2))
	if edit != nil {
		edit(keep.TCP)
	}
	if t == FailDeadline || t == FailCutShort && keep.TCP.State == "established" { // it stalled
		keep.ElapsedMs = 8000
	}
	w.e.SignOns = append(w.e.SignOns, keep)
	return &w.e.SignOns[len(w.e.SignOns)-1]
}

// noTLS makes the latest exchange's handshake fail.
func (w *world) noTLS(t FailureType, edit func(*TCP)) *Handshake {
	c, h, _ := w.last()
	w.drop(c.Task, false)
	h.Failure = &Failure{Operation: OpTLSHandshake, Type: t}
	h.Version, h.Cipher, h.Verified, h.Certificates = "", "", nil, nil
	h.TCP.DataSegsIn, h.TCP.BytesReceived, h.TCP.SegsIn = ptr(int64(0)), ptr(int64(0)), ptr(int64(2))
	if t == FailDeadline {
		h.ElapsedMs = 5000
	}
	if edit != nil {
		edit(h.TCP)
	}
	return h
}

// secure is healthy over TLS.
func secure(goal Step) *world {
	w := shop()
	w.endpoint(mainAddr, goal).TLS = true
	w.e.Site.Endpoints[0].Roots = "file"
	w.exchange(mainAddr, mainAddr)
	return w
}

// badCertificate is secure with certificate problems.
func badCertificate(goal Step, problems ...CertificateProblem) *world {
	w := secure(goal)
	w.e.TLS[0].Verified, w.e.TLS[0].Problems = ptr(false), problems
	for _, p := range problems {
		switch p {
		case CertExpired:
			w.e.TLS[0].Certificates[0].NotAfter = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		case CertNotYetValid:
			w.e.TLS[0].Certificates[0].NotBefore = time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)
		}
	}
	return w
}

// worked adds the memory that this exchange succeeded before.
func (w *world) worked() *world {
	for _, e := range w.e.Site.Endpoints {
		w.e.Memory.LastGood = append(w.e.Memory.LastGood, LastGood{Endpoint: e.Address, Fingerprint: e.Fingerprint, Step: e.Goal,
			At: w.e.Clocks[0].Wall.Add(-time.Hour), ReplyMs: 52})
	}
	return w
}

// The kernel's view of each kind of silence at an 8 s deadline.
func alive(t *TCP) { t.SegsIn, t.LastAckRecvMs = ptr(int64(9)), ptr(900.0) }
func dead(t *TCP)  { t.Probes, t.LastAckRecvMs = ptr(int64(7)), ptr(7900.0) }
func unacked(t *TCP) {
	t.Unacked, t.Retransmits, t.Backoff, t.TotalRetrans = ptr(int64(1)), ptr(int64(5)), ptr(int64(5)), ptr(int64(6))
	t.BytesAcked, t.SegsIn, t.OutQueue, t.LastAckRecvMs = ptr(int64(1)), ptr(int64(1)), ptr(int64(54)), ptr(8000.0)
}
func backlog(t *TCP) { unacked(t); t.SegsIn = ptr(int64(4)) }
func shut(t *TCP) {
	t.UnsentQueue, t.OutQueue, t.Probes, t.SndWnd, t.BytesAcked = ptr(int64(54)), ptr(int64(54)), ptr(int64(4)), ptr(int64(0)), ptr(int64(1))
}
func stuck(t *TCP) {
	t.UnsentQueue, t.OutQueue, t.BytesAcked = ptr(int64(54)), ptr(int64(54)), ptr(int64(1))
}
func hole(t *TCP) { alive(t); t.RcvOooPack, t.DataSegsIn = ptr(int64(1)), ptr(int64(1)) }
func selective(t *TCP) {
	unacked(t)
	t.Unacked, t.Sacked, t.Lost = ptr(int64(2)), ptr(int64(1)), ptr(int64(1))
}

// evidence closes the tasks' counts and returns the evidence.
func (w *world) evidence() Evidence {
	seen := map[string]int{}
	for o := range w.e.observations() {
		seen[o.Task]++
	}
	for i := range w.e.Tasks {
		w.e.Tasks[i].Count = seen[w.e.Tasks[i].ID]
	}
	return w.e
}
