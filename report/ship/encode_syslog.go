package ship

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parts of a syslog message (RFC 5424 section 6).
const (
	// facility is that of system daemons.
	facility = 3
	// structuredID names the structured data. 32473 is the number that the IANA keeps for
	// those who have none of their own (RFC 5612).
	structuredID = "posprobe@32473"
	maxHostname  = 255
	maxMsgID     = 32
)

// frames returns an encoder that writes each message with its length in front (RFC 6587
// section 3.4.1, RFC 5425 section 4.3), so that nothing in it can end it or begin
// another one. most is the longest message.
func frames(most int) encoder {
	return func(batch []message, now time.Time) []byte {
		var b bytes.Buffer
		for _, m := range batch {
			text := m.syslog(m.sentAt(now))
			if len(text) > most {
				text = m.syslog(withoutEvidence(m.sentAt(now)))
			}
			b.WriteString(strconv.Itoa(len(text)) + " ")
			b.Write(text)
		}
		return b.Bytes()
	}
}

// syslog writes a message: header, structured data, a sentence, and the report as JSON.
// The last two are ASCII, so that no mark has to say that they are UTF-8 (section 6.4).
func (m message) syslog(line []byte) []byte {
	at := "-"
	if !m.at.IsZero() {
		at = m.at.Format("2006-01-02T15:04:05.000Z07:00")
	}
	d := m.Diagnosis
	var b bytes.Buffer
	fmt.Fprintf(&b, "<%d>1 %s %s posprobe - %s [%s", facility*8+m.severity().syslog, at,
		printable(m.Terminal.Ref, maxHostname), printable(kindOf(m), maxMsgID), structuredID)
	for _, p := range [][2]string{{"id", m.ID}, {"terminal.ref", m.Terminal.Ref},
		{"verdict", string(d.Verdict)}, {"code", string(d.Code)}, {"confidence", string(d.Confidence)}} {
		fmt.Fprintf(&b, ` %s="%s"`, p[0], parameter(p[1]))
	}
	b.WriteString("] ")
	b.Write(escaped([]byte(m.sentence())))
	b.WriteByte(' ')
	b.Write(escaped(line))
	return b.Bytes()
}

// parameter is a text as the value of structured data (section 6.3.3): UTF-8, in which
// three characters are escaped. Control characters, which it may have, serve nobody.
func parameter(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == ']':
			b.WriteRune('\\')
		case r < ' ' || 0x7f <= r && r < 0xa0:
			r = '?'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// printable is a text as a field of the header: visible ASCII, "-" for none.
func printable(s string, most int) string {
	b := []byte(s)
	for i, c := range b {
		if c <= ' ' || c > '~' {
			b[i] = '_'
		}
	}
	if len(b) == 0 {
		return "-"
	}
	return string(b[:min(len(b), most)])
}

// escaped writes what is not ASCII, and control characters, as JSON does (RFC 8259
// section 7). In JSON they stand in strings alone, where that changes nothing.
func escaped(text []byte) []byte {
	var b []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case ' ' <= r && r <= '~':
			b = append(b, byte(r))
		case r > 0xffff:
			r -= 0x10000
			b = fmt.Appendf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return b
}

// withoutEvidence leaves out the member that makes a report long.
func withoutEvidence(line []byte) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil {
		return line
	}
	delete(members, "evidence")
	members["evidence_omitted"] = json.RawMessage("true")
	short, err := json.Marshal(members)
	if err != nil {
		return line
	}
	return short
}
