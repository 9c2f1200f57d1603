// Package explain looks up what posprobe can say about a word: a code of the catalogue,
// a prompt of the terminal's screen, a response code, a term of the trade, or words that
// occur in any of them.
//
// The package is pure: it holds values and touches nothing. Package render writes what
// it finds.
package explain
