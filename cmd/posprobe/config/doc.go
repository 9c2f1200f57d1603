// Package config reads posprobe's configuration: a strict YAML file, overridden by
// command line flags.
//
// Strict means that every mistake of a file is told in one run, each with its file,
// line, key, value and remedy, and that nothing is guessed: an unknown key, a
// duration without a unit or a value that cannot be meant is refused. A terminal that
// is probed with half of its configuration would accuse the wrong party.
//
// The order of use is Load (or Default), Override, Check; after Check without
// mistakes, Site, Dialect and TLS turn the configuration into what a round needs.
//
// Start reading at Config (config.go), then Load (load.go) and the walker from YAML to
// the typed values (walk.go, assign.go).
package config
