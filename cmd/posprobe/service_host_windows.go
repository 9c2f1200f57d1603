package main

import (
	"context"
	"time"

	"github.com/kardianos/service"

	"posprobe/packaging"
)

// hosted is a daemon that Windows' service manager starts and stops.
type hosted struct {
	run  func(context.Context) int
	done chan int
	ctx  context.Context
	stop context.CancelFunc
}

// Start implements service.Interface.
func (h hosted) Start(service.Service) error {
	go func() { h.done <- h.run(h.ctx) }()
	return nil
}

// stopWithin is how long the service manager waits: longer than the daemon takes.
const stopWithin = 5 * time.Second

// Stop implements service.Interface.
func (h hosted) Stop(service.Service) error {
	h.stop()
	select {
	case <-h.done:
	case <-time.After(stopWithin):
	}
	return nil
}

// host runs the daemon: as a service where Windows started it, else as it is.
func (a app) host(ctx context.Context, run func(context.Context) int) int {
	if service.Interactive() {
		return run(ctx)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s, err := service.New(hosted{run, make(chan int, 1), ctx, stop}, &service.Config{Name: serviceName, Executable: packaging.Packaged.Program})
	if err != nil {
		return a.fail(err)
	}
	if err := s.Run(); err != nil {
		return a.fail(err)
	}
	return exitHealthy
}
