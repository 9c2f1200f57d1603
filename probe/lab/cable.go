//go:build linux

package lab

import (
	"fmt"
	"hash/fnv"
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
	c := &Cable{
		outer: outer, inner: inner, ends: [2]NS{l.outer.ns, l.inner.ns},
		up:   carry(outer, inner, seed(l.outer.ns, l.inner.ns)),
		down: carry(inner, outer, seed(l.inner.ns, l.outer.ns)),
	}
	c.Change("", func(q *Quality) { *q = l.quality(w.options) })
	return c, nil
}

// seed gives each direction of each cable a seed of its own, the same in every run.
func seed(from, to NS) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s>%s", from, to)
	return h.Sum64()
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

// Change changes what happens to the frames that ns sends into the cable from now on,
// those of both ends if ns is "". What is left to chance is pseudo-random, and the same
// in every run for the same sequence of frames.
func (c *Cable) Change(ns NS, f func(*Quality)) {
	if ns != c.ends[1] {
		c.up.change(f)
	}
	if ns != c.ends[0] {
		c.down.change(f)
	}
}

// SetDelay sets the delay of each direction.
func (c *Cable) SetDelay(d time.Duration) { c.Change("", func(q *Quality) { q.Delay = d }) }

// SetLoss makes the cable lose this share, in percent, of the frames that ns sends.
func (c *Cable) SetLoss(ns NS, percent float64) {
	c.Change(ns, func(q *Quality) { q.Loss = percent })
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

// Traffic returns what the terminal has sent and received so far over all its cables: IP
// packets and their bytes with the IP headers, without Ethernet and ARP.
func (w *World) Traffic() (packets, bytes int64) {
	for _, c := range w.cables {
		if c.ends[0] == Term {
			packets += c.up.read.packets.Load() + c.down.written.packets.Load()
			bytes += c.up.read.bytes.Load() + c.down.written.bytes.Load()
		}
	}
	return packets, bytes
}

// close takes the cable away, and with it both interfaces.
func (c *Cable) close() {
	c.outer.close()
	c.inner.close()
	c.up.wait()
	c.down.wait()
}
