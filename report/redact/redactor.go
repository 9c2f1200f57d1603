package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"posprobe/report"
)

// Mask stands where something was taken out.
const Mask = "[redacted]"

// Redactor knows what must not leave the terminal. The zero value knows nothing of this
// terminal and still takes out what can be told by its name or its shape.
type Redactor struct {
	// Ref stands for the terminal, and is written as terminal.ref: a Reference, the name of
	// the asset, or the ids themselves where the operator wants that; "" for none.
	Ref string
	// Secrets are taken out wherever they stand in text that was not made by posprobe
	// itself, in capitals or not: the ids of terminal and merchant, names and passwords
	// from the configuration. Those of fewer than four bytes are passed over: they would
	// be found in every other word.
	Secrets []string
}

// minSecret is the length, in bytes, from which a secret is looked for.
const minSecret = 4

// Reference is what stands for a terminal in a shipped report: the first 16 hexadecimal
// digits of the HMAC-SHA256 (RFC 2104) of TID|MID under a key that the operator gives to
// all terminals. Without the key nobody can try out the eight digits of a TID.
func Reference(key []byte, terminal, merchant string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(terminal + "|" + merchant))
	return hex.EncodeToString(mac.Sum(nil))[:16]
}

// Line returns a stored line, which is one JSON object, without what must not leave the
// terminal and with terminal.ref. Everything else keeps its value and its place, what
// this version does not know included. The error, for what is no JSON object or nested
// too deeply, holds nothing of the line.
func (r Redactor) Line(line []byte) ([]byte, error) {
	known := lowered(r.Secrets)
	// What stands in a field for secrets is looked for in all other text as well.
	if err := rewrite(line, &collector{found: &known}); err != nil {
		return nil, err
	}
	longestFirst(known)
	v := &masker{ref: scrubber{secrets: known}.words(r.Ref), scrub: scrubber{secrets: known, seen: map[[8]byte]int{}}}
	if err := rewrite(line, v); err != nil {
		return nil, err
	}
	return v.out, nil
}

// Report is Line for a report that is at hand. Ref is not in it.
func (r Redactor) Report(in report.Report) (report.Report, error) {
	line, err := report.Encode(in)
	if err != nil {
		return report.Report{}, err
	}
	if line, err = r.Line(line); err != nil {
		return report.Report{}, err
	}
	return report.Decode(line)
}

// Text is text from outside, or of a log, without what must not leave the terminal.
func (r Redactor) Text(s string) string {
	known := lowered(r.Secrets)
	longestFirst(known)
	return scrubber{secrets: known, seen: map[[8]byte]int{}}.free(s)
}
