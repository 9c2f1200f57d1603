package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/kardianos/service"

	"posprobe/packaging"
	"posprobe/report"
)

// serviceName is what service managers know posprobe by.
const serviceName = "posprobe"

// The commands that only pass something on to the service manager.
func (a app) serviceStart(ctx context.Context, args []string) int {
	return a.tellManager("service start", args, service.Service.Start)
}

func (a app) serviceStop(ctx context.Context, args []string) int {
	return a.tellManager("service stop", args, service.Service.Stop)
}

func (a app) serviceRestart(ctx context.Context, args []string) int {
	return a.tellManager("service restart", args, service.Service.Restart)
}

// tellManager does something with the service; name is the command's.
func (a app) tellManager(name string, args []string, do func(service.Service) error) int {
	lang, _, status, ok := a.langOnly(name, args, 0)
	if !ok {
		return status
	}
	a.lang = lang
	s, err := manager(packaging.Packaged)
	if err != nil {
		return a.fail(err)
	}
	if !installed(s) {
		return a.fail(errors.New(notInstalled.In(lang)))
	}
	if err := do(s); err != nil {
		return a.fail(fmt.Errorf(managerFailed.In(lang), s.Platform(), err))
	}
	return exitHealthy
}

var (
	notInstalled  = report.Text{ZH: "尚未安装为系统服务：posprobe service install", EN: "posprobe is no service here yet: posprobe service install"}
	managerFailed = report.Text{ZH: "服务管理器（%s）：%w", EN: "the service manager (%s): %w"}
)

// manager is the service as the manager of this system sees it, for a posprobe at a place.
func manager(at packaging.Place) (service.Service, error) {
	return service.New(hosted{}, &service.Config{
		Name: serviceName, DisplayName: serviceName,
		Description: "posprobe: whose fault is a failed sign-on: the device's, the network's or the host's",
		Executable:  at.Program, Arguments: []string{"run", "--wait-for-config", "--config", at.Config},
		Option: service.KeyValue{
			// The library's own texts are without a user, a sandbox or a watchdog, start again
			// after two minutes, or never; ours have no place-holders left for it to fill in.
			"SystemdScript": at.In(packaging.Systemd), "OpenRCScript": at.In(packaging.OpenRC),
			"SysvScript": at.In(initText(service.Platform(), at)), "RCSScript": at.In(packaging.Init),
			// Windows
			"OnFailure": "restart", "OnFailureDelayDuration": "5s", "DelayedAutoStart": true,
		},
	})
}

// initText is what the library calls a SysV script: procd reads one of those too.
func initText(platform string, at packaging.Place) string {
	if platform == platformProcd {
		return packaging.Procd
	}
	return packaging.Init
}

// The library's names of what needs something else than the rest.
const (
	platformSystemd = "linux-systemd"
	platformOpenRC  = "linux-openrc"
	platformProcd   = "linux-procd"
	platformBusyBox = "linux-rcs"
	platformSysV    = "unix-systemv"
)
