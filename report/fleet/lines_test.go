package fleet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

func all(t testing.TB, in io.Reader) (lines []string, r *Reader, err error) {
	t.Helper()
	if r, err = NewReader(in); err != nil {
		return nil, nil, err
	}
	for {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, r, nil
		}
		if err != nil {
			return lines, r, err
		}
		lines = append(lines, string(l))
	}
}

func packed(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// TestLines: lines with and without an end, too long, packed, packed and cut short.
func TestLines(t *testing.T) {
	long := strings.Repeat("x", MaxLine+1)
	for name, c := range map[string]struct {
		in   string
		want []string
		long int64
		bad  bool
	}{
		"empty":        {"", nil, 0, false},
		"two":          {"a\r\n\nb", []string{"a", "", "b"}, 0, false},
		"long":         {"a\n" + long + "\nb\n" + long, []string{"a", "b"}, 2, false},
		"longest":      {long[:MaxLine-1] + "\n", []string{long[:MaxLine-1]}, 0, false},
		"packed":       {packed("a\nb\n"), []string{"a", "b"}, 0, false},
		"packed twice": {packed("a\n") + packed("b\n"), []string{"a", "b"}, 0, false},
		"cut":          {packed("a\nb\n")[:20], nil, 0, true},
		"no gzip":      {"\x1f\x8bx", nil, 0, true},
		"one byte":     {"\x1f", []string{"\x1f"}, 0, false},
		"packed, long": {packed(long + "\nb"), []string{"b"}, 1, false},
	} {
		lines, r, err := all(t, strings.NewReader(c.in))
		if (err != nil) != c.bad || !c.bad && (fmt.Sprint(lines) != fmt.Sprint(c.want) || r.Long != c.long) {
			t.Errorf("%s: %d lines, %+v", name, len(lines), err)
		}
	}
}

// TestDecode: what a line says, in each of the forms that it comes in.
func TestDecode(t *testing.T) {
	s := shop{name: "t1", endpoint: endpointsOf[0], resolver: resolversOf[0], network: "203.0", version: "1"}
	line := s.line(t, saved(t, "host-refused"), at0, time.Second)
	want, err := Decode(line)
	if err != nil || want.Terminal != "t1" || want.Code != "host.refused" || !want.Carried || !want.At.Equal(at0) ||
		fmt.Sprint(want.Endpoints) != "[{pos.acquirer.example:5500 2}]" || fmt.Sprint(want.Providers) != "[resolver 198.51.100.1 network 203.0.0.0/16]" {
		t.Errorf("%+v, %v", want, err)
	}
	message := fmt.Appendf(nil, `{"_time":"x","_msg":%q}`, line)
	for _, form := range [][]byte{append([]byte("<27>1 - t1 posprobe - report [posprobe@32473 id=\"x\"] posprobe: fault "), line...), message} {
		if got, err := Decode(form); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%.60s: %+v, %v", form, got, err)
		}
	}
	for _, name := range []string{"host-system_error", "host-slow", "access-slow", "account-terminal_unknown", "dns-silent", "dns-hijacked", "path-syn_dropped"} {
		if r, err := Decode(s.line(t, saved(t, name), at0, 0)); err != nil || len(r.Endpoints) != 1 || r.Endpoints[0].State != Bad {
			t.Errorf("%s: %+v, %v", name, r.Endpoints, err)
		}
	}
	for _, name := range []string{"local-no_carrier", "device-interface_off", "odd-on_demand_down"} {
		if r, err := Decode(s.line(t, saved(t, name), at0, 0)); err != nil || len(r.Endpoints) != 1 || r.Endpoints[0].State != Unknown {
			t.Errorf("%s: %+v, %v", name, r.Endpoints, err)
		}
	}
	for _, no := range []string{"", "x", "{}", `{"schema":1}`, `[1]`, string(line[:len(line)-1]), `{"kind":"summary","body":7}`, `{"_msg":"{\"_msg\":\"{}\"}"}`} {
		if r, err := Decode([]byte(no)); !errors.Is(err, ErrNoRecord) {
			t.Errorf("%.50q: %+v", no, r)
		}
	}
}

