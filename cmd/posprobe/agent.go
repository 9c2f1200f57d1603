package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"time"

	"posprobe/report"
)

// version is set by the linker (-X main.version=...).
var version = "devel"

func thisAgent() report.Agent {
	return report.Agent{Name: "posprobe", Version: version, OS: runtime.GOOS, Arch: runtime.GOARCH}
}

// version prints what this binary is.
func (a app) version(_ context.Context, args []string) int {
	flags := a.flagSet("version")
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	fmt.Fprintf(a.stdout, "posprobe %s %s/%s %s, rules %d, schema %d\n",
		version, runtime.GOOS, runtime.GOARCH, runtime.Version(), report.RulesVersion, report.SchemaVersion)
	return exitHealthy
}

// crockford is the alphabet of ULIDs: no letter in it can be taken for a digit.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID returns a ULID (github.com/ulid/spec): 48 bits of milliseconds since 1970 and 80
// random bits in 26 characters, so that reports sort by time and never collide.
func newID(at time.Time) string {
	var b [16]byte
	ms := uint64(max(at.UnixMilli(), 0))
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(b[6:])
	var id [26]byte
	var acc, bits uint
	n := len(id)
	for i := len(b) - 1; i >= 0; i-- {
		acc |= uint(b[i]) << bits
		bits += 8
		for bits >= 5 {
			n--
			id[n] = crockford[acc&31]
			acc >>= 5
			bits -= 5
		}
	}
	if n > 0 {
		id[0] = crockford[acc&31]
	}
	return string(id[:])
}
