//go:build linux

package lab

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

// How many random worlds, and which (make lab-random).
var (
	randomSeed = flag.Uint64("random-seed", 0, "the first random world's `SEED`")
	randomN    = flag.Int("random-n", 0, "run `N` random worlds")
	randomEven = flag.Bool("random-even", false, "of the seeds only even ones")
)

// randomSeeds lists n seeds from the first on, or the even ones of these.
func randomSeeds(first uint64, n int, even bool) []uint64 {
	var out []uint64
	for seed := first; len(out) < n; seed++ {
		if !even || seed%2 == 0 {
			out = append(out, seed)
		}
	}
	return out
}

// TestRandom runs random worlds and scores them. It fails where a sound domain is
// accused; other differences from what is expected are counted and printed. Without
// -random-n it runs none.
func TestRandom(t *testing.T) {
	seeds := randomSeeds(*randomSeed, *randomN, *randomEven)
	if len(seeds) == 0 {
		return
	}
	c := collect()
	t.Run("worlds", func(t *testing.T) {
		for _, seed := range seeds {
			s := Compose(seed)
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				t.Logf("%d: %s", seed, s.About)
				o := RunScenario(t, &s)
				c.add(o)
				if wrong := Judge(o); len(wrong) > 0 {
					t.Logf("%d: %s\n%s", seed, strings.Join(wrong, "\n"), findingsOf(o.Report.Diagnosis))
				}
				for _, a := range ScoreOf([]Outcome{o}).Wrong {
					t.Errorf("%d: accuses %s (%s, %s), and what is broken is %v", seed, a.Domain, a.Code, a.Confidence, a.Truth)
				}
			})
		}
	})
	title := fmt.Sprintf("%d random worlds, seeds %d to %d", len(seeds), seeds[0], seeds[len(seeds)-1])
	command := fmt.Sprintf("make lab-random N=%d SEED=%d", *randomN, *randomSeed)
	if *randomEven {
		title += ", even ones"
		command += " EVEN=1"
	}
	c.publish(t, SectionRandom, title, command, len(seeds), func(outcomes []Outcome) string { return ScoreOf(outcomes).Markdown() })
}

func TestRandomSeeds(t *testing.T) {
	if got := fmt.Sprint(randomSeeds(7, 3, false), randomSeeds(7, 3, true), randomSeeds(0, 0, true)); got != "[7 8 9] [8 10 12] []" {
		t.Error(got)
	}
}
