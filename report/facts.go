package report

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
)

// facts is evidence with an index: what the rows ask of it. It adds nothing to what
// was seen.
type facts struct {
	*Evidence
	// attempts are the round's own exchanges; again are those of follow-ups, by kind.
	attempts []attempt
	again    map[TaskKind][]attempt
	// traces are the hops by target, sharedRouters those on the way to references.
	traces        map[string]trace
	sharedRouters map[string]bool
	// kinds is the kind of each task.
	kinds map[string]TaskKind
	// lost are the tasks of which observations are missing: what is not there proves
	// nothing then.
	lost map[string]bool
	// fit is true when the round may blame somebody else: its clock was read at both
	// ends, and posprobe itself was neither starved nor left without a measurement.
	fit     bool
	starved bool
}

// attempt is everything about one address of one endpoint in this round: the
// observations of one exchange task.
type attempt struct {
	f        *facts
	endpoint Endpoint
	task     string
	connect  *Connect
	tls      *Handshake
	signOn   *SignOn
	// The RFC 6901 pointers of the three observations.
	connectAt, tlsAt, signOnAt string
}

// pointer is the RFC 6901 pointer to an element of one of the evidence's lists.
func pointer(list string, i int) string { return "/evidence/" + list + "/" + strconv.Itoa(i) }

func newFacts(e *Evidence) *facts {
	f := &facts{Evidence: e, lost: map[string]bool{}, again: map[TaskKind][]attempt{}, kinds: map[string]TaskKind{}}
	for _, t := range e.Tasks {
		f.kinds[t.ID] = t.Kind
	}
	f.indexTraces()
	f.findLost()
	f.indexAttempts()
	s := e.Device.Scheduling
	f.starved = s != nil && starved(*s)
	f.fit = s != nil && !f.starved && len(f.roundClocks()) >= 2
	for _, kind := range followUps { // what a follow-up saw may have spoken for the accused
		f.fit = f.fit && f.whole(kind)
	}
	return f
}

// Thresholds of a starved round. Half a second is more than any terminal's scheduler
// takes when it has a processor to give, and less than the shortest interval on which
// a rule relies (the 1 s keepalive). A tenth of the round spent late shortens every
// wait by as much.
const (
	starvedMaxMs = 500
	starvedShare = 0.10
)

func starved(s Scheduling) bool {
	if s.MaxMs >= starvedMaxMs {
		return true
	}
	return s.RoundMs > 0 && s.TotalMs >= starvedShare*s.RoundMs
}

// findLost compares what each task says it made with what is there.
func (f *facts) findLost() {
	seen := map[string]int{}
	for o := range f.observations() {
		seen[o.Task]++
	}
	for _, t := range f.Tasks {
		if seen[t.ID] < t.Count {
			f.lost[t.ID] = true
		}
	}
}

// observations yields the heads of everything that was seen.
func (e *Evidence) observations() iter.Seq[Observation] {
	return func(yield func(Observation) bool) {
		_ = heads(e.Links, yield) && heads(e.Addresses, yield) && heads(e.Routes, yield) && heads(e.Neighbors, yield) &&
			heads(e.Resolvers, yield) && heads(e.Hosts, yield) && heads(e.Lookups, yield) && heads(e.Pings, yield) &&
			heads(e.Connects, yield) && heads(e.TLS, yield) && heads(e.SignOns, yield) && heads(e.Hops, yield) &&
			heads(e.Portals, yield) && heads(e.Claims, yield) && heads(e.Clocks, yield) && heads(e.Flows, yield)
	}
}

// heads yields the heads of a list; it reports whether to go on.
func heads[T interface{ head() Observation }](list List[T], yield func(Observation) bool) bool {
	for _, v := range list {
		if !yield(v.head()) {
			return false
		}
	}
	return true
}

// known reports whether the lists that tasks of this kind fill are complete: every
// such task was asked, did not fail, and all it saw is there. Only then may a rule
// conclude something from what is not in the list.
func (f *facts) known(kind TaskKind) bool {
	asked := false
	for _, t := range f.Tasks {
		if t.Kind != kind {
			continue
		}
		if f.lost[t.ID] || (t.Outcome != OutcomeAnswered && t.Outcome != OutcomeEmpty) {
			return false
		}
		asked = true
	}
	return asked
}

// whole reports whether nothing that tasks of this kind saw was lost; unlike known it
// does not mind tasks that failed or were not asked.
func (f *facts) whole(kind TaskKind) bool {
	for _, t := range f.Tasks {
		if t.Kind == kind && f.lost[t.ID] {
			return false
		}
	}
	return true
}

