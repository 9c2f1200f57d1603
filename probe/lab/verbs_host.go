//go:build linux

package lab

import (
	"errors"
)

// Verbs that break the acquirer.

type whoArg struct {
	Who string `yaml:"who"`
}

func (x whoArg) check() error { return mustBe("who", x.Who, "acquirer", "backup", "front") }

func (x whoArg) fits(s *Scenario) error {
	switch {
	case x.Who == "backup" && !s.Setup.Backup:
		return errors.New("needs world.backup")
	case x.Who == "front":
		return front(s.Setup)
	}
	return nil
}

// program is who is meant: with a front end, the acquirer is the application behind it.
func (sc *scene) program(who string) *Process {
	switch who {
	case "backup":
		return sc.backup
	case "front":
		return sc.front
	}
	return sc.acquirer
}

func pause(sc *scene, x whoArg) func() {
	p := sc.program(x.Who)
	p.Pause()
	return p.Resume
}

func resume(sc *scene, x whoArg) func() { sc.program(x.Who).Resume(); return nil }

type flagsArg struct {
	Who   string   `yaml:"who"`
	Flags []string `yaml:"flags"`
}

func (f flagsArg) check() error {
	if len(f.Flags) == 0 {
		return errors.New("flags: none given; acquirersim -list shows them")
	}
	return mustBe("who", f.Who, "", "acquirer", "backup")
}

func (f flagsArg) fits(s *Scenario) error { return whoArg{f.Who}.fits(s) }

// behave starts a practice acquirer again with other flags, at the same address.
func behave(sc *scene, f flagsArg) func() {
	x := sc.s.Setup
	restart := func(flags []string) {
		if f.Who == "backup" {
			sc.backup.Stop()
			sc.backup, sc.backupTrust = sc.practise(Away, AwayAddr, flags, x.TLS)
			return
		}
		sc.acquirer.Stop()
		if x.Front == "" {
			sc.acquirer, sc.trust = sc.practise(Acq, AcqAddr, flags, x.TLS)
			return
		}
		sc.acquirer, _ = sc.practise(App, AppAddr, flags, false)
	}
	restart(f.Flags)
	was := x.Acquirer
	if f.Who == "backup" {
		was = x.BackupAcquirer
	}
	return func() { restart(was) }
}

func kill(sc *scene, x whoArg) func() { sc.program(x.Who).Stop(); return nil }

type powerArg struct {
	Who string `yaml:"who"`
}

func (p powerArg) check() error { return mustBe("who", p.Who, "acquirer") }

func powerOff(sc *scene, _ powerArg) func() { return sc.w.PowerOff() }

func loseState(sc *scene, _ nothingElse) func() { sc.w.LoseState(AcquirerPort); return nil }

// unaccepted has the host's kernel take connections that no program accepts.
func unaccepted(sc *scene, _ nothingElse) func() {
	sc.acquirer.Stop()
	ln := sc.w.Listen(Acq, AcquirerPort)
	return func() { ln.Close() }
}

type backlogArg struct {
	Backlog int `yaml:"backlog"`
	Filled  int `yaml:"filled"`
}

func (b backlogArg) check() error {
	if b.Backlog < 0 || b.Filled < 0 || b.Backlog > 64 || b.Filled > 64 {
		return errors.New("backlog, filled: not between 0 and 64")
	}
	return nil
}

func fullBacklog(sc *scene, b backlogArg) func() {
	sc.acquirer.Stop()
	return sc.w.NarrowBacklog(AcquirerPort, b.Backlog, b.Filled)
}

func synProxy(sc *scene, _ nothingElse) func() { return sc.w.SYNProxy(AcquirerPort) }

type frontArg struct {
	How string `yaml:"how"`
}

func (f frontArg) check() error { return mustBe("how", f.How, "killed", "paused", "gone") }

func frontEndOnly(sc *scene, f frontArg) func() {
	switch f.How {
	case "killed":
		sc.acquirer.Stop()
		return nil
	case "paused":
		sc.acquirer.Pause()
		return sc.acquirer.Resume
	}
	sc.w.link(App, "eth0", "down")
	sc.w.ip(Acq, "neigh flush dev app")
	return func() { sc.w.link(App, "eth0", "up"); sc.w.addRoutes(App) }
}
