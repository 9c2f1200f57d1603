package report

import (
	"slices"
	"testing"
)

// TestHTTPStatus: who may be behind an HTTP status, and how surely.
func TestHTTPStatus(t *testing.T) {
	verified := func(protocol string, status, body int64) func() *world {
		return func() *world {
			w := secure(StepSignOn)
			w.e.Site.Endpoints[0].Protocol = protocol
			s := w.noReply(FailHTTPStatus, alive)
			s.Protocol, s.HTTPStatus, s.HTTPBodyBytes = protocol, &status, &body
			return w
		}
	}
	strange := func() *world {
		w := verified("unionpay", 500, 0)()
		w.e.TLS[0].Verified, w.e.TLS[0].Problems = ptr(false), List[CertificateProblem]{CertWrongName}
		return w
	}
	both := []Domain{DomainDevice, DomainHost}
	for _, c := range []struct {
		name string
		w    func() *world
		code Code     // "" is inconclusive
		open []Domain // that must remain
		shut []Domain // that must not
	}{
		{"an empty 500 to a message that worked before", known(web("unionpay", 500, 0)), "host.gateway_500", []Domain{DomainNetwork}, []Domain{DomainDevice}},
		{"to another kind of message", known(web("iso8583-1987", 500, 0)), "host.gateway_500", nil, []Domain{DomainDevice}},
		{"to a message that never worked", web("unionpay", 500, 0), "", both, nil},
		{"from somebody else", known(strange), "", nil, nil},
		{"to a request that is no message", known(web("http", 500, 0)), "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
		{"503, and anybody on the way can say it", known(web("http", 503, 30)), "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
		{"503 of a verified host", known(verified("http", 503, 30)), "host.http_status", nil, []Domain{DomainDevice}},
		{"503 of a verified host that was never asked before", verified("http", 503, 30), "", both, nil},
		{"404 of a verified host, which knew that path", known(verified("http", 404, 30)), "", both, nil},
		{"401", verified("http", 401, 30), "", both, nil},
		{"302", verified("unionpay", 302, 0), "", both, nil},
		{"204 where 200 is expected", web("http", 204, 0), "", both, nil},
		{"a proxy wants a log-in", web("http", 407, 30), "", []Domain{DomainNetwork}, []Domain{DomainDevice, DomainHost}},
		{"the network wants a log-in", known(web("http", 511, 30)), "", []Domain{DomainNetwork}, []Domain{DomainDevice, DomainHost}},
		{"no HTTP where it worked before", known(broken(FailNotHTTP, alive)), "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
		{"no HTTP from a verified host where it worked before", known(func() *world {
			w := secure(StepSignOn)
			w.noReply(FailNotHTTP, alive)
			return w
		}), "host.reply_not_http", nil, []Domain{DomainDevice}},
	} {
		d := Diagnose(c.w().evidence())
		if d.Code != c.code || len(d.Unexplained) > 0 {
			t.Errorf("%s: want %q: %s", c.name, c.code, brief(d))
		}
		for _, domain := range c.open {
			if !slices.Contains(d.Remaining, domain) {
				t.Errorf("%s: %s does not remain: %s", c.name, domain, brief(d))
			}
		}
		for _, domain := range c.shut {
			if slices.Contains(d.Remaining, domain) || d.Domain == domain {
				t.Errorf("%s: %s is not shut: %s", c.name, domain, brief(d))
			}
		}
	}
}

// TestUpdating: while the terminal updates itself that comes first for whatever is slow;
// for what is no slowness it is no excuse.
func TestUpdating(t *testing.T) {
	while := func(w *world) Diagnosis {
		w.e.Device.SelfTest = &SelfTest{Running: true, Sign: "updater"}
		return Diagnose(w.evidence())
	}
	for name, w := range map[string]*world{"network": healthy().far(2100), "host": slowReply(6200)} {
		if d := Diagnose(w.evidence()); string(d.Domain) != name {
			t.Errorf("without an update: %s", brief(d))
		}
		if d := while(w); d.Verdict != VerdictDegraded || d.Code != "device.self_test" || len(d.Findings) < 2 {
			t.Errorf("a slow %s during an update: %s", name, brief(d))
		}
	}
	if d := while(hanging()); d.Code != "host.no_response" {
		t.Errorf("a silent host: %s", brief(d))
	}
	if d := while(healthy()); d.Verdict != VerdictDegraded || d.Code != "device.self_test" {
		t.Errorf("nothing else: %s", brief(d))
	}
}

// TestVersions: versions are compared number by number.
func TestVersions(t *testing.T) {
	for _, c := range []struct {
		version, least string
		old, unclear   bool
	}{
		{"3.9.4", "3.10", true, false}, {"3.10", "3.9.4", false, false}, {"3.10.0", "3.10", false, false}, {"3.10", "3.10.0.1", true, false},
		{"31", "32", true, false}, {"0032", "32", false, false}, {"3.10", "", false, false},
		{"3.10-rc1", "3.10", false, true}, {"3..1", "3.1", false, true}, {"", "3.1", false, true}, {"3.1", "latest", false, true},
		{"99999999999999999999.1", "3.1", false, true}, {"-1", "3", false, true},
	} {
		d := Diagnose(installed(c.version, c.least)().evidence())
		if has(d, "device.software_outdated") != c.old || has(d, "note.software_unclear") != c.unclear {
			t.Errorf("%q against %q: %s", c.version, c.least, brief(d))
		}
	}
	w := healthy()
	w.e.Site.SoftwareMinimum = "3.1"
	if d := Diagnose(w.evidence()); has(d, "note.software_unclear") || d.Verdict != VerdictHealthy {
		t.Errorf("not seen: %s", brief(d))
	}
}

// TestExpectationsYield: what fails on the way to the host goes before what is amiss on the
// terminal and explains no failure.
func TestExpectationsYield(t *testing.T) {
	w := hanging()
	w.e.Device.Processes = List[Process]{{Name: "payapp", Running: ptr(false)}}
	w.e.Device.Software, w.e.Site.SoftwareMinimum = &Software{"1.0"}, "2.0"
	w.e.Device.Disks[0].TurnedReadOnly = true
	d := Diagnose(w.evidence())
	if d.Code != "host.no_response" || !has(d, "device.app_down") || !has(d, "device.software_outdated") || !has(d, "device.storage_read_only") {
		t.Errorf("%s", brief(d))
	}
}
