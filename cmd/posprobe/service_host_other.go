//go:build !windows

package main

import (
	"context"

	"github.com/kardianos/service"
)

// hosted is a service whose process is nothing special: its manager sends signals.
type hosted struct{}

// Start implements service.Interface.
func (hosted) Start(service.Service) error { return nil }

// Stop implements service.Interface.
func (hosted) Stop(service.Service) error { return nil }

// host runs the daemon.
func (a app) host(ctx context.Context, run func(context.Context) int) int { return run(ctx) }
