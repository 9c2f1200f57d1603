package render

import (
	"math"
	"slices"
	"strings"

	"posprobe/report"
)

// lateMs is the scheduling delay from which the terminal's line mentions it: less is
// the ordinary life of a small device.
const lateMs = 50

// unasked returns mark and words for a hop without an observation: why its task gave
// none, or that nothing is known.
func (v *view) unasked(kinds ...report.TaskKind) (mark, string) {
	for _, t := range v.r.Evidence.Tasks {
		if slices.Contains(kinds, t.Kind) && t.Outcome != report.OutcomeAnswered {
			return v.task(t)
		}
	}
	return markUnseen, v.say(lNotSeen)
}

// task returns mark and words for a task that gave no observation.
func (v *view) task(t report.Task) (mark, string) {
	m, s := markUnseen, outcomeWords.in(v.lang, t.Outcome)
	if t.Outcome == report.OutcomeNotAsked || t.Outcome == report.OutcomeCancelled {
		m = markUntested
	}
	switch {
	case t.Reason != "":
		s += v.say(lColon) + reasonWords.in(v.lang, t.Reason)
	case t.Failure != nil && t.Outcome == report.OutcomeFailed:
		s += v.say(lColon) + v.failure(t.Failure, 0)
	}
	return m, s
}

// looked reports whether the device's own list was read: then what is not in the
// evidence was not there.
func (v *view) looked(kind report.TaskKind) bool {
	return slices.ContainsFunc(v.r.Evidence.Tasks, func(t report.Task) bool {
		return t.Kind == kind && (t.Outcome == report.OutcomeAnswered || t.Outcome == report.OutcomeEmpty)
	})
}

// terminal is the device itself: was it able to do its part?
func (v *view) terminal() hop {
	h := hop{place: placeTerminal}
	d := &v.r.Evidence.Device
	if s := d.Scheduling; s != nil {
		if s.MaxMs >= lateMs {
			h.mark = markSlow
			h.parts = append(h.parts, v.say(lLate, v.duration(s.MaxMs)))
		} else {
			h.parts = append(h.parts, v.say(lOnTime))
		}
	}
	if m := d.Memory; m != nil {
		h.parts = append(h.parts, v.say(lMemoryFree, megabytes(m.AvailableBytes)))
	}
	for _, disk := range d.Disks[:min(len(d.Disks), maxHops)] {
		switch {
		case disk.ReadOnly:
			h.parts = append(h.parts, v.say(lDiskReadOnly, short(disk.Path)))
		case disk.AvailableBytes == 0:
			h.parts = append(h.parts, v.say(lDiskFull, short(disk.Path)))
		}
	}
	for _, c := range v.r.Evidence.Clocks {
		// A reply tells whole seconds, and was under way for a part of one more.
		if c.OffsetMs != nil && (c.Source == report.ClockReply || c.Source == report.ClockServer) && math.Abs(*c.OffsetMs) >= 2000 {
			h.parts = append(h.parts, v.clockOff(c))
			break
		}
	}
	if len(h.parts) == 0 {
		var why string
		h.mark, why = v.unasked(report.TaskDevice)
		h.parts = []string{why}
	}
	return h
}

// clockOff says how the terminal's clock differs from another one.
func (v *view) clockOff(c report.Clock) string {
	l := lClockBehind
	switch server, ahead := c.Source == report.ClockServer, *c.OffsetMs < 0; {
	case server && ahead:
		l = lServerClockAhead
	case server:
		l = lServerClockBehind
	case ahead:
		l = lClockAhead
	}
	return v.say(l, v.duration(*c.OffsetMs))
}

