package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxBytes is the largest report that is read: many times what the largest round
// writes (a full report of eight endpoints is under 100 kB).
const MaxBytes = 4_000_000

// Errors of Decode.
var (
	ErrTooLarge = errors.New("report is larger than any that posprobe writes")
	ErrSchema   = errors.New("report has a newer schema than this posprobe reads; use a newer posprobe")
	ErrNoReport = errors.New("not a posprobe report (check --format json writes one)")
)

// maxList is the longest list of evidence that is read: a round of eight endpoints with
// eight addresses each writes a tenth of it. The rules compare observations with each
// other, so that their time grows with its square.
const maxList = 1000

// Encode writes a report as one line of JSON without a newline. It is strict: a word
// outside the closed lists, a number that JSON cannot hold, or a pointer to nothing is
// an error, because a saved report must be readable for years.
func Encode(r Report) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return escapeUnprintable(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// escapeUnprintable writes what could steer a terminal or hide text (C1 controls, DEL,
// format and bidirectional characters) as JSON escapes (RFC 8259 section 7): the same
// report, fit for any screen.
func escapeUnprintable(line []byte) []byte {
	if !bytes.ContainsFunc(line, unprintable) {
		return line
	}
	var b bytes.Buffer
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		switch {
		case !unprintable(r):
			b.Write(line[:n])
		case r > 0xffff: // a surrogate pair, RFC 8259 section 7
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		line = line[n:]
	}
	return b.Bytes()
}

// unprintable are the characters that text from outside is cleaned of, but for those
// that JSON escapes by itself: C1 controls, DEL, and the format characters (Unicode
// category Cf) in use: soft hyphen, Arabic and Syriac marks, zero width and
// bidirectional characters, tags; and the separators of lines and paragraphs.
func unprintable(r rune) bool {
	switch {
	case r < 0x7f:
		return false
	case r <= 0x9f, r == 0xad, 0x600 <= r && r <= 0x605, r == 0x61c, r == 0x6dd, r == 0x70f, r == 0x8e2, r == 0x180e,
		0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f, r == 0xfeff, 0xfff9 <= r && r <= 0xfffb,
		0xe0000 <= r && r <= 0xe007f:
		return true
	}
	return false
}

// Decode reads one report. It is tolerant: unknown fields are ignored, missing ones are
// empty, and words that a newer version added stay what they are. It returns
// ErrTooLarge, ErrSchema, ErrNoReport, or the JSON error.
func Decode(data []byte) (Report, error) {
	if len(data) > MaxBytes {
		return Report{}, ErrTooLarge
	}
	var head struct {
		Schema   *int            `json:"schema"`
		Evidence json.RawMessage `json:"evidence"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	switch {
	case head.Schema == nil || len(head.Evidence) == 0:
		return Report{}, ErrNoReport
	case *head.Schema > SchemaVersion:
		return Report{}, ErrSchema
	case *head.Schema < 1:
		return Report{}, fmt.Errorf("%w: schema %d", ErrNoReport, *head.Schema)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	e := &r.Evidence
	if max(len(e.Tasks), len(e.Links), len(e.Addresses), len(e.Routes), len(e.Neighbors), len(e.Resolvers), len(e.Hosts), len(e.Lookups),
		len(e.Pings), len(e.Connects), len(e.TLS), len(e.SignOns), len(e.Hops), len(e.Portals), len(e.Claims), len(e.Clocks), len(e.Flows),
		len(e.Site.Endpoints), len(e.Site.References), len(e.Site.ExpectAddresses), len(e.Site.Windows), len(e.Site.Interfaces),
		len(e.Memory.LastGood), len(e.Memory.Resolvers), len(e.Memory.References), len(e.Device.Disks)) > maxList {
		return Report{}, fmt.Errorf("%w: a list in its evidence is longer than %d", ErrTooLarge, maxList)
	}
	return r, nil
}

// check reports the first thing that must not be written.
func (r Report) check() error {
	var c checker
	oneOf(&c, "trigger", r.Trigger, Triggers())
	oneOf(&c, "verdict", r.Diagnosis.Verdict, Verdicts())
	oneOf(&c, "domain", r.Diagnosis.Domain, Domains())
	oneOf(&c, "confidence", r.Diagnosis.Confidence, Confidences())
	oneOf(&c, "planned", r.Diagnosis.Planned, Plans())
	oneOf(&c, "party", r.Diagnosis.Party, Parties())
	if r.Schema != SchemaVersion || r.ID == "" || r.ObservedAt.IsZero() {
		c.failf("schema, id or observed_at is missing")
	}
	c.ms("elapsed_ms", r.ElapsedMs)
	for _, f := range r.Diagnosis.Findings {
		oneOf(&c, "kind", f.Kind, Kinds())
		oneOf(&c, "confidence", f.Confidence, Confidences())
		if _, ok := LookupRow(f.Code); !ok {
			c.failf("finding %q is not in the catalogue", f.Code)
		}
	}
	for _, t := range r.Evidence.Tasks {
		oneOf(&c, "task kind", t.Kind, TaskKinds())
		oneOf(&c, "outcome", t.Outcome, Outcomes())
		oneOf(&c, "reason", t.Reason, Reasons())
		c.failure(t.Failure)
		if (t.Outcome == OutcomeNotAsked) != (t.Reason != "") {
			c.failf("task %q: outcome %q with reason %q", t.ID, t.Outcome, t.Reason)
		}
	}
	for _, o := range r.Evidence.Links {
		oneOf(&c, "link kind", o.Kind, LinkKinds())
	}
	for _, o := range r.Evidence.Lookups {
		c.ms("elapsed_ms", o.ElapsedMs)
		c.failure(o.Failure)
	}
	for _, o := range r.Evidence.Pings {
		oneOf(&c, "target", o.Target, PingTargets())
		c.failure(o.Failure)
	}
	for _, o := range r.Evidence.Connects {
		c.ms("elapsed_ms", o.ElapsedMs)
		c.failure(o.Failure)
		c.tcp(o.TCP)
	}
	for _, o := range r.Evidence.TLS {
		c.ms("elapsed_ms", o.ElapsedMs)
		c.failure(o.Failure)
		c.tcp(o.TCP)
		for _, p := range o.Problems {
			oneOf(&c, "certificate problem", p, CertificateProblems())
		}
		for _, x := range o.Certificates {
			c.text(x.Subject, x.Issuer)
			c.text(x.Names...)
		}
	}
	for _, o := range r.Evidence.SignOns {
		c.ms("elapsed_ms", o.ElapsedMs)
		c.failure(o.Failure)
		c.tcp(o.TCP)
		c.text(o.HostText, o.ResponseCode, o.ReplyType)
	}
	for _, o := range r.Evidence.Clocks {
		oneOf(&c, "clock source", o.Source, ClockSources())
	}
	return c.err
}

// checker keeps the first problem.
type checker struct{ err error }

func (c *checker) failf(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("report not written: "+format, args...)
	}
}

// oneOf checks a word against its closed list. The list comes as a slice of the same
// type, so that a word of another list does not compile.
func oneOf[T ~string](c *checker, what string, word T, list []T) {
	if !slices.Contains(list, word) {
		c.failf("%s %q is not a word of its list", what, word)
	}
}

func (c *checker) ms(what string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		c.failf("%s is %v", what, v)
	}
}

func (c *checker) failure(f *Failure) {
	if f == nil {
		return
	}
	oneOf(c, "operation", f.Operation, Operations())
	oneOf(c, "failure type", f.Type, FailureTypes())
	c.text(f.Detail)
}

func (c *checker) tcp(t *TCP) {
	if t != nil && t.SoftError != "" {
		oneOf(c, "soft error", t.SoftError, FailureTypes())
	}
}

// text checks strings that came from outside: they were cleaned at the edge, and a
// report with one that was not is not written.
func (c *checker) text(values ...string) {
	for _, s := range values {
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 512 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			c.failf("text %.20q was not cleaned", s)
		}
	}
}
