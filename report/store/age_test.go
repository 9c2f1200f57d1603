package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAge: segments are dropped when they are too old by a clock that is to be relied on,
// and by no other.
func TestAge(t *testing.T) {
	const maxAge = 30 * 24 * time.Hour
	now := noon.Add(365 * 24 * time.Hour)
	old, young := now.Add(-2*maxAge), now.Add(-maxAge/2)
	for name, c := range map[string]struct {
		written time.Time // when the older segments were, by their own account
		now     time.Time
		sure    bool
		maxAge  time.Duration
		want    string // which failures are left
	}{
		"old":                    {old, now, true, maxAge, "C D"},
		"young":                  {young, now, true, maxAge, "A B C D"},
		"no limit":               {old, now, true, 0, "A B C D"},
		"clock not relied on":    {old, now, false, maxAge, "A B C D"},
		"written in 1970":        {time.Unix(1000, 0), now, true, maxAge, "A B C D"},
		"written in the future":  {now.Add(maxAge), now, true, maxAge, "A B C D"},
		"read in 1970":           {old, time.Unix(1000, 0), false, maxAge, "A B C D"},
		"a clock of 1970, alone": {time.Unix(1000, 0), time.Unix(2000, 0), false, time.Minute, "A B C D"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i, text := range []string{"A", "B", "C"} {
				s := openStore(t, dir, Options{Keep: minKeep, Now: func() (time.Time, bool) { return c.written, true }})
				// Two lines that do not fit into one segment.
				mustAppend(t, s, line(t, sized(text, 60_000)), record(t, Healthy, KindSelf, text, nil))
				mustClose(t, s)
				if i < 2 {
					for _, name := range segmentFiles(t, dir, "*") {
						if err := os.Chtimes(filepath.Join(dir, name), c.written, c.written); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			for _, name := range segmentFiles(t, dir, "*") {
				os.Chtimes(filepath.Join(dir, name), c.written, c.written)
			}
			s := openStore(t, dir, Options{Keep: minKeep, MaxAge: c.maxAge, Now: func() (time.Time, bool) { return c.now, c.sure }})
			mustAppend(t, s, line(t, failure("D")))
			mustClose(t, s)
			if got := ids(readAll(t, dir, Failures)); got != c.want {
				t.Errorf("%s", got)
			}
			if got := ids(readAll(t, dir, Healthy)); !strings.HasPrefix(got, "self: self: self:") {
				t.Errorf("the newest segment of a stream was dropped: %s", got)
			}
		})
	}
}

// TestAgeRotates: a stream that is seldom written begins a new segment before its first
// line is too old, so that it can be dropped at all.
func TestAgeRotates(t *testing.T) {
	dir := t.TempDir()
	now := noon
	o := Options{MaxAge: 30 * 24 * time.Hour, Now: func() (time.Time, bool) { return now, true }}
	for n := range 40 {
		r := failure(id(n))
		r.ObservedAt = now
		s := openStore(t, dir, o)
		mustAppend(t, s, line(t, r))
		mustClose(t, s)
		for _, name := range segmentFiles(t, dir, Failures)[max(0, len(segmentFiles(t, dir, Failures))-1):] {
			os.Chtimes(filepath.Join(dir, name), now, now)
		}
		now = now.Add(3 * 24 * time.Hour)
	}
	all := readAll(t, dir, Failures)
	if len(all) < 10 || len(all) > 14 || all[len(all)-1].ID != id(39) {
		t.Errorf("%d left: %s", len(all), ids(all))
	}
}
