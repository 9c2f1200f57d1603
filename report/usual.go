package report

// What is usual at an endpoint, and what is far from it.

// farFactor is how many times the high quantile of what was usual makes a time that is far
// above it. The quantile is known to a bucket of 41 %, and one round in twenty exceeds it.
const farFactor = 3

// farAbove reports whether a time is far above what was usual, and long enough to matter
// to somebody, in ms.
func farAbove(ms, high, least float64) bool {
	return high > 0 && ms >= max(farFactor*high, least)
}

// Usual is what was usual on the way of a connection, at its endpoint, at this hour of the
// day, with its pointer; nil where too few rounds tell, and where the terminal may stand in
// another shop since.
func (e *Evidence) Usual(c Connect) (at string, b *Baseline) {
	for i := range e.Memory.Baselines {
		b := &e.Memory.Baselines[i]
		if b.Endpoint == c.Endpoint && b.Link == c.Link && b.Gateway == c.Gateway && b.BootID == e.Device.BootID && b.Rounds >= UsualRounds {
			return "/evidence/memory/baselines/" + itoa(i), b
		}
	}
	return "", nil
}

// usual is Usual for the attempt's connection, nil where there was none.
func (a attempt) usual() (at string, b *Baseline) {
	if a.connect == nil {
		return "", nil
	}
	return a.f.Usual(*a.connect)
}

// slowerMs is the host's own time from which a reply that takes longer than usual is worth
// a word.
const slowerMs = 1000

// slowReply reports whether the host took long for a reply, as the site counts it or far
// beyond what is usual, with the observations that say so.
func (a attempt) slowReply(limit float64) (because []string, ok bool) {
	ms, known := a.hostTime()
	if !known {
		return nil, false
	}
	if ms >= limit {
		return []string{a.signOnAt}, true
	}
	at, b := a.usual()
	if b == nil || b.HostHighMs == nil || !farAbove(ms, *b.HostHighMs, slowerMs) {
		return nil, false
	}
	return []string{a.signOnAt, at}, true
}
