package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/store"
)

// Record is what one line says about a terminal.
type Record struct {
	// ID is the line's own, "" where it has none. Terminal is its reference, else its
	// asset, else its serial number, "" where the line names none.
	ID, Terminal string
	// From and At are when what it says began and when it was seen, by the terminal's
	// clock.
	From, At time.Time
	// Kind is "" for a report.
	Kind store.Kind
	// Verdict is empty where the line says only that the terminal is alive.
	Verdict report.Verdict
	Code    report.Code
	Domain  report.Domain
	Planned report.Planned
	// Open is true when the report belongs to an incident; Ended when the line says that
	// it is over.
	Open, Ended bool
	// Carried is true when the report left within two minutes and is here now: the
	// terminal's access worked.
	Carried   bool
	Endpoints []Endpoint
	Providers []string
	// Region, Version and Model are what terminals are grouped by beside: the part of
	// the terminal's site in front of its last slash, the agent's version, the model.
	Region, Version, Model string
}

// Endpoint is how an endpoint did.
type Endpoint struct {
	Address string
	State   State
}

// State is what is known of a terminal at an endpoint.
type State uint8

// The states.
const (
	Unknown State = iota
	Good
	Bad
)

// ErrNoRecord is returned for a line that is neither a report nor a record of the store.
var ErrNoRecord = errors.New("neither a report nor a record of posprobe")

// prompt is how soon a report is sent that finds its way at once.
const prompt = 2 * time.Minute

// document is what is read of a line.
type document struct {
	Schema     int        `json:"schema"`
	Kind       store.Kind `json:"kind"`
	ID         string     `json:"id"`
	ObservedAt string     `json:"observed_at"`
	At         string     `json:"at"`
	SentAt     string     `json:"sent_at"`
	Agent      struct {
		Version string `json:"version"`
	} `json:"agent"`
	Terminal struct {
		Ref    string `json:"ref"`
		Asset  string `json:"asset"`
		Serial string `json:"serial"`
		Site   string `json:"site"`
		Model  string `json:"model"`
	} `json:"terminal"`
	Evidence  evidence `json:"evidence"`
	Diagnosis struct {
		Verdict  report.Verdict `json:"verdict"`
		Domain   report.Domain  `json:"domain"`
		Code     report.Code    `json:"code"`
		Planned  report.Planned `json:"planned"`
		Findings []struct {
			Kind       report.Kind       `json:"kind"`
			Code       report.Code       `json:"code"`
			Domain     report.Domain     `json:"domain"`
			Confidence report.Confidence `json:"confidence"`
			MaskedBy   report.Code       `json:"masked_by"`
			Resource   string            `json:"resource"`
		} `json:"findings"`
	} `json:"diagnosis"`
	Incident struct {
		OpenedAt string `json:"opened_at"`
	} `json:"incident"`
	Body json.RawMessage `json:"body"`
	// Message is the whole line where a log server hands it out as one of its own.
	Message string `json:"_msg"`
}

// evidence is what is read of a report's evidence.
type evidence struct {
	Site struct {
		Profile   report.Profile `json:"profile"`
		Endpoints []struct {
			Address string      `json:"address"`
			Goal    report.Step `json:"goal"`
		} `json:"endpoints"`
	} `json:"site"`
	Tasks []struct {
		Kind     report.TaskKind `json:"kind"`
		Endpoint string          `json:"endpoint"`
		Outcome  report.Outcome  `json:"outcome"`
		Reason   report.Reason   `json:"reason"`
	} `json:"tasks"`
	Resolvers []struct {
		Address string `json:"address"`
	} `json:"resolvers"`
	Connects []step `json:"connects"`
	TLS      []step `json:"handshakes"`
	SignOns  []step `json:"sign_ons"`
}

// step is a connect, a handshake or a sign-on.
type step struct {
	Endpoint string    `json:"endpoint"`
	Address  string    `json:"address"`
	Source   string    `json:"source"`
	Gateway  string    `json:"gateway"`
	Failure  *struct{} `json:"failure"`
}

// Decode reads a line: a report or a record as posprobe stores and ships them, bare, as
// the text of a syslog message, or as the _msg of a log server's answer. It returns
// ErrNoRecord, also for what was cut short.
func Decode(line []byte) (Record, error) {
	var d document
	if i := bytes.Index(line, []byte(`{"`)); i > 0 && line[0] != '{' {
		line = line[i:] // the header and the sentence of a syslog message
	}
	if json.Unmarshal(line, &d) != nil {
		return Record{}, ErrNoRecord
	}
	if d.Schema == 0 && d.Kind == "" && strings.HasPrefix(d.Message, "{") {
		inner := d.Message
		d = document{}
		if json.Unmarshal([]byte(inner), &d) != nil {
			return Record{}, ErrNoRecord
		}
	}
	if d.Schema == 0 && d.Kind == "" {
		return Record{}, ErrNoRecord
	}
	r := Record{ID: clip(d.ID), Kind: d.Kind, Terminal: clip(firstOf(d.Terminal.Ref, d.Terminal.Asset, d.Terminal.Serial)),
		Region: region(d.Terminal.Site), Version: clip(d.Agent.Version), Model: clip(d.Terminal.Model)}
	if d.Kind != "" {
		return r, r.fromBody(&d)
	}
	r.At, r.From = timeOf(d.ObservedAt), timeOf(d.ObservedAt)
	if opened := timeOf(d.Incident.OpenedAt); !opened.IsZero() && opened.Before(r.At) {
		r.From, r.Open = opened, true
	}
	sent := timeOf(d.SentAt).Sub(r.At)
	r.Carried = d.SentAt != "" && sent >= 0 && sent <= prompt
	g := &d.Diagnosis
	r.Verdict, r.Code, r.Domain, r.Planned = g.Verdict, report.Code(clip(string(g.Code))), g.Domain, g.Planned
	if g.Verdict == "" {
		return Record{}, ErrNoRecord
	}
	r.Endpoints, r.Providers = endpoints(&d), providers(&d.Evidence)
	return r, nil
}

// fromBody reads what a record that is no report says.
func (r *Record) fromBody(d *document) error {
	r.At = timeOf(d.At)
	r.From = r.At
	switch d.Kind {
	case store.KindSummary:
		var s store.Summary
		if json.Unmarshal(d.Body, &s) != nil {
			return ErrNoRecord
		}
		if !s.LastAt.IsZero() && !s.FirstAt.After(s.LastAt) {
			r.From, r.At = s.FirstAt, s.LastAt
		}
		if s.Rounds[report.VerdictHealthy] == 0 || len(s.Rounds) > 1 {
			return nil // bad rounds have reports of their own
		}
		r.Verdict = report.VerdictHealthy
		for _, e := range s.Endpoints[:min(len(s.Endpoints), maxEndpoints)] {
			r.Endpoints = append(r.Endpoints, Endpoint{clip(e.Endpoint), Good})
		}
	case store.KindIncident:
		var e incident.Event
		if json.Unmarshal(d.Body, &e) != nil {
			return ErrNoRecord
		}
		r.Ended = e.Kind == incident.Closed
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// region is the part of a site's name in front of its last slash.
func region(site string) string {
	i := strings.LastIndexByte(site, '/')
	return clip(site[:max(i, 0)])
}

// timeOf reads a time; zero for none.
func timeOf(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
