package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
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
	// From the first moment on: unheard, these signals would end the process.
	heard := make(chan os.Signal, 1)
	notifyDaemon(heard)
	defer signal.Stop(heard)
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
	dir := runDir(a.env)
	single, err := dir.only(ctx)
	if err != nil {
		return a.fail(err)
	}
	defer single()
	dir.leave() // what an earlier one said, that was killed
	vouched := &atomic.Bool{}
	s, err := store.Open(c.Reports.Dir, store.Options{
		Keep: int64(c.Reports.Keep), MaxAge: c.Reports.MaxAge, Patience: diskPatience,
		Now: func() (time.Time, bool) { return time.Now(), vouched.Load() },
	})
	if err != nil {
		return a.fail(fmt.Errorf("%s: %w; stop that one first", c.Reports.Dir, err))
	}
	defer closeStore(s)
	r := &running{app: a, dir: dir, file: file, store: s, config: c, vouched: vouched, taken: make(chan daemon.Config)}
	r.spends = &shipBudget{held: func() bool { return dir.paused(time.Now()) }}
	r.shipping = newShipping(s, c.Reports.Dir, r.spends, a.complain)
	defer r.shipping.stop()
	if err := r.shipping.configure(c); err != nil {
		return a.misuse("%v", err)
	}
	daemon.New(a.daemonConfig(c), r.doors(ctx, heard), r.state()).Run(ctx)
	dir.leave()
	return exitHealthy
}

// state is what an earlier daemon left, as far as it still holds.
func (r *running) state() daemon.State {
	var state daemon.State
	if _, err := r.store.State(stateName, &state); err != nil {
		r.complain(fmt.Sprintf("the state in %s cannot be read (%v): starting without memory", r.config.Reports.Dir, err))
	}
	if state.Boots.ID != bootID() { // the terminal may have been moved since
		state.Memory = report.Memory{LastGood: state.Memory.LastGood}
	}
	return state
}

// doors are what the daemon touches, until ctx ends.
func (r *running) doors(ctx context.Context, heard <-chan os.Signal) daemon.Doors {
	keep := &kept{store: r.store, began: time.Now(), redact: r.redact, stored: r.shipping.stored}
	dump := make(chan struct{}, 1)
	go r.signals(ctx, heard, func() {
		keep.wanted.Store(true)
		select {
		case dump <- struct{}{}:
		default: // one is on its way
		}
	})
	return daemon.Doors{
		Round: r.round, Spent: probe.Spent, Keep: keep,
		Links: probe.WatchLinks(ctx), Manager: daemon.FindManager(r.env), Reload: r.taken, Dump: dump,
		Show: r.show, Shipping: r.spends, Rest: debug.FreeOSMemory, Random: rand.Float64, BootID: bootID(),
	}
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

// signals obeys SIGHUP and SIGUSR1 until ctx ends.
func (r *running) signals(ctx context.Context, heard <-chan os.Signal, dump func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-heard:
			if s == reloadSignal {
				r.reload(ctx)
			} else {
				dump()
			}
		}
	}
}

// daemonConfig is what the daemon reads of the configuration.
func (a app) daemonConfig(c *config.Config) daemon.Config {
	limits := incident.Defaults()
	limits.Escalate = c.Reports.EscalateAfter
	return daemon.Config{
		Schedule: schedule(c),
		Limits:   limits, BytesPerDay: int64(c.Schedule.DataPerDay), Zone: c.Acquirer.Location(), Metered: metered(c.Network.Metered),
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
		FollowUps: l.FollowUps, FollowUpBytes: int(l.FollowUpBytes), Allow: l.Questions.Allow, Memory: &l.Memory,
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
