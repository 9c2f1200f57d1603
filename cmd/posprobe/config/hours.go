package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// span is an interval of one day in minutes after its midnight; until may lie on the
// next day, at most 24 h after from.
type span struct{ from, until int }

const (
	// day is a day's minutes on the clock.
	dayMinutes = 24 * 60
	// always is the service of a host that never closes, closedAllDay that of a day
	// without service.
	always       = "00:00-24:00"
	closedAllDay = "closed"
	// maxSpans is the most intervals of a day.
	maxSpans = 8
)

var spanForm = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$`)

// parseSpan reads HH:MM-HH:MM; ok is false for another form. Where both are the same
// the interval is empty.
func parseSpan(s string) (out span, ok bool) {
	m := spanForm.FindStringSubmatch(s)
	if m == nil {
		return span{}, false
	}
	out = span{minutes(m[1], m[2]), dayMinutes}
	if m[3] != "" {
		out.until = minutes(m[3], m[4])
	}
	if out.until < out.from { // across midnight
		out.until += dayMinutes
	}
	return out, true
}

func minutes(hh, mm string) int {
	h, _ := strconv.Atoi(hh)
	m, _ := strconv.Atoi(mm)
	return h*60 + m
}

// checkInterval accepts one interval.
func checkInterval(s string) *fault {
	one, ok := parseSpan(s)
	switch {
	case !ok:
		return &fault{"is no time of day", `write HH:MM-HH:MM in quotes, as in "02:00-04:00"`}
	case one.from == one.until:
		return &fault{"begins and ends at the same minute", fmt.Sprintf(`write "%s" for the whole day`, always)}
	}
	return nil
}

// checkHours accepts the hours of a day: intervals separated by commas, or closed.
func checkHours(s string) *fault {
	remedy := fmt.Sprintf(`write HH:MM-HH:MM in quotes, as in "06:00-23:30", several separated by a comma and a space, or %s; "%s" is always`, closedAllDay, always)
	if s == closedAllDay {
		return nil
	}
	if strings.EqualFold(s, closedAllDay) {
		return &fault{"is written with capitals", "write " + closedAllDay}
	}
	parts := strings.Split(s, ",")
	if len(parts) > maxSpans {
		return &fault{fmt.Sprintf("has %d intervals", len(parts)), fmt.Sprintf("write %d at most", maxSpans)}
	}
	var before []span
	for _, part := range parts {
		one, ok := parseSpan(strings.TrimSpace(part))
		switch {
		case !ok:
			return &fault{"is no service time", remedy}
		case one.from == one.until:
			return &fault{"opens and closes at the same minute", fmt.Sprintf(`write "%s" for a host that never closes, or %s`, always, closedAllDay)}
		}
		for _, other := range before {
			if one.from < other.until && other.from < one.until {
				return &fault{"has intervals that overlap", "write them one after the other, each minute once"}
			}
		}
		before = append(before, one)
	}
	return nil
}

// spansOf returns the intervals of hours that checkHours accepted, in their order.
func spansOf(s string) []span {
	if s == closedAllDay {
		return nil
	}
	var out []span
	for part := range strings.SplitSeq(s, ",") {
		if one, ok := parseSpan(strings.TrimSpace(part)); ok {
			i := len(out)
			for i > 0 && out[i-1].from > one.from {
				i--
			}
			out = slices.Insert(out, i, one)
		}
	}
	return out
}
