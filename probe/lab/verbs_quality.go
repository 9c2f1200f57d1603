//go:build linux

package lab

import (
	"errors"
	"fmt"
	"time"
)

// Verbs that make a link worse.

// namedLinks are the links as scenarios name them, by their ends.
var namedLinks = map[string][2]NS{
	"lan": {Term, LAN}, "access": {Shop, ISP}, "transit": {ISP, Core}, "acquirer": {Core, Gate}, "host": {Gate, Acq},
	"dns": {Core, DNS}, "ref": {Core, Ref}, "mobile": {Mobile, Core},
}

func checkLink(name string) error {
	if _, ok := namedLinks[name]; !ok {
		return fmt.Errorf("at: no link %q", name)
	}
	return nil
}

// worsen changes a link, in one direction or both ("both").
func worsen(sc *scene, at, direction string, f func(*Quality)) func() {
	ends := namedLinks[at]
	c := sc.w.Cable(ends[0], ends[1])
	up, down := *c.up.quality.Load(), *c.down.quality.Load()
	if direction != "down" {
		c.up.change(f)
	}
	if direction != "up" {
		c.down.change(f)
	}
	return func() {
		c.up.quality.Store(&up)
		c.down.quality.Store(&down)
	}
}

type pathArg struct {
	At     string        `yaml:"at"`
	Delay  time.Duration `yaml:"delay"`
	Jitter time.Duration `yaml:"jitter"`
}

func (p pathArg) check() error {
	if p.Delay < 0 || p.Jitter < 0 || p.Delay+p.Jitter == 0 {
		return errors.New("delay, jitter: none")
	}
	return checkLink(p.At)
}

func slowPath(sc *scene, p pathArg) func() {
	return worsen(sc, p.At, "both", func(q *Quality) { q.Delay, q.Jitter = max(q.Delay, p.Delay), p.Jitter })
}

type lossArg struct {
	At        string  `yaml:"at"`
	Direction string  `yaml:"direction"`
	Percent   float64 `yaml:"percent"`
}

func (l lossArg) check() error {
	return errors.Join(checkLink(l.At), checkPercent(l.Percent), mustBe("direction", l.Direction, "both", "up", "down"))
}

func checkPercent(p float64) error {
	if p <= 0 || p > 100 {
		return fmt.Errorf("percent: %v is not above 0 and at most 100", p)
	}
	return nil
}

func lose(sc *scene, l lossArg) func() {
	return worsen(sc, l.At, l.Direction, func(q *Quality) { q.Loss = l.Percent })
}

type burstArg struct {
	At    string        `yaml:"at"`
	Every time.Duration `yaml:"every"`
	For   time.Duration `yaml:"for"`
}

func (b burstArg) check() error {
	if b.For <= 0 || b.Every <= b.For {
		return errors.New("every must be longer than for")
	}
	return checkLink(b.At)
}

func burstLoss(sc *scene, b burstArg) func() {
	return worsen(sc, b.At, "both", func(q *Quality) { q.BurstEvery, q.BurstFor = b.Every, b.For })
}

type rateArg struct {
	At   string `yaml:"at"`
	Kbit int    `yaml:"kbit"`
}

func (r rateArg) check() error {
	if r.Kbit <= 0 {
		return errors.New("kbit: none")
	}
	return checkLink(r.At)
}

func limitRate(sc *scene, r rateArg) func() {
	return worsen(sc, r.At, "both", func(q *Quality) { q.Rate = r.Kbit })
}

type shareArg struct {
	At      string  `yaml:"at"`
	Percent float64 `yaml:"percent"`
}

func (s shareArg) check() error { return errors.Join(checkLink(s.At), checkPercent(s.Percent)) }

func reorder(sc *scene, s shareArg) func() {
	return worsen(sc, s.At, "both", func(q *Quality) { q.Reorder = s.Percent })
}

func duplicate(sc *scene, s shareArg) func() {
	return worsen(sc, s.At, "both", func(q *Quality) { q.Duplicate = s.Percent })
}

// crowding is what other devices do to the shop's LAN.
type crowding struct {
	Delay  time.Duration `yaml:"delay"`
	Jitter time.Duration `yaml:"jitter"`
	Loss   float64       `yaml:"loss"`
	Rate   int           `yaml:"rate"`
}

func (c crowding) check() error {
	if c.Delay < 0 || c.Jitter < 0 || c.Loss < 0 || c.Loss > 100 || c.Rate < 0 || c == (crowding{}) {
		return errors.New("delay, jitter, loss, rate: none, or out of range")
	}
	return nil
}

func crowd(sc *scene, c crowding) func() {
	return worsen(sc, "lan", "both", func(q *Quality) {
		q.Delay, q.Jitter, q.Loss, q.Rate = max(q.Delay, c.Delay), c.Jitter, c.Loss, c.Rate
	})
}
