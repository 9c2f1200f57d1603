//go:build linux

package lab

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// maxQueue is how many frames are under way in one direction before the line drops
// further ones, as a router's full buffer does.
const maxQueue = 2048

// maxFrame is more than any frame a TAP device hands over.
const maxFrame = 64 << 10

// line carries frames in one direction of a cable.
type line struct {
	delay atomic.Int64  // time.Duration
	loss  atomic.Uint64 // bits of a share from 0 to 1
	queue chan frame
	ended chan struct{} // closed when there is nothing to take any more
	both  sync.WaitGroup
}

// frame is an Ethernet frame under way.
type frame struct {
	bytes []byte
	due   time.Time
}

// carry starts a line, which ends when the interface it comes from is closed.
func carry(from, to *tap) *line {
	l := &line{queue: make(chan frame, maxQueue), ended: make(chan struct{})}
	l.both.Go(func() { l.take(from) })
	l.both.Go(func() { l.deliver(to) })
	return l
}

// lose sets the share of frames, in percent, that get lost.
func (l *line) lose(percent float64) { l.loss.Store(math.Float64bits(percent / 100)) }

// wait returns when the line has ended. Close the interface it comes from first.
func (l *line) wait() { l.both.Wait() }

// take reads frames into the queue. The generator's seed is fixed so that a run can be
// repeated; it advances only for frames that might be lost.
func (l *line) take(from *tap) {
	defer close(l.ended)
	random := rand.New(rand.NewPCG(1, 2))
	buf := make([]byte, maxFrame)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return // closed, or its namespace is gone
		}
		if loss := math.Float64frombits(l.loss.Load()); loss > 0 && random.Float64() < loss {
			continue
		}
		f := frame{bytes: append([]byte(nil), buf[:n]...), due: time.Now().Add(time.Duration(l.delay.Load()))}
		select {
		case l.queue <- f:
		default:
		}
	}
}

// deliver writes frames when they are due. An interface that is switched off refuses
// them, which is a loss like any other.
func (l *line) deliver(to *tap) {
	for {
		var f frame
		select {
		case <-l.ended:
			return
		case f = <-l.queue:
		}
		if wait := time.Until(f.due); wait > 0 {
			select {
			case <-l.ended:
				return
			case <-time.After(wait):
			}
		}
		_, _ = to.Write(f.bytes)
	}
}
