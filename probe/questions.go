package probe

import (
	"net/netip"
	"slices"
	"time"

	"posprobe/report"
)

// askers turn a question into tasks. A question that is not here is answered by the
// round's own tasks, or by nothing that could be sent.
var askers = map[report.Question]func(*planner){
	report.AskReference:           (*planner).references,
	report.AskClosedPort:          (*planner).closedPorts,
	report.AskTrace:               (*planner).traces,
	report.AskSecondExchange:      func(p *planner) { p.exchangesAgain(report.TaskSecond, maxFailed) },
	report.AskEarlyEnd:            func(p *planner) { p.exchangesAgain(report.TaskEarly, maxFailed) },
	report.AskSmallSegments:       func(p *planner) { p.exchangesAgain(report.TaskSmall, maxFailed) },
	report.AskOtherUplink:         func(p *planner) { p.exchangesAgain(report.TaskUplink, 1) },
	report.AskIndependentResolver: (*planner).independent,
	report.AskPortal:              (*planner).portal,
	report.AskNeighbor:            (*planner).unsettled,
	report.AskDuplicateAddress:    (*planner).duplicates,
	report.AskClock:               (*planner).timeServer,
}

// Caps on whom follow-ups ask.
const (
	maxFailed     = 2 // addresses of endpoints
	maxReferences = 4
	maxWitnesses  = 2
	maxAsked      = 4
	maxClaims     = 2 // addresses of the terminal
)

// followUps returns the tasks that answer the questions and are not in the evidence
// yet, in the order of the questions. Pure.
func followUps(e *report.Evidence, req *Request, questions []report.Question) []task {
	p := newPlanner(e, req)
	for _, q := range questions {
		if ask, ok := askers[q]; ok {
			ask(&p)
		}
	}
	return p.tasks
}

// followUpTask is a task of a kind; its id begins with that, see isFollowUp.
func followUpTask(kind report.TaskKind, endpoint, target string) task {
	id := string(kind)
	if target != "" {
		id += " " + target
	}
	return task{Task: report.Task{ID: id, Kind: kind, Endpoint: endpoint, Target: target}}
}

// failedAt is an address at which an endpoint was asked in vain.
type failedAt struct {
	endpoint int
	address  netip.AddrPort
	failure  *report.Failure
}

// step is the step after the connection at which it failed, "" if that failed already.
func (f failedAt) step() report.Step {
	switch {
	case f.failure == nil || f.failure.Operation == report.OpConnect:
		return ""
	case f.failure.Operation == report.OpTLSHandshake:
		return report.StepTLS
	}
	return report.StepSignOn
}

// failed are the addresses whose exchange failed, at most maxFailed: one of each
// endpoint before a second one of any.
func (p *planner) failed() []failedAt {
	byEndpoint := make([][]failedAt, len(p.req.Endpoints))
	for _, t := range p.e.Tasks {
		address, err := netip.ParseAddrPort(t.Target)
		i := slices.IndexFunc(p.req.Endpoints, func(e Endpoint) bool { return e.Address == t.Endpoint })
		if t.Kind == report.TaskExchange && t.Outcome == report.OutcomeFailed && err == nil && i >= 0 {
			byEndpoint[i] = append(byEndpoint[i], failedAt{i, address, t.Failure})
		}
	}
	var out []failedAt
	for turn := 0; len(out) < maxFailed; turn++ {
		more := false
		for _, list := range byEndpoint {
			if turn < len(list) && len(out) < maxFailed {
				out = append(out, list[turn])
				more = true
			}
		}
		if !more {
			break
		}
	}
	return out
}

func (p *planner) references() {
	for _, address := range p.req.References[:min(len(p.req.References), maxReferences)] {
		t := followUpTask(report.TaskReference, "", address.String())
		t.address, t.target, t.price = address, address.Addr(), priceHandshake
		p.add(t, "")
	}
	if len(p.req.References) == 0 {
		p.add(followUpTask(report.TaskReference, "", ""), report.ReasonNotStated)
	}
	// What failed without leaving the device needs no witness from elsewhere.
	far := slices.ContainsFunc(p.failed(), func(f failedAt) bool { return !f.address.Addr().IsLoopback() })
	if len(p.e.Lookups) == 0 && far {
		p.resolversAsReferences()
	}
}

// rootName and rootType are a question that every recursive resolver can answer: the
// name servers of the root (RFC 8109 section 3).
const rootName, rootType = ".", "NS"

// resolversAsReferences asks the terminal's name servers something, where no name had to
// be looked up: they stand elsewhere than acquirer and references.
func (p *planner) resolversAsReferences() {
	asked := 0
	for _, r := range p.e.Resolvers {
		resolver, err := netip.ParseAddrPort(r.Address)
		if err != nil || resolver.Addr().IsLoopback() || asked == maxWitnesses {
			continue
		}
		asked++
		t := followUpTask(report.TaskReference, "", resolver.String())
		t.ID = string(report.TaskReference) + " " + rootType + " " + rootName + " at " + resolver.String()
		t.name, t.qtype, t.address, t.price = rootName, rootType, resolver, priceLookup
		p.add(t, "")
	}
}

