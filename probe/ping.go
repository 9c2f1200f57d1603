package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"posprobe/report"

	probing "github.com/prometheus-community/pro-bing"
)

// Echoes says how to ping.
type Echoes struct {
	Count    int
	Interval time.Duration
	// Timeout bounds the whole series.
	Timeout time.Duration
}

// Replies is what came of a ping. Round trips are zero without a reply, and when the
// wall clock stepped meanwhile.
type Replies struct {
	Sent, Received int
	Min, Avg, Max  time.Duration
}

var (
	gatewayEchoes  = Echoes{Count: 3, Interval: 200 * time.Millisecond, Timeout: 1500 * time.Millisecond}
	endpointEchoes = Echoes{Count: 1, Interval: time.Second, Timeout: 1500 * time.Millisecond}
)

// errPingDenied says that the system lets posprobe open no socket for pings: nothing
// was asked.
var errPingDenied = errors.New("no ping socket is permitted")

// ping asks one address whether it answers echo requests.
func (r *round) ping(ctx context.Context, a *asking, t task) *report.Failure {
	echoes := gatewayEchoes
	if t.ping == report.PingEndpoint {
		echoes = endpointEchoes
		if ok, f := r.mayAsk(ctx, a, t, report.OpPing); !ok {
			return f
		}
	}
	began := now()
	replies, err := r.sys.Ping(ctx, t.target, echoes)
	if errors.Is(err, errPingDenied) {
		a.notAsked(report.ReasonNotPermitted)
		return failureIn(ctx, report.OpPing, err)
	}
	p := report.Ping{
		Target: t.ping, Address: t.target.WithZone("").String(),
		Sent: int64(replies.Sent), Received: int64(replies.Received),
	}
	if replies.Received > 0 && replies.Min > 0 {
		p.MinRTTMs, p.AvgRTTMs, p.MaxRTTMs = new(ms(replies.Min)), new(ms(replies.Avg)), new(ms(replies.Max))
	}
	if replies.Received == 0 {
		if err == nil {
			err = context.DeadlineExceeded
		}
		p.Failure = failureIn(ctx, report.OpPing, err)
	}
	a.saw(began, func(e *report.Evidence, head report.Observation) {
		p.Observation = head
		e.Pings = append(e.Pings, p)
	})
	return p.Failure
}

// ping is System.Ping on the real network: with a ping socket, which needs the group
// to be in net.ipv4.ping_group_range, else with a raw one, which needs CAP_NET_RAW.
func ping(ctx context.Context, address netip.Addr, echoes Echoes) (Replies, error) {
	var denied error
	for _, privileged := range pingModes() {
		replies, opened, err := pingOnce(ctx, address, echoes, privileged)
		if opened || err == nil {
			return replies, err
		}
		switch classify(err) {
		case report.FailNotPermitted, report.FailAccess, report.FailNotSupported:
			denied = errors.Join(denied, err)
		default:
			return replies, err
		}
	}
	return Replies{}, errors.Join(errPingDenied, denied)
}

// pingModes are the ways to try, raw or not. Windows has only the privileged kind,
// which needs no privilege there.
func pingModes() []bool {
	if runtime.GOOS == "windows" {
		return []bool{true}
	}
	return []bool{false, true}
}

// pingOnce runs one series; opened says whether a socket could be had.
func pingOnce(ctx context.Context, address netip.Addr, echoes Echoes, privileged bool) (r Replies, opened bool, err error) {
	p := probing.New(address.String())
	p.SetIPAddr(&net.IPAddr{IP: address.AsSlice(), Zone: address.Zone()})
	p.SetPrivileged(privileged)
	guard := &pingGuard{}
	p.SetLogger(guard)
	p.Count, p.Interval, p.Timeout = echoes.Count, echoes.Interval, echoes.Timeout
	p.RecordRtts, p.RecordTTLs = false, false
	p.OnSetup = func() { opened = true }
	var sendErr error
	p.OnSendError = func(_ *probing.Packet, e error) { sendErr = errors.Join(sendErr, e) }

	began := time.Now()
	err = p.RunWithContext(ctx)
	s := p.Statistics()
	r = Replies{Sent: s.PacketsSent, Received: s.PacketsRecv}
	if !stepped(began, time.Now()) {
		r.Min, r.Avg, r.Max = s.MinRtt, s.AvgRtt, s.MaxRtt
	}
	switch {
	case guard.denied:
		err = syscall.EACCES
	case err == nil && s.PacketsRecv == 0:
		err = sendErr
	}
	return r, opened, err
}

// maxDrift is how far wall clock and monotonic clock may part during a ping: more than
// slewing and the time between the two readings do.
const maxDrift = 2 * time.Millisecond

// stepped reports whether the wall clock was set between two readings. The library
// measures round trips with the wall clock, so they are worthless then.
func stepped(from, to time.Time) bool {
	wall := to.Round(0).Sub(from.Round(0))
	return (wall - to.Sub(from)).Abs() > maxDrift
}

// pingGuard is the library's logger. It keeps silence, and it breaks a loop: when
// sending fails with EACCES (a prohibit route, mandatory access control) the library
// takes the address for a broadcast one, says so at level info and tries again for
// ever, without looking at its timeout. Ending the goroutine there runs its deferred
// calls, which end the series.
type pingGuard struct {
	probing.NoopLogger
	denied bool
}

func (g *pingGuard) Infof(_ string, args ...any) {
	if len(args) > 0 {
		return // its other message, about an odd sender
	}
	g.denied = true
	runtime.Goexit()
}
