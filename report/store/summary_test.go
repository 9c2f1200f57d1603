package store

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

func saved(t testing.TB, name string) report.Report {
	t.Helper()
	text, err := os.ReadFile("../testdata/lab/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// savedHealthy is a healthy round with one endpoint, over TLS, down to the host's time.
func savedHealthy(t testing.TB) report.Report {
	t.Helper()
	entries, err := os.ReadDir("../testdata/lab")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		r := saved(t, strings.TrimSuffix(e.Name(), ".json"))
		times := report.Times(r.Evidence)
		if r.Diagnosis.Verdict == report.VerdictHealthy && len(r.Evidence.Site.Endpoints) == 1 && len(r.Evidence.TLS) == 1 &&
			len(r.Evidence.Connects) == 1 && len(r.Evidence.Lookups) == 0 && len(times) == 1 && times[0].HostMs != nil {
			return r
		}
	}
	t.Fatal("no such round was saved")
	return report.Report{}
}

func TestFold(t *testing.T) {
	var f Fold
	if _, ok := f.Close(0); ok || f.Due(time.Hour) {
		t.Error("a summary of nothing")
	}
	r := savedHealthy(t)
	up := 5 * time.Hour
	for n := range 12 {
		r.ObservedAt = noon.Add(time.Duration(n) * -time.Hour) // a clock that runs backwards
		f.Add(r, up, 1000)
		if f.Due(up) {
			t.Error("due before an hour is over")
		}
		up += 5 * time.Minute
	}
	bad := savedHealthy(t)
	bad.Diagnosis.Verdict = report.VerdictFault
	for i := range bad.Evidence.Connects {
		bad.Evidence.Connects[i].ElapsedMs = 1e6
	}
	f.Add(bad, up, 500)
	f.Skip(report.ReasonPayment, up)
	f.Skip(report.ReasonPayment, up)
	if !f.Due(up) {
		t.Error("not due after an hour")
	}
	s, ok := f.Close(up)
	if !ok || s.Rounds[report.VerdictHealthy] != 12 || s.Rounds[report.VerdictFault] != 1 || s.Skipped[report.ReasonPayment] != 2 || s.Bytes != 12_500 ||
		s.ElapsedMs != 3.6e6 || !s.FirstAt.Equal(noon) || !s.LastAt.Equal(bad.ObservedAt) {
		t.Errorf("%+v", s)
	}
	if len(s.Endpoints) != 1 || s.MoreEndpoints != 0 {
		t.Fatalf("%+v", s.Endpoints)
	}
	e := s.Endpoints[0]
	want := r.Evidence.Connects[0].ElapsedMs
	if e.Endpoint != r.Evidence.Site.Endpoints[0].Address || e.ResolveMs != nil || e.ConnectMs == nil || e.TLSMs == nil || e.SignOnMs == nil || e.HostMs == nil {
		t.Fatalf("%+v", e)
	}
	for _, got := range e.ConnectMs {
		if math.Abs(got-want)/want > 0.01 {
			t.Errorf("connect %v, not %v", got, want)
		}
	}
	if e.HostMs[1] > e.SignOnMs[1] {
		t.Errorf("host %v of %v", e.HostMs, e.SignOnMs)
	}
	if _, ok := f.Close(up); ok {
		t.Error("closed twice")
	}
}

// TestFoldEverything: no saved round breaks a summary, and a summary of all is one.
func TestFoldEverything(t *testing.T) {
	entries, err := os.ReadDir("../testdata/lab")
	if err != nil || len(entries) < 100 {
		t.Fatal(len(entries), err)
	}
	var f Fold
	named := false
	for i, e := range entries {
		r := saved(t, strings.TrimSuffix(e.Name(), ".json"))
		f.Add(r, time.Duration(i)*time.Second, 1)
		named = named || r.Diagnosis.Verdict == report.VerdictHealthy && len(r.Evidence.Lookups) > 0
	}
	s, _ := f.Close(time.Hour)
	text, err := json.Marshal(s)
	if err != nil || len(text) > maxSummary || len(s.Endpoints) == 0 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	var resolved bool
	for _, e := range s.Endpoints {
		resolved = resolved || e.ResolveMs != nil
	}
	if resolved != named {
		t.Errorf("resolved %v, %v", resolved, named)
	}
}

// TestSummarySmall: however many endpoints with whatever names, a summary's line stays
// below 1.5 kB, and says what was left out.
func TestSummarySmall(t *testing.T) {
	for _, length := range []int{9, 21, 60, 253} {
		for _, count := range []int{1, 2, 8, 16, 40} {
			var f Fold
			r := report.Report{ObservedAt: noon.Add(123456789), Diagnosis: report.Diagnosis{Verdict: report.VerdictHealthy}}
			for n := range count {
				name := fmt.Sprintf("%0*d:5500", length, n)
				r.Evidence.Site.Endpoints = append(r.Evidence.Site.Endpoints, report.Endpoint{Address: name, Goal: report.StepConnect})
				id := fmt.Sprint("exchange ", n)
				r.Evidence.Tasks = append(r.Evidence.Tasks, report.Task{ID: id, Kind: report.TaskExchange, Endpoint: name})
				o := report.Observation{Task: id}
				r.Evidence.Lookups = append(r.Evidence.Lookups, report.Lookup{Observation: o, ElapsedMs: 123.456})
				r.Evidence.Connects = append(r.Evidence.Connects, report.Connect{Observation: o, Endpoint: name, ElapsedMs: 234.567})
				r.Evidence.TLS = append(r.Evidence.TLS, report.Handshake{Observation: o, Endpoint: name, ElapsedMs: 345.678})
				r.Evidence.SignOns = append(r.Evidence.SignOns, report.SignOn{Observation: o, Endpoint: name, ElapsedMs: 60_000})
			}
			for _, v := range report.Verdicts() {
				r := r
				r.Diagnosis.Verdict = v
				f.Add(r, 0, 5_000_000)
			}
			for _, why := range report.Reasons() {
				f.Skip(why, 0)
			}
			s, _ := f.Close(time.Hour)
			if l := record(t, Healthy, KindSummary, "01JXXXXXXXXXXXXXXXXXXXXXXX", s); len(l.text) >= 1500 {
				t.Errorf("%d endpoints with names of %d: %d bytes", count, length, len(l.text))
			}
			if len(s.Endpoints)+int(s.MoreEndpoints) != count || len(s.Endpoints) == 0 {
				t.Errorf("%d endpoints with names of %d: %d, and %d more", count, length, len(s.Endpoints), s.MoreEndpoints)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 2, 3, 12, 19, 20, 21, 100, 128, 129, 1000, 50_000} {
		var s series
		var all []float64
		for range n {
			v := math.Exp(random.NormFloat64()) * 50
			all = append(all, v)
			s.add(v)
		}
		slices.Sort(all)
		got := s.spread()
		exact := n <= maxValues
		for i, want := range []float64{all[0], all[(n-1)/2], all[((n-1)*95+99)/100], all[n-1]} {
			tolerance := 0.005
			if !exact && (i == 1 || i == 2) {
				tolerance = 0.6 // of a sample of 64 to 128
			}
			if math.Abs(got[i]-want) > tolerance*want {
				t.Errorf("%d values, %d: %v, not %v", n, i, got[i], want)
			}
		}
		if len(s.values) > maxValues || !slices.IsSorted(got[:]) {
			t.Errorf("%d values kept of %d: %v", len(s.values), n, got)
		}
	}
	var none series
	none.add(math.NaN())
	none.add(-1)
	none.add(math.Inf(1))
	none.add(1e300)
	if none.spread() != nil {
		t.Error("a spread of nothing")
	}
	for us, want := range map[int]string{0: "0", 1: "0.001", 12: "0.012", 1234: "1.23", 9996: "10", 99_960: "100", 123_456: "123", 60_123_000: "60100", 1_999_999_999: "2000000", 100: "0.1"} {
		if got, _ := json.Marshal(short(us)); string(got) != want {
			t.Errorf("%d µs are written %s, not %s", us, got, want)
		}
	}
}