// The port that hardly anybody serves: tcpmux (RFC 1078), or discard's neighbour, which
// IANA leaves unassigned, where an endpoint has the first.
const (
	closedPort      = 1
	otherClosedPort = 4
)

func (p *planner) closedPorts() {
	for _, f := range p.failed() {
		if f.address.Addr().IsLoopback() {
			continue // there is no way to be told from another
		}
		port := uint16(closedPort)
		if p.asked(netip.AddrPortFrom(f.address.Addr(), port)) {
			port = otherClosedPort
		}
		address := netip.AddrPortFrom(f.address.Addr(), port)
		t := followUpTask(report.TaskClosedPort, p.req.Endpoints[f.endpoint].Address, address.String())
		t.endpoint, t.address, t.target, t.price = f.endpoint, address, address.Addr(), priceHandshake
		p.add(t, "")
		p.trace(t.Endpoint, address, address.Addr())
	}
}

// asked reports whether an exchange with an address and port is this round's.
func (p *planner) asked(address netip.AddrPort) bool {
	return slices.ContainsFunc(p.e.Tasks, func(t report.Task) bool {
		return t.Kind == report.TaskExchange && t.Target == address.String()
	})
}

func (p *planner) traces() {
	for _, f := range p.failed() {
		if f.address.Addr().IsLoopback() {
			continue
		}
		p.trace(p.req.Endpoints[f.endpoint].Address, f.address, netip.Addr{})
	}
	if len(p.req.References) > 0 {
		reference := p.req.References[0]
		p.trace("", reference, reference.Addr())
	}
}

// trace plans one trace; target is valid where address is no endpoint's.
func (p *planner) trace(endpoint string, address netip.AddrPort, target netip.Addr) {
	t := followUpTask(report.TaskTrace, endpoint, address.String())
	t.address, t.target, t.price, t.pace = address, target, priceHops, pace(p.e, address.Addr())
	p.add(t, "")
}

// The least and the most time between two packets of a trace, and what is taken where
// no round trip is known.
const (
	minPace     = 40 * time.Millisecond
	maxPace     = 150 * time.Millisecond
	unknownPace = 100 * time.Millisecond
)

// pace is half a round trip: then a trace overshoots its target by two packets.
func pace(e *report.Evidence, ip netip.Addr) time.Duration {
	rtt := 0.0
	for _, c := range e.Connects {
		if a, err := netip.ParseAddrPort(c.Address); err == nil && a.Addr() == ip && c.TCP != nil && c.TCP.RTTMs != nil {
			rtt = max(rtt, *c.TCP.RTTMs)
		}
	}
	for _, g := range e.Pings {
		if g.Target == report.PingEndpoint && g.Address == ip.WithZone("").String() && g.MaxRTTMs != nil {
			rtt = max(rtt, *g.MaxRTTMs)
		}
	}
	if rtt == 0 {
		return unknownPace
	}
	return min(max(time.Duration(rtt/2*float64(time.Millisecond)), minPace), maxPace)
}

// exchangesAgain repeats exchanges that failed. A message that might do more the second
// time is never sent twice, and an exchange without it would say nothing of it. Our end
// does not follow a message at once where more may have to be said.
func (p *planner) exchangesAgain(kind report.TaskKind, most int) {
	failed := p.failed()
	for _, f := range failed[:min(len(failed), most)] {
		endpoint := p.req.Endpoints[f.endpoint]
		if d := endpoint.Dialect; d != nil && !d.Repeatable() {
			continue
		}
		t := followUpTask(kind, endpoint.Address, f.address.String())
		t.ID = string(kind) + " " + endpoint.Address + " at " + f.address.String()
		t.endpoint, t.address, t.price = f.endpoint, f.address, priceExchange(endpoint)
		var why report.Reason
		switch kind {
		case report.TaskEarly:
			t.early = f.step()
			if t.early == "" || t.early == report.StepSignOn && !endpoint.Dialect.EndsWithRequest() {
				continue
			}
		case report.TaskSmall:
			t.mss = smallSegment
			t.price += priceSegments
			if !smallSegments {
				why = report.ReasonUnsupported
			}
		case report.TaskUplink:
			t.link = p.otherUplink(f.address)
			if t.link == "" {
				why = report.ReasonUnsupported
			}
		}
		p.add(t, why)
	}
}

// smallSegment is the segment size that every path carries (RFC 9293 section 3.7.1).
const smallSegment = 536

