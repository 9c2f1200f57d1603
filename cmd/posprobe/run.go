package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime/debug"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
	"posprobe/probe"
	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/store"
)

// runDaemon is the daemon, in the foreground; a service manager starts it.
func (a app) runDaemon(ctx context.Context, args []string) int {
	ctx, stop := interruptible(ctx)
	defer stop()
	var file string
	flags := a.flagSet("run")
	flags.StringVar(&file, "config", "", "")
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	c, err := checked(file)
	if err != nil {
		return a.misuse("%v", err)
	}
	single, err := runDir(a.env).only()
	if err != nil {
		return a.fail(err)
	}
	defer single()
	s, err := store.Open(c.Reports.Dir, store.Options{Keep: int64(c.Reports.Keep), Patience: diskPatience})
	if err != nil {
		return a.fail(fmt.Errorf("%s: %w; stop that one first", c.Reports.Dir, err))
	}
	defer closeStore(s)
	var state daemon.State
	if _, err := s.State(stateName, &state); err != nil {
		a.complain(fmt.Sprintf("the state in %s cannot be read (%v): starting without memory", c.Reports.Dir, err))
	}
	if state.Boots.ID != bootID() { // the terminal may have been moved since
		state.Memory = report.Memory{LastGood: state.Memory.LastGood}
	}
	current := c
	d := daemon.Doors{
		Round: func(ctx context.Context, l daemon.Look) report.Report { return a.daemonRound(ctx, current, l) },
		Spent: probe.Spent, Keep: &kept{store: s, began: time.Now()},
		Links: probe.WatchLinks(ctx), Manager: daemon.FindManager(a.env),
		Show: runDir(a.env).show, Rest: debug.FreeOSMemory, Random: rand.Float64, BootID: bootID(),
	}
	reload, dump := make(chan daemon.Config), make(chan struct{}, 1)
	d.Reload, d.Dump = reload, dump
	go a.signals(ctx, dump, func() {
		next, err := checked(file)
		if err != nil {
			a.complain(fmt.Sprintf("the configuration is not taken over, the old one stays: %v", err))
			return
		}
		a.complain("configuration read again")
		select {
		case reload <- a.daemonConfig(next):
			current = next
		case <-ctx.Done():
		}
	})
	daemon.New(a.daemonConfig(c), d, state).Run(ctx)
	runDir(a.env).show(daemon.Status{})
	return exitHealthy
}

// checked is a configuration without mistakes.
func checked(file string) (*config.Config, error) {
	c, err := loadConfig(file)
	if err != nil {
		return nil, fmt.Errorf("%w; name a file that exists", err)
	}
	if m := c.Check(); m != nil {
		return nil, m
	}
	return c, nil
}

// signals hears SIGHUP and SIGUSR1 until ctx ends.
func (a app) signals(ctx context.Context, dump chan<- struct{}, reload func()) {
	heard := make(chan os.Signal, 1)
	notifyDaemon(heard)
	defer signal.Stop(heard)
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-heard:
			if s == reloadSignal {
				reload()
				continue
			}
			select {
			case dump <- struct{}{}:
			default:
			}
		}
	}
}

// daemonConfig is what the daemon reads of the configuration.
func (a app) daemonConfig(c *config.Config) daemon.Config {
	s := c.Schedule
	limits := incident.Defaults()
	limits.Escalate = c.Reports.EscalateAfter
	return daemon.Config{
		Schedule: daemon.Schedule{Light: s.Light, Full: s.Full, Jitter: float64(s.Jitter) / 100, Splay: s.Splay},
		Limits:   limits, BytesPerDay: int64(s.DataPerDay), Zone: c.Acquirer.Location(), Metered: metered(c.Network.Metered),
		Price: func(d daemon.Depth) int64 {
			if d == daemon.Local {
				return 0
			}
			r, err := request(c, look{Light: d == daemon.Light})
			if err != nil {
				return 0
			}
			return probe.Price(r)
		},
	}
}

func metered(word string) *bool {
	if word == "auto" {
		return nil
	}
	yes := word == "true"
	return &yes
}

// daemonRound is one round of the daemon's. A round that could not begin, because another
// posprobe was at work for long, says nothing.
func (a app) daemonRound(ctx context.Context, c *config.Config, l daemon.Look) report.Report {
	r, err := a.look(ctx, c, look{
		Trigger: l.Trigger, Light: l.Depth == daemon.Light, Local: l.Depth == daemon.Local,
		FollowUps: l.FollowUps, FollowUpBytes: int(min(l.FollowUpBytes, 60_000)), Memory: &l.Memory,
	})
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			a.complain(err.Error())
		}
		return report.Report{ObservedAt: time.Now()}
	}
	return r
}

func closeStore(s *store.Store) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.Close(ctx)
}
