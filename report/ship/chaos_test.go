package ship

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"
)

var chaosReports = flag.Int("chaos", 2000, "how many reports TestChaos ships; the published figure is of 20000")

// TestChaos kills sender and receiver at random while reports are shipped: after
// repetitions are dropped by id none is missing, none altered, and each stream is in
// order.
func TestChaos(t *testing.T) {
	n := *chaosReports
	dir := t.TempDir()
	originals := map[string]map[string]any{}
	sizes := map[string]int{}
	// A half is there at the start, the other comes meanwhile.
	first, second := map[string]*bytes.Buffer{"failures": {}, "healthy": {}}, map[string]*bytes.Buffer{"failures": {}, "healthy": {}}
	for i := range n {
		stream, l := "healthy", good(i)
		if i%3 == 0 {
			stream, l = "failures", bad(i)
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatal(err)
		}
		originals[idOf(i)] = v
		sizes[stream] += len(l) + 1
		if i < n/2 {
			first[stream].WriteString(l + "\n")
		} else {
			second[stream].WriteString(l + "\n")
		}
	}
	for stream, b := range first {
		write(t, filepath.Join(dir, stream), b.String())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()

	life, most := 1500*time.Millisecond, 2 // percent may arrive twice
	if n < 20_000 {
		life, most = 500*time.Millisecond, 10 // among few a single kill weighs much
	}
	calm := make(chan struct{})
	inFile := filepath.Join(dir, "received")
	receivers := mortal(t, calm, life, "receiver", address, inFile)
	senders := mortal(t, calm, life*3/2, "sender", "http://"+address+"/", dir)
	began := time.Now()
	for stream, b := range second { // in pieces that end anywhere
		go func() {
			f, err := os.OpenFile(filepath.Join(dir, stream), os.O_APPEND|os.O_WRONLY, 0o600)
			fatal(err)
			defer f.Close()
			for b.Len() > 0 {
				f.Write(b.Next(1000 + rand.N(20_000)))
				time.Sleep(rand.N(20 * time.Millisecond))
			}
		}()
	}
	arrived := func() bool {
		for stream, size := range sizes {
			if (fileKeeper(dir)).Cursor("", stream) != strconv.Itoa(size) {
				return false
			}
		}
		return true
	}
	for end := time.Now().Add(time.Duration(n/10)*time.Second/10 + 2*patienceOfTests); !arrived() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(began)
	if !arrived() {
		t.Error("not everything was sent in time")
	}
	close(calm)

	data, err := os.ReadFile(inFile)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	altered := 0
	last := map[string]string{}
	seen := map[string]bool{}
	for l := range bytes.Lines(data) {
		var v map[string]any
		if err := json.Unmarshal(l, &v); err != nil {
			t.Fatalf("%q: %v", l, err)
		}
		id := v["id"].(string)
		ids = append(ids, id)
		delete(v, "sent_at")
		delete(v["terminal"].(map[string]any), "ref")
		if !reflect.DeepEqual(v, originals[id]) {
			t.Errorf("altered: %s", l)
			altered++
		}
		verdict := v["diagnosis"].(map[string]any)["verdict"].(string)
		if !seen[id] {
			if id < last[verdict] {
				t.Errorf("%s arrived after %s", id, last[verdict])
			}
			seen[id], last[verdict] = true, id
		}
	}
	missing := n - len(seen)
	repeated := len(ids) - len(seen)
	slices.Sort(ids)
	if missing != 0 || len(slices.Compact(ids)) != n {
		t.Errorf("%d of %d reports are missing", missing, n)
	}
	if repeated*100 > n*most {
		t.Errorf("%d of %d reports came twice, which is more than %d %%", repeated, n, most)
	}
	if aside, err := os.ReadFile(filepath.Join(dir, "aside")); err == nil {
		t.Errorf("set aside: %s", aside)
	}
	t.Logf("%d reports in %.1f s, receiver killed %d times, sender %d times: %d altered, %d missing, %d (%.2f %%) repeated",
		n, took.Seconds(), receivers.Load(), senders.Load(), altered, missing, repeated, 100*float64(repeated)/float64(n))
}
