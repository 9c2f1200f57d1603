package render

import (
	"strconv"
	"strings"

	"posprobe/report"
)

// describe says in words what an RFC 6901 pointer into the report points at. A pointer
// that leads nowhere is shown as it is.
func (v *view) describe(ptr string) string {
	parts := strings.Split(ptr, "/")
	if len(parts) < 4 || parts[0] != "" || parts[1] != "evidence" {
		return short(ptr)
	}
	i, err := strconv.Atoi(parts[3])
	if err != nil || i < 0 {
		return short(ptr)
	}
	if s := v.observation(parts[2], i); s != "" {
		return s
	}
	return short(ptr)
}

// observation describes an entry of one of the evidence's lists that can hold a
// failure, "" when there is no such entry.
func (v *view) observation(list string, i int) string {
	ev := &v.r.Evidence
	switch list {
	case "tasks":
		if t, ok := nth(ev.Tasks, i); ok {
			_, why := v.task(t)
			return v.thing(taskWords.in(v.lang, t.Kind), t.Target) + v.say(lColon) + why
		}
	case "links":
		if l, ok := nth(ev.Links, i); ok {
			return v.thing(v.say(lPlaceLink), l.Name) + v.say(lColon) + stateWords.in(v.lang, l.OperationalState)
		}
	case "addresses":
		if a, ok := nth(ev.Addresses, i); ok {
			return v.thing(taskWords.in(v.lang, report.TaskAddresses), a.Prefix)
		}
	case "routes":
		if r, ok := nth(ev.Routes, i); ok {
			return v.thing(taskWords.in(v.lang, report.TaskRoutes), r.Destination)
		}
	case "neighbors":
		if n, ok := nth(ev.Neighbors, i); ok {
			return v.thing(v.say(lPlaceGateway), n.Address) + v.say(lColon) + neighborWords.in(v.lang, n.State)
		}
	case "lookups":
		if l, ok := nth(ev.Lookups, i); ok {
			return v.thing(v.say(lPlaceResolver), l.Resolver+" "+l.Name+" "+l.Type) + v.why(l.Failure, l.ElapsedMs)
		}
	case "pings":
		if g, ok := nth(ev.Pings, i); ok {
			s := v.thing(v.say(lPing), g.Address)
			if g.Failure != nil {
				return s + v.why(g.Failure, 0)
			}
			return s + v.say(lColon) + v.say(lPingAnswered, g.Received, g.Sent)
		}
	case "connects":
		if c, ok := nth(ev.Connects, i); ok {
			return v.thing(v.say(lPlaceTCP), c.Address) + v.why(c.Failure, c.ElapsedMs)
		}
	case "handshakes":
		if t, ok := nth(ev.TLS, i); ok {
			s := v.thing(v.say(lPlaceTLS), t.Address) + v.why(t.Failure, t.ElapsedMs)
			if problems := v.problems(&t); t.Failure == nil && problems != "" {
				s += v.say(lColon) + problems
			}
			return s
		}
	case "sign_ons":
		if s, ok := nth(ev.SignOns, i); ok {
			out := v.thing(v.say(exchanged(&s)), s.Address) + v.why(s.Failure, s.ElapsedMs)
			if status := v.httpStatus(&s); s.Failure != nil && status != "" {
				out += v.say(lComma) + status
			}
			return out
		}
	case "flows":
		if f, ok := nth(ev.Flows, i); ok {
			return v.thing(v.say(lFlow), f.Address) + v.say(lColon) + short(f.State)
		}
	}
	return ""
}

func nth[T any](list []T, i int) (T, bool) {
	if i < len(list) {
		return list[i], true
	}
	var none T
	return none, false
}

// thing is a kind and a name: "TCP 192.0.2.1:5500".
func (v *view) thing(kind, name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return kind
	}
	return kind + " " + short(name)
}

// why is a failure with the system's own wording, which may be all there is.
func (v *view) why(f *report.Failure, elapsedMs float64) string {
	if f == nil {
		return ""
	}
	s := v.say(lColon) + v.failure(f, elapsedMs)
	if f.Detail != "" && f.Type != report.FailUnknown {
		s += v.bracketed(short(f.Detail))
	}
	return s
}
