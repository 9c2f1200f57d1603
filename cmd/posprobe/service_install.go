package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kardianos/service"

	"posprobe/cmd/posprobe/config"
	"posprobe/packaging"
	"posprobe/report"
)

// serviceFiles are where each service manager has its file about posprobe, as the library
// writes them; elsewhere there is none.
var serviceFiles = map[string]string{
	platformSystemd: "/etc/systemd/system/posprobe.service",
	platformOpenRC:  "/etc/init.d/posprobe",
	platformProcd:   "/etc/init.d/posprobe",
	platformSysV:    "/etc/init.d/posprobe",
	platformBusyBox: busyBoxFile,
}

// packagedUnits are where packages have the unit: one of ours would hide it.
var packagedUnits = []string{"/usr/lib/systemd/system/posprobe.service", "/lib/systemd/system/posprobe.service"}

var (
	serviceReady = report.Text{
		ZH: "已安装为系统服务（%s），开机启动；现在启动：posprobe service start",
		EN: "installed as a service (%s), started with the system; to start it now: posprobe service start",
	}
	serviceGone    = report.Text{ZH: "系统服务已删除；配置和数据仍保留", EN: "the service is removed; configuration and data are still there"}
	servicePackage = report.Text{
		ZH: "%s 已由软件包安装；启动：posprobe service start",
		EN: "%s was installed by a package; to start it: posprobe service start",
	}
	serviceForeign = report.Text{ZH: "%s 不是由 posprobe 写的；请先移走", EN: "%s was not written by posprobe; move it away first"}
	configWritten  = report.Text{
		ZH: "已写入带说明的配置 %s；填好地址后服务会自动开始工作（posprobe init --force 可代为填写）",
		EN: "wrote a commented configuration, %s; the service goes to work once it names an endpoint (posprobe init --force asks and writes it)",
	}
)

// serviceInstall makes this posprobe, wherever it lies, a service that starts with the
// system. What is there already is brought up to date.
func (a app) serviceInstall(_ context.Context, args []string) int {
	var file, langFlag string
	flags := a.flagSet("service install")
	flags.StringVar(&file, configOption.name, defaultConfig, "")
	flags.StringVar(&langFlag, langOption.name, "", "")
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	lang, err := chosenLang(langFlag, a.lang)
	if err != nil {
		return a.misuse("%v", err)
	}
	a.lang = lang
	at, err := here(file)
	if err != nil {
		return a.misuse("%v", err)
	}
	if err := a.install(at); err != nil {
		return a.fail(err)
	}
	return exitHealthy
}

// here is the place of this binary, of a configuration, and of the data that this names.
func here(file string) (packaging.Place, error) {
	at := packaging.Packaged
	program, err := os.Executable()
	if err == nil {
		at.Program, err = filepath.EvalSymlinks(program)
	}
	if err == nil {
		at.Config, err = filepath.Abs(file)
	}
	if err != nil {
		return at, err
	}
	if c, err := loadConfig(at.Config); err == nil {
		at.Data = c.Reports.Dir
	}
	return at, unixPath(at)
}

func (a app) install(at packaging.Place) error {
	s, err := manager(at)
	if err != nil {
		return err
	}
	if s.Platform() == platformSystemd {
		for _, unit := range packagedUnits {
			if _, err := os.Stat(unit); err == nil {
				return fmt.Errorf(servicePackage.In(a.lang), unit)
			}
		}
	}
	if err := a.makeWay(serviceFiles[s.Platform()]); err != nil {
		return err
	}
	if err := makeUser(); err != nil {
		return err
	}
	if err := a.provideConfig(at.Config); err != nil {
		return err
	}
	if err := register(s, at); err != nil {
		return fmt.Errorf(managerFailed.In(a.lang), s.Platform(), err)
	}
	a.complain(fmt.Sprintf(serviceReady.In(a.lang), s.Platform()))
	return nil
}

// makeWay removes the file of an earlier installation, which the library would stumble
// over.
func (a app) makeWay(path string) error {
	text, err := os.ReadFile(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), "run --wait-for-config") {
		return fmt.Errorf(serviceForeign.In(a.lang), path)
	}
	return os.Remove(path)
}

// provideConfig writes the commented configuration where there is none, and lets the
// service's user read the one that is there.
func (a app) provideConfig(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := write(a.stdout, path, config.Default().Commented(a.lang)); err != nil {
			return err
		}
		a.complain(fmt.Sprintf(configWritten.In(a.lang), path))
	}
	return letRead(path)
}

// serviceUninstall takes the service out of the system; configuration, data and the user
// stay.
func (a app) serviceUninstall(_ context.Context, args []string) int {
	lang, _, status, ok := a.langOnly("service uninstall", args, 0)
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
	_ = s.Stop() // it may not be running
	if err := unregister(s); err != nil {
		return a.fail(fmt.Errorf(managerFailed.In(lang), s.Platform(), err))
	}
	a.complain(serviceGone.In(lang))
	return exitHealthy
}

// installed reports whether a service manager knows posprobe.
func installed(s service.Service) bool {
	path, known := serviceFiles[s.Platform()]
	if !known {
		_, err := s.Status()
		return !errors.Is(err, service.ErrNotInstalled)
	}
	paths := []string{path}
	if s.Platform() == platformSystemd {
		paths = append(paths, packagedUnits...)
	}
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			return true
		}
	}
	return false
}
