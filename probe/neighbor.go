package probe

import (
	"context"
	"time"

	"posprobe/report"
)

// The kernel doubts a neighbour that was not heard for a while as soon as packets go
// there, and gives up on it 8 s later: DELAY_FIRST_PROBE_TIME of 5 s, and three probes a
// second apart (RFC 4861 sections 7.3.3 and 10). lookEvery is how often it is looked at.
const lookEvery = 250 * time.Millisecond

// settled reports whether the kernel has made up its mind about a neighbour.
func settled(state string) bool {
	switch state {
	case "incomplete", "stale", "delay", "probe":
		return false
	}
	return true
}

// neighbor waits until it is settled whether a gateway is there. It sends nothing: the
// kernel asks, on account of the packets that went before.
func (r *round) neighbor(ctx context.Context, a *asking, t task) *report.Failure {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		table, err := list(r.sys.Lists.Neighbors)
		if err != nil {
			return failure(report.OpSurvey, err)
		}
		state := "none"
		for _, n := range table {
			if n.Address == t.name && n.Link == t.link {
				state = n.State
			}
		}
		if settled(state) || ctx.Err() != nil || t.within(lookEvery) < lookEvery {
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				e.Neighbors = append(e.Neighbors, report.Neighbor{Observation: head, Address: t.name, Link: t.link, State: state})
			})
			return failureIn(ctx, report.OpSurvey, ctx.Err())
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}
