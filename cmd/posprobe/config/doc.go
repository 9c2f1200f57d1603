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
// The types and their tags are the only grammar: the walker reads the file by them, and
// Commented writes a file in which every key is explained, with the words of docs*.go.
// packaging/posprobe.yaml and posprobe.zh.yaml are written so (go test -update). A new
// key is a field with its tags and a doc.
//
// Start reading at Config (config.go), then Load (load.go) and the walker from YAML to
// the typed values (walk.go, assign.go).
package config
