package report

import "slices"

// Learned is what a round teaches later ones: which exchanges succeeded to their
// deepest configured step and how long the reply took, the resolvers that they
// came by, and who else was heard beyond the gateway. An exchange with a peer that
// nothing vouches for, and whose certificate was refused, teaches nothing. At is the
// device's own clock, and no rule relies on it.
func Learned(e Evidence) Memory {
	f := newFacts(&e)
	m := Memory{References: f.heardElsewhere()}
	clocks := f.roundClocks()
	for _, a := range f.attempts {
		if !a.ok() || a.strangePeer() || len(clocks) == 0 {
			continue
		}
		g := LastGood{Endpoint: a.endpoint.Address, Fingerprint: a.endpoint.Fingerprint, Step: a.endpoint.Goal, At: clocks[0].Wall}
		if a.signOn != nil {
			g.ReplyMs = a.signOn.ElapsedMs
		}
		m.LastGood = append(m.LastGood, g)
		for _, l := range f.lookups() {
			named := l.Failure == nil && slices.ContainsFunc(l.Answers, func(x Answer) bool { return x.Address == a.ip().String() })
			if named && !slices.Contains(m.Resolvers, l.Resolver) {
				m.Resolvers = append(m.Resolvers, l.Resolver)
			}
		}
	}
	return m
}

// heardElsewhere are the references that took a connection, and the name servers that
// answered a follow-up.
func (f *facts) heardElsewhere() List[string] {
	var out List[string]
	for _, r := range f.handshakes(TaskReference) {
		if r.connect.Failure == nil && !slices.Contains(out, r.connect.Address) {
			out = append(out, r.connect.Address)
		}
	}
	for _, l := range f.Lookups {
		if f.followsUp(l.Task) && l.answered() && !slices.Contains(out, l.Resolver) {
			out = append(out, l.Resolver)
		}
	}
	return out
}
