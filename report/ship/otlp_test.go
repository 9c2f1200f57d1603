package ship

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// message of protobuf, read by somebody else's rules: a list of values for each field.
type proto map[int][]any

func readProto(t *testing.T, b []byte) proto {
	t.Helper()
	m := proto{}
	for r := bytes.NewReader(b); r.Len() > 0; {
		key, err := binary.ReadUvarint(r)
		var v any
		switch {
		case err != nil:
		case key&7 == 0:
			v, err = binary.ReadUvarint(r)
		case key&7 == 1:
			var n uint64
			err = binary.Read(r, binary.LittleEndian, &n)
			v = n
		case key&7 == 2:
			var n uint64
			if n, err = binary.ReadUvarint(r); err == nil {
				content := make([]byte, n)
				_, err = io.ReadFull(r, content)
				v = content
			}
		default:
			err = fmt.Errorf("wire type %d", key&7)
		}
		if err != nil {
			t.Fatal(err)
		}
		m[int(key>>3)] = append(m[int(key>>3)], v)
	}
	return m
}

func (p proto) message(t *testing.T, number int) proto { return readProto(t, p.bytes(t, number)) }

func (p proto) bytes(t *testing.T, number int) []byte {
	t.Helper()
	if len(p[number]) != 1 {
		t.Fatalf("field %d occurs %d times", number, len(p[number]))
	}
	return p[number][0].([]byte)
}

func attributes(t *testing.T, list []any) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, a := range list {
		kv := readProto(t, a.([]byte))
		out[string(kv.bytes(t, 1))] = string(kv.message(t, 2).bytes(t, 1))
	}
	return out
}

// records reads the log records of an export request, and its resource.
func records(t *testing.T, body []byte) (resource map[string]string, records []proto) {
	t.Helper()
	logs := readProto(t, body).message(t, 1)
	resource = attributes(t, logs.message(t, 1)[1])
	scope := logs.message(t, 2)
	if name := string(scope.message(t, 1).bytes(t, 1)); name != "posprobe" {
		t.Errorf("scope %q", name)
	}
	for _, r := range scope[2] {
		records = append(records, readProto(t, r.([]byte)))
	}
	return resource, records
}

