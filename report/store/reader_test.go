package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// through copies a cursor as whoever keeps it does.
func through(t testing.TB, c Cursor) Cursor {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var out Cursor
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCursor: stopping anywhere and going on gives every line once, over rotation too.
func TestCursor(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Keep: minKeep})
	want := ""
	for n := range 30 {
		mustAppend(t, s, line(t, sized(id(n), 9000)), line(t, healthy("H"+id(n))))
		if n%10 == 0 {
			Save(dir, failure("C"+id(n)), Options{})
		}
		want += id(n) + " "
	}
	if len(segmentFiles(t, dir, Failures)) < 3 {
		t.Fatal("no rotation")
	}
	var cursor Cursor
	got := map[string]string{}
	for {
		r := NewReader(dir, cursor)
		e, err := r.Next()
		if err == io.EOF {
			r.Close()
			break
		}
		if err != nil || e.Missing != 0 {
			t.Fatal(e.Missing, err)
		}
		got[e.ID[:1]] += e.ID + " "
		cursor = through(t, r.Cursor())
		if again := r.Cursor(); len(again) != 3 {
			t.Fatalf("%v", again)
		}
		r.Close()
	}
	if got["R"] != want || strings.ReplaceAll(got["H"], "H", "") != want || got["C"] != "C"+id(0)+" C"+id(10)+" C"+id(20)+" " {
		t.Errorf("%v", got)
	}
	mustAppend(t, s, line(t, failure("NEW")))
	if got := ids(drain(t, NewReader(dir, cursor))); got != "NEW" {
		t.Errorf("%s", got)
	}
}

// TestOrder: across streams lines come by their own time.
func TestOrder(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	for n, stream := range []Stream{Healthy, Failures, Failures, Healthy, Healthy, Failures} {
		l, err := RecordLine(stream, KindSelf, fmt.Sprint(n), noon.Add(time.Duration(n)*time.Hour), nil)
		if err != nil {
			t.Fatal(err)
		}
		mustAppend(t, s, l)
	}
	got := ""
	for _, e := range readAll(t, dir) {
		got += e.ID
	}
	if got != "012345" {
		t.Errorf("%s", got)
	}
}

// TestMissing: a cursor into what was dropped goes on with the oldest there is, and says
// how many lines it never saw.
func TestMissing(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Keep: minKeep})
	for n := range 10 {
		mustAppend(t, s, line(t, sized(id(n), 9000)))
	}
	r := NewReader(dir, nil, Failures)
	for range 5 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	cursor := through(t, r.Cursor())
	r.Close()
	for n := 10; n < 200; n++ {
		mustAppend(t, s, line(t, sized(id(n), 9000)))
	}
	all := drain(t, NewReader(dir, cursor, Failures))
	if want := int64(200 - 5 - len(all)); all[0].Missing != want || want < 50 || all[len(all)-1].ID != id(199) {
		t.Errorf("%d missing of %d", all[0].Missing, want)
	}
	for _, e := range all[1:] {
		if e.Missing != 0 {
			t.Errorf("%s: missing told twice", e.ID)
		}
	}
	// Emptied by hand, the numbers begin anew: so does the reader.
	cursor = Cursor{Failures: {Segment: segmentName(Failures, 190), Offset: 9000, Line: 191}}
	mustClose(t, s)
	for _, name := range segmentFiles(t, dir, "*") {
		os.Remove(filepath.Join(dir, name))
	}
	if got := drain(t, NewReader(dir, cursor, Failures)); len(got) != 0 {
		t.Errorf("%s", ids(got))
	}
	s = openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("A")), line(t, failure("B")))
	if got := drain(t, NewReader(dir, cursor, Failures)); ids(got) != "A B" || got[0].Missing != 0 {
		t.Errorf("%s, %d missing", ids(got), got[0].Missing)
	}
}

