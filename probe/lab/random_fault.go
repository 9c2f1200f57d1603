//go:build linux

package lab

import (
	"math/rand/v2"
	"slices"

	"posprobe/report"
)

// randomFault is one way to break a random world.
type randomFault struct {
	name  string
	truth report.Domain
	// fits says in which worlds it makes sense; nil is in all.
	fits func(Setup) bool
	// signOn: it shows only in a sign-on, not in a mere connection.
	signOn bool
	// onsets are the values of Since that it can have; nil is always and now.
	onsets []string
	// flags are those of the practice acquirer, steps what breaks then; each may be nil.
	flags func(*rand.Rand, Scenario) []string
	steps func(*rand.Rand, Scenario) []Step
	// slow: it shows only after reply_warn, so that the check waits as long as usual.
	slow bool
	// code is the headline where the fault is decidable: nil is always.
	code      report.Code
	decidable func(Scenario) bool
	// proven: the rules of proof allow it where it is decidable.
	proven bool
	// served: the terminal signs on all the same, so that where it is not decidable healthy
	// is expected.
	served bool
	// because says why it is decidable, or why not where it is not.
	because, otherwise string
	acceptable         []string
	nearMisses         []report.Code
}

// randomFaults lists every way.
var randomFaults = pointers(slices.Concat(randomDeviceFaults, randomLocalFaults, randomPathFaults, randomResolverFaults, randomHostFaults, randomTLSFaults))

func pointers(faults []randomFault) []*randomFault {
	var out []*randomFault
	for i := range faults {
		out = append(out, &faults[i])
	}
	return out
}

// onset chooses since when it is broken.
func (f *randomFault) onset(r *rand.Rand) string {
	onsets := f.onsets
	if onsets == nil {
		onsets = []string{"always", "now"}
	}
	return onsets[r.IntN(len(onsets))]
}

// expect says what can be concluded in that world.
func (f *randomFault) expect(s Scenario) Expected {
	if f.code == "" || f.decidable != nil && !f.decidable(s) {
		e := Expected{Headline: "inconclusive", Because: f.otherwise}
		if f.served {
			e.Headline = "healthy"
		}
		return e
	}
	e := Expected{Headline: string(f.code), Confidence: report.Likely, Because: f.because}
	// What is remembered from just before may exclude what else would remain.
	if f.proven || s.Since != "always" {
		e.Confidence = report.Proven
	}
	return e
}

// canBe reports whether the fault makes sense in a scenario's world.
func (f *randomFault) canBe(s Scenario) bool {
	return (f.fits == nil || f.fits(s.Setup)) && !(f.signOn && connectionOnly(s))
}

// doubles are the pairs of faults that both show: one that keeps the terminal from
// signing on, or nearly, and one that only delays it.
var doubles = slices.Concat(
	pairs("the resolvers are slow", "the host never accepts", "the host's reply is cut short",
		"the host reports a system error", "the host's process is stopped", "the host answers late"),
	pairs("one resolver is dead", "the host's process is stopped"))

// pairs pairs faults that keep the terminal from signing on with one that delays it.
func pairs(delaying string, stopping ...string) (out [][2]*randomFault) {
	for _, f := range faultsNamed(stopping...) {
		out = append(out, [2]*randomFault{f, faultsNamed(delaying)[0]})
	}
	return out
}

// onsetOfBoth is since when both of two are broken: just now where both can be.
func onsetOfBoth(pair [2]*randomFault) string {
	if pair[0].onsets == nil && pair[1].onsets == nil {
		return "now"
	}
	return "always"
}

// faultsNamed finds faults in the tables.
func faultsNamed(names ...string) []*randomFault {
	var out []*randomFault
	for _, f := range randomFaults {
		if slices.Contains(names, f.name) {
			out = append(out, f)
		}
	}
	return out
}

// Words for conditions, for tables that read like sentences.

func byResolver(s Setup) bool { return s.Name && !s.HostsFile }
func withTLS(s Setup) bool    { return s.TLS }
func static(s Setup) bool     { return !s.DHCP }
func ipv4(s Setup) bool       { return s.IP == "" || s.IP == "4" }
func lossless(s Setup) bool   { return s.Loss == 0 }

// all is a condition that holds where each of several does.
func all(conditions ...func(Setup) bool) func(Setup) bool {
	return func(s Setup) bool {
		return !slices.ContainsFunc(conditions, func(c func(Setup) bool) bool { return !c(s) })
	}
}

// answering is a condition: these routers send ICMP errors.
func answering(routers ...string) func(Setup) bool {
	return func(s Setup) bool {
		return !slices.ContainsFunc(routers, func(r string) bool { return slices.Contains(s.SilentHops, r) })
	}
}

func reference(s Setup) bool   { return !s.NoReference }
func independent(s Setup) bool { return !s.NoIndependent }
func given(s Setup) bool       { return s.DHCP }

// where makes a condition on the world one on the scenario.
func where(c func(Setup) bool) func(Scenario) bool {
	return func(s Scenario) bool { return c(s.Setup) }
}

// worked: it did a moment ago, so that the setting in question is right.
func worked(s Scenario) bool { return s.Since != "always" }

// stepOf makes a step of pairs of argument and value.
func stepOf(verb string, pairs ...any) Step {
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return Step{Verb: verb, Args: args}
}

// breaking is a randomFault.steps of one step that is always the same.
func breaking(verb string, pairs ...any) func(*rand.Rand, Scenario) []Step {
	return func(*rand.Rand, Scenario) []Step { return []Step{stepOf(verb, pairs...)} }
}

// behaves is a randomFault.flags of flags that are always the same.
func behaves(flags ...string) func(*rand.Rand, Scenario) []string {
	return func(*rand.Rand, Scenario) []string { return flags }
}

// oneOf chooses.
func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }
