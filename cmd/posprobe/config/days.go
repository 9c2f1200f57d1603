package config

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} // as time.Weekday counts
	ordinals = []string{"first", "second", "third", "fourth", "last"}
)

// days says on which days something happens again: each day, a weekday, the nth or last
// of its kind in a month, or a day of the month. One of them is set.
type days struct {
	each    bool
	weekday time.Weekday
	nth     int // 1 to 4; 5 is the last; 0 every one
	day     int // 1 to 31; 0 where weekday counts
}

// parseDays reads day, WEEKDAY, ORDINAL WEEKDAY or a number.
func parseDays(s string) (days, bool) {
	if s == "day" {
		return days{each: true}, true
	}
	if n, err := strconv.Atoi(s); err == nil {
		return days{day: n}, n >= 1 && n <= 31 && s == strconv.Itoa(n)
	}
	word, rest, two := strings.Cut(s, " ")
	nth := 0
	if two {
		nth = slices.Index(ordinals, word) + 1
		word = rest
	}
	weekday := slices.Index(weekdays, word)
	return days{weekday: time.Weekday(weekday), nth: nth}, weekday >= 0 && (nth > 0) == two
}

func checkEvery(s string) *fault {
	if _, ok := parseDays(s); ok {
		return nil
	}
	f := &fault{"names no days", "write day, a weekday such as monday, first monday (or second, third, fourth, last), or the day of the month from 1 to 31"}
	if lower := strings.ToLower(strings.Join(strings.Fields(s), " ")); lower != s {
		if _, ok := parseDays(lower); ok {
			return &fault{"is written with capitals or more spaces than needed", "write " + lower}
		}
	}
	return f
}

// on reports whether something happens on a date.
func (d days) on(year int, month time.Month, day int) bool {
	at := time.Date(year, month, day, 12, 0, 0, 0, time.UTC) // noon of the date, in no zone
	switch {
	case d.each:
		return true
	case d.day > 0:
		return at.Day() == d.day
	case at.Weekday() != d.weekday:
		return false
	case d.nth == 0:
		return true
	case d.nth == len(ordinals): // the last: a week later is another month
		return at.AddDate(0, 0, 7).Month() != at.Month()
	}
	return (at.Day()+6)/7 == d.nth
}
