package daemon

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

// hours is a line of testdata/week.txt.
type hours struct {
	from, until time.Duration // since Monday 0:00
	saved       string
	names       report.Domain // what an incident must name; "-" none
}

var weekdays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

func readWeek(t *testing.T) (out []hours) {
	t.Helper()
	text, err := os.ReadFile("testdata/week.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		at := func(text string) time.Duration {
			var h, m int
			if _, err := fmt.Sscanf(text, "%d:%d", &h, &m); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			return hm(24*slices.Index(weekdays, f[0])+h, m)
		}
		out = append(out, hours{at(f[1]), at(f[2]), f[3], report.Domain(f[4])})
	}
	return out
}

func onWeekday(at time.Duration) string {
	m := int(at.Minutes())
	return fmt.Sprintf("%s %02d:%02d", weekdays[m/1440%7], m/60%24, m%60)
}

// replay gives saved rounds as a round of some depth would have seen them.
type replay struct {
	t     *testing.T
	known map[string]report.Report
}

// beyond are the lists of what is seen past the terminal itself.
var beyond = []string{"lookups", "pings", "connects", "handshakes", "sign_ons", "hops", "portals", "claims", "flows"}

// see returns a saved round less what a round with this look would not have asked.
func (p *replay) see(name string, l Look) report.Report {
	p.t.Helper()
	key := fmt.Sprint(name, l.Depth, l.FollowUps, l.Questions)
	if r, ok := p.known[key]; ok {
		return r
	}
	text, err := os.ReadFile(filepath.Join("testdata", "rounds", name+".json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		p.t.Fatal(err)
	}
	e := whole["evidence"].(map[string]any)
	gone, own := map[any]bool{}, map[any]bool{}
	e["tasks"] = slices.DeleteFunc(e["tasks"].([]any), func(x any) bool {
		task := x.(map[string]any)
		kind := report.TaskKind(task["kind"].(string))
		elsewhere := l.FollowUps && (l.Questions == Everything || kind == report.TaskReference || kind == report.TaskIndependent ||
			kind == report.TaskPortal || kind == report.TaskTime || kind == report.TaskNeighbor || kind == report.TaskDuplicate)
		gone[task["id"]] = report.FollowsUp(kind) && !elsewhere
		own[task["id"]] = kind == report.TaskExchange
		return gone[task["id"]]
	})
	without := func(drop func(list string, o map[string]any) bool) {
		for list, v := range e {
			if items, ok := v.([]any); ok && list != "tasks" {
				e[list] = slices.DeleteFunc(items, func(x any) bool { return drop(list, x.(map[string]any)) })
			}
		}
	}
	without(func(_ string, o map[string]any) bool { return gone[o["task"]] })
	if l.Depth < Full {
		light(e, own)
		without(func(list string, o map[string]any) bool {
			return list == "handshakes" || list == "sign_ons" || list == "clocks" && o["source"] == "reply"
		})
	}
	if l.Depth == Local {
		for _, x := range e["tasks"].([]any) {
			task := x.(map[string]any)
			switch report.TaskKind(task["kind"].(string)) {
			case report.TaskExchange, report.TaskLookup, report.TaskPing:
				task["outcome"], task["reason"], task["failure"], task["count"] = "not_asked", report.ReasonLocal, nil, 0
			}
		}
		without(func(list string, _ map[string]any) bool { return slices.Contains(beyond, list) })
	}
	text, err = json.Marshal(whole)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := report.Decode(text)
	if err != nil {
		p.t.Fatal(err)
	}
	p.known[key] = r
	return r
}

// light makes the exchanges of a round end with the connection.
func light(e map[string]any, own map[any]bool) {
	for _, x := range e["site"].(map[string]any)["endpoints"].([]any) {
		endpoint := x.(map[string]any)
		endpoint["goal"], endpoint["fingerprint"] = report.StepConnect, ""
	}
	connected := map[any]bool{}
	for _, x := range e["connects"].([]any) {
		if c := x.(map[string]any); c["failure"] == nil {
			connected[c["task"]] = true
		}
	}
	for _, x := range e["tasks"].([]any) {
		if task := x.(map[string]any); own[task["id"]] && connected[task["id"]] {
			task["outcome"], task["failure"], task["count"] = "answered", nil, 1
		}
	}
}

// TestWeek: real rounds of the lab, through the real schedule, rules, memory and
// incidents: what support hears of a week.
func TestWeek(t *testing.T) {
	week := readWeek(t)
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(nil)
		saved := &replay{t, map[string]report.Report{}}
		scene := func(now time.Duration) hours {
			for _, h := range week {
				if now >= h.from && now < h.until {
					return h
				}
			}
			return hours{saved: "healthy-plain", names: "-"}
		}
		monday := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
		x.wall = monday.Add
		always := true
		x.replay = func(l Look, now time.Duration) report.Report {
			r := saved.see(scene(now).saved, l)
			r.ID, r.ObservedAt, r.Trigger = fmt.Sprint("r", x.count), x.clock(now), l.Trigger
			up := inMs(now - x.booted)
			e := &r.Evidence
			e.Device.BootID, e.Device.UptimeMs, e.Memory = fmt.Sprint("boot", x.boot), &up, l.Memory
			e.Clocks = append(slices.Clone(e.Clocks), report.Clock{Source: report.ClockKernel, Wall: r.ObservedAt, Synchronized: &always})
			r.Diagnosis = report.Diagnose(*e)
			return r
		}
		var told []string
		type opened struct {
			incident.Incident
			from, until time.Duration
		}
		incidents := map[string]*opened{}
		x.hear = func(e incident.Event) {
			var causes []string
			for _, c := range e.Incident.Causes {
				causes = append(causes, fmt.Sprintf("%s (%d)", cmp.Or(string(c.Code), "cannot tell"), c.Rounds))
			}
			told = append(told, fmt.Sprintf("%s  %-6s %-10s %s", onWeekday(x.now()), e.Incident.ID, e.Kind, strings.Join(causes, ", ")))
			if e.Kind == incident.Opened {
				incidents[e.Incident.ID] = &opened{from: e.Incident.OpenedAt.Sub(monday), until: hm(7*24, 0)}
			}
			o := incidents[e.Incident.ID]
			o.Incident = e.Incident
			if e.Kind == incident.Closed {
				o.until = x.now()
			}
		}
		for _, h := range week {
			if h.saved != "off" {
				continue
			}
			if h.from > x.now() {
				x.run(t, h.from-x.now(), h.from%hm(2, 0) == 0) // a switch, or a shutdown in order
			}
			x.reboot(h.until - x.now())
		}
		x.run(t, hm(7*24, 0)-x.now(), false)
		told = append(told, fmt.Sprintf("%d rounds past the gateway, %d looks at the device, %d whole reports, %d self-reports, the state written %d times",
			len(x.asked), x.looks, x.failed, len(x.selfs), x.states))
		compare(t, "testdata/week_incidents.txt", told)

		// Whatever the exact list: no incident without a fault, none that blames somebody
		// else, and none is missing that lasted.
		for id, o := range incidents {
			named, expected := []report.Domain{}, []report.Domain{}
			for _, c := range o.Causes {
				if c.Domain != "" {
					named = append(named, c.Domain)
				}
			}
			for _, h := range week {
				if h.names != "-" && h.from < o.until && h.until > o.from {
					expected = append(expected, h.names)
				}
			}
			if len(expected) == 0 {
				t.Errorf("incident %s, from %s: there was no fault", id, onWeekday(o.from))
			}
			for _, d := range named {
				if !slices.Contains(expected, d) {
					t.Errorf("incident %s, from %s, names %s, expected %v", id, onWeekday(o.from), d, expected)
				}
			}
		}
		for _, h := range week {
			found := false
			for _, o := range incidents {
				found = found || o.from < h.until && o.until > h.from
			}
			if h.names != "-" && h.until-h.from >= 30*time.Minute && !found {
				t.Errorf("%s %s: no incident", onWeekday(h.from), h.saved)
			}
		}
	})
}
