package signon

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// frame packs the request with a STAN. The configuration has been checked.
func (c *Config) frame(stan uint32) []byte {
	values := make(map[int]string, len(c.Fields))
	for _, f := range c.Fields {
		switch f {
		case 11:
			values[f] = fmt.Sprintf("%06d", stan)
		case 41:
			values[f] = c.Terminal
		case 42:
			values[f] = c.Merchant
		case 60:
			values[f] = c.Type + c.Batch + c.Code
		case 63:
			values[f] = c.Operator
		}
	}
	return pack(c.TPDU, c.Header, c.MTI, values)
}

// pack builds a complete frame. Each value is digits or characters, as its field's
// format has it, and fits.
func pack(tpdu, header []byte, mti string, values map[int]string) []byte {
	b := make([]byte, prefixSize, 256)
	b = append(b, tpdu...)
	b = append(b, header...)
	b = appendBCD(b, mti)

	var bitmap uint64
	for f := range values {
		bitmap |= 1 << (64 - f)
	}
	b = binary.BigEndian.AppendUint64(b, bitmap)
	for _, f := range slices.Sorted(maps.Keys(values)) {
		value, form := values[f], formats[f]
		if form.prefix > 0 {
			b = appendLength(b, len(value), form.prefix)
		}
		if form.unit == inDigits {
			b = appendBCD(b, value)
		} else {
			b = append(b, value...)
		}
	}
	binary.BigEndian.PutUint16(b, uint16(len(b)-prefixSize))
	return b
}
