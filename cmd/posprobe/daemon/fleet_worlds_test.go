package daemon

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"posprobe/report"
)

// arrivals are what one round brings to the acquirer, in the seconds after its begin.
type arrivals struct {
	opened []int
	again  []int // SYNs that the terminal's kernel repeats
	echoes int
	took   time.Duration
}

// healthyRound is a round that finds nothing wrong.
var healthyRound = map[Depth]arrivals{Light: {opened: []int{1}}, Full: {opened: []int{1}, echoes: 1}}

// fault is what a round of a terminal meets.
type fault struct {
	name   string // of the saved report
	wants  report.List[report.Question]
	domain report.Domain
	code   report.Code
	deep   bool // only full rounds notice
	light  arrivals
	full   arrivals
	// followed is a full round with everything that would decide.
	followed arrivals
}

// traced is how many SYNs of a trace arrive at its target: the one that ends it, and the
// two by which it overshoots at the pace that package probe chooses.
const traced = 3

// repeats are the seconds after a SYN at which Linux sends it again within the 5 s that a
// connection may take (tcp_syn_linear_timeouts, from Linux 6.5; older kernels: 1 and 3).
var repeats = []int{1, 2, 3, 4}

// savedFaults reads what a round costs the acquirer from reports of real rounds.
func savedFaults(t *testing.T) map[string]*fault {
	out := map[string]*fault{
		"refuses":  {name: "host-refused", domain: report.DomainHost, code: "host.refused"},
		"hangs":    {name: "host-hung_application", domain: report.DomainHost, code: "host.no_response", deep: true},
		"silent":   {name: "host-off_without_a_word", code: ""},
		"provider": {name: "access-down_by_address_known", domain: report.DomainNetwork, code: "network.access.down"},
	}
	saved := &replay{t, map[string]report.Report{}}
	for what, f := range out {
		f.read(saved.see(f.name, Look{Depth: Full, FollowUps: true, Questions: Everything}))
		f.wants = report.Diagnose(saved.see(f.name, Look{Depth: Full}).Evidence).Wants
		if what == "provider" { // nothing of it arrives
			f.light, f.full, f.followed = arrivals{}, arrivals{}, arrivals{}
		}
		if what == "silent" {
			for _, a := range []*arrivals{&f.light, &f.full, &f.followed} {
				a.took = 5 * time.Second
				for _, n := range slices.Clone(a.opened[:1]) {
					a.again = append(a.again, 0)
					for range repeats {
						a.again = append(a.again, n)
					}
				}
			}
		}
	}
	return out
}

// read counts what arrived at the acquirer in a round with follow-ups.
func (f *fault) read(r report.Report) {
	ours := map[netip.Addr]bool{}
	for _, e := range r.Evidence.Site.Endpoints {
		ours[netip.MustParseAddrPort(e.Address).Addr()] = true
	}
	spoke := map[string]int{} // messages sent, by task
	for _, s := range r.Evidence.SignOns {
		spoke[s.Task]++
	}
	own, followed := arrivals{opened: []int{0}}, arrivals{opened: []int{0}}
	for _, k := range r.Evidence.Tasks {
		target, err := netip.ParseAddrPort(k.Target)
		if err != nil || !ours[target.Addr()] || k.Outcome == report.OutcomeNotAsked {
			continue
		}
		a := &followed
		if k.Kind == report.TaskExchange {
			a = &own
		}
		switch k.Kind {
		case report.TaskTrace:
			a.opened[0] += traced
		case report.TaskExchange, report.TaskSecond, report.TaskEarly, report.TaskSmall, report.TaskUplink, report.TaskClosedPort:
			a.opened[0]++
			a.echoes += spoke[k.ID]
		}
	}
	f.full = own
	f.light = arrivals{opened: slices.Clone(own.opened)}
	f.followed = arrivals{opened: []int{own.opened[0] + followed.opened[0]}, echoes: own.echoes + followed.echoes}
	if f.deep { // the reply is waited for
		f.full.took, f.followed.took = time.Minute, 2*time.Minute
	}
}

