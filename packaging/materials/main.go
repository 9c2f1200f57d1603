// Command materials says what a posprobe binary is made of: a bill of materials in
// CycloneDX 1.5 and the texts of the licences, both from what the linker wrote into the
// binary (debug/buildinfo), so that nothing is listed that is not in there.
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("materials: ")
	binary := flag.String("binary", "", "the `FILE` to describe")
	version := flag.String("version", "", "its version")
	at := flag.String("time", "", "when it was committed (RFC 3339)")
	sbom := flag.String("sbom", "", "write the bill of materials to this `FILE`")
	licences := flag.String("licences", "", "write the licences to this `FILE`")
	flag.Parse()
	if err := run(*binary, *version, *at, *sbom, *licences); err != nil {
		log.Fatal(err)
	}
}

func run(binary, version, at, sbom, licences string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	parts, err := linked(info)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(bill(program, version, at, info, parts), "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(sbom, append(text, '\n'), 0o644), os.WriteFile(licences, collected(parts), 0o644))
}

// part is a module that is linked in, with its licence.
type part struct {
	path, version string
	licence       string // SPDX identifier
	text          []byte
}

// linked are the program itself, Go's standard library, and the modules in a binary.
func linked(info *buildinfo.BuildInfo) ([]part, error) {
	own, err := licenceIn("posprobe", "", ".")
	if err != nil {
		return nil, err
	}
	root, err := goSays("env", "GOROOT")
	if err != nil {
		return nil, err
	}
	std, err := licenceIn("std", strings.TrimPrefix(info.GoVersion, "go"), root)
	if err != nil {
		return nil, err
	}
	parts := []part{own, std}
	for _, m := range info.Deps {
		p, err := fetched(m)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func fetched(m *debug.Module) (part, error) {
	if m.Replace != nil {
		m = m.Replace
	}
	dir, err := goSays("list", "-m", "-f", "{{.Dir}}", m.Path)
	if err != nil {
		return part{}, err
	}
	return licenceIn(m.Path, m.Version, dir)
}

// goSays is the first line that the go command answers with.
func goSays(args ...string) (string, error) {
	out, err := exec.Command("go", args...).Output()
	return strings.TrimSpace(string(out)), err
}

// licenceNames are what modules call the file, the ones of Debian's Go root included.
var licenceNames = []string{"LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING", "COPYRIGHT"}

func licenceIn(path, version, dir string) (part, error) {
	for _, name := range licenceNames {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			id := identify(string(text))
			if id == "" {
				return part{}, fmt.Errorf("%s: %s is of no kind known here", path, name)
			}
			if notice, err := os.ReadFile(filepath.Join(dir, "NOTICE")); err == nil { // Apache-2.0 section 4(d)
				text = append(append(text, '\n'), notice...)
			}
			return part{path, version, id, text}, nil
		}
	}
	return part{}, fmt.Errorf("%s: no licence in %s", path, dir)
}

// identify is the SPDX identifier of a licence's text, "" for an unknown one.
func identify(text string) string {
	has := func(words string) bool { return strings.Contains(strings.Join(strings.Fields(text), " "), words) }
	switch {
	case has("Apache License Version 2.0"), has("Apache License, Version 2.0"):
		return "Apache-2.0"
	case has("Redistribution and use in source and binary forms") && (has("Neither the name") || has("may be used to endorse or promote")):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission is hereby granted, free of charge"):
		return "MIT"
	case has("This software is provided 'as-is', without any express or implied warranty"):
		return "Zlib"
	}
	return ""
}

// collected is all licences, each with the modules that it holds for.
func collected(parts []part) []byte {
	var out bytes.Buffer
	fmt.Fprintln(&out, "posprobe contains what is listed here, each under the licence below its name.")
	for _, p := range parts {
		fmt.Fprintf(&out, "\n%s\n%s (%s)\n\n%s\n", strings.Repeat("=", 78), strings.TrimSpace(p.path+" "+p.version), p.licence, bytes.TrimSpace(p.text))
	}
	return out.Bytes()
}

// The parts of CycloneDX that are used (https://cyclonedx.org/docs/1.5/json/).
type (
	document struct {
		Format      string      `json:"bomFormat"`
		SpecVersion string      `json:"specVersion"`
		Version     int         `json:"version"`
		Metadata    metadata    `json:"metadata"`
		Components  []component `json:"components"`
	}
	metadata struct {
		Timestamp string    `json:"timestamp"`
		Component component `json:"component"`
	}
	component struct {
		Type       string         `json:"type"`
		Ref        string         `json:"bom-ref"`
		Name       string         `json:"name"`
		Version    string         `json:"version,omitempty"`
		Hashes     []hash         `json:"hashes,omitempty"`
		Licenses   []licenceEntry `json:"licenses"`
		PURL       string         `json:"purl,omitempty"`
		Properties []property     `json:"properties,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	licenceEntry struct {
		License struct {
			ID string `json:"id"`
		} `json:"license"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

func bill(program []byte, version, at string, info *buildinfo.BuildInfo, parts []part) document {
	sum := sha256.Sum256(program)
	own := component{Type: "application", Ref: "posprobe", Name: "posprobe", Version: version, Licenses: licensed(parts[0]), Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}}}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "GOARM", "GOAMD64", "-tags":
			own.Properties = append(own.Properties, property{s.Key, s.Value})
		}
	}
	d := document{Format: "CycloneDX", SpecVersion: "1.5", Version: 1, Metadata: metadata{at, own}}
	for _, p := range parts[1:] {
		purl := "pkg:golang/" + p.path + "@" + p.version
		d.Components = append(d.Components, component{Type: "library", Ref: purl, Name: p.path, Version: p.version, PURL: purl, Licenses: licensed(p)})
	}
	return d
}

func licensed(p part) []licenceEntry {
	var l licenceEntry
	l.License.ID = p.licence
	return []licenceEntry{l}
}
