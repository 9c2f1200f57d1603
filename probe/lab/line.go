//go:build linux

package lab

import (
	"container/heap"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// maxQueue is how many frames are under way in one direction before the line drops
// further ones, as a router's full buffer does. maxBacklog is the same for a line of
// limited rate, as time.
const (
	maxQueue   = 4096
	maxBacklog = time.Second
)

// maxFrame is more than any frame a TAP device hands over.
const maxFrame = 64 << 10

// Quality is what one direction of a cable does to frames.
type Quality struct {
	// Delay is added to every frame, and a time between 0 and Jitter to each. Frames do
	// not overtake each other all the same.
	Delay, Jitter time.Duration
	// Loss, Reorder and Duplicate are shares in percent of the frames that get lost, that
	// overtake all that are under way, and that arrive twice.
	Loss, Reorder, Duplicate float64
	// Rate is the capacity in kbit/s, 0 is no limit. What would wait for longer than a
	// second is dropped.
	Rate int
	// In every BurstEvery everything is lost for BurstFor; 0 is never.
	BurstEvery, BurstFor time.Duration
}

// line carries frames in one direction of a cable.
type line struct {
	quality atomic.Pointer[Quality]
	random  *rand.Rand
	began   time.Time
	free    time.Time // when a frame taken now can be put on a line of limited rate
	last    time.Time // when the last frame that keeps its place is due

	mu    sync.Mutex
	queue frames
	taken uint64
	wake  chan struct{}
	ended chan struct{} // closed when there is nothing to take any more
	both  sync.WaitGroup

	read, written counter
}

// counter counts IP packets and their bytes, the IP headers included.
type counter struct{ packets, bytes atomic.Int64 }

// frame is an Ethernet frame under way.
type frame struct {
	bytes  []byte
	due    time.Time
	number uint64
}

// carry starts a line, which ends when the interface it comes from is closed. The seed
// makes what is left to chance the same in every run for the same sequence of frames.
func carry(from, to *tap, seed uint64) *line {
	l := &line{
		random: rand.New(rand.NewPCG(seed, 2)), began: time.Now(),
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	l.quality.Store(&Quality{})
	l.both.Go(func() { l.take(from) })
	l.both.Go(func() { l.deliver(to) })
	return l
}

// change sets the quality of frames that are sent from now on.
func (l *line) change(f func(*Quality)) {
	q := *l.quality.Load()
	f(&q)
	l.quality.Store(&q)
}

// wait returns when the line has ended. Close the interface it comes from first.
func (l *line) wait() { l.both.Wait() }

// take reads frames into the queue.
func (l *line) take(from *tap) {
	defer close(l.ended)
	buf := make([]byte, maxFrame)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return // closed, or its namespace is gone
		}
		l.read.count(buf[:n])
		q := *l.quality.Load()
		now := time.Now()
		if l.burst(q, now) || l.chance(q.Loss) {
			continue
		}
		due, ok := l.schedule(q, n, now)
		if !ok {
			continue
		}
		copied := append([]byte(nil), buf[:n]...)
		l.add(copied, due)
		if l.chance(q.Duplicate) {
			l.add(copied, due)
		}
	}
}

// chance draws whether something happens to a frame. The generator advances only where
// something might.
func (l *line) chance(percent float64) bool {
	return percent > 0 && l.random.Float64()*100 < percent
}

func (l *line) burst(q Quality, now time.Time) bool {
	return q.BurstEvery > 0 && now.Sub(l.began)%q.BurstEvery < q.BurstFor
}

// schedule says when a frame of this length is due, or that it is dropped.
func (l *line) schedule(q Quality, length int, now time.Time) (due time.Time, ok bool) {
	start := now
	if q.Rate > 0 {
		if l.free.After(start) {
			start = l.free
		}
		start = start.Add(time.Duration(length) * 8 * time.Millisecond / time.Duration(q.Rate))
		if start.Sub(now) > maxBacklog {
			return due, false
		}
		l.free = start
	}
	if l.chance(q.Reorder) {
		return now, true
	}
	due = start.Add(q.Delay)
	if q.Jitter > 0 {
		due = due.Add(time.Duration(l.random.Int64N(int64(q.Jitter))))
	}
	if due.Before(l.last) {
		due = l.last
	}
	l.last = due
	return due, true
}

func (l *line) add(bytes []byte, due time.Time) {
	l.mu.Lock()
	if len(l.queue) < maxQueue {
		l.taken++
		heap.Push(&l.queue, frame{bytes, due, l.taken})
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it has been told already
	}
}

// next takes the first frame if it is due, else it says how long that will take; negative
// is for ever.
func (l *line) next() (f frame, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return f, -1
	}
	if wait = time.Until(l.queue[0].due); wait > 0 {
		return f, wait
	}
	return heap.Pop(&l.queue).(frame), 0
}

// deliver writes frames when they are due. An interface that is switched off refuses
// them, which is a loss like any other.
func (l *line) deliver(to *tap) {
	for {
		f, wait := l.next()
		if wait == 0 {
			if _, err := to.Write(f.bytes); err == nil {
				l.written.count(f.bytes)
			}
			continue
		}
		var due <-chan time.Time
		if wait > 0 {
			due = time.After(wait)
		}
		select {
		case <-l.ended:
			return
		case <-l.wake:
		case <-due:
		}
	}
}

// count counts a frame if it carries IP: by the total length of IPv4 (RFC 791 section
// 3.1) or the payload length of IPv6 and its header of 40 bytes (RFC 8200 section 3).
func (c *counter) count(frame []byte) {
	const header = 14 // two addresses and the type (IEEE 802.3)
	if len(frame) < header+20 {
		return
	}
	var length int
	switch binary.BigEndian.Uint16(frame[12:]) {
	case 0x0800:
		length = int(binary.BigEndian.Uint16(frame[header+2:]))
	case 0x86dd:
		length = 40 + int(binary.BigEndian.Uint16(frame[header+4:]))
	default:
		return
	}
	c.packets.Add(1)
	c.bytes.Add(int64(length))
}

// frames is a heap of frames by when they are due, then by when they came.
type frames []frame

func (f frames) Len() int { return len(f) }
func (f frames) Less(i, j int) bool {
	if f[i].due.Equal(f[j].due) {
		return f[i].number < f[j].number
	}
	return f[i].due.Before(f[j].due)
}
func (f frames) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frames) Push(x any)   { *f = append(*f, x.(frame)) }
func (f *frames) Pop() any {
	old := *f
	last := old[len(old)-1]
	old[len(old)-1] = frame{}
	*f = old[:len(old)-1]
	return last
}
