// Package render writes a report for people: the verdict, who should act and what to
// do first, the way to the acquirer with the broken place marked, the times measured,
// and what stays open. Chinese and English are equals: each word of the closed lists
// of package report has a text in both (words.go, words_failure.go).
//
// The package is pure: it opens no file, reads no clock and no environment. The same
// report gives the same text everywhere.
//
// Start reading at Text (text.go); page.go sets lines into columns, path.go draws the
// way, blame.go marks on it what the findings say.
package render
