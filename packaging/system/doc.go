// Package system tests the packages where they are meant to run: in a Debian under
// systemd, OpenRC and SysV init, and in a system of BusyBox and nothing else, each booted
// in a container of its own (systemd-nspawn) that stands in the laboratory's shop. It has
// tests alone: make test-system.
//
// Start reading at machine_test.go, what a booted system is, and life_test.go, what happens
// to a service in its life; the files named after service managers say how each is asked.
package system
