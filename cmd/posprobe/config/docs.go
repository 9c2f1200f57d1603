package config

import (
	"strings"

	"posprobe/report"
)

// A doc is what the commented file says of a key besides what the type and the tags do
// (form, words, range, longest list, default).
type doc struct {
	// key is the key's path as Keys has it.
	key string
	// text says what the key is for.
	text report.Text
	// otherwise is what holds where the key is left out and the tags name no default, in
	// few words; "" for nothing.
	otherwise report.Text
	// example is a value in YAML. A list with an example of its own is shown by it, one
	// entry a line, and not by the examples of its keys; so is a block of keys.
	example string
	// protocols are the sign-on protocols that use the key, "" for all or where that is
	// no question.
	protocols string
}

// docs yields all docs in the order of Keys.
func docs(yield func(*doc) bool) {
	for _, part := range [...][]doc{docsAcquirer, docsSignOn, docsHours, docsSite, docsDaemon} {
		for i := range part {
			if !yield(&part[i]) {
				return
			}
		}
	}
}

// docOf finds the doc of a key, with indices or without.
func docOf(key string) *doc {
	key = plainPath(key)
	for d := range docs {
		if d.key == key {
			return d
		}
	}
	return &doc{}
}

// plainPath is a path without the indices of its lists, as Keys has it.
func plainPath(path string) string {
	var b strings.Builder
	inside := false
	for _, r := range path {
		inside = r != ']' && (inside || r == '[')
		if !inside || r == '[' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// protocolsOf returns the sign-on protocols that use a key or what it stands in, nil
// where all do.
func protocolsOf(key string) []string {
	for ; key != ""; key = parent(key) {
		if d := docOf(strings.TrimSuffix(key, "]")); d.protocols != "" {
			return strings.Split(d.protocols, "|")
		}
	}
	return nil
}

// The protocols that share keys.
const (
	isoProtocols  = "unionpay|iso8583-1987|iso8583-1993"
	plainISO      = "iso8583-1987|iso8583-1993"
	postProtocols = isoProtocols + "|http"
)
