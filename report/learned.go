package report

import "slices"

// Learned is what a round teaches later ones: which exchanges succeeded to their
// deepest configured step, and the resolvers and gateways that they came by. An
// exchange with a peer that nothing vouches for, and whose certificate was refused,
// teaches nothing. At is the device's own clock, and no rule relies on it.
func Learned(e Evidence) Memory {
	f := newFacts(&e)
	var m Memory
	clocks := f.roundClocks()
	for _, a := range f.attempts {
		if !a.ok() || a.strangePeer() || len(clocks) == 0 {
			continue
		}
		m.LastGood = append(m.LastGood, LastGood{
			Endpoint: a.endpoint.Address, Fingerprint: a.endpoint.Fingerprint, Step: a.endpoint.Goal, At: clocks[0].Wall,
		})
		if g := a.gatewayUsed(); g != "" && !slices.Contains(m.Gateways, g) {
			m.Gateways = append(m.Gateways, g)
		}
		for _, l := range f.lookups() {
			named := l.Failure == nil && slices.ContainsFunc(l.Answers, func(x Answer) bool { return x.Address == a.ip().String() })
			if named && !slices.Contains(m.Resolvers, l.Resolver) {
				m.Resolvers = append(m.Resolvers, l.Resolver)
			}
		}
	}
	return m
}
