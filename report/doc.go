// Package report holds the words for what posprobe sees and the one function that
// says what follows from it: Diagnose, from Evidence to Diagnosis.
//
// The package is pure: it opens no socket and no file, reads no clock and no
// configuration. The same evidence gives the same diagnosis on the terminal and,
// years later, on the desk of whoever questions the verdict.
//
// Start reading at Report (report.go), then Evidence (evidence.go), then Diagnose
// (diagnose.go). A fault is a row of the catalogue (rows_*.go).
package report
