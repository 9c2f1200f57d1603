// Package memory keeps what earlier rounds on this terminal teach. It is pure: who
// stores it, and where, is not its business.
package memory

import (
	"math"
	"slices"
	"time"

	"posprobe/report"
)

// Bounds of what is kept; the oldest go first.
const (
	maxGood      = 32 // endpoints times messages
	maxAddresses = 16 // resolvers, and references
)

// stale is the age from which a success is written down again although nothing else is
// new: often enough for "last good an hour ago", and no wear.
const stale = time.Hour

// Add is what is known after a round that taught new. fresh is false when it is not
// worth storing: nothing but times differs, and those by little.
func Add(known, new report.Memory) (out report.Memory, fresh bool) {
	out.LastGood = slices.Clone(known.LastGood)
	for _, g := range new.LastGood {
		i := slices.IndexFunc(out.LastGood, func(o report.LastGood) bool {
			return o.Endpoint == g.Endpoint && o.Fingerprint == g.Fingerprint && o.Step == g.Step
		})
		if i < 0 {
			out.LastGood, fresh = append(out.LastGood, g), true
			continue
		}
		old := out.LastGood[i]
		if age := g.At.Sub(old.At); age >= stale || age <= -stale { // the clock may have been set
			fresh = true
		}
		g.ReplyMs = usual(old.ReplyMs, g.ReplyMs)
		fresh = fresh || math.Abs(g.ReplyMs-old.ReplyMs) >= slower
		out.LastGood = append(slices.Delete(out.LastGood, i, i+1), g)
	}
	out.LastGood = last(out.LastGood, maxGood)
	resolvers, r := merge(known.Resolvers, new.Resolvers)
	references, e := merge(known.References, new.References)
	out.Resolvers, out.References = resolvers, references
	return out, fresh || r || e
}

// slower is how much the time of a reply must change, in ms, to be worth storing: the
// rules tell seconds apart.
const slower = 500

// usual is how long a reply usually takes after another one, in ms. A slow one counts in
// full, and half as much with every faster one that follows.
func usual(known, new float64) float64 { return max(new, (known+new)/2) }

// merge appends what is new.
func merge(known, new report.List[string]) (out report.List[string], fresh bool) {
	out = slices.Clone(known)
	for _, s := range new {
		if !slices.Contains(out, s) {
			out, fresh = append(out, s), true
		}
	}
	return last(out, maxAddresses), fresh
}

func last[T any](list report.List[T], n int) report.List[T] {
	return list[max(0, len(list)-n):]
}
