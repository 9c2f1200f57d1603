package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// assignDuration reads a duration with its unit and holds it to the tag "range".
func assignDuration(p *time.Duration, text string, tag reflect.StructTag) *fault {
	d, f := parseDuration(text)
	if f != nil {
		return f
	}
	low, high := rangeOf(tag)
	least, _ := time.ParseDuration(low)
	most, _ := time.ParseDuration(high)
	switch {
	case d < least:
		return &fault{"is too short", fmt.Sprintf("write a duration from %s to %s", low, high)}
	case d > most:
		return &fault{"is too long", fmt.Sprintf("write a duration from %s to %s", low, high)}
	}
	*p = d
	return nil
}

const durationRemedy = "write a number and its unit (ms, s, m or h) without a space, as in 1500ms or 5s"

// parseDuration is time.ParseDuration for people: it says what is wrong with a unit,
// and what was probably meant.
func parseDuration(text string) (time.Duration, *fault) {
	if d, err := time.ParseDuration(text); err == nil && text != "0" {
		return d, nil
	}
	m := numberUnit.FindStringSubmatch(text)
	switch {
	case m == nil:
		return 0, &fault{"is no duration", durationRemedy}
	case m[2] == "" && strings.Trim(m[1], "0.") == "": // no unit makes sense of nothing
		return 0, &fault{"has no unit", durationRemedy}
	case m[2] == "":
		return 0, &fault{"has no unit", fmt.Sprintf("write %ss for seconds or %sms for milliseconds", m[1], m[1])}
	}
	unit, known := units[strings.ToLower(m[2])]
	if !known {
		return 0, &fault{fmt.Sprintf("has the unit %q, which is none", clean(m[2])), durationRemedy}
	}
	return 0, &fault{"is written with another unit or a space", fmt.Sprintf("write %s%s", m[1], unit)}
}

// numberUnit is a number and what follows it; the length is bounded so that a remedy
// that repeats the number is short.
var numberUnit = regexp.MustCompile(`^([0-9]{1,9}(?:\.[0-9]{1,9})?) *(\pL*)$`)

// units are ways in which people write the units of time.ParseDuration.
var units = map[string]string{
	"ms": "ms", "msec": "ms", "msecs": "ms", "millisecond": "ms", "milliseconds": "ms", "毫秒": "ms",
	"s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "秒": "s", "秒钟": "s",
	"m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m", "分": "m", "分钟": "m",
	"h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "小时": "h", "时": "h",
}
