//go:build !linux

package main

import (
	"github.com/kardianos/service"

	"posprobe/packaging"
)

const busyBoxFile = ""

// The service runs as the system's own user there, and the library knows the rest.

func unixPath(packaging.Place) error { return nil }

func makeUser() error { return nil }

func letRead(string) error { return nil }

func register(s service.Service, _ packaging.Place) error { return s.Install() }

func unregister(s service.Service) error { return s.Uninstall() }
