package report

import "iter"

// Where a round trip that takes long is spent: in the shop, or beyond its router.

// crowdedMs is the round trip to the first router from which the shop's own network
// counts as crowded: a sound LAN answers within a few ms, a Wi-Fi within some tens.
const crowdedMs = 200

// crowded returns the observations that show that the way to the first router is bad: most
// of the attempt's round trip, or of what it takes longer than usual, is spent on it; or it
// loses pings, and the connection segments. A ping is only a witness: the connection must
// have suffered as well, by the kernel. It returns nil without them.
func (a attempt) crowded() []string {
	rtt := a.minRTT()
	rise, usual, risen := a.risen()
	for ping, p := range a.gatewayPings() {
		answered := p.Received >= 2 && p.MinRTTMs != nil
		switch {
		case rtt != nil && answered && *p.MinRTTMs >= crowdedMs && *rtt >= 0.8**p.MinRTTMs && *rtt <= 2**p.MinRTTMs:
			return []string{ping, a.connectAt}
		case risen && answered && *p.MinRTTMs >= 0.8*rise:
			return []string{ping, a.connectAt, usual}
		case a.lossy() && a.f.lossyPings(p) && a.f.soundLink(a.connect.Link):
			return []string{ping, a.connectAt, a.signOnAt}
		}
	}
	return nil
}

// gatewayPings yields the pings of the first router on the attempt's way, by pointer.
func (a attempt) gatewayPings() iter.Seq2[string, Ping] {
	return func(yield func(string, Ping) bool) {
		for i, p := range a.f.Pings {
			if a.connect != nil && p.Address == a.connect.Gateway && !yield(pointer("pings", i), p) {
				return
			}
		}
	}
}

// lossyPings reports whether a first router that answers pings left so many unanswered
// that the way to it counts as bad. One that is silent may be so by its nature.
func (f *facts) lossyPings(p Ping) bool {
	limit := f.Site.Limits.GatewayLossPercent
	return limit > 0 && p.Received > 0 && 100*float64(p.Sent-p.Received) >= limit*float64(p.Sent)
}

// lossyGateway reports whether pings to the gateway of the attempt got lost, as many as the
// site's limit.
func (a attempt) lossyGateway() bool {
	for _, p := range a.gatewayPings() {
		if a.f.lossyPings(p) {
			return true
		}
	}
	return false
}

// soundLink reports whether a link neither changed its carrier nor received a damaged
// frame during the round: losses have another reason then than the cable.
func (f *facts) soundLink(name string) bool {
	sound := true
	for _, counter := range []func(Link) *int64{func(l Link) *int64 { return l.CarrierChanges }, func(l Link) *int64 { return l.RxErrors }} {
		f.grown(counter, func(_, _ int, l Link, by int64) { sound = sound && (l.Name != name || by <= 0) })
	}
	return sound
}

// lossy reports whether the connection lost several segments and yet brought the reply.
// Retransmitted SYNs do not count: a full accept queue drops them as well.
func (a attempt) lossy() bool {
	return a.replied() && a.signOn.TCP != nil && a.connect != nil && a.connect.TCP != nil &&
		value(a.signOn.TCP.TotalRetrans)-value(a.connect.TCP.TotalRetrans) >= 3
}

// steadyWay reports whether the kernel measured the connection's round trip more than once
// and nothing got lost on it in either direction: its figure is one of the way then.
func (a attempt) steadyWay() bool {
	t := a.tcpOfSignOn()
	if t == nil {
		t = a.tcpOfTLS()
	}
	return t != nil && !positive(t.TotalRetrans) && !positive(t.RcvOooPack) && !positive(t.DSACKDups)
}

// noticedMs is the round trip from which a way that is slower than usual is worth a word:
// an exchange over TLS takes three to five of them, a second or more.
const noticedMs = 300

