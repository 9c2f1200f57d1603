package render

import (
	"math"
	"slices"

	"posprobe/report"
)

// maxFollowed bounds the lines about follow-ups.
const maxFollowed = 12

// followed writes what was asked after the first diagnosis, and what came of it.
func (v *view) followed(p *page) {
	lines := v.endings()
	for _, t := range v.r.Evidence.Tasks {
		if s := v.followUp(t); s != "" {
			lines = append(lines, v.thing(taskWords.in(v.lang, t.Kind), t.Target)+v.say(lColon)+s)
		}
	}
	v.list(p, lFollowed, lines, maxFollowed)
}

// followsUp reports whether a task is no part of the round's own look.
func (v *view) followsUp(task string) bool {
	return slices.ContainsFunc(v.r.Evidence.Tasks, func(t report.Task) bool { return t.ID == task && report.FollowsUp(t.Kind) })
}

// followUp is what came of one task, "" when there is nothing to say of it: it is no
// follow-up, or was not asked, which the open questions tell.
func (v *view) followUp(t report.Task) string {
	ev := &v.r.Evidence
	switch t.Kind {
	case report.TaskReference, report.TaskClosedPort:
		if c := of(ev.Connects, t.ID, func(c report.Connect) string { return c.Task }); c != nil {
			if c.Failure == nil {
				return v.say(lReaches)
			}
			return v.failure(c.Failure, c.ElapsedMs)
		}
	case report.TaskSecond, report.TaskSmall, report.TaskUplink:
		if of(ev.Connects, t.ID, func(c report.Connect) string { return c.Task }) == nil {
			return ""
		}
		return v.exchangeAgain(t)
	case report.TaskEarly:
		return v.earlyEnd(t)
	case report.TaskTrace:
		return v.traced(t.ID)
	case report.TaskIndependent:
		if l := of(ev.Lookups, t.ID, func(l report.Lookup) string { return l.Task }); l != nil {
			if l.Failure != nil {
				return v.failure(l.Failure, l.ElapsedMs)
			}
			var given []string
			for _, a := range l.Answers {
				given = append(given, short(a.Address))
			}
			return v.say(lGives, v.names(given))
		}
	case report.TaskPortal:
		if o := of(ev.Portals, t.ID, func(o report.Portal) string { return o.Task }); o != nil {
			switch {
			case o.Failure != nil:
				return v.failure(o.Failure, o.ElapsedMs)
			case o.Status == 204:
				return v.say(lPortalFree)
			}
			return v.say(lPortalPage, o.Status)
		}
	case report.TaskTime:
		if c := of(ev.Clocks, t.ID, func(c report.Clock) string { return c.Task }); c != nil && c.OffsetMs != nil {
			if math.Abs(*c.OffsetMs) < 2000 {
				return v.say(lClockRight)
			}
			return v.clockOff(*c)
		}
		if t.Failure != nil {
			return v.failure(t.Failure, 0)
		}
	case report.TaskDuplicate:
		if c := of(ev.Claims, t.ID, func(c report.Claim) string { return c.Task }); c != nil {
			if c.Answers > 0 {
				return v.say(lClaimed, c.Answers)
			}
			return v.say(lUnclaimed)
		}
	}
	return ""
}

// exchangeAgain is how an exchange went that was made once more.
func (v *view) exchangeAgain(t report.Task) string {
	if t.Failure == nil {
		return v.say(lWorks)
	}
	for _, first := range v.r.Evidence.Tasks {
		if first.Kind == report.TaskExchange && first.Endpoint == t.Endpoint && first.Failure != nil &&
			first.Failure.Operation == t.Failure.Operation && first.Failure.Type == t.Failure.Type {
			return v.say(lSame)
		}
	}
	return v.failure(t.Failure, 0)
}

// earlyEnd is what the host did when the terminal closed right after its message.
func (v *view) earlyEnd(t report.Task) string {
	switch {
	case t.Outcome == report.OutcomeNotAsked || t.Outcome == report.OutcomeCancelled:
		return ""
	case t.Failure == nil:
		return v.say(lWorks)
	case t.Failure.Type == report.FailClosed:
		return v.say(lEndClosed)
	case t.Failure.Type != report.FailDeadline:
		return v.failure(t.Failure, 0)
	}
	if s := of(v.r.Evidence.SignOns, t.ID, func(s report.SignOn) string { return s.Task }); s != nil && s.TCP != nil {
		if s.TCP.RcvOooPack != nil && *s.TCP.RcvOooPack > 0 {
			return v.say(lEndHole)
		}
		if s.TCP.State == "fin_wait_2" {
			return v.say(lEndStuck)
		}
	}
	return v.failure(t.Failure, 0)
}

// traced says where a trace ends.
func (v *view) traced(task string) string {
	var last, end *report.Hop
	asked := false
	for i := range v.r.Evidence.Hops {
		h := &v.r.Evidence.Hops[i]
		if h.Task != task {
			continue
		}
		asked = true
		switch h.Answer {
		case report.HopConnected, report.HopRefused:
			if end == nil || h.TTL < end.TTL {
				end = h
			}
		case report.HopExpired, report.HopRejected:
			if last == nil || h.TTL > last.TTL {
				last = h
			}
		}
	}
	switch {
	case end != nil:
		return v.say(lTraceEnd, end.TTL)
	case last != nil:
		return v.say(lTraceSilent, short(last.Address), last.TTL)
	case asked:
		return v.say(lTraceNothing)
	}
	return ""
}

// endings say what happened when the terminal gave up waiting.
func (v *view) endings() []string {
	var out []string
	for i := range v.r.Evidence.SignOns {
		s := &v.r.Evidence.SignOns[i]
		if s.Ending == nil {
			continue
		}
		var l string
		switch {
		case s.Ending.Replied:
			l = v.say(lEndLate, s.Ending.LateBytes)
		case s.Ending.How == report.EndingClosed:
			l = v.say(lEndClosed)
		default:
			continue
		}
		if l = v.thing(v.say(lMessage), s.Address) + v.say(lColon) + l; !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// of finds a task's first observation in a list, nil when it made none.
func of[T any](list report.List[T], task string, taskOf func(T) string) *T {
	if i := slices.IndexFunc(list, func(o T) bool { return taskOf(o) == task }); i >= 0 {
		return &list[i]
	}
	return nil
}
