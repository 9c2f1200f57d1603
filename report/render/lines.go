package render

import "posprobe/report"

// Wrap sets s into lines of at most room columns, as terminals count them: Chinese
// characters take two and may be parted, words of other scripts are kept whole. Room is
// at least 2. The lines of a report are set by it as well.
func Wrap(s string, room int) []string { return wrap(s, room) }

// Columns returns how many columns a terminal gives to s.
func Columns(s string) int { return columns(s) }

// Failure says in a short phrase what happened, without saying whose fault it is.
func Failure(f report.FailureType, lang report.Lang) string { return failureWords[f].In(lang) }
