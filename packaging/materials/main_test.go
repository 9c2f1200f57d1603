package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun: the bill lists what is linked into posprobe, all of it and nothing else, and the
// licence of each is among the texts.
func TestRun(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	binary, sbom, licences := filepath.Join(dir, "posprobe"), filepath.Join(dir, "sbom"), filepath.Join(dir, "licences")
	build := exec.Command("go", "build", "-o", binary, "./cmd/posprobe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm", "GOARM=7")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := run(binary, "1.2.3", "2026-11-23T00:00:00Z", sbom, licences); err != nil {
		t.Fatal(err)
	}
	var got document
	text, err := os.ReadFile(sbom)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := os.ReadFile(licences)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Deps) < 5 || len(got.Components) != len(info.Deps)+1 { // and the standard library
		t.Fatalf("%d components, %d modules", len(got.Components), len(info.Deps))
	}
	for i, m := range info.Deps {
		c := got.Components[i+1]
		if c.Name != m.Path || c.Version != m.Version || c.PURL != "pkg:golang/"+m.Path+"@"+m.Version || c.Licenses[0].License.ID == "" {
			t.Errorf("%+v is not %+v", c, m)
		}
		if !strings.Contains(string(texts), m.Path+" "+m.Version+" ("+c.Licenses[0].License.ID+")\n") {
			t.Errorf("no licence of %s", m.Path)
		}
	}
	if got.Metadata.Component.Hashes[0].Content == "" || got.Metadata.Component.Version != "1.2.3" {
		t.Errorf("%+v", got.Metadata)
	}
}

func TestIdentify(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n   Version 2.0, January 2004":                                            "Apache-2.0",
		"Redistribution and use in source and binary forms ... Neither the name of":               "BSD-3-Clause",
		"Redistribution and use in source and\nbinary forms, with or without":                     "BSD-2-Clause",
		"Permission is hereby granted, free of charge, to any person":                             "MIT",
		"This software is provided 'as-is', without any express or implied warranty. In no event": "Zlib",
		"All rights reserved. You may look at it.":                                                "",
	} {
		if got := identify(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
