package store

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

var kills = flag.Int("kills", 300, "how often TestKill kills a writing process (30 with -short)")

// TestKill kills a process that writes, at any moment, again and again. What it had
// acknowledged is there, in order, once, for a reader that followed all along; or it was
// dropped for space before the reader came, and counted.
func TestKill(t *testing.T) {
	t.Parallel()
	times, began := *kills, time.Now()
	if testing.Short() {
		times = min(times, 30)
	}
	dir := filepath.Join(t.TempDir(), "store")
	r := NewReader(dir, nil, Failures)
	defer r.Close()
	random := rand.New(rand.NewPCG(1, 2))
	next, total := 0, 0 // the number of the next report; how many were acknowledged
	var missing int64
	for round := range times {
		last := next - 1
		count := 0
		cmd, done, err := startWriter(t.Context(), orders{Dir: dir, From: next, Keep: 2 * minKeep, Pattern: round}, func(n int) { last = n; count++ })
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
		cmd.Process.Kill()
		<-done
		cmd.Wait()
		total += count
		// A report more than was acknowledged may be there.
		for {
			e, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			next += int(e.Missing)
			missing += e.Missing
			if e.ID != id(next) {
				t.Fatalf("round %d: %s, not %d", round, e.ID, next)
			}
			next++
		}
		if next <= last {
			t.Fatalf("round %d: %d was acknowledged, the last there is %d", round, last, next-1)
		}
	}
	s := openStore(t, dir, Options{Keep: 2 * minKeep})
	var n int
	if found, err := s.State("n", &n); !found || err != nil || n < next-5 {
		t.Errorf("the state is of %d, the last report %d: %v", n, next-1, err)
	}
	if total < times {
		t.Errorf("only %d reports in %d rounds", total, times)
	}
	row := fmt.Sprintf("| kill -9 | %d | %d | **0** | %d | %d |", times, total, missing, r.Skipped()[Failures])
	t.Log(row)
	publish(t, "kill", "kill -9 of a storing process", "The same process, killed at any moment, followed by a reader all along: every report comes once, in order.\n\n"+
		"| | times | acknowledged | lost | dropped for space | lines left unfinished |\n|---|---|---|---|---|---|\n"+row, began)
}
