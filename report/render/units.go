package render

import (
	"math"
	"strconv"

	"posprobe/report"
)

// duration writes milliseconds with the unit that suits them.
func (v *view) duration(ms float64) string {
	unit, n := lMs, math.Abs(ms)
	decimals := 0
	switch {
	case math.IsNaN(ms) || math.IsInf(ms, 0):
		return "?"
	case n < 0.05:
		return v.say(lUnderMs)
	case n < 9.95:
		decimals = 1
	case n < 999.5:
	case n < 9950:
		unit, n, decimals = lSeconds, n/1e3, 1
	case n < 119_500:
		unit, n = lSeconds, n/1e3
	case n < 2*3600e3:
		unit, n = lMinutes, n/60e3
	case n < 48*3600e3:
		unit, n = lHours, n/3600e3
	case n < 1000*86400e3:
		unit, n = lDays, n/86400e3
	default:
		return v.say(lDays, ">1000")
	}
	return v.say(unit, strconv.FormatFloat(n, 'f', decimals, 64))
}

// megabytes writes bytes in MB of 10^6 bytes.
func megabytes(n int64) string {
	return strconv.FormatFloat(float64(n)/1e6, 'f', 0, 64) + noBreak + "MB"
}

// failure is the phrase of a failure, and how long it took where that is known.
func (v *view) failure(f *report.Failure, elapsedMs float64) string {
	s := failureWords.in(v.lang, f.Type)
	if f.Type == report.FailUnknown && f.Detail != "" {
		s += v.bracketed(short(f.Detail))
	}
	if elapsedMs > 0 {
		s += v.bracketed(v.say(lAfter, v.duration(elapsedMs)))
	}
	return s
}

// grew reports whether a counter is known to have risen, and by how much.
func grew(first, last *int64) (int64, bool) {
	if first == nil || last == nil || *last <= *first {
		return 0, false
	}
	return *last - *first, true
}