func (f *facts) indexAttempts() {
	for _, t := range f.Tasks {
		if t.Kind != TaskExchange && t.Kind != TaskSecond && t.Kind != TaskEarly && t.Kind != TaskSmall && t.Kind != TaskUplink {
			continue
		}
		a := attempt{f: f, task: t.ID, endpoint: f.endpoint(t.Endpoint)}
		for i := range f.Connects {
			if f.Connects[i].Task == t.ID {
				a.connect, a.connectAt = &f.Connects[i], pointer("connects", i)
			}
		}
		for i := range f.TLS {
			if f.TLS[i].Task == t.ID {
				a.tls, a.tlsAt = &f.TLS[i], pointer("handshakes", i)
			}
		}
		for i := range f.SignOns {
			if f.SignOns[i].Task == t.ID {
				a.signOn, a.signOnAt = &f.SignOns[i], pointer("sign_ons", i)
			}
		}
		switch {
		case a.connect == nil && a.tls == nil && a.signOn == nil:
		case t.Kind == TaskExchange:
			f.attempts = append(f.attempts, a)
		default:
			f.again[t.Kind] = append(f.again[t.Kind], a)
		}
	}
}

// lookups yields the questions that were put to the terminal's own resolvers.
func (f *facts) lookups() iter.Seq2[int, Lookup] {
	return func(yield func(int, Lookup) bool) {
		for i, l := range f.Lookups {
			if !f.followsUp(l.Task) && !yield(i, l) {
				return
			}
		}
	}
}

func (f *facts) endpoint(address string) Endpoint {
	for _, e := range f.Site.Endpoints {
		if e.Address == address {
			return e
		}
	}
	return Endpoint{Address: address}
}

// address is the address:port of the attempt.
func (a attempt) address() string {
	switch {
	case a.connect != nil:
		return a.connect.Address
	case a.tls != nil:
		return a.tls.Address
	default:
		return a.signOn.Address
	}
}

