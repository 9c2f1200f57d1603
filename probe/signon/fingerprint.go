package signon

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// fingerprint identifies a message made of parts. See Dialect.
//
// There are so few terminal ids that a hash over one together with bytes that are known
// gives it away: whoever has the fingerprint tries them all. So the ids are cut out of
// the parts wherever they stand, in characters or in BCD, and leave 8 bits.
func fingerprint(protocol string, ids []string, parts ...[]byte) string {
	message, named := sha256.New(), sha256.New()
	fmt.Fprintf(message, "%s\n", protocol)
	for _, p := range parts {
		rest, cut := cutIDs(hex.EncodeToString(p), ids)
		fmt.Fprintf(message, "%d:%s", len(p), rest)
		for _, id := range cut {
			fmt.Fprintf(named, "%d:%s", len(id), id)
		}
	}
	return hex.EncodeToString(message.Sum(nil)[:4]) + hex.EncodeToString(named.Sum(nil)[:1])
}

// minPacked is the shortest id that is looked for in BCD: shorter ones stand everywhere
// by chance. Terminal ids have 8 characters, merchant ids 15.
const minPacked = 8

// cutIDs replaces the ids in bytes written in hexadecimal, and returns those it found.
// What is left tells where which one stood.
func cutIDs(digits string, ids []string) (rest string, found []string) {
	type named struct{ id, mark string }
	var order []named
	for i, id := range ids {
		if id != "" {
			order = append(order, named{id, fmt.Sprintf("<%d>", i)})
		}
	}
	// The longest first: a terminal id may be a part of its merchant's.
	slices.SortStableFunc(order, func(a, b named) int { return cmp.Compare(len(b.id), len(a.id)) })
	for _, n := range order {
		without := strings.ReplaceAll(digits, hex.EncodeToString([]byte(n.id)), n.mark)
		if len(n.id) >= minPacked && isDigits(n.id, len(n.id)) {
			without = strings.ReplaceAll(without, n.id, n.mark)
		}
		if without != digits {
			found = append(found, n.id)
		}
		digits = without
	}
	return digits, found
}
