package probe

import (
	"net"
	"net/netip"
	"strconv"
	"time"

	"posprobe/report"
)

// task is one question that needs packets. Outcome and Reason are set when it is not
// to be asked.
type task struct {
	report.Task
	endpoint int            // exchange: index into Request.Endpoints
	keys     bool           // exchange: the one that may send what keys come back for
	address  netip.AddrPort // whom to connect to; lookup: the resolver
	name     string         // lookup
	qtype    string         // lookup: A or AAAA
	ping     report.PingTarget
	target   netip.Addr // the address in question where no port of an endpoint's is asked; ping: with its zone

	until time.Time     // follow-up: when it must be over; zero for no bound
	price int           // follow-up: what it costs at the worst, in bytes of IP packets
	pace  time.Duration // trace: from one time to live to the next
	early report.Step   // exchange: the step at which our end follows what we send at once; "" for none
	mss   int           // exchange: the largest segment; 0 for the path's
	from  netip.Addr    // exchange: the source address that leads to the link, where it cannot be bound to
	link  string        // the link to use, "" for the one of the route
}

// plan returns the tasks that follow from what is known and are not in the evidence
// yet. It is pure, and asking it again with the same evidence gives the same tasks:
// whoever runs them remembers which ones are under way.
func plan(e *report.Evidence, req *Request) []task {
	p := newPlanner(e, req)
	p.lookups()
	for i := range req.Endpoints {
		p.exchanges(i)
	}
	p.gateways()
	return p.tasks
}

type planner struct {
	e     *report.Evidence
	req   *Request
	done  map[string]bool // tasks that are in the evidence or planned already
	never report.Reason
	ipv6  bool
	tasks []task
}

func newPlanner(e *report.Evidence, req *Request) planner {
	p := planner{e: e, req: req, done: map[string]bool{}, never: neverAsk(e, req), ipv6: hasIPv6(e)}
	for _, t := range e.Tasks {
		p.done[t.ID] = true
	}
	return p
}

// add plans a task once; why, or the reason that holds for the whole round, keeps it
// from being asked.
func (p *planner) add(t task, why report.Reason) {
	if p.done[t.ID] {
		return
	}
	p.done[t.ID] = true
	if p.never != "" {
		why = p.never
	}
	if why != "" {
		t.Outcome, t.Reason = report.OutcomeNotAsked, why
	}
	p.tasks = append(p.tasks, t)
}

// neverAsk is the reason why this round sends no packet at all, "" if it may.
func neverAsk(e *report.Evidence, req *Request) report.Reason {
	switch {
	case req.Paused:
		return report.ReasonPaused
	case req.Local:
		return report.ReasonLocal
	}
	if !req.Site.OnDemand || !known(e, report.TaskRoutes) {
		return ""
	}
	for _, r := range e.Routes {
		if isDefault(r.Destination) && !r.LinkDown {
			return ""
		}
	}
	return report.ReasonOnDemand
}

// known reports whether the survey read a list to its end.
func known(e *report.Evidence, kind report.TaskKind) bool {
	for _, t := range e.Tasks {
		if t.Kind == kind && (t.Outcome == report.OutcomeAnswered || t.Outcome == report.OutcomeEmpty) {
			return true
		}
	}
	return false
}

// hasIPv6 reports whether the terminal can use IPv6: a global address, and a default
// route where routes can be seen.
func hasIPv6(e *report.Evidence) bool {
	address := false
	for _, a := range e.Addresses {
		prefix, err := netip.ParsePrefix(a.Prefix)
		if err == nil && prefix.Addr().Is6() && a.Scope == "global" && !a.Tentative && !a.Duplicate {
			address = true
		}
	}
	if !address || !known(e, report.TaskRoutes) {
		return address
	}
	for _, r := range e.Routes {
		if r.Destination == "::/0" && !r.LinkDown {
			return true
		}
	}
	return false
}

func isDefault(destination string) bool {
	return destination == "0.0.0.0/0" || destination == "::/0"
}

// lookups asks every resolver for every name, so that a liar among them stands out.
func (p *planner) lookups() {
	for i, e := range p.req.Endpoints {
		host, _, err := e.split()
		if err != nil {
			continue
		}
		if _, err := netip.ParseAddr(host); err == nil {
			continue
		}
		name := plainName(host)
		for _, r := range p.e.Resolvers {
			resolver, err := netip.ParseAddrPort(r.Address)
			if err != nil {
				continue
			}
			p.lookup(i, name, "A", resolver)
			if p.ipv6 {
				p.lookup(i, name, "AAAA", resolver)
			}
		}
		if !p.ipv6 && len(p.e.Resolvers) > 0 {
			p.add(task{Task: report.Task{
				ID: "lookup AAAA " + name, Kind: report.TaskLookup, Endpoint: e.Address, Target: name,
			}, endpoint: i}, report.ReasonNoIPv6)
		}
	}
}

func (p *planner) lookup(endpoint int, name, qtype string, resolver netip.AddrPort) {
	p.add(task{
		Task: report.Task{
			ID: lookupID(name, qtype, resolver), Kind: report.TaskLookup,
			Endpoint: p.req.Endpoints[endpoint].Address, Target: resolver.String(),
		},
		endpoint: endpoint, name: name, qtype: qtype, address: resolver,
	}, "")
}

func lookupID(name, qtype string, resolver netip.AddrPort) string {
	return "lookup " + qtype + " " + name + " at " + resolver.String()
}

// exchanges plans one exchange with each known address of an endpoint, and a ping of it.
func (p *planner) exchanges(i int) {
	e := p.req.Endpoints[i]
	id := "exchange " + e.Address
	none := task{Task: report.Task{ID: id, Kind: report.TaskExchange, Endpoint: e.Address, Target: e.Address}, endpoint: i}
	host, port, err := e.split()
	if err != nil {
		p.add(none, report.ReasonUnresolved)
		return
	}
	addresses := candidates(p.e, p.req, host)
	for _, c := range addresses {
		address := netip.AddrPortFrom(c.ip, port)
		p.add(task{
			Task: report.Task{
				ID: id + " at " + address.String(), Kind: report.TaskExchange, Endpoint: e.Address, Target: address.String(),
			},
			endpoint: i, address: address,
		}, c.why)
		if c.why == "" {
			p.pingTask(report.PingEndpoint, c.ip, e.Address)
		}
	}
	if len(addresses) == 0 && (p.never != "" || resolved(p.e, plainName(host))) {
		p.add(none, report.ReasonUnresolved)
	}
}

func (p *planner) pingTask(kind report.PingTarget, ip netip.Addr, endpoint string) {
	if ip.IsLoopback() {
		return
	}
	p.add(task{
		Task: report.Task{
			ID: "ping " + string(kind) + " " + ip.String(), Kind: report.TaskPing, Endpoint: endpoint, Target: ip.String(),
		},
		ping: kind, target: ip,
	}, "")
}

// gateways plans the pings of the gateways on the way to resolvers and endpoints.
func (p *planner) gateways() {
	for _, g := range gatewaysUsed(p.e, p.req) {
		ip, err := netip.ParseAddr(g.address)
		if err != nil {
			continue
		}
		if ip.IsLinkLocalUnicast() && ip.Is6() {
			ip = ip.WithZone(g.link)
		}
		p.pingTask(report.PingGateway, ip, "")
	}
}

// split takes the endpoint's address apart.
func (e Endpoint) split() (host string, port uint16, err error) {
	host, service, err := net.SplitHostPort(e.Address)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseUint(service, 10, 16)
	if err != nil || n == 0 || host == "" {
		return "", 0, errNoPort
	}
	return host, uint16(n), nil
}
