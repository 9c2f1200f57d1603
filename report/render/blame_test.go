package render

import (
	"strings"
	"testing"

	"posprobe/report"
)

// hopsOf returns the judged hops of a report at a place.
func hopsOf(r *report.Report, at place) []hop {
	v := newView(r, report.EN, testRows)
	way := v.way()
	v.judge(way)
	var out []hop
	for _, s := range way {
		for _, h := range s.hops {
			if h.place == at {
				out = append(out, h)
			}
		}
	}
	return out
}

func marksOf(hops []hop) string {
	var s strings.Builder
	for _, h := range hops {
		s.WriteString(markASCII[h.mark])
		if len(h.blame) > 0 {
			s.WriteString("!")
		}
		s.WriteString(" ")
	}
	return strings.TrimSpace(s.String())
}

// twoDead has an endpoint with two addresses, both refusing.
func twoDead(findings ...report.Finding) report.Report {
	r := planned()
	second := r.Evidence.Connects[0]
	second.Address = "203.0.113.11:5500"
	r.Evidence.Connects = append(r.Evidence.Connects, second)
	r.Diagnosis.Findings = findings
	return r
}

// TestFound: a finding is drawn where its observations are, else where its resource
// is, else at each hop of its place.
func TestFound(t *testing.T) {
	for _, c := range []struct {
		name string
		f    report.Finding
		want string
	}{
		{"by observation", fault("host.refused", mainAddr, report.Likely, "", "/evidence/connects/1/failure"), "X X!"},
		{"by address", fault("host.refused", mainAddr, report.Likely, ""), "X! X"},
		{"by endpoint", fault("host.refused", mainName, report.Likely, ""), "X! X!"},
		{"unknown", fault("host.refused", "elsewhere", report.Likely, ""), "X! X!"},
		{"another place", fault("host.slow", mainAddr, report.Likely, ""), "X X"},
		{"masked", fault("host.refused", mainAddr, report.Likely, "x"), "X X"},
	} {
		r := twoDead(c.f)
		if got := marksOf(hopsOf(&r, placeTCP)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestSparesTheSound: a finding that names the endpoint is not drawn at its address
// that worked.
func TestSparesTheSound(t *testing.T) {
	r := twoDead(fault("host.refused", mainName, report.Likely, ""))
	r.Evidence.Connects[0].Failure = nil
	if got := marksOf(hopsOf(&r, placeTCP)); got != "ok X!" {
		t.Error(got)
	}
}

// TestExcuse: a failed hop is called held up only when a named fault explains it.
func TestExcuse(t *testing.T) {
	const dead = "/evidence/connects/0"
	for _, c := range []struct {
		name string
		list report.List[report.Finding]
		want string
	}{
		{"nothing explains", nil, "X"},
		{"a fault below", report.List[report.Finding]{fault("device.no_route", "", report.Likely, "", dead)}, "^"},
		{"a guess below", report.List[report.Finding]{fault("device.no_route", "", report.Possible, "", dead)}, "X!"},
		{"a fault above", report.List[report.Finding]{fault("host.slow", "", report.Likely, "", dead)}, "X!"},
		{"masked by what is found", report.List[report.Finding]{fault("host.silent", "", report.Likely, "device.no_route", dead),
			fault("device.no_route", "", report.Likely, "")}, "^"},
		{"masked by a guess", report.List[report.Finding]{fault("host.silent", "", report.Likely, "device.no_route", dead),
			fault("device.no_route", "", report.Possible, "")}, "X"},
		{"a note", report.List[report.Finding]{{Kind: report.KindNote, Code: "note.gateway_silent", Explains: report.List[string]{dead}}}, "-"},
	} {
		r := planned()
		r.Diagnosis.Findings = c.list
		if got := marksOf(hopsOf(&r, placeTCP)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestHostIsNoNetwork: a host's fault that looks like the end of the way is drawn at
// the host, and the pointer says whose it is.
func TestHostIsNoNetwork(t *testing.T) {
	if at := placeOf(report.Row{Layer: report.LayerPath, Domain: report.DomainHost}); at != placeTCP {
		t.Errorf("at %d", at)
	}
	if at := placeOf(report.Row{Layer: report.LayerPath, Domain: report.DomainNetwork}); at != placeBeyond {
		t.Errorf("at %d", at)
	}
}

// TestSurest: of the faults at one hop the surest are named, whatever their order.
func TestSurest(t *testing.T) {
	r := twoDead(fault("host.silent", mainAddr, report.Possible, ""), fault("host.refused", mainAddr, report.Proven, ""),
		fault("host.silent", mainAddr, report.Likely, ""))
	h := hopsOf(&r, placeTCP)[0]
	if len(h.blame) != 1 || h.blame[0].Code != "host.refused" {
		t.Errorf("%+v", h.blame)
	}
	r = noResponse()
	r.Diagnosis.Findings = report.List[report.Finding]{fault("host.no_response", mainAddr, report.Possible, ""), fault("device.config", mainAddr, report.Possible, "")}
	if got := text(&r, Options{Width: 200}, testRows); !strings.Contains(got, "<== host or device (possible)") {
		t.Errorf("no alternatives in\n%s", got)
	}
}

// TestHeadlineConfidence: the headline speaks of the finding that gave it, not of a
// less sure one with the same code.
func TestHeadlineConfidence(t *testing.T) {
	r := planned()
	r.Diagnosis.Findings = append(report.List[report.Finding]{fault("host.refused", "203.0.113.99:1", report.Possible, "")}, r.Diagnosis.Findings...)
	first, _, _ := strings.Cut(text(&r, Options{Width: 200}, testRows), "\n")
	if !strings.HasSuffix(first, "  "+mainAddr+": the host refuses the connection") {
		t.Error(first)
	}
}

// TestWeakIsNoFailure: a weak certificate is a remark, any other problem a failure.
func TestWeakIsNoFailure(t *testing.T) {
	r := sound()
	r.Evidence.TLS[0].Verified, r.Evidence.TLS[0].Problems = new(false), report.List[report.CertificateProblem]{report.CertWeak}
	if got := marksOf(hopsOf(&r, placeTLS)); got != "ok" {
		t.Error(got)
	}
	r.Evidence.TLS[0].Problems = append(r.Evidence.TLS[0].Problems, report.CertWrongName)
	if got := marksOf(hopsOf(&r, placeTLS)); got != "X" {
		t.Error(got)
	}
}
