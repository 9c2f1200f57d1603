package ship

import (
	"bytes"
	"compress/gzip"
	"time"
)

// encoder writes a batch in a destination's format.
type encoder func(batch []message, now time.Time) []byte

// ndjson writes a line of JSON each.
func ndjson(batch []message, now time.Time) []byte {
	var b bytes.Buffer
	for _, m := range batch {
		b.Write(m.sentAt(now))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// zipped compresses what an encoder writes: sixty reports together take a sixth of what
// each takes alone.
func zipped(encode encoder) encoder {
	return func(batch []message, now time.Time) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b) // its memory goes with it: between batches there is none
		w.Write(encode(batch, now))
		w.Close() // a Buffer takes everything
		return b.Bytes()
	}
}
