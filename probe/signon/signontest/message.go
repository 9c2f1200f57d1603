package signontest

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Message is an ISO 8583 message as UnionPay hosts pack it.
type Message struct {
	TPDU, Header []byte
	// MTI is the message type in four digits.
	MTI string
	// Fields holds, by number from 2 to 64, digits for numeric fields and raw bytes for
	// all others. The caller sees to it that they have the right length.
	Fields map[int]string
}

// Frame returns the message behind its length prefix.
func (m Message) Frame() []byte {
	body := m.body()
	return append([]byte{byte(len(body) >> 8), byte(len(body))}, body...)
}

// body returns the message without length prefix.
func (m Message) body() []byte {
	bits := []byte(strings.Repeat("0", 64))
	var fields strings.Builder
	for _, n := range slices.Sorted(maps.Keys(m.Fields)) {
		bits[n-1] = '1'
		fields.WriteString(wireHex(n, m.Fields[n]))
	}
	var bitmap strings.Builder
	for nibble := range slices.Chunk(bits, 4) {
		bitmap.WriteByte("0123456789abcdef"[strings.Index(
			"0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111", string(nibble))/5])
	}
	text := hex.EncodeToString(m.TPDU) + hex.EncodeToString(m.Header) + m.MTI + bitmap.String() + fields.String()
	b, err := hex.DecodeString(text)
	if err != nil {
		panic("signontest: a numeric field is not digits: " + err.Error())
	}
	return b
}

// wireHex returns field n as it stands on the wire, in hexadecimal.
func wireHex(n int, value string) string {
	packed := value
	if len(value)%2 == 1 {
		packed += "0"
	}
	raw := hex.EncodeToString([]byte(value))
	switch n {
	case 2, 32, 33, 35: // LLVAR, numeric
		return fmt.Sprintf("%02d%s", len(value), packed)
	case 36, 48, 60, 61: // LLLVAR, numeric
		return fmt.Sprintf("%04d%s", len(value), packed)
	case 44, 45: // LLVAR
		return fmt.Sprintf("%02d%s", len(value), raw)
	case 46, 47, 54, 55, 56, 57, 58, 59, 62, 63: // LLLVAR
		return fmt.Sprintf("%04d%s", len(value), raw)
	case 37, 38, 39, 40, 41, 42, 43, 49, 50, 51, 52, 64: // characters, fixed
		return raw
	case 23: // three digits, right-aligned
		return "0" + value
	default: // numeric, fixed
		return packed
	}
}