// event happens to all terminals at one instant.
type event struct {
	at time.Duration
	do func(m *member, now time.Duration)
}

// world is what all terminals share.
type world struct {
	name, about string
	length      time.Duration
	fault       func(time.Duration) *fault // nil: nothing is wrong
	events      []event
}

func linkChanges(m *member, now time.Duration) { m.c.LinkChanged(now) }
func reloads(m *member, now time.Duration)     { m.c.Reload(defaults, now) }

// restarts is what an update does: a new process, which knows what was stored.
func restarts(m *member, now time.Duration) {
	followed, since := m.c.Followed(), m.c.since
	m.c = NewScheduler(defaults, now, m.random.Float64)
	m.c.Careful(now)
	if m.state.Open != nil {
		m.c.Resume(followed, now-since, true, now)
	}
}

func between(from, until time.Duration, f *fault) func(time.Duration) *fault {
	return func(now time.Duration) *fault {
		if now < from || now >= until {
			return nil
		}
		return f
	}
}

// worlds are what the fleet goes through. All terminals are started at once at 0.
func worlds(f map[string]*fault) []world {
	const start = time.Hour
	flaps := func(now time.Duration) *fault {
		if since := now - start; since >= 0 && since < 30*time.Minute && since/(2*time.Minute)%2 == 0 {
			return f["provider"]
		}
		return nil
	}
	var changes []event
	for at := start; at <= start+30*time.Minute; at += 2 * time.Minute {
		changes = append(changes, event{at, linkChanges})
	}
	none := between(0, 0, nil)
	return []world{
		{"power", "power returns to all at 0", 3 * time.Hour, none, nil},
		{"refuses", "the host refuses connections for 10 minutes", 3 * time.Hour, between(start, start+10*time.Minute, f["refuses"]), nil},
		{"refuses long", "the host refuses connections for 90 minutes", 4 * time.Hour, between(start, start+90*time.Minute, f["refuses"]), nil},
		{"hangs", "the host accepts connections and answers nothing for 10 minutes", 3 * time.Hour, between(start, start+10*time.Minute, f["hangs"]), nil},
		{"hangs long", "the host accepts connections and answers nothing for 90 minutes", 4 * time.Hour, between(start, start+90*time.Minute, f["hangs"]), nil},
		{"silent", "nothing comes back from the host for 90 minutes", 4 * time.Hour, between(start, start+90*time.Minute, f["silent"]), nil},
		{"flaps", "a provider comes and goes every 2 minutes for half an hour", 3 * time.Hour, flaps, nil},
		{"flaps with link", "the same, and every terminal sees its link go and come", 3 * time.Hour, flaps, changes},
		{"link returns", "the links of all are gone for 90 minutes and return at one instant", 4 * time.Hour, between(start, start+90*time.Minute, f["provider"]),
			[]event{{start, linkChanges}, {start + 90*time.Minute, linkChanges}}},
		{"reload", "all read their configuration again, five times a minute apart", 3 * time.Hour, none,
			[]event{{start, reloads}, {start + time.Minute, reloads}, {start + 2*time.Minute, reloads}, {start + 3*time.Minute, reloads}, {start + 4*time.Minute, reloads}}},
		{"reload in outage", "all read it again 20 minutes into an outage of 90", 4 * time.Hour, between(start, start+90*time.Minute, f["hangs"]),
			[]event{{start + 20*time.Minute, reloads}}},
		{"restart", "all are restarted by an update, and again a minute later", 3 * time.Hour, none,
			[]event{{start, restarts}, {start + time.Minute, restarts}}},
		{"restart in outage", "all are restarted 40 minutes into an outage of 90", 4 * time.Hour, between(start, start+90*time.Minute, f["hangs"]),
			[]event{{start + 40*time.Minute, restarts}}},
	}
}