// otherUplink is a link with carrier and a default route of the address's family that
// the exchange with the address did not take; "" if there is none.
func (p *planner) otherUplink(address netip.AddrPort) string {
	used := ""
	for _, c := range p.e.Connects {
		if c.Address == address.String() && !isFollowUp(c.Task) {
			used = c.Link
		}
	}
	wanted := "0.0.0.0/0"
	if address.Addr().Is6() {
		wanted = "::/0"
	}
	for _, r := range p.e.Routes {
		if r.Destination == wanted && r.Link != used && used != "" && !r.LinkDown && hasCarrier(p.e, r.Link) {
			return r.Link
		}
	}
	return ""
}

// hasCarrier reports whether a link was seen up, and not seen without carrier.
func hasCarrier(e *report.Evidence, name string) bool {
	for _, l := range e.Links {
		if l.Name == name {
			return l.AdminUp && (l.Carrier == nil || *l.Carrier)
		}
	}
	return false
}

// independent asks for the names whose exchanges or look-ups failed.
func (p *planner) independent() {
	resolver := p.req.IndependentResolver
	if !resolver.IsValid() {
		p.add(followUpTask(report.TaskIndependent, "", ""), report.ReasonNotStated)
		return
	}
	names := 0
	// Where every look-up succeeded, it is how they did that is in question.
	all := !slices.ContainsFunc(p.req.Endpoints, func(e Endpoint) bool { return p.doubtful(e.Address) })
	for i, endpoint := range p.req.Endpoints {
		host, _, err := endpoint.split()
		if err != nil {
			continue
		}
		if _, err := netip.ParseAddr(host); err == nil || names == maxAsked || !all && !p.doubtful(endpoint.Address) {
			continue
		}
		names++
		for _, qtype := range []string{"A", "AAAA"} {
			if qtype == "AAAA" && !p.ipv6 {
				continue
			}
			t := followUpTask(report.TaskIndependent, endpoint.Address, resolver.String())
			t.ID = string(report.TaskIndependent) + " " + qtype + " " + plainName(host) + " at " + resolver.String()
			t.endpoint, t.name, t.qtype, t.address, t.price = i, plainName(host), qtype, resolver, priceLookup
			p.add(t, "")
		}
	}
}

// doubtful reports whether a look-up or an exchange for an endpoint did not succeed.
func (p *planner) doubtful(endpoint string) bool {
	return slices.ContainsFunc(p.e.Tasks, func(t report.Task) bool {
		return t.Endpoint == endpoint && (t.Kind == report.TaskLookup || t.Kind == report.TaskExchange) &&
			t.Outcome != report.OutcomeAnswered && t.Reason != report.ReasonNoIPv6
	})
}

func (p *planner) portal() {
	if p.req.Portal == "" {
		p.add(followUpTask(report.TaskPortal, "", ""), report.ReasonNotStated)
		return
	}
	t := followUpTask(report.TaskPortal, "", p.req.Portal)
	t.price = pricePortal
	p.add(t, "")
}

func (p *planner) timeServer() {
	server := p.req.Site.TimeServer
	if server == "" {
		p.add(followUpTask(report.TaskTime, "", ""), report.ReasonNotStated)
		return
	}
	t := followUpTask(report.TaskTime, "", server)
	t.price = priceTime
	p.add(t, "")
}

// unsettled waits for the neighbour entries of gateways that the kernel is checking.
func (p *planner) unsettled() {
	for _, g := range gatewaysUsed(p.e, p.req) {
		if slices.ContainsFunc(p.e.Neighbors, func(n report.Neighbor) bool {
			return n.Address == g.address && n.Link == g.link && !settled(n.State)
		}) {
			t := followUpTask(report.TaskNeighbor, "", g.address)
			t.ID += " on " + g.link
			t.link, t.name = g.link, g.address
			p.add(t, "")
		}
	}
}

// duplicates asks after the IPv4 addresses of the links that exchanges took; of those
// with a default route where none took any.
func (p *planner) duplicates() {
	var links []string
	for _, c := range p.e.Connects {
		if c.Link != "" && !isFollowUp(c.Task) {
			links = appendOnce(links, c.Link)
		}
	}
	for _, r := range p.e.Routes {
		if len(links) == 0 && r.Destination == "0.0.0.0/0" && r.Link != "" {
			links = append(links, r.Link)
		}
	}
	claims := 0
	for _, a := range p.e.Addresses {
		prefix, err := netip.ParsePrefix(a.Prefix)
		ip := prefix.Addr()
		if err != nil || !ip.Is4() || ip.IsLoopback() || claims == maxClaims || !slices.Contains(links, a.Link) {
			continue
		}
		claims++
		t := followUpTask(report.TaskDuplicate, "", ip.String())
		t.ID += " on " + a.Link
		t.link, t.target = a.Link, ip
		p.add(t, "")
	}
}
