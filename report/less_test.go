package report

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLess takes evidence away, at random, from every world of the cases: less
// evidence never accuses more.
//
//   - A domain that is named then is the domain of some finding, masked or not, of the
//     full diagnosis; or the verdict is inconclusive.
//   - The confidence is no higher than the full diagnosis had for that domain.
//   - Healthy is said only if nothing that was seen is missing.
func TestLess(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	checked := 0
	for _, c := range slices.Concat(rowCases, mixedCases, clockCases, followCases(), conditionWorlds(usualCases), conditionWorlds(proofCases), conditionWorlds(pathCases), conditionWorlds(localCases)) {
		for _, w := range []func() *world{c.show, c.quiet} {
			full := Diagnose(w().evidence())
			for range rounds {
				e := w().evidence()
				gone := thin(&e, rng)
				less := Diagnose(e)
				checked++
				if why := worse(full, less, gone); why != "" {
					t.Fatalf("%s: %s\nfull: %s\nless: %s (without %v)", c.code, why, brief(full), brief(less), gone)
				}
			}
		}
	}
	for name, r := range labReports(t) {
		full := Diagnose(r.Evidence)
		line := mustJSON(t, r.Evidence)
		for range rounds / 6 {
			var e Evidence
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			gone := thin(&e, rng)
			less := Diagnose(e)
			checked++
			if why := worse(full, less, gone); why != "" {
				t.Fatalf("%s: %s\nfull: %s\nless: %s (without %v)", name, why, brief(full), brief(less), gone)
			}
		}
	}
	if checked < 1000 {
		t.Fatalf("only %d subsets checked", checked)
	}
}

// mixedCases are worlds in which one observation contradicts another: taking the
// contradiction away must not set free what it held back.
var mixedCases = []rowCase{
	{"mixed.resolvers", func() *world { // one resolver fails the name, the other one gives it
		w := named()
		w.e.Lookups[0].Failure, w.e.Lookups[0].RCode, w.e.Lookups[0].Answers = &Failure{Operation: OpResolve, Type: FailDNSRefused}, "REFUSED", nil
		return w
	}, func() *world { // one is silent, the other one says that there is no such name
		w := unresolvable(FailDeadline, "")
		w.e.Lookups[1].Failure, w.e.Lookups[1].RCode = &Failure{Operation: OpResolve, Type: FailNXDomain}, "NXDOMAIN"
		return w
	}},
	{"mixed.connections", func() *world { // one request was lost, another one to the same host was not
		w := healthy()
		w.endpoint("203.0.113.20:5501", StepSignOn)
		w.exchange("203.0.113.20:5501", "203.0.113.20:5501")
		w.noReply(FailDeadline, unacked)
		return w
	}, func() *world { // the gateway's entry failed, and a refusal came through it
		w := goneGateway()
		w.endpoint("203.0.113.20:5501", StepConnect)
		w.exchange("203.0.113.20:5501", "203.0.113.20:5501")
		w.noConnect(FailRefused)
		return w
	}},
	{"mixed.clocks", func() *world { // two hosts' clocks disagree
		w := twoHosts()
		w.e.Clocks[1].Synchronized = ptr(false)
		for i := range w.e.Clocks {
			if w.e.Clocks[i].Source == ClockReply {
				w.e.Clocks[i].OffsetMs = ptr(600e3 * float64(i%2))
			}
		}
		return w
	}, func() *world { // a certificate expired by the terminal's clock, and not by the host's
		w := badCertificate(StepSignOn, CertExpired)
		for i := range w.e.Clocks {
			if w.e.Clocks[i].Source == ClockReply {
				w.e.Clocks[i].OffsetMs = ptr(-60 * 86400e3)
			}
		}
		w.e.Clocks[1].Synchronized = ptr(false)
		return w
	}},
	{"mixed.access", func() *world { // dark, but for one resolver
		w := dark()
		w.lookup("pos.acquirer.example", resolverB, mainHost)
		return w
	}, func() *world { // two faults at once: a slow host, and a main endpoint that is silent
		w := twoHosts().takes(6200)
		w.noConnect(FailDeadline)
		return w
	}},
}

// worse says how less evidence accused more, "" if it did not.
func worse(full, less Diagnosis, gone []string) string {
	if less.Verdict == VerdictHealthy && len(gone) > 0 {
		for _, g := range gone {
			if g != "memory" && g != "device" {
				return "healthy although " + g + " is missing"
			}
		}
	}
	if less.Verdict == VerdictHealthy || less.Verdict == VerdictInconclusive {
		return ""
	}
	top, named := Possible, false
	for _, f := range full.Findings {
		if f.Kind == KindFault && f.Domain == less.Domain {
			named = true
			if f.Confidence.rank() > top.rank() {
				top = f.Confidence
			}
		}
	}
	switch {
	case !named:
		return "accuses " + string(less.Domain) + ", which the full evidence does not"
	case less.Confidence.rank() > top.rank():
		return "is surer of " + string(less.Domain) + " than the full evidence"
	}
	return ""
}

