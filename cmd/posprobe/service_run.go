package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
	"posprobe/report"
)

// The flags of run that a service needs.
var (
	userOption = option{name: "user", value: "NAME", text: report.Text{
		ZH: "以 root 启动后改用该用户（名称或数字），并先把数据目录和运行目录交给它",
		EN: "started by root: become this user (a name or a number) for good; the directories for data and locks are handed over first",
	}}
	rawOption = option{name: "raw", text: report.Text{
		ZH: "与 --user 同用：保留 CAP_NET_RAW，用于 ping 和 ARP",
		EN: "with --user: keep CAP_NET_RAW, for ping and ARP",
	}}
	waitOption = option{name: "wait-for-config", text: report.Text{
		ZH: "没有可用的配置时等待，而不是结束",
		EN: "while there is no valid configuration wait for one instead of ending",
	}}
)

// runService is run: the daemon in the foreground, with what a service manager asks of it.
func (a app) runService(ctx context.Context, args []string) int {
	var file, name string
	var raw, wait bool
	flags := a.flagSet("run")
	flags.StringVar(&file, configOption.name, "", "")
	flags.StringVar(&name, userOption.name, "", "")
	flags.BoolVar(&raw, rawOption.name, false, "")
	flags.BoolVar(&wait, waitOption.name, false, "")
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	if raw && name == "" {
		return a.misuse("run: --%s needs --%s", rawOption.name, userOption.name)
	}
	if name != "" {
		if err := a.dropTo(name, raw, dataDir(file)); err != nil {
			return a.fail(err)
		}
	}
	return a.host(ctx, func(ctx context.Context) int {
		if wait {
			next, ok := a.awaitConfig(ctx, file)
			if !ok {
				return exitHealthy
			}
			a = next
		}
		if file != "" {
			return a.runDaemon(ctx, []string{"--" + configOption.name, file})
		}
		return a.runDaemon(ctx, nil)
	})
}

// dataDir is reports.dir of a configuration, or the default where that cannot be read yet.
func dataDir(file string) string {
	c, err := loadConfig(file)
	if err != nil {
		c = config.Default()
	}
	return c.Reports.Dir
}

// How often awaitConfig looks whether the file changed, and after how many looks it reads
// it again all the same: files that it names may have appeared.
const (
	awaitEvery  = 5 * time.Second
	awaitReread = 12
)

var waiting = report.Text{
	ZH: "等待可用的配置（改好后自动开始）：%v",
	EN: "waiting for a valid configuration, and starting once there is one: %v",
}

// awaitConfig waits until the configuration has no mistakes; ok is false if ctx ended
// first. The service manager, if any, is told that all is well meanwhile: a terminal that
// nobody has set up yet is not broken, and starting again would not set it up. The app
// that it returns knows what it took out of the environment.
func (a app) awaitConfig(ctx context.Context, file string) (next app, ok bool) {
	_, err := checked(file)
	if err == nil {
		return a, true
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	dir := runDir(a.env)
	if single, err := dir.only(ctx); err == nil { // service status asks who has that lock
		defer single()
		defer dir.leave()
		now := time.Now()
		dir.show(shown{Status: daemon.Status{StartedAt: now, UpdatedAt: now}, Unconfigured: true})
	}
	manager, kept := a.manager()
	changed := make(chan os.Signal, 1)
	notifyDaemon(changed)
	defer signal.Stop(changed)
	every := awaitEvery
	if manager.Watchdog > 0 {
		every = min(every, manager.Watchdog/3)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	manager.Tell("READY=1")
	told, was := "", stamp(file)
	for looks := 0; err != nil; looks++ {
		if why := err.Error(); why != told {
			told = why
			a.complain(fmt.Sprintf(waiting.In(a.lang), err))
			dir.refuse(why)
			first, _, _ := strings.Cut(why, "\n")
			manager.Tell("STATUS=waiting for a valid configuration: " + printable(first))
		}
		select {
		case <-ctx.Done():
			manager.Tell("STOPPING=1")
			return a, false
		case <-changed:
		case <-tick.C:
			manager.Tell("WATCHDOG=1")
			if is := stamp(file); is == was && looks%awaitReread != 0 {
				continue
			}
		}
		was = stamp(file)
		_, err = checked(file)
	}
	a.env = kept
	return a, true
}

// manager is who started the daemon, and an environment in which it can be found again.
func (a app) manager() (daemon.Manager, func(string) string) {
	env, kept := a.env, map[string]string{}
	m := daemon.FindManager(func(name string) string {
		kept[name] = env(name)
		return kept[name]
	})
	return m, func(name string) string {
		if v, ok := kept[name]; ok {
			return v
		}
		return env(name)
	}
}

// stamp tells one state of a configuration file from another.
func stamp(file string) string {
	if file == "" {
		file = defaultConfig
	}
	info, err := os.Stat(file)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}