// FuzzDecode: whatever a line holds, a fleet takes it, and a summary ends.
func FuzzDecode(f *testing.F) {
	s := shop{name: "t1", endpoint: endpointsOf[0], resolver: resolversOf[0], version: "1"}
	for _, name := range []string{"healthy-plain", "host-refused", "local-no_carrier"} {
		f.Add(s.line(f, saved(f, name), at0, 0))
	}
	f.Add(s.summary(f, at0, at0.Add(time.Hour)))
	f.Fuzz(func(t *testing.T, line []byte) {
		fleet := New(Options{Last: time.Hour})
		fleet.AddLine(line, "x")
		if v := fleet.Summary(); v.Terminals > 1 || len(v.Groups)+len(v.Shops) > 1 {
			t.Errorf("%+v", v)
		}
		if r, err := NewReader(bytes.NewReader(line)); err == nil {
			for range 1 + len(line) {
				if _, err := r.Next(); err != nil {
					return
				}
			}
		}
	})
}

var reports = flag.Int("reports", 5_000, "how many reports TestBounded reads")

// TestBounded reads a long stream, as a support desk's file is: 50,000 terminals, and
// holds no more at its end than the bound on terminals allows. With -v it prints the rate.
func TestBounded(t *testing.T) {
	good, bad := saved(t, "healthy-plain"), saved(t, "host-hung_application")
	templates := [][]byte{}
	const mark = "t00000"
	for _, r := range []report.Report{good, bad, bad} {
		s := shop{name: mark, endpoint: endpointsOf[0], resolver: resolversOf[1], version: "1"}
		templates = append(templates, append(s.line(t, r, at0, 0), '\n'))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := New(Options{})
	in, out := io.Pipe()
	go func() {
		stamp := []byte(at0.Format(time.RFC3339Nano))
		for i := range *reports {
			line := bytes.ReplaceAll(templates[i%len(templates)], []byte(mark), fmt.Appendf(nil, "t%05d", i%50_000))
			line = bytes.Replace(line, []byte(fmt.Sprint(at0.UnixNano())), fmt.Append(nil, i), 1)
			line = bytes.ReplaceAll(line, stamp, []byte(at0.Add(time.Duration(i/50_000)*17*time.Minute).Format(time.RFC3339Nano)))
			if _, err := out.Write(line); err != nil {
				return
			}
		}
		out.Close()
	}()
	r, err := NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	began, bytes, peak := time.Now(), 0, uint64(0)
	for n := 0; ; n++ {
		line, err := r.Next()
		if err != nil {
			break
		}
		bytes += len(line) + 1
		f.AddLine(line, "")
		if n%50_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			peak = max(peak, after.HeapAlloc)
		}
	}
	read := time.Since(began)
	s := f.Summary()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if s.Lines.Reports != int64(*reports) || s.Terminals != int64(min(*reports, 50_000)) {
		t.Errorf("%+v", s.Lines)
	}
	grown := int64(max(peak, after.HeapAlloc)) - int64(before.HeapAlloc)
	t.Logf("%d reports, %d MB, in %.1f s: %.0f reports and %.1f MB a second; weighed in %.1f s; heap %.1f MB more", s.Lines.Reports, bytes/1e6,
		read.Seconds(), float64(*reports)/read.Seconds(), float64(bytes)/1e6/read.Seconds(), time.Since(began).Seconds()-read.Seconds(), float64(grown)/1e6)
	// 50,000 terminals of 2 kB at worst, the window of ids, and a line.
	if grown > 50_000*2000+10e6 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	runtime.KeepAlive(f)
}

// TestTooManyTerminals: the bound on terminals holds.
func TestTooManyTerminals(t *testing.T) {
	f := New(Options{Terminals: 3})
	for i := range 5 {
		f.Add(Record{Terminal: fmt.Sprint(i), At: at0, From: at0, Verdict: report.VerdictHealthy})
	}
	for i := range 200 {
		f.Add(Record{Terminal: "0", At: at0.Add(time.Duration(i) * time.Hour), Verdict: report.VerdictFault, Code: "host.refused"})
	}
	if s := f.Summary(); s.Terminals != 3 || s.Lines.TooMany != 2 || s.Lines.Forgotten != 201-maxRuns {
		t.Errorf("%+v", s.Lines)
	}
	f.Add(Record{Terminal: "0", At: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), Verdict: report.VerdictFault})
	f = New(Options{Now: at0})
	f.Add(Record{Terminal: "0", At: at0.Add(time.Hour), Verdict: report.VerdictFault})
	f.Add(Record{At: at0, Verdict: report.VerdictFault})
	if s := f.Summary(); s.Lines.Misdated != 1 || s.Lines.Unnamed != 1 || s.Terminals != 0 {
		t.Errorf("%+v", s.Lines)
	}
}
