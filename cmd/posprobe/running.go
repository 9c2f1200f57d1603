package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
	"posprobe/report"
	"posprobe/report/store"
)

// running is a daemon at work.
type running struct {
	app
	dir   directories
	file  string // of the configuration, "" for the default one
	store *store.Store
	// vouched: the kernel said in the last round that something keeps the clock right.
	// Without that nothing is dropped for its age.
	vouched *atomic.Bool
	// taken brings a new configuration to the loop, which takes it over as it receives it.
	taken chan daemon.Config
	// shipping carries what is stored to central support, out of what spends may use.
	shipping *shipping
	spends   *shipBudget

	mu sync.Mutex
	// config is the one that the loop took over last. Whoever hands it another one holds mu
	// until that is done, so that no round begins with the one while the loop has the other.
	config *config.Config
}

// current is the configuration that is in force.
func (r *running) current() *config.Config {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.config
}

func (r *running) round(ctx context.Context, l daemon.Look) report.Report {
	got := r.daemonRound(ctx, r.current(), l)
	r.vouched.Store(slices.ContainsFunc(got.Evidence.Clocks, func(c report.Clock) bool {
		return c.Source == report.ClockKernel && c.Synchronized != nil && *c.Synchronized
	}))
	return got
}

// What a reload says.
var (
	reloadRefused = report.Text{ZH: "未采用新的配置，继续使用原来的配置：%v", EN: "the configuration is not taken over, the old one stays: %v"}
	reloadDone    = report.Text{ZH: "已重新读取配置", EN: "configuration read again"}
	reloadLater   = report.Text{
		ZH: "reports.dir、reports.keep 和 reports.max_age 的改动要在 posprobe run 重新启动后才生效",
		EN: "reports.dir, reports.keep and reports.max_age are read at the start alone: restart posprobe run to have them changed",
	}
)

// reload reads the configuration again and hands it to the loop, unless it has mistakes.
func (r *running) reload(ctx context.Context) {
	next, err := checked(r.file)
	if err != nil {
		r.complain(fmt.Sprintf(reloadRefused.In(r.lang), err))
		r.dir.refuse(err.Error())
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.taken <- r.daemonConfig(next):
	case <-ctx.Done():
		return
	}
	if r.config.Reports.Dir != next.Reports.Dir || r.config.Reports.Keep != next.Reports.Keep || r.config.Reports.MaxAge != next.Reports.MaxAge {
		r.complain(reloadLater.In(r.lang))
	}
	r.config = next
	if err := r.shipping.configure(next); err != nil { // a file changed since it was checked
		r.complain(err.Error())
	}
	r.dir.refuse("")
	r.complain(reloadDone.In(r.lang))
}

// show publishes a status, with what the store alone knows.
func (r *running) show(s daemon.Status) {
	r.dir.show(shown{Status: s, Dropped: r.store.Health().Dropped, Shipping: r.shipping.status()})
}

// redact takes out of a JSON object what must not leave the terminal.
func (r *running) redact(text []byte) ([]byte, error) {
	return r.current().Redactor().Line(text)
}
