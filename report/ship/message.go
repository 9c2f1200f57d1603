package ship

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"posprobe/report"
	"posprobe/report/redact"
)

// message is a stored line on its way out.
type message struct {
	head
	at     time.Time // when it was observed, zero where the line does not say
	line   []byte    // redacted, with an id
	cursor string    // behind it
	before losses    // between the message before and this one
}

// head is what reports and records say of themselves, and what a receiver may want to
// sort by.
type head struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"` // "" for a report
	ObservedAt string `json:"observed_at"`
	At         string `json:"at"`
	Terminal   struct {
		Ref string `json:"ref"`
	} `json:"terminal"`
	Diagnosis struct {
		Verdict    report.Verdict    `json:"verdict"`
		Domain     report.Domain     `json:"domain"`
		Code       report.Code       `json:"code"`
		Confidence report.Confidence `json:"confidence"`
		Planned    report.Planned    `json:"planned"`
	} `json:"diagnosis"`
	Incident incident `json:"incident"`
	// Body is a record's; that of an incident's event says what happened to it.
	Body struct {
		Kind     string   `json:"kind"`
		Incident incident `json:"incident"`
	} `json:"body"`
}

type incident struct {
	ID        string `json:"id"`
	Escalated bool   `json:"escalated"`
}

// newMessage makes a stored line fit for leaving the terminal. The error holds nothing of
// the line. A line without an id gets one that it will have every time.
func newMessage(stored []byte, r redact.Redactor) (message, error) {
	line, err := r.Line(stored)
	if err != nil {
		return message{}, err
	}
	m := message{line: line}
	// A member of another type than expected is no member that is meant here: what could
	// be read counts.
	_ = json.Unmarshal(line, &m.head)
	if m.ID == "" {
		sum := sha256.Sum256(stored)
		m.ID = hex.EncodeToString(sum[:13])
		m.line = withMember(m.line, "id", m.ID)
	}
	for _, at := range []string{m.ObservedAt, m.At} {
		if t, err := time.Parse(time.RFC3339, at); err == nil {
			m.at = t
			break
		}
	}
	return m, nil
}

// withMember puts a member in front of the others of an object that is not empty. Name
// and value are plain ASCII.
func withMember(object []byte, name, value string) []byte {
	out := make([]byte, 0, len(object)+len(name)+len(value)+6)
	out = append(out, `{"`+name+`":"`+value+`",`...)
	return append(out, object[1:]...)
}

// sentAt is when a message leaves. Together with observed_at it says which reports had
// to wait.
func (m message) sentAt(now time.Time) []byte {
	return withMember(m.line, "sent_at", now.Format("2006-01-02T15:04:05.000Z07:00"))
}

// escalated reports whether the incident that the message belongs to needs somebody.
func (m message) escalated() bool { return m.Incident.Escalated || m.Body.Incident.Escalated }

// severity is how bad the news is.
type severity struct {
	syslog int // RFC 5424 section 6.2.1
	otlp   int // OpenTelemetry Logs Data Model, "SeverityNumber", as it maps syslog's
	text   string
}

func (m message) severity() severity {
	d := m.Diagnosis
	bad := d.Verdict == report.VerdictFault || d.Verdict == report.VerdictInconclusive || m.Kind == "incident"
	switch {
	case d.Planned != "", m.Kind == "incident" && m.Body.Kind == "closed":
		return severity{5, 10, "NOTICE"}
	case m.escalated() && bad:
		return severity{2, 18, "CRITICAL"}
	case d.Verdict == report.VerdictFault:
		return severity{3, 17, "ERROR"}
	case bad, d.Verdict == report.VerdictDegraded:
		return severity{4, 13, "WARNING"}
	}
	return severity{6, 9, "INFO"}
}

// sentence says in one line what the message is about: ASCII, for people.
func (m message) sentence() string {
	if m.Kind != "" {
		return "posprobe " + m.Kind
	}
	d := m.Diagnosis
	s := "posprobe: " + string(d.Verdict)
	if d.Code == "" {
		return s
	}
	s += ", " + string(d.Code)
	if d.Confidence != "" {
		s += " (" + string(d.Confidence) + ")"
	}
	if row, ok := report.LookupRow(d.Code); ok {
		s += ": " + row.Title.EN
	}
	return s
}
