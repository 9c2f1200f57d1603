// Package receivers ships reports to log pipelines as others run them, with the
// configurations of packaging/central, and asks them what support asks. It is a module of
// its own, so that nothing of theirs is a dependency of posprobe: `go test` in this
// directory builds them, which takes a minute and a hundred megabytes of source.
package receivers
