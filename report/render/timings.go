package render

import "posprobe/report"

// timings lists what was measured in time, in the order of the way.
func (v *view) timings(p *page) {
	rows := v.nameTimings()
	rows = append(rows, v.pingTimings()...)
	at := v.addresses()
	rows = append(rows, v.connectTimings(at)...)
	rows = append(rows, v.exchangeTimings(at)...)
	if len(rows) == 0 {
		return
	}
	p.head(v.say(lTimings))
	more := len(rows) - maxTimings
	v.table(p, 2, rows[:min(len(rows), maxTimings)])
	if more > 0 {
		p.put(2, "", plain, v.say(lMore, more), plain)
	}
}

// took is a time and, when the operation failed, the word for it.
func (v *view) took(ms float64, f *report.Failure) string {
	if f != nil {
		return v.say(lFailedAfter, v.duration(ms))
	}
	return v.duration(ms)
}

func (v *view) nameTimings() []row {
	var rows []row
	for _, l := range v.r.Evidence.Lookups {
		if l.ElapsedMs <= 0 {
			continue
		}
		s := short(l.Resolver) + " " + short(l.Name) + " " + short(l.Type) + v.say(lColon)
		if l.RCode != "" && l.Failure != nil { // answered in this time, if not with an address
			s += v.join(v.duration(l.ElapsedMs), v.failure(l.Failure, 0))
		} else {
			s += v.took(l.ElapsedMs, l.Failure)
		}
		rows = append(rows, row{v.say(lPlaceResolver), s})
	}
	return rows
}

// pingTimings are marked as timed by a program: a busy device lengthens them.
func (v *view) pingTimings() []row {
	var rows []row
	for _, g := range v.r.Evidence.Pings {
		if g.Sent == 0 {
			continue
		}
		s := short(g.Address) + v.say(lColon) + v.say(lPingAnswered, g.Received, g.Sent)
		if g.AvgRTTMs != nil {
			if g.Received == 1 {
				s = v.join(s, v.duration(*g.AvgRTTMs))
			} else {
				s = v.join(s, v.say(lPingAverage, v.duration(*g.AvgRTTMs)))
				if g.MinRTTMs != nil && g.MaxRTTMs != nil {
					s = v.join(s, v.say(lPingRange, v.duration(*g.MinRTTMs), v.duration(*g.MaxRTTMs)))
				}
			}
			s += v.bracketed(v.say(lOwnClock))
		}
		rows = append(rows, row{v.say(lPing), s})
	}
	return rows
}

func (v *view) connectTimings(at namer) []row {
	var rows []row
	for _, c := range v.r.Evidence.Connects {
		if c.ElapsedMs <= 0 || v.followsUp(c.Task) {
			continue
		}
		s := at(c.Endpoint, c.Address) + v.say(lColon) + v.took(c.ElapsedMs, c.Failure)
		if c.Failure == nil && c.TCP != nil && c.TCP.RTTMs != nil {
			s = v.join(s, v.say(lKernelRTT, v.duration(*c.TCP.RTTMs)))
			if _, usual := v.r.Evidence.Usual(c); usual != nil {
				s = v.join(s, v.say(lUsually, v.duration(usual.RTTHighMs)))
			}
		}
		rows = append(rows, row{v.say(lPlaceTCP), s})
	}
	return rows
}

func (v *view) exchangeTimings(at namer) []row {
	var rows []row
	for _, t := range v.r.Evidence.TLS {
		if t.ElapsedMs > 0 && !v.followsUp(t.Task) {
			rows = append(rows, row{v.say(lPlaceTLS), at(t.Endpoint, t.Address) + v.say(lColon) + v.took(t.ElapsedMs, t.Failure)})
		}
	}
	for i := range v.r.Evidence.SignOns {
		s := &v.r.Evidence.SignOns[i]
		if s.ElapsedMs <= 0 || v.followsUp(s.Task) {
			continue
		}
		text := at(s.Endpoint, s.Address) + v.say(lColon)
		if s.Failure != nil {
			text += v.took(s.ElapsedMs, s.Failure)
		} else {
			text += v.say(lReplyAfter, v.duration(s.ElapsedMs))
			if ms, ok := hostMs(s); ok {
				text = v.join(text, v.say(lHostTime, v.duration(ms)))
				if usual := v.usualHostMs(s.Task); usual != nil {
					text = v.join(text, v.say(lUsually, v.duration(*usual)))
				}
			}
		}
		rows = append(rows, row{v.say(exchanged(s)), text})
	}
	return rows
}

// usualHostMs is what the host usually takes at most on the connection of a task, nil where
// that is not known.
func (v *view) usualHostMs(task string) *float64 {
	for _, c := range v.r.Evidence.Connects {
		if c.Task != task {
			continue
		}
		if _, usual := v.r.Evidence.Usual(c); usual != nil {
			return usual.HostHighMs
		}
	}
	return nil
}

// namer names the address of an endpoint.
type namer func(endpoint, address string) string

// addresses returns how addresses are named: with their endpoint where several
// endpoints share one.
func (v *view) addresses() namer {
	first, shared := map[string]string{}, map[string]bool{}
	see := func(endpoint, address string) {
		if e, seen := first[address]; !seen {
			first[address] = endpoint
		} else if e != endpoint {
			shared[address] = true
		}
	}
	for _, c := range v.r.Evidence.Connects {
		see(c.Endpoint, c.Address)
	}
	for i := range v.r.Evidence.TLS {
		see(v.r.Evidence.TLS[i].Endpoint, v.r.Evidence.TLS[i].Address)
	}
	for i := range v.r.Evidence.SignOns {
		see(v.r.Evidence.SignOns[i].Endpoint, v.r.Evidence.SignOns[i].Address)
	}
	return func(endpoint, address string) string {
		if shared[address] && endpoint != address {
			return short(address) + v.bracketed(short(endpoint))
		}
		return short(address)
	}
}
