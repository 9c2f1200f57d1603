//go:build linux

package lab

import (
	"fmt"
	"time"
)

// Cable joins two interfaces in two namespaces. It carries Ethernet frames as they are,
// so that ARP is delayed and lost like everything else, and no frame is larger than the
// MTU (a veth pair hands on segments of up to 64 kB, which no real link carries).
type Cable struct {
	// outer is the end nearer to the terminal.
	outer, inner *tap
	// up carries from outer to inner, down the other way.
	up, down *line
	ends     [2]NS
}

func newCable(w *World, l link) (*Cable, error) {
	outer, err := openTap(w, l.outer.ns, l.outer.device)
	if err != nil {
		return nil, err
	}
	inner, err := openTap(w, l.inner.ns, l.inner.device)
	if err != nil {
		outer.close()
		return nil, err
	}
	return &Cable{
		outer: outer, inner: inner, ends: [2]NS{l.outer.ns, l.inner.ns},
		up: carry(outer, inner), down: carry(inner, outer),
	}, nil
}

// Cable returns the link between two neighbouring namespaces, in either order.
func (w *World) Cable(a, b NS) *Cable {
	w.t.Helper()
	for _, c := range w.cables {
		if c.ends == [2]NS{a, b} || c.ends == [2]NS{b, a} {
			return c
		}
	}
	w.t.Fatalf("lab: no cable between %s and %s", a, b)
	return nil
}

// SetDelay sets the delay of each direction, for frames sent from now on. Frames never
// overtake each other.
func (c *Cable) SetDelay(d time.Duration) {
	c.up.delay.Store(int64(d))
	c.down.delay.Store(int64(d))
}

// SetLoss makes the cable lose this share, in percent, of the frames that ns sends into
// it from now on. The choice is pseudo-random, and the same in every run for the same
// sequence of frames.
func (c *Cable) SetLoss(ns NS, percent float64) {
	l := c.up
	if ns == c.ends[1] {
		l = c.down
	}
	l.lose(percent)
}

// SetCarrier pulls the plug at one end, or puts it back: the interface stays switched on
// and loses its carrier. The other end notices nothing, as behind a switch.
func (c *Cable) SetCarrier(ns NS, up bool) error {
	end := c.outer
	if ns == c.ends[1] {
		end = c.inner
	}
	if err := end.setCarrier(up); err != nil {
		return fmt.Errorf("carrier of %s: %w", ns, err)
	}
	return nil
}

// close takes the cable away, and with it both interfaces.
func (c *Cable) close() {
	c.outer.close()
	c.inner.close()
	c.up.wait()
	c.down.wait()
}