// links are the interfaces that the way uses, that the site expects, or that a fault
// was found on; all but the loopback when none of these is known.
func (v *view) links() []hop {
	ev := &v.r.Evidence
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) && len(names) < maxHops {
			names = append(names, name)
		}
	}
	for _, c := range ev.Connects {
		add(c.Link)
	}
	for _, r := range ev.Routes {
		if isDefault(r) && !v.wayKnown() {
			add(r.Link)
		}
	}
	for _, name := range ev.Site.Interfaces {
		add(name)
	}
	seen := map[string]bool{}
	for _, l := range ev.Links {
		seen[l.Name] = true
	}
	for i := range v.groups {
		if g := &v.groups[i]; g.standing() && placeOf(g.row) == placeLink {
			for _, f := range g.members {
				if seen[f.Resource] {
					add(f.Resource)
				}
			}
		}
	}
	if len(names) == 0 {
		for _, l := range ev.Links {
			if l.Kind != report.LinkLoopback {
				add(l.Name)
			}
		}
	}
	var hops []hop
	for _, name := range names {
		hops = append(hops, v.link(name))
	}
	if len(hops) == 0 {
		m, why := v.unasked(report.TaskLinks)
		hops = []hop{{place: placeLink, mark: m, parts: []string{why}}}
	}
	return hops
}

// link is one interface, as last seen; what changed since it was first seen is said.
func (v *view) link(name string) hop {
	h := hop{place: placeLink, subjects: []string{name}}
	var first, last *report.Link
	at := 0
	for i := range v.r.Evidence.Links {
		if l := &v.r.Evidence.Links[i]; l.Name == name {
			if first == nil {
				first = l
			}
			last, at = l, i
		}
	}
	if last == nil {
		m, why := v.unasked(report.TaskLinks)
		if v.looked(report.TaskLinks) { // the list was read, and it is not there
			m, why = markFailed, v.say(lNotPresent)
		}
		h.mark, h.parts = m, []string{short(name), why}
		return h
	}
	h.parts = []string{short(name) + v.bracketed(linkWords.in(v.lang, last.Kind))}
	down := false
	switch {
	case !last.AdminUp:
		h.parts, down = append(h.parts, v.say(lSwitchedOff)), true
	case last.Carrier != nil && !*last.Carrier:
		no := lNoCarrier
		switch last.Kind {
		case report.LinkWiFi:
			no = lNotAssociated
		case report.LinkCellular, report.LinkPPP:
			no = lNotDialled
		}
		h.parts, down = append(h.parts, v.say(no)), true
	default:
		down = slices.Contains([]string{"down", "lowerlayerdown", "notpresent"}, last.OperationalState)
		// PPP and tunnel drivers report "unknown" while they work.
		if s := last.OperationalState; s != "unknown" {
			h.parts = append(h.parts, stateWords.in(v.lang, s))
		}
	}
	if down {
		h.mark, h.failed = markFailed, []string{pointer("links", at)}
	}
	if n, ok := grew(first.CarrierChanges, last.CarrierChanges); ok {
		h.parts = append(h.parts, v.say(lCarrierChanges, n))
	}
	if n, ok := grew(first.RxErrors, last.RxErrors); ok {
		h.parts = append(h.parts, v.say(lRxErrors, n))
	}
	if last.Kind != report.LinkLoopback {
		h.parts = append(h.parts, v.localAddresses(name))
	}
	return h
}

// localAddresses are the addresses of a link that reach beyond it.
func (v *view) localAddresses(link string) string {
	var list []string
	for _, a := range v.r.Evidence.Addresses {
		if a.Link == link && a.Scope != "link" && a.Scope != "host" && len(list) < 2 {
			s := short(a.Prefix)
			if a.Duplicate {
				s += v.bracketed(v.say(lDuplicate))
			}
			list = append(list, s)
		}
	}
	if len(list) == 0 && v.looked(report.TaskAddresses) {
		return v.say(lNoAddress)
	}
	return v.names(list)
}

// wayKnown reports whether the kernel's route to every address tried was seen: then the
// default routes say nothing more.
func (v *view) wayKnown() bool {
	connects := v.r.Evidence.Connects
	return len(connects) > 0 && !slices.ContainsFunc(connects, func(c report.Connect) bool { return c.Link == "" })
}

// isDefault reports whether r is a default route of either IP version.
func isDefault(r report.Route) bool { return strings.HasSuffix(r.Destination, "/0") }