// TestLostTail: a segment that was read before it was safe is gone after a power cut, or
// shorter; what is written in its place is read.
func TestLostTail(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("A")), line(t, failure("B")))
	cursor := Cursor{Failures: {Segment: segmentName(Failures, 2), Offset: 700, Line: 4}}
	r := NewReader(dir, cursor, Failures)
	defer r.Close()
	if _, err := r.Next(); err != io.EOF {
		t.Fatal("read again although the next number is due", err)
	}
	mustAppend(t, s, line(t, failure("C")))
	if got := ids(drain(t, r)); got != "C" {
		t.Errorf("%s", got)
	}
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, segmentName(Failures, 0)))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	// Behind the end, and in the middle of a line: by the line's number, or all again.
	for _, c := range []struct {
		p    Position
		want string
	}{
		{Position{Offset: size() / 3, Line: 1}, "B C"},
		{Position{Offset: size()/3 + 1, Line: 1}, "B C"},
		{Position{Offset: size() + 10, Line: 2}, "C"},
		{Position{Offset: size() + 10, Line: 3}, ""},
		{Position{Offset: size() + 10, Line: 9}, "A B C"},
		{Position{Offset: -5, Line: -5}, "A B C"},
		{Position{Offset: 1 << 60, Line: 1 << 60}, "A B C"},
	} {
		c.p.Segment = segmentName(Failures, 0)
		if got := ids(drain(t, NewReader(dir, Cursor{Failures: c.p}, Failures))); got != c.want {
			t.Errorf("%+v: %s, not %s", c.p, got, c.want)
		}
	}
	// Whatever a damaged cursor says.
	for _, name := range []string{"x", "../../etc/passwd", segmentName(Healthy, 0), lockFile} {
		if got := ids(drain(t, NewReader(dir, Cursor{Failures: {Segment: name}}, Failures))); got != "A B C" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestUnfinished: a line that is being written is not read before its end is there, and a
// torn one not even when the next segment is.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, segmentName(Failures, 0))
	text := string(line(t, failure("A")).text)
	r := NewReader(dir, nil, Failures)
	defer r.Close()
	for at := range len(text) {
		if err := os.WriteFile(path, []byte(text[:at]), 0o600); err != nil {
			t.Fatal(err)
		}
		if e, err := r.Next(); err != io.EOF {
			t.Fatalf("%d of %d bytes: %s, %v", at, len(text), e.Text, err)
		}
	}
	os.WriteFile(path, []byte(text), 0o600)
	if e, err := r.Next(); err != nil || e.ID != "A" {
		t.Fatalf("%s, %v", e.ID, err)
	}
	os.WriteFile(path, []byte(text+text[:50]), 0o600)
	if _, err := r.Next(); err != io.EOF {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(dir, segmentName(Failures, 1)), line(t, failure("B")).text, 0o600)
	if e, err := r.Next(); err != nil || e.ID != "B" || e.Missing != 0 || r.Skipped()[Failures] != 1 {
		t.Fatalf("%s, %v, %v", e.ID, err, r.Skipped())
	}
	// Another file takes the name: what is read is what stands there now.
	if _, err := r.Next(); err != io.EOF {
		t.Fatal(err)
	}
	path = filepath.Join(dir, segmentName(Failures, 1))
	os.Remove(path)
	os.WriteFile(path, append(line(t, sized("LONGER", 3000)).text, line(t, failure("C")).text...), 0o600)
	if e, err := r.Next(); err != nil || e.ID != "C" {
		t.Fatalf("%s, %v", e.ID, err)
	}
}

func TestNoDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	r := NewReader(dir, nil)
	defer r.Close()
	if _, err := r.Next(); err != io.EOF {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("A")))
	if e, err := r.Next(); err != nil || e.ID != "A" {
		t.Fatal(err)
	}
}

// TestFollow: readers that come along while the store writes, rotates and drops see every
// line once and in order, or are told that it is missing.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	const lines = 1500
	done, late := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for reader := range 3 {
		wg.Go(func() {
			r := NewReader(dir, nil, Failures)
			defer func() { r.Close() }()
			next, missing := 0, 0
			for last := false; next < lines; {
				e, err := r.Next()
				switch {
				case errors.Is(err, io.EOF):
					if last {
						t.Errorf("reader %d: ended at %d", reader, next)
						return
					}
					select {
					case <-done:
						last = true
					case <-time.After(time.Duration(reader) * time.Millisecond):
					}
					if reader == 1 { // one that comes and goes
						cursor := r.Cursor()
						r.Close()
						r = NewReader(dir, cursor, Failures)
					}
					continue
				case err != nil:
					t.Error(err)
					return
				}
				next, missing = next+int(e.Missing), missing+int(e.Missing)
				if e.ID != id(next) || e.Kind != "" {
					t.Errorf("reader %d: %s, not %d", reader, e.ID, next)
					return
				}
				if next++; next == 10 && reader == 2 { // one that falls behind
					<-late
				}
			}
			if (missing > 0) != (reader == 2) {
				t.Errorf("reader %d: %d missing", reader, missing)
			}
		})
	}
	s := openStore(t, dir, Options{Keep: minKeep})
	for n := range lines {
		mustAppend(t, s, line(t, sized(id(n), 1500+n%7*700)))
		if n == lines*2/3 {
			close(late)
		}
	}
	close(done)
	wg.Wait()
}
