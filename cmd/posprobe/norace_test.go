//go:build !race

package main

var raceFlags, raceEnv []string