// receiveOTLP serves OpenTelemetry logs; answer writes what comes back.
func receiveOTLP(t *testing.T, answer func(n int, ids []string, w http.ResponseWriter)) (*inbox, *httptest.Server) {
	b := &inbox{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := b.asked()
		z, err := gzip.NewReader(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "application/x-protobuf" || r.URL.Path != "/v1/logs" {
			t.Errorf("%v, %v", err, r.Header)
			return
		}
		body, _ := io.ReadAll(z)
		_, all := records(t, body)
		var ids []string
		for _, rec := range all {
			ids = append(ids, attributes(t, rec[6])["log.record.uid"])
		}
		b.take(ids, body)
		w.Header().Set("Content-Type", "application/x-protobuf")
		if answer != nil {
			answer(n, ids, w)
		}
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return b, s
}

func TestOTLP(t *testing.T) {
	b, server := receiveOTLP(t, nil)
	m := newMemory()
	fault := strings.NewReplacer(`"code":""`, `"code":"network.local.no_carrier"`, `"domain":""`, `"domain":"network"`, `"confidence":""`, `"confidence":"proven"`,
		`"site":""`, `"site":"三楼"`).Replace(bad(1))
	m.add("failures", fault, `{"kind":"incident","id":"e1","at":"2026-12-01T01:00:00Z","body":{"kind":"escalated","incident":{"id":"i1","escalated":true}}}`)
	m.add("healthy", good(2))
	ship(t, m, Config{}, Destination{To: server.URL + "/v1/logs", Format: OTLP})
	eventually(t, "all", func() bool { return len(b.taken()) == 3 })
	resource, all := records(t, b.raw[0])
	for k, v := range map[string]string{"service.name": "posprobe", "service.version": "1.2.3", "os.type": "linux", "host.arch": "arm32", "service.instance.id": "0123456789abcdef"} {
		if resource[k] != v {
			t.Errorf("resource %s is %q, want %q", k, resource[k], v)
		}
	}
	first := all[0]
	at := time.Unix(0, int64(first[1][0].(uint64)))
	if !at.Equal(time.Date(2026, 12, 1, 1, 30, 12, 345e6, time.UTC)) {
		t.Errorf("time %v", at)
	}
	if sent := time.Unix(0, int64(first[11][0].(uint64))); time.Since(sent) > time.Minute {
		t.Errorf("observed time %v", sent)
	}
	if first[2][0] != uint64(17) || string(first.bytes(t, 3)) != "ERROR" || string(first.bytes(t, 12)) != "posprobe.report" {
		t.Errorf("%v", first)
	}
	got := attributes(t, first[6])
	for k, v := range map[string]string{"log.record.uid": idOf(1), "terminal.ref": "0123456789abcdef", "posprobe.verdict": "fault",
		"posprobe.domain": "network", "posprobe.code": "network.local.no_carrier", "posprobe.confidence": "proven"} {
		if got[k] != v {
			t.Errorf("%s is %q, want %q", k, got[k], v)
		}
	}
	body := first.message(t, 5).bytes(t, 1)
	if r, err := report.Decode(body); err != nil || r.Terminal.Site != "三楼" || r.ID != idOf(1) {
		t.Errorf("%s: %v", body, err)
	}
	if event := all[1]; event[2][0] != uint64(18) || string(event.bytes(t, 12)) != "posprobe.incident" {
		t.Errorf("%v", event)
	}
	_, healthy := records(t, b.raw[1])
	if healthy[0][2][0] != uint64(9) {
		t.Errorf("%v", healthy[0])
	}
}

// partial is the answer of a receiver that rejected some.
func partial(rejected uint64, message string) []byte {
	return field(nil, 1, field(varint(nil, 1, rejected), 2, []byte(message)))
}

func TestPartialSuccess(t *testing.T) {
	// Some of many: they are counted, and nothing is sent twice.
	b, server := receiveOTLP(t, func(_ int, _ []string, w http.ResponseWriter) { w.Write(partial(2, "too old\x1b")) })
	m := newMemory()
	m.add("failures", lines(0, 10, bad)...)
	s := ship(t, m, Config{}, Destination{To: server.URL + "/v1/logs", Format: OTLP})
	eventually(t, "the end", func() bool { return m.Cursor(server.URL+"/v1/logs", "failures") == "10" })
	if st := s.Status()[0]; st.Rejected != 2 || !strings.Contains(st.Rejection, "too old") || !printableOnly(st.Rejection) || st.Sent != 8 || b.count() != 1 {
		t.Errorf("%+v after %d requests", st, b.count())
	}

	// One that is rejected alone is set aside.
	_, server = receiveOTLP(t, func(_ int, ids []string, w http.ResponseWriter) {
		if slices.Contains(ids, idOf(3)) {
			w.Write(partial(uint64(len(ids)), "malformed\x1b"))
		}
	})
	m = newMemory()
	m.add("failures", lines(0, 10, bad)...)
	ship(t, m, Config{}, Destination{Name: "x", To: server.URL + "/v1/logs", Format: OTLP})
	eventually(t, "the end", func() bool { return m.Cursor("x", "failures") == "10" })
	if got := m.setAside("x"); !slices.Equal(got, []string{idOf(3)}) || !strings.Contains(m.why[0].Detail, "malformed") || !printableOnly(m.why[0].Detail) {
		t.Errorf("%v: %v", got, m.why)
	}

	// What else a receiver says is success.
	for _, answer := range []string{"", "{}", `{"partialSuccess":{}}`, "\xff\xff\xff", string(partial(0, "a warning")), "\x0a\xff\xff\xff\xff\x0f"} {
		b, server = receiveOTLP(t, func(_ int, _ []string, w http.ResponseWriter) { io.WriteString(w, answer) })
		m = newMemory()
		m.add("failures", bad(0))
		s := ship(t, m, Config{}, Destination{Name: "x", To: server.URL + "/v1/logs", Format: OTLP})
		eventually(t, "the end", func() bool { return m.Cursor("x", "failures") == "1" })
		if st := s.Status()[0]; st.Sent != 1 || b.count() != 1 {
			t.Errorf("%q: %+v", answer, st)
		}
	}
}

// TestSeverity: news of the same weight weighs the same in both formats.
func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		line         string
		syslog, otlp int
	}{
		{good(0), 6, 9},
		{line(0, report.VerdictDegraded), 4, 13},
		{line(0, report.VerdictInconclusive), 4, 13},
		{bad(0), 3, 17},
		{strings.Replace(bad(0), `"escalated":false`, `"escalated":true`, 1), 2, 18},
		{strings.Replace(good(0), `"escalated":false`, `"escalated":true`, 1), 6, 9},
		{strings.Replace(bad(0), `"planned":""`, `"planned":"maintenance"`, 1), 5, 10},
		{`{"kind":"summary","id":"1","body":{"rounds":4}}`, 6, 9},
		{`{"kind":"incident","id":"1","body":{"kind":"opened","incident":{"escalated":false}}}`, 4, 13},
		{`{"kind":"incident","id":"1","body":{"kind":"closed","incident":{"escalated":true}}}`, 5, 10},
		{`{"kind":"incident","id":"1","body":[1]}`, 4, 13},
		{`{"kind":"self","diagnosis":"none","body":3}`, 6, 9},
	} {
		var m message
		_ = json.Unmarshal([]byte(c.line), &m.head)
		if s := m.severity(); s.syslog != c.syslog || s.otlp != c.otlp {
			t.Errorf("%s: %+v", c.line, s)
		}
	}
}
