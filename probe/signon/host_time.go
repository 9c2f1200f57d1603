package signon

import "time"

// clockFields are fields 7 and 12 of the request, "" where they are not sent.
type clockFields struct{ stamp, time string }

// hostTime returns the host's time in one of the forms of Reply.HostTime, "" where the
// message has none. A field that comes back as it was sent says nothing of the host's
// clock: most hosts return the terminal's local time (12, 13), many also the time of its
// transmission (7).
func (d *iso) hostTime(m *message) string {
	local := m.timeOf(12, m.time)
	if len(local) == len("hhmmss") { // ISO 8583:1987; in 1993 field 12 has the date as well
		local = joined(m.timeOf(13, m.date), local)
	}
	if m.timeOf(12, m.time) != d.sent.time && isTime(local) {
		return local
	}
	if stamp := m.timeOf(7, m.stamp); stamp != d.sent.stamp && isTime(stamp) {
		return d.localStamp(stamp)
	}
	return ""
}

// joined puts date and time together, "" without a date.
func joined(date, clock string) string {
	if date == "" {
		return ""
	}
	return date + clock
}

// The forms of Reply.HostTime without a zone.
const (
	formYear   = "060102150405" // YYMMDDhhmmss
	formNoYear = "0102150405"   // MMDDhhmmss
)

// isTime reports whether digits are a date and time in one of the two forms.
func isTime(digits string) bool {
	if len(digits) == len(formYear) {
		_, err := time.Parse(formYear, digits)
		return err == nil
	}
	// Any leap year will do: the message has none.
	_, err := time.Parse("2006"+formNoYear, "2000"+digits)
	return len(digits) == len(formNoYear) && err == nil
}

// localStamp tells field 7, which is UTC (ISO 8583:1987), in the zone of the host.
// There are hosts that write it in their own zone: of the two readings the one nearer to
// the true time counts, so that such a host does not make a clock look hours off. Where
// the time is not known nothing is said.
func (d *iso) localStamp(stamp string) string {
	if d.time.IsZero() {
		return ""
	}
	t, off := nearest(stamp, d.time, time.UTC)
	if t.IsZero() {
		return ""
	}
	if _, offHere := nearest(stamp, d.time, d.zone); offHere < off {
		return stamp
	}
	return t.In(d.zone).Format(formNoYear)
}

// nearest reads MMDDhhmmss in the year that makes it nearest to at, and returns how far
// off it is; t is zero where there is no such date in any of those years.
func nearest(digits string, at time.Time, zone *time.Location) (t time.Time, off time.Duration) {
	for year := at.In(zone).Year() - 1; year <= at.In(zone).Year()+1; year++ {
		// The year is part of the parse: February 29 exists in some years only.
		got, err := time.ParseInLocation("2006"+formNoYear, decimals(year, 4)+digits, zone)
		if err != nil {
			continue
		}
		if d := got.Sub(at).Abs(); t.IsZero() || d < off {
			t, off = got, d
		}
	}
	return t, off
}
