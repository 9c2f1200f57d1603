// Package packaging holds the files that put posprobe on a terminal, for those who make
// packages, and for posprobe service install, which writes the same ones where there is
// no package: one text each, wherever it comes from.
package packaging

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// What service managers read, and the commands that make the user posprobe runs as (for
// sh). They name the places of Packaged.
var (
	//go:embed systemd/posprobe.service
	Systemd string
	//go:embed openrc/posprobe
	OpenRC string
	//go:embed procd/posprobe
	Procd string
	// Init is for SysV and for BusyBox.
	//go:embed init/posprobe
	Init string
	//go:embed user.sh
	User string
)

// Place is where posprobe is on a terminal. All are absolute.
type Place struct {
	Program string // the binary
	Config  string // the configuration
	Data    string // reports.dir
}

// Packaged is where packages put it.
var Packaged = Place{Program: "/usr/bin/posprobe", Config: "/etc/posprobe/posprobe.yaml", Data: "/var/lib/posprobe"}

// plain is a path that means the same to a shell, to systemd and to OpenRC, unquoted.
var plain = regexp.MustCompile(`^/[A-Za-z0-9/._+@-]*$`)

// Check returns an error with a remedy if a service file cannot name the place.
func (p Place) Check() error {
	for _, path := range []string{p.Program, p.Config, p.Data} {
		if !plain.MatchString(path) {
			return fmt.Errorf("%q cannot stand in a service file; move it to an absolute path of letters, digits and / . _ + @ -", path)
		}
	}
	return nil
}

// In is the text with this place instead of Packaged.
func (p Place) In(text string) string {
	text = strings.NewReplacer(Packaged.Program, p.Program, Packaged.Config, p.Config).Replace(text)
	if p.Data != Packaged.Data { // systemd makes no state directory but below /var/lib
		text = strings.Replace(text, "StateDirectory=posprobe\n", "StateDirectory=posprobe\nReadWritePaths=-"+p.Data+"\n", 1)
	}
	if p.atHome() {
		text = strings.Replace(text, "ProtectHome=yes\n", "ProtectHome=read-only\n", 1)
	}
	return text
}

// atHome reports whether anything lies where ProtectHome= would hide it (systemd.exec(5)).
func (p Place) atHome() bool {
	for _, path := range []string{p.Program, p.Config, p.Data} {
		for _, home := range []string{"/home/", "/root/", "/run/user/"} {
			if strings.HasPrefix(filepath.Clean(path), home) {
				return true
			}
		}
	}
	return false
}
