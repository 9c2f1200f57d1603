//go:build linux

package lab

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"posprobe/report"
)

// randomWait is --wait in random worlds: short, because most of a round's time is it.
const randomWait = 5 * time.Second

// The parts of a hundred random worlds that are healthy, and that have two faults.
const (
	healthyPercent = 15
	doublePercent  = 10
)

// Compose makes a scenario from a number, the same one each time: what breaks, if
// anything does, and a line, an acquirer and a terminal in which it can. What is expected
// follows from what a terminal in that world can see, not from what posprobe says: where
// nothing that it can see excludes another domain, inconclusive is expected.
//
// Every seed is as good as any other; by agreement rules are tuned on odd ones, and
// figures are published from even ones, from 10000 on: those below 400 were looked at
// while the tables of what is decidable were written.
func Compose(seed uint64) Scenario {
	s, _ := compose(seed)
	return s
}

// compose is Compose; it also says what breaks.
func compose(seed uint64) (s Scenario, faults []*randomFault) {
	r := rand.New(source(seed))
	s = Scenario{Name: fmt.Sprintf("random/%06d", seed), Since: "always", Kind: KindHealthy}
	switch roll := r.IntN(100); {
	case roll < healthyPercent:
	case roll < healthyPercent+doublePercent:
		pair := oneOf(r, doubles...)
		faults = pair[:]
		s.Kind, s.Since = KindDouble, onsetOfBoth(pair)
	default:
		faults = []*randomFault{oneOf(r, randomFaults...)}
		s.Kind, s.Since = KindSingle, faults[0].onset(r)
	}
	parts := composeWorld(r, &s, faults)
	what := "nothing is broken"
	s.Expected = Expected{Headline: "healthy", Because: what}
	for i, f := range faults {
		s.breakBy(r, f)
		if i == 0 {
			what = f.name
		} else {
			what += " and " + f.name
		}
	}
	switch s.Kind {
	case KindSingle:
		s.Expected = faults[0].expect(s)
		s.Acceptable, s.NearMisses = faults[0].acceptable, faults[0].nearMisses
	case KindDouble:
		s.expectBoth(faults[0], faults[1])
	}
	s.About = strings.ToUpper(what[:1]) + what[1:] + onsetWords[s.Since] + "; the world has " + strings.Join(parts, ", ") + "."
	return s, faults
}

// onsetWords end a sentence about what is broken.
var onsetWords = map[string]string{"always": "", "now": " since a moment ago", "request": " since the host read the request"}

// breakBy breaks the world in one way.
func (s *Scenario) breakBy(r *rand.Rand, f *randomFault) {
	s.Truth = append(s.Truth, f.truth)
	slices.Sort(s.Truth)
	s.Truth = slices.Compact(s.Truth)
	if f.flags != nil {
		s.Setup.Acquirer = append(s.Setup.Acquirer, f.flags(r, *s)...)
	}
	if f.steps != nil {
		s.Break = append(s.Break, f.steps(r, *s)...)
	}
	if f.slow {
		s.Check.Wait = 0
	}
}

// expectBoth expects the two faults of a double one, of which neither hides the other.
// The first keeps the terminal from signing on, and is the headline.
func (s *Scenario) expectBoth(first, second *randomFault) {
	s.Expected = first.expect(*s)
	s.Expected.Because += "; " + second.because
	s.Expected.Named = []report.Code{first.code, second.code}
	s.Acceptable = []string{string(second.code)}
}

// source makes a generator of which neighbouring seeds have nothing in common.
func source(seed uint64) rand.Source {
	var key [32]byte
	copy(key[8:], "posprobe's random worlds")
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}
