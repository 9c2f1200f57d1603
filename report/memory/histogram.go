package memory

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
)

// Buckets of a Histogram: bucket 0 holds everything below least, each further one is
// growth times as wide as the one before, the last one holds the rest. 0.25 ms to about
// 100 s, known to a fifth.
const (
	buckets = 38
	least   = 0.25
)

// growth is the square root of 2: two buckets to a doubling.
var growth = math.Sqrt2

// full is the count at which a bucket makes all halve: what was long ago fades, and a
// count fits 16 bits.
const full = 4096

// Histogram counts times in ms in fixed logarithmic buckets. The zero value is empty.
type Histogram struct{ counts [buckets]uint16 }

// Add counts a time. What is no time (negative, NaN) is not counted.
func (h *Histogram) Add(ms float64) {
	if !(ms >= 0) {
		return
	}
	i := bucket(ms)
	if h.counts[i]++; h.counts[i] >= full {
		for i := range h.counts {
			h.counts[i] /= 2
		}
	}
}

func bucket(ms float64) int {
	switch {
	case ms < least:
		return 0
	case ms >= upper(buckets-2):
		return buckets - 1
	}
	return min(buckets-1, 1+int(math.Log(ms/least)/math.Log(growth)))
}

// upper is the highest time of a bucket.
func upper(i int) float64 { return least * math.Pow(growth, float64(i)) }

// Count is how many times were counted; old ones fade.
func (h *Histogram) Count() int {
	n := 0
	for _, c := range h.counts {
		n += int(c)
	}
	return n
}

// merge adds another histogram's counts; a bucket that would overflow stays full.
func (h *Histogram) merge(o Histogram) {
	for i, c := range o.counts {
		h.counts[i] = uint16(min(math.MaxUint16, int(h.counts[i])+int(c)))
	}
}

// Quantile is a time in ms below or at which the share q, 0 to 1, of the counted ones
// lies: the upper end of its bucket. It is 0 when nothing was counted.
func (h *Histogram) Quantile(q float64) float64 {
	want := int(math.Ceil(q * float64(h.Count())))
	n := 0
	for i, c := range h.counts {
		if n += int(c); n > 0 && n >= want {
			return upper(i)
		}
	}
	return 0
}

// MarshalJSON writes the buckets that are not empty, as in "12:3 13:40".
func (h Histogram) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('"')
	for i, c := range h.counts {
		if c == 0 {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(i) + ":" + strconv.Itoa(int(c)))
	}
	b.WriteByte('"')
	return []byte(b.String()), nil
}

var errHistogram = errors.New("memory: this is no histogram")

// UnmarshalJSON reads what MarshalJSON writes.
func (h *Histogram) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return errHistogram
	}
	*h = Histogram{}
	for pair := range strings.FieldsSeq(s) {
		at, count, _ := strings.Cut(pair, ":")
		i, err := strconv.Atoi(at)
		c, bad := strconv.ParseUint(count, 10, 16)
		if err != nil || bad != nil || i < 0 || i >= buckets || c >= full {
			return errHistogram
		}
		h.counts[i] = uint16(c)
	}
	return nil
}
