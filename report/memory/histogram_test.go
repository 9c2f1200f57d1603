package memory

import (
	"encoding/json"
	"math"
	"testing"
)

// TestQuantile: a quantile is never below the true one and at most a bucket above it.
func TestQuantile(t *testing.T) {
	var h Histogram
	for i := range 1000 {
		h.Add(float64(i+1) / 2) // 0.5 to 500 ms, evenly
	}
	for q, want := range map[float64]float64{0.01: 5, 0.5: 250, 0.95: 475, 1: 500} {
		if got := h.Quantile(q); got < want || got > want*growth {
			t.Errorf("quantile %v: %v ms, want %v to %v", q, got, want, want*growth)
		}
	}
	if h.Count() != 1000 {
		t.Errorf("count %d", h.Count())
	}
}

func TestHistogramEdges(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 || h.Count() != 0 {
		t.Error("an empty histogram knows a time")
	}
	for _, none := range []float64{-1, math.NaN(), math.Inf(-1)} {
		h.Add(none)
	}
	if h.Count() != 0 {
		t.Errorf("what is no time was counted: %d", h.Count())
	}
	for _, ms := range []float64{0, 0.1, 1e9, math.Inf(1)} {
		h.Add(ms)
	}
	if h.counts[0] != 2 || h.counts[buckets-1] != 2 {
		t.Errorf("the ends hold %d and %d", h.counts[0], h.counts[buckets-1])
	}
}

// TestFade: what a host did a year ago does not outweigh what it does now.
func TestFade(t *testing.T) {
	var h Histogram
	for range 100_000 {
		h.Add(10)
	}
	for range 3000 {
		h.Add(300)
	}
	if h.Count() >= 2*full || h.Quantile(0.8) < 300 {
		t.Errorf("count %d, quantile 0.8 at %v ms", h.Count(), h.Quantile(0.8))
	}
}

func TestHistogramJSON(t *testing.T) {
	var h Histogram
	for _, ms := range []float64{0.1, 12, 12, 40000} {
		h.Add(ms)
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var back Histogram
	if err := json.Unmarshal(text, &back); err != nil || back != h {
		t.Errorf("%s came back as %+v, %v", text, back, err)
	}
	for _, bad := range []string{`1`, `"x"`, `"1"`, `"38:1"`, `"-1:1"`, `"1:4096"`, `"1:-1"`, `"1:99999999999"`, `{}`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
