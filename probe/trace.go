package probe

import (
	"context"
	"net"
	"slices"
	"syscall"
	"time"

	"posprobe/report"
)

// A trace sends SYNs whose time to live ends on the way: hopsAtOnce of them, and as
// many again where the path is longer. hopWait has room for one retransmission of the
// SYN, after 1 s (RFC 6298 section 2.1).
const (
	hopsAtOnce = 12
	maxHops    = 2 * hopsAtOnce
	hopWait    = 2 * time.Second
	leastHop   = time.Second
	// silentHops are recorded beyond the last hop that answered.
	silentHops = 2
)

// hop is how one SYN fared.
type hop struct {
	report.Hop
	began time.Time
	local error // it did not leave the device, or the device itself gave up
}

// final reports whether a larger time to live can show nothing new: the target has
// answered, or somebody on the way does for it.
func (h hop) final() bool {
	return h.local != nil || h.Answer == report.HopConnected || h.Answer == report.HopRefused || h.Answer == report.HopRejected
}

// trace finds who is on the way to an address and port.
func (r *round) trace(ctx context.Context, a *asking, t task) *report.Failure {
	if !traceable {
		a.notAsked(report.ReasonUnsupported)
		return nil
	}
	if ok, f := r.mayAsk(ctx, a, t, report.OpConnect); !ok {
		return f
	}
	if t.within(leastHop) < leastHop {
		a.notAsked(report.ReasonBudget)
		return nil
	}
	s := series{arrived: make(chan hop, maxHops)}
	for ttl := 1; ttl <= maxHops && !s.final && ctx.Err() == nil && t.within(leastHop) == leastHop; ttl++ {
		if ttl == hopsAtOnce+1 && !(s.longer() && r.allowance.take(t.price)) {
			break
		}
		s.open++
		go func() { s.arrived <- r.hop(ctx, t, ttl) }()
		s.collect(t.pace)
	}
	s.collect(hopWait + leastHop) // each ends by itself before
	for _, h := range s.matter() {
		a.saw(h.began, func(e *report.Evidence, head report.Observation) {
			h.Observation = head
			e.Hops = append(e.Hops, h.Hop)
		})
	}
	if ctx.Err() != nil {
		return failureIn(ctx, report.OpConnect, ctx.Err())
	}
	return failure(report.OpConnect, s.local)
}

// series are the hops of one trace as they come in.
type series struct {
	arrived chan hop
	hops    []hop
	open    int
	final   bool
	local   error
}

// collect waits until every hop under way has come in, at most as long as given.
func (s *series) collect(most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for s.open > 0 {
		select {
		case h := <-s.arrived:
			s.open--
			s.hops = append(s.hops, h)
			s.final = s.final || h.final()
			if s.local == nil {
				s.local = h.local
			}
		case <-timer.C:
			return
		}
	}
}

// longer reports whether the path goes on where the first half of the series ended.
func (s *series) longer() bool {
	s.collect(hopWait + leastHop)
	return slices.ContainsFunc(s.hops, func(h hop) bool {
		return h.Answer == report.HopExpired && h.TTL >= hopsAtOnce-1
	})
}

// matter are the hops to be recorded, in order: up to the first that ends the path, and
// silent ones up to silentHops beyond the last that answered.
func (s *series) matter() []hop {
	slices.SortFunc(s.hops, func(a, b hop) int { return int(a.TTL - b.TTL) })
	var out []hop
	last := int64(0)
	for _, h := range s.hops {
		if h.Answer == "" {
			continue // neither answered nor waited for to the end
		}
		out = append(out, h)
		if h.Answer != report.HopSilent {
			last = h.TTL
		}
		if h.final() {
			break
		}
	}
	return slices.DeleteFunc(out, func(h hop) bool { return h.TTL > last+silentHops })
}

// hop sends one SYN.
func (r *round) hop(ctx context.Context, t task, ttl int) (h hop) {
	h = hop{began: now(), Hop: report.Hop{Endpoint: t.Endpoint, Target: t.address.String(), TTL: int64(ttl)}}
	h.local = guarded(func() error { return r.sendHop(ctx, t, &h) })
	return h
}

// sendHop returns an error where nothing is to be learned of the path.
func (r *round) sendHop(ctx context.Context, t task, h *hop) error {
	tap := newTap()
	defer tap.close() // before the connection, or no FIN is sent
	dialer := &net.Dialer{KeepAlive: -1, Control: func(network, address string, c syscall.RawConn) error {
		if err := limitTTL(network, c, int(h.TTL)); err != nil {
			return err
		}
		return tap.control(network, address, c)
	}}
	dialer.SetMultipathTCP(false)
	within, cancel := context.WithTimeout(ctx, t.within(hopWait))
	defer cancel()
	conn, err := r.sys.Dial(within, dialer, t.address)
	rtt := now().Sub(h.began)
	if err == nil {
		tap.close()
		conn.Close()
		h.answered(report.HopConnected, t.address.Addr().String(), rtt)
		return nil
	}
	way, _ := r.wayTo(t.address.Addr())
	if errors := r.ownErrors(way.Source, tap.icmp()); len(errors) > 0 {
		e := errors[0]
		if e.Own {
			return err
		}
		h.Type, h.Code = e.Type, e.Code
		answer := report.HopRejected
		if expired(e, t.address.Addr().Is4()) {
			answer = report.HopExpired
		}
		h.answered(answer, e.From, rtt)
		return nil
	}
	switch f := failureIn(ctx, report.OpConnect, err); f.Type {
	case report.FailRefused, report.FailReset:
		h.answered(report.HopRefused, t.address.Addr().String(), rtt)
	case report.FailDeadline, report.FailKernelTimeout:
		h.Answer = report.HopSilent
	case report.FailCancelled:
	default:
		return err
	}
	return nil
}

func (h *hop) answered(how report.HopAnswer, from string, rtt time.Duration) {
	h.Answer, h.Address, h.RTTMs = how, from, new(ms(rtt))
}

// expired reports whether an error says that the time to live ended in transit (RFC
// 792, RFC 4443 section 3.3).
func expired(e report.ICMPError, four bool) bool {
	if four {
		return e.Type == 11 && e.Code == 0
	}
	return e.Type == 3 && e.Code == 0
}
