package store

import "time"

// MaxLine is the longest line that is written or read, in bytes, without its newline:
// many times the largest round's.
const MaxLine = 1 << 20

// Options say how much is kept, and for how long. The zero value has the defaults.
type Options struct {
	// Keep is how many bytes the segments may take together, at least (and for any less)
	// 1 MB; 0: 16 MB. Failures have five eighths of it, Healthy two, Checks and States
	// half of one each, States at most 16 MB.
	Keep int64
	// MaxAge is the age from which a segment is dropped although there is room; 0: never.
	MaxAge time.Duration
	// Memory is how many bytes of lines wait in memory for the disk; 0: 1 MB.
	Memory int64
	// Patience is how long a call waits for the disk at the most, Open five times as long;
	// 0: 2 s.
	Patience time.Duration
	// LaterEvery is how long a line that may wait does so before Flush writes it, give or
	// take a sixteenth; 0: 2 h. StateEvery is the same for states; 0: 6 h. Each write costs
	// an ext4 some 22 kB and what is written, however little that is.
	LaterEvery time.Duration
	StateEvery time.Duration
	// Group is the group that may read everything but States, for a log shipper; 0: none.
	Group int
	// Now is the wall clock, and whether it is to be relied on: what is dropped for its age
	// is lost if the clock was wrong. nil: the system's, relied on from 2026 to 2099.
	Now func() (now time.Time, sure bool)

	// For tests: another file system, a store that does not synchronise, and how soon a
	// disk that failed is tried again.
	files  files
	noSync bool
	retry  time.Duration
}

const (
	defaultKeep = 16_000_000
	minKeep     = 1_000_000
	maxSegment  = 1 << 20
	maxStates   = 16_000_000
	// maxChecks is how many saved checks are kept at the most.
	maxChecks = 100
	// A disk that failed is tried again after firstRetry, then after twice as long, up to
	// lastRetry: an attempt on a full disk may itself wear it.
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

func (o Options) withDefaults() Options {
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	if o.files == nil {
		o.Keep = max(o.Keep, minKeep)
	}
	if o.Memory <= 0 {
		o.Memory = 1_000_000
	}
	if o.Patience <= 0 {
		o.Patience = 2 * time.Second
	}
	if o.LaterEvery <= 0 {
		o.LaterEvery = 2 * time.Hour
	}
	if o.StateEvery <= 0 {
		o.StateEvery = 6 * time.Hour
	}
	if o.Now == nil {
		o.Now = func() (time.Time, bool) {
			now := time.Now()
			return now, plausible(now)
		}
	}
	if o.retry <= 0 {
		o.retry = firstRetry
	}
	return o
}

// plausible is false for the times of a clock that lost its battery or was never set.
func plausible(t time.Time) bool { return t.UTC().Year() >= 2026 && t.UTC().Year() < 2100 }

// waited is whether something that may wait has done so for long enough: about as long as
// it may, because who looks does so by the hour, and not to the second.
func waited(since, now time.Time, every time.Duration) bool {
	return now.Sub(since) >= every-every/16
}

// share is how many bytes a stream may take.
func (o *Options) share(s Stream) int64 {
	switch s {
	case Failures:
		return o.Keep * 5 / 8
	case Healthy:
		return o.Keep / 4
	}
	if s == States {
		return min(o.Keep/16, maxStates)
	}
	return o.Keep / 16
}

// segmentSize is the size from which a segment gets a successor. States have few, large
// ones: each begins with all of them.
func (o *Options) segmentSize(s Stream) int64 {
	if s == States {
		return o.share(s) / 2
	}
	return min(o.share(s)/8, maxSegment)
}

// lineLimit is the longest line that a stream takes.
func (o *Options) lineLimit(s Stream) int64 { return min(o.share(s)/4, MaxLine) }

// stateLimit is how many bytes all states may take together.
func (o *Options) stateLimit() int64 { return o.share(States) / 4 }
