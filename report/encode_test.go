package report

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// TestEncodeStrict: what must not be read in years is not written today.
func TestEncodeStrict(t *testing.T) {
	for name, spoil := range map[string]func(*Report){
		"schema":     func(r *Report) { r.Schema = 2 },
		"id":         func(r *Report) { r.ID = "" },
		"verdict":    func(r *Report) { r.Diagnosis.Verdict = "fine" },
		"trigger":    func(r *Report) { r.Trigger = "" },
		"not finite": func(r *Report) { r.ElapsedMs = math.Inf(1) },
		"negative":   func(r *Report) { r.Evidence.Connects[0].ElapsedMs = -1 },
		"failure":    func(r *Report) { r.Evidence.Connects[0].Failure = &Failure{OpConnect, "broken", ""} },
		"operation":  func(r *Report) { r.Evidence.Connects[0].Failure = &Failure{"dial", FailRefused, ""} },
		"escape":     func(r *Report) { r.Evidence.SignOns[0].HostText = "\x1b[2J" },
		"bytes":      func(r *Report) { r.Evidence.SignOns[0].HostText = "\xff" },
		"reason":     func(r *Report) { r.Evidence.Tasks[0].Reason = ReasonPaused },
		"row":        func(r *Report) { r.Diagnosis.Findings = List[Finding]{{Kind: KindNote, Code: "note.none"}} },
	} {
		r := saved("01J00000000000000000000000", healthy().evidence())
		if _, err := Encode(r); err != nil {
			t.Fatal(err)
		}
		spoil(&r)
		if out, err := Encode(r); err == nil {
			t.Errorf("%s: written: %.80s", name, out)
		}
	}
}

// TestDecodeTolerant: what a newer or older version writes is read as far as possible.
func TestDecodeTolerant(t *testing.T) {
	line, err := Encode(saved("01J00000000000000000000000", healthy().evidence()))
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(line), `{"schema":1`, `{"later":{"a":[1]},"schema":1`, 1)
	if r, err := Decode([]byte(more)); err != nil || len(r.Evidence.Connects) != 1 {
		t.Errorf("an unknown field: %v", err)
	}
	if r, err := Decode([]byte(`{"schema":1,"evidence":{}}`)); err != nil || Diagnose(r.Evidence).Verdict != VerdictInconclusive {
		t.Errorf("a report with nothing in it: %v", err)
	}
	for in, want := range map[string]error{
		strings.Replace(string(line), `{"schema":1`, `{"schema":2`, 1): ErrSchema,
		`{"schema":0,"evidence":{}}`:                                   ErrNoReport,
		`{"verdict":"healthy"}`:                                        ErrNoReport,
		`[1]`:                                                          ErrNoReport,
		``:                                                             ErrNoReport,
		`{"schema":1,"evidence":[]}`:                                   ErrNoReport,
		strings.Repeat(" ", MaxBytes+1):                                ErrTooLarge,
	} {
		if _, err := Decode([]byte(in)); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", in, err, want)
		}
	}
}

// TestEncodePrintable: whatever a report holds, its line steers no terminal and is the
// same report when it is read.
func TestEncodePrintable(t *testing.T) {
	r := saved("01J00000000000000000000000", healthy().evidence())
	evil := "eth\u009b5m\u202ex\u2066\u200b\U000e0041\u00ad\ufeff"
	r.Evidence.Links[0].Name, r.Evidence.Tasks[0].ID = evil, evil
	line, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range string(line) {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Fatalf("%U in %.200q", c, line)
		}
	}
	if again, err := Decode(line); err != nil || again.Evidence.Links[0].Name != evil {
		t.Errorf("read as %q, %v", again.Evidence.Links[0].Name, err)
	}
}

// FuzzDecode: whatever is read, the rules bear it.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(savedDir, "*.json"))
	for i, path := range files {
		if i%8 == 0 {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		d := Diagnose(r.Evidence)
		if d.Verdict == VerdictHealthy && len(r.Evidence.Connects) == 0 && len(r.Evidence.TLS) == 0 && len(r.Evidence.SignOns) == 0 {
			t.Fatal("healthy without an exchange")
		}
	})
}
