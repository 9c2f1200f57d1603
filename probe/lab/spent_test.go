//go:build linux

package lab

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/probe"
)

var spentOf = flag.String("spent", "", "count the packets of all scenarios whose name has this `PREFIX`, not of the few alone; / for all")

// spentFew are the scenarios whose packets are counted in every run: each way of asking,
// and each way of getting no answer.
var spentFew = []string{
	"healthy/plain", "healthy/two_endpoints", "healthy/tls_ca", "healthy/resolver_by_tcp", "healthy/noisy_line", "healthy/slow_network",
	"host/stopped_process", "host/refused_new_terminal", "access/down", "access/lossy", "access/portal", "access/reply_loss_60",
	"dns/silent", "path/blackholed", "path/requests_dropped", "path/host_unreachable_while_established", "tls/hangs",
}

// What Spent may say more than crossed the wire: as much again, and for what is
// priced at its worst (the end of a connection, the rest of a DNS answer, a portal's page)
// so many bytes a task that asked something.
const (
	spentShare = 2
	spentEach  = 1500
)

// TestSpent compares what a round says that it moved with the packets on the terminal's
// cable, until long after its end: never less, and not much more.
func TestSpent(t *testing.T) {
	require(t)
	list := loadScenarios(t)
	for _, name := range spentFew {
		if !slices.ContainsFunc(list, func(s *Scenario) bool { return s.Name == name }) {
			t.Errorf("there is no scenario %s", name)
		}
	}
	for _, s := range list {
		since, err := s.since()
		if err != nil {
			t.Fatal(err)
		}
		if *spentOf == "" && !slices.Contains(spentFew, s.Name) || !strings.HasPrefix("/"+s.Name, "/"+strings.TrimPrefix(*spentOf, "/")) ||
			!since.now && !since.always {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			sc := newScene(t, s)
			sc.do(s.Before)
			if since.now || s.Known {
				sc.await(sc.command()(), sc.w.traffic())
				sc.quiet(3 * time.Second)
			}
			sc.strike()
			sc.quiet(time.Second)
			start := sc.command()
			before := sc.w.traffic()
			o := sc.await(start(), before)
			took := sc.quiet(10 * time.Second)
			real := sc.w.traffic().bytes - before.bytes
			said, asked := probe.Spent(o.Report.Evidence), int64(0)
			for _, task := range o.Report.Evidence.Tasks {
				if task.Outcome != "not_asked" && task.Endpoint+task.Target != "" {
					asked++
				}
			}
			t.Logf("%s: said %d, moved %d (%d when it ended; quiet after %v), %+.0f %%", o.Headline(), said, real, o.Bytes, took.Round(time.Second), 100*float64(said-real)/float64(max(1, real)))
			if said < real {
				t.Errorf("it says %d bytes, and moved %d", said, real)
			}
			if most := int64(spentShare*float64(real)) + spentEach*asked; said > most {
				t.Errorf("it says %d bytes, and moved %d", said, real)
			}
		})
	}
}

// quiet waits until nothing has crossed the terminal's cables for a while, for a kernel
// sends what a program left behind for a minute, and returns how long that took.
func (sc *scene) quiet(while time.Duration) time.Duration {
	began := time.Now()
	last, since := sc.w.traffic(), began
	for time.Since(began) < 90*time.Second && time.Since(since) < while {
		time.Sleep(100 * time.Millisecond)
		if now := sc.w.traffic(); now.packets != last.packets {
			last, since = now, time.Now()
		}
	}
	return since.Sub(began)
}
