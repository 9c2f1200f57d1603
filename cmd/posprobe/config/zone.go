package config

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fixedZones are zones whose offset has not changed since 1991 at the latest (IANA
// time zone database, file "asia"). They are built in, so that they work on a terminal
// that carries no time zone table.
var fixedZones = map[string]time.Duration{
	"Asia/Shanghai":  8 * time.Hour,
	"Asia/Chongqing": 8 * time.Hour,
	"Asia/Harbin":    8 * time.Hour,
	"PRC":            8 * time.Hour,
	"Asia/Hong_Kong": 8 * time.Hour,
	"Asia/Macau":     8 * time.Hour,
	"Asia/Taipei":    8 * time.Hour,
	"Asia/Singapore": 8 * time.Hour,
	"Asia/Urumqi":    6 * time.Hour,
	"UTC":            0,
}

// offsets run from -12:00 to +14:00 (IANA time zone database, Etc/GMT+12 and Etc/GMT-14).
var offsetForm = regexp.MustCompile(`^([+-])(\d\d):([0-5]\d)$`)

func checkZone(s string) *fault {
	if _, ok := zone(s); ok {
		return nil
	}
	remedy := "write a name such as Asia/Shanghai, or a fixed offset from -12:00 to +14:00 such as +08:00"
	if _, err := time.LoadLocation("Europe/London"); err != nil {
		names := slices.Sorted(maps.Keys(fixedZones))
		return &fault{"is not built in, and this terminal carries no time zone table (tzdata)",
			"write one of " + listed(names, "or") + ", or a fixed offset such as +08:00, which knows no summer time"}
	}
	return &fault{"is no time zone this terminal knows", remedy}
}

// zone returns the time zone of a name or offset. The terminal's own zone, Go's
// "Local", is none: whether it is right is one of the things in question.
func zone(s string) (*time.Location, bool) {
	if offset, ok := fixedZones[s]; ok {
		return time.FixedZone(s, int(offset/time.Second)), true
	}
	if m := offsetForm.FindStringSubmatch(s); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone(s, seconds), seconds >= -12*3600 && seconds <= 14*3600
	}
	if s == "" || strings.EqualFold(s, "local") {
		return nil, false
	}
	loc, err := time.LoadLocation(s)
	return loc, err == nil
}

// Location returns the acquirer's time zone.
func (a Acquirer) Location() *time.Location {
	if loc, ok := zone(a.Zone); ok {
		return loc
	}
	return time.UTC
}
