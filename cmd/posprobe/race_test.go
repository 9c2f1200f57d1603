//go:build race

package main

// raceFlags build the daemon under test with the race detector where the test has it.
var raceFlags, raceEnv = []string{"-race"}, []string{"CGO_ENABLED=1"}
