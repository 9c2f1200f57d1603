package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
	"posprobe/report/store"
)

// TestSave: a check is kept in a segment of its own and found by the commands about
// reports; one that cannot be kept is as good as any other, and says why.
func TestSave(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	file, dir := daemonSite(t, host.Addr(), "")
	check := []string{"check", "--config", file, "--endpoint", host.Addr(), "--save", "--format", "json"}
	for _, terminal := range []string{testTerminal, "RC970000"} {
		o := steady(t, append(check, "--terminal", terminal)...)
		if o.stderr != "" {
			t.Errorf("%s", o.stderr)
		}
		if shown := run(t, nil, "report", "show", "last", "--dir", dir, "--format", "json"); shown.stdout != o.stdout {
			t.Errorf("kept: %s\nwas %s", shown.stdout, o.stdout)
		}
	}
	segments, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(segments) < 2 {
		t.Fatal(segments, err)
	}
	for _, s := range segments {
		if !strings.HasPrefix(filepath.Base(s), string(store.Checks)) {
			t.Errorf("a check wrote %s", s)
		}
	}
	again := run(t, nil, "diagnose", segments[len(segments)-1])
	if again.exit != 40 || again.stderr != "" {
		t.Errorf("%+v", again)
	}

	// Where nothing can be written: a file stands in the way, whoever asks.
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "")
	for lang, words := range map[string]string{"en": "it was not saved in " + dir, "zh": "没有保存到 " + dir} {
		o := steady(t, append(check, "--terminal", "RC970000", "--lang", lang)...)
		if r := decode(t, o); o.exit != 40 || r.Diagnosis.Domain != report.DomainAccount || !strings.Contains(o.stderr, words) {
			t.Errorf("exit %d: %s", o.exit, o.stderr)
		}
	}
}

// TestDiagnoseSegment: what of a store's segment is no report is passed over and counted.
func TestDiagnoseSegment(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	bad := run(t, nil, echo(host.Addr(), "RC970000", "--format", "json")...).stdout
	good := run(t, nil, echo(host.Addr(), testTerminal, "--format", "json")...).stdout
	record := `{"kind":"incident","name":"","id":"X","at":"2026-12-01T09:30:12Z","body":{}}` + "\n"
	path := filepath.Join(t.TempDir(), "failures-0000000000.ndjson")
	writeFile(t, path, record+bad+record+record+good+record)
	for lang, words := range map[string]string{"en": "4 records that are no reports", "zh": "跳过 4 条"} {
		o := run(t, nil, "diagnose", path, "--format", "json", "--lang", lang)
		if o.exit != 0 || o.stdout != bad+good || !strings.Contains(o.stderr, words) {
			t.Errorf("%+v", o)
		}
	}
	writeFile(t, path, record+record)
	if o := run(t, nil, "diagnose", path); o.exit != 2 || o.stdout != "" || !strings.Contains(o.stderr, "there is no report in it") {
		t.Errorf("%+v", o)
	}
	writeFile(t, path, bad+record+good[:len(good)/2])
	if o := run(t, nil, "diagnose", path, "--format", "json"); o.exit != 2 || o.stdout != bad || !strings.Contains(o.stderr, "report 2: ") {
		t.Errorf("%+v", o)
	}
}