// risen is by how much, in ms, a connection's round trip exceeds what is usual at this hour
// of the day, with the pointer of what that is; ok is false unless it is far above.
func (a attempt) risen() (ms float64, usual string, ok bool) {
	rtt := a.minRTT()
	usual, b := a.usual()
	if rtt == nil || b == nil || !a.steadyWay() || !farAbove(*rtt, b.RTTHighMs, noticedMs) {
		return 0, "", false
	}
	return *rtt - b.RTTHighMs, usual, true
}

// gatewayFine returns the pointer of the pings by which the first router answered at once,
// measured by how much longer than usual the whole way took; "" without them.
func (a attempt) gatewayFine(rise float64) string {
	for ping, p := range a.gatewayPings() {
		if p.Received >= 2 && p.MinRTTMs != nil && *p.MinRTTMs <= rise/4 && !a.f.lossyPings(p) {
			return ping
		}
	}
	return ""
}

// pointToPoint reports whether the attempt's link ends at the provider: there is no shop's
// network before it.
func (a attempt) pointToPoint() bool {
	l := a.f.link(a.connect.Link)
	return l != nil && (l.Kind == LinkCellular || l.Kind == LinkPPP)
}

// congested is the test of a way that is far slower than usual beyond the first router.
func (f *facts) congested() []sighting {
	var out []sighting
	for _, a := range f.attempts {
		rise, usual, ok := a.risen()
		limit := f.Site.Limits.RTTMs
		if !ok || limit > 0 && *a.minRTT() >= limit || a.crowded() != nil || f.fastLookup(rise) { // other rows tell, or it is not all that is slow
			continue
		}
		fast, slow := a.othersTake(rise)
		if fast {
			continue
		}
		s := sighting{resource: a.address(), confidence: Possible, because: append(slow, a.connectAt, usual)}
		fine := a.gatewayFine(rise)
		if fine != "" {
			s.because = append(s.because, fine)
		}
		if slow != nil && (fine != "" || a.pointToPoint()) {
			s.confidence = Likely
		}
		out = append(out, s)
	}
	return out
}

// fastLookup reports whether a resolver beyond the gateway answered within half of what
// the way takes longer than usual, or may have.
func (f *facts) fastLookup(rise float64) bool {
	for _, l := range f.lookups() {
		if l.answered() && !loopbackAddress(l.Resolver) && !f.onLink(l.Resolver) && l.ElapsedMs < rise/2 {
			return true
		}
	}
	return !f.whole(TaskLookup)
}

// othersTake reports whether somebody else beyond the gateway was reached without that
// delay, and returns the observations of those who were not: independent targets, and
// endpoints in another network. They share the access, and not the acquirer's own line.
func (a attempt) othersTake(rise float64) (fast bool, slow []string) {
	others := a.f.handshakes(TaskReference)
	for _, b := range a.f.attempts {
		if network(b.address()) != network(a.address()) {
			others = append(others, b)
		}
	}
	for _, b := range others {
		rtt := b.minRTT()
		switch {
		case rtt == nil || b.way() != a.way() || positive(b.connect.TCP.TotalRetrans):
		case *rtt < rise/2:
			fast = true
		case *rtt >= 0.8*rise:
			slow = append(slow, b.connectAt)
		}
	}
	return fast, slow
}

// minRTT is the shortest round trip of the attempt's connection that the kernel knows, nil
// without one. Over the whole connection: the first packet may have waited for ARP.
func (a attempt) minRTT() *float64 {
	var out *float64
	if a.connect == nil || a.connect.Failure != nil || !a.f.whole(TaskExchange) {
		return nil
	}
	for _, t := range []*TCP{a.connect.TCP, a.tcpOfTLS(), a.tcpOfSignOn()} {
		if t == nil {
			continue
		}
		if t.MinRTTMs != nil && (out == nil || *t.MinRTTMs < *out) {
			out = t.MinRTTMs
		} else if out == nil {
			out = t.RTTMs
		}
	}
	return out
}

func (a attempt) tcpOfTLS() *TCP {
	if a.tls == nil {
		return nil
	}
	return a.tls.TCP
}

func (a attempt) tcpOfSignOn() *TCP {
	if a.signOn == nil {
		return nil
	}
	return a.signOn.TCP
}