func (a attempt) ip() netip.Addr {
	ap, err := netip.ParseAddrPort(a.address())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// loopback reports whether the attempt never left the device.
func (a attempt) loopback() bool { return a.ip().IsLoopback() }

// ok reports whether the deepest configured step succeeded.
func (a attempt) ok() bool {
	switch a.endpoint.Goal {
	case StepConnect:
		return a.connect != nil && a.connect.Failure == nil
	case StepTLS:
		return a.tls != nil && (a.tlsTrusted() || a.tls.Failure.Is(FailClientCert) && !a.strangePeer())
	case StepSignOn:
		return a.signOn != nil && a.signOn.Failure == nil && a.served()
	}
	return false
}

// onlyConnected reports whether the attempt was to end with the connection, and did:
// anybody on the way can take one, and nothing says that it was the host.
func (a attempt) onlyConnected() bool {
	return a.endpoint.Goal == StepConnect && a.ok() && !a.loopback()
}

// tlsTrusted reports whether the handshake completed and nothing was found wrong with
// the certificate but weakness.
func (a attempt) tlsTrusted() bool {
	if a.tls == nil || a.tls.Failure != nil {
		return false
	}
	for _, p := range a.tls.Problems {
		if p != CertWeak {
			return false
		}
	}
	return true
}

// replied reports whether a well-formed reply to our message came, whatever it says.
func (a attempt) replied() bool { return a.signOn != nil && a.signOn.Failure == nil }

// served reports whether the reply's response code leaves nobody to blame.
func (a attempt) served() bool {
	if a.signOn.ResponseCode == "" { // protocols without response codes
		return true
	}
	switch a.f.Site.class(a.signOn.ResponseCode) {
	case ClassRegistration, ClassAcquirerHost, ClassUpstream:
		return false
	}
	return true
}

// failed returns the failure that ended the attempt with its pointer and the TCP
// snapshot of that moment; nil when no step failed.
func (a attempt) failed() (step Step, fail *Failure, at string, tcp *TCP) {
	switch {
	case a.signOn != nil && a.signOn.Failure != nil:
		return StepSignOn, a.signOn.Failure, a.signOnAt, a.signOn.TCP
	case a.tls != nil && a.tls.Failure != nil:
		return StepTLS, a.tls.Failure, a.tlsAt, a.tls.TCP
	case a.connect != nil && a.connect.Failure != nil:
		return StepConnect, a.connect.Failure, a.connectAt, a.connect.TCP
	}
	return "", nil, "", nil
}

// goodBefore reports whether this same exchange (endpoint and message) succeeded
// before on this terminal, or the same message at another address in this round. Only
// then is it excluded that the message itself, or its TPDU and header, are wrong.
func (a attempt) goodBefore() bool {
	if a.endpoint.Fingerprint == "" {
		return false
	}
	for _, g := range a.f.Memory.LastGood {
		if g.Endpoint == a.endpoint.Address && g.Fingerprint == a.endpoint.Fingerprint && g.Step == StepSignOn {
			return true
		}
	}
	for _, b := range a.f.attempts {
		if b.task != a.task && b.endpoint.Fingerprint == a.endpoint.Fingerprint && b.replied() && b.served() {
			return true
		}
	}
	return false
}

// reachedBefore reports whether memory has this endpoint reached at step or deeper.
func (a attempt) reachedBefore(step Step) bool {
	for _, g := range a.f.Memory.LastGood {
		if g.Endpoint == a.endpoint.Address && slices.Index(Steps(), g.Step) >= slices.Index(Steps(), step) {
			return true
		}
	}
	return false
}

// knownPeer reports whether what answered can only be the acquirer's side: its TLS was
// verified. Anything else may be a transparent proxy, in a shop's router as well as in
// a carrier's network.
func (a attempt) knownPeer() bool {
	return a.loopback() || a.tls != nil && a.tls.Failure == nil && a.tls.Verified != nil && *a.tls.Verified
}

// strangePeer reports whether TLS showed that nothing vouches for what answered: then
// even a well-formed reply proves nothing of the acquirer.
func (a attempt) strangePeer() bool {
	return a.tls != nil && slices.ContainsFunc(a.tls.Problems, func(p CertificateProblem) bool {
		return p == CertUnknownIssuer || p == CertWrongName || p == CertPinMismatch || p == CertInvalid
	})
}

// link returns the latest observation of a link, nil if it was not seen.
func (f *facts) link(name string) *Link {
	_, l := f.linkAt(name)
	return l
}

// linkAt is link with the observation's pointer.
func (f *facts) linkAt(name string) (string, *Link) {
	for i := len(f.Links) - 1; i >= 0; i-- {
		if name != "" && f.Links[i].Name == name {
			return pointer("links", i), &f.Links[i]
		}
	}
	return "", nil
}

// physical reports whether a link is one that a cable, radio or modem stands behind.
func (l Link) physical() bool {
	switch l.Kind {
	case LinkEthernet, LinkWiFi, LinkCellular, LinkPPP:
		return true
	}
	return false
}

// unplugged reports whether a link was seen without carrier.
func (f *facts) unplugged(link string) bool {
	l := f.link(link)
	return l != nil && l.Carrier != nil && !*l.Carrier
}

// roundClocks are the readings of the device's own clock at the ends of the round.
func (f *facts) roundClocks() []Clock {
	var out []Clock
	for _, c := range f.Clocks {
		if c.Source == ClockRound {
			out = append(out, c)
		}
	}
	return out
}

// gateway returns the neighbour entry for a gateway with its pointer, nil if unseen.
func (f *facts) gateway(address string) (string, *Neighbor) {
	for i := len(f.Neighbors) - 1; i >= 0; i-- { // the latest
		if address != "" && f.Neighbors[i].Address == address {
			return pointer("neighbors", i), &f.Neighbors[i]
		}
	}
	return "", nil
}

// answers reports whether the neighbour was heard within the last half minute. An entry
// that somebody set (permanent, noarp) says nothing of that.
func (n *Neighbor) answers() bool {
	return n != nil && n.State == "reachable"
}

// late are the steps that ran out of time: what a device that is too busy can cause
// by itself.
func (f *facts) late() []string {
	var out []string
	for _, a := range f.attempts {
		if _, fail, at, _ := a.failed(); fail.Is(FailDeadline, FailKernelTimeout) {
			out = append(out, at)
		}
	}
	for i, l := range f.lookups() {
		if l.Failure.Is(FailDeadline, FailKernelTimeout) {
			out = append(out, pointer("lookups", i))
		}
	}
	return out
}

// anyOK reports whether an exchange with this endpoint address succeeded.
func (f *facts) anyOK(endpoint string) bool {
	for _, a := range f.attempts {
		if a.endpoint.Address == endpoint && a.ok() {
			return true
		}
	}
	return false
}

func zero(p *int64) bool     { return p != nil && *p == 0 }
func positive(p *int64) bool { return p != nil && *p > 0 }
func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

func itoa(i int) string { return strconv.Itoa(i) }