// thin removes a random subset of the observations and parts of the device; the tasks
// stay. It returns what it removed.
func thin(e *Evidence, rng *rand.Rand) []string {
	p := rng.Float64()
	var gone []string
	e.Links = some(e.Links, rng, p, "links", &gone)
	e.Addresses = some(e.Addresses, rng, p, "addresses", &gone)
	e.Routes = some(e.Routes, rng, p, "routes", &gone)
	e.Neighbors = some(e.Neighbors, rng, p, "neighbors", &gone)
	e.Resolvers = some(e.Resolvers, rng, p, "resolvers", &gone)
	e.Hosts = some(e.Hosts, rng, p, "hosts", &gone)
	e.Lookups = some(e.Lookups, rng, p, "lookups", &gone)
	e.Pings = some(e.Pings, rng, p, "pings", &gone)
	e.Connects = some(e.Connects, rng, p, "connects", &gone)
	e.TLS = some(e.TLS, rng, p, "handshakes", &gone)
	e.SignOns = some(e.SignOns, rng, p, "sign_ons", &gone)
	e.Clocks = some(e.Clocks, rng, p, "clocks", &gone)
	e.Hops = some(e.Hops, rng, p, "hops", &gone)
	e.Portals = some(e.Portals, rng, p, "portals", &gone)
	e.Claims = some(e.Claims, rng, p, "claims", &gone)
	if rng.Float64() < p {
		e.Memory = Memory{}
		gone = append(gone, "memory")
	}
	if rng.Float64() < p {
		e.Device.Scheduling = nil
		gone = append(gone, "device")
	}
	if rng.Float64() < p {
		e.Device.Pressure, e.Device.Memory, e.Device.Disks = nil, nil, nil
		gone = append(gone, "device")
	}
	if rng.Float64() < p {
		e.Device.Processes, e.Device.SelfTest, e.Device.Software = nil, nil, nil
		gone = append(gone, "device")
	}
	return gone
}

func some[T any](in List[T], rng *rand.Rand, p float64, name string, gone *[]string) List[T] {
	var out List[T]
	for _, v := range in {
		if rng.Float64() < p {
			*gone = append(*gone, name)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// TestNotAsked takes whole tasks away, as a terminal does that forbids them or has no
// such list: nobody may be named that the full evidence does not know.
func TestNotAsked(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range rowCases {
		full := Diagnose(c.show().evidence())
		for range 40 {
			e := c.show().evidence()
			var gone []string
			for i := range e.Tasks {
				if rng.Float64() < 0.3 {
					forget(&e, e.Tasks[i].ID)
					gone = append(gone, e.Tasks[i].ID)
					e.Tasks[i].Outcome, e.Tasks[i].Reason, e.Tasks[i].Count = OutcomeNotAsked, ReasonNotPermitted, 0
				}
			}
			less := Diagnose(e)
			if less.Domain == "" {
				continue
			}
			if !slices.ContainsFunc(full.Findings, func(f Finding) bool { return f.Domain == less.Domain }) {
				t.Fatalf("%s: accuses %s without %v\nfull: %s\nless: %s", c.code, less.Domain, gone, brief(full), brief(less))
			}
		}
	}
}

// forget removes the observations of a task.
func forget(e *Evidence, task string) {
	e.Links = filter(e.Links, func(o Link) bool { return o.Task != task })
	e.Addresses = filter(e.Addresses, func(o Address) bool { return o.Task != task })
	e.Routes = filter(e.Routes, func(o Route) bool { return o.Task != task })
	e.Neighbors = filter(e.Neighbors, func(o Neighbor) bool { return o.Task != task })
	e.Resolvers = filter(e.Resolvers, func(o Resolver) bool { return o.Task != task })
	e.Hosts = filter(e.Hosts, func(o HostsEntry) bool { return o.Task != task })
	e.Lookups = filter(e.Lookups, func(o Lookup) bool { return o.Task != task })
	e.Pings = filter(e.Pings, func(o Ping) bool { return o.Task != task })
	e.Connects = filter(e.Connects, func(o Connect) bool { return o.Task != task })
	e.TLS = filter(e.TLS, func(o Handshake) bool { return o.Task != task })
	e.SignOns = filter(e.SignOns, func(o SignOn) bool { return o.Task != task })
	e.Clocks = filter(e.Clocks, func(o Clock) bool { return o.Task != task })
	e.Hops = filter(e.Hops, func(o Hop) bool { return o.Task != task })
	e.Portals = filter(e.Portals, func(o Portal) bool { return o.Task != task })
	e.Claims = filter(e.Claims, func(o Claim) bool { return o.Task != task })
}
