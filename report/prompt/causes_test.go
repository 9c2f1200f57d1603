package prompt

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"posprobe/report"
)

// TestCauses: every prompt and cause is worded in both languages, numbered in order, and
// means codes of the catalogue.
func TestCauses(t *testing.T) {
	for i, p := range All() {
		if p.ID != "P"+strconv.Itoa(i+1) || Lookup(p.ID) != p {
			t.Errorf("%d: %s", i, p.ID)
		}
		checkText(t, p.ID, p.Words)
		if p.Left != (report.Text{}) {
			checkText(t, p.ID+" left", p.Left)
		}
		for j, c := range p.Causes {
			if want := strconv.Itoa(i+1) + "." + strconv.Itoa(j+1); c.ID != want {
				t.Errorf("%s stands where %s should", c.ID, want)
			}
			checkText(t, c.ID, c.Is)
			checkText(t, c.ID+" told", c.Told)
			if len(c.Codes) == 0 && !c.Outside && c.ID != escalated {
				t.Errorf("%s: nothing shows it", c.ID)
			}
			for _, pattern := range c.Codes {
				prefix, open := strings.CutSuffix(pattern, "*")
				known := slices.ContainsFunc(report.Catalogue(), func(r report.Row) bool {
					return string(r.Code) == pattern || open && strings.HasPrefix(string(r.Code), prefix)
				})
				if known == slices.Contains(awaited, pattern) {
					t.Errorf("%s: %s in the catalogue: %v", c.ID, pattern, known)
				}
			}
			for _, plan := range c.Plans {
				if plan == "" || !slices.Contains(report.Plans(), plan) {
					t.Errorf("%s: plan %q", c.ID, plan)
				}
			}
		}
	}
	if len(All()) != 5 || Lookup("P6") != nil || Lookup("") != nil {
		t.Error("there are five prompts")
	}
}

// awaited are codes that causes name and no rule finds yet.
var awaited = []string{
	"network.local.wifi_weak", "network.local.cellular_weak", // radio
	"device.storage", "device.storage_errors", // power, flash
	"device.port_in_use", "account.card",
}

func checkText(t *testing.T, name string, x report.Text) {
	t.Helper()
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	if !han(x.ZH) || x.EN == "" || han(x.EN) || strings.HasSuffix(x.ZH, "。") || strings.HasSuffix(x.EN, ".") {
		t.Errorf("%s: %+v", name, x)
	}
	for _, r := range x.EN {
		if r > unicode.MaxASCII {
			t.Errorf("%s: %U in %q", name, r, x.EN)
		}
	}
	if strings.Contains(x.ZH, "收单方") {
		t.Errorf("%s: %s", name, x.ZH)
	}
}

// TestCause: of several causes that mean a code, the most particular is found.
func TestCause(t *testing.T) {
	for _, c := range []struct {
		prompt  string
		code    report.Code
		planned report.Planned
		want    string
	}{
		{"P1", "host.refused", report.PlannedMaintenance, "1.1"},
		{"P1", "host.refused", report.PlannedServiceHours, "1.2"},
		{"P1", "host.refused", "", ""},
		{"P1", "device.clock.zone", "", "1.3"},
		{"P1", "device.clock.unset", "", "1.4"},
		{"P1", "network.access.down", "", "1.11"},
		{"P1", "network.access.slow", "", "1.5"},
		{"P1", "network.local.no_carrier", "", "1.5"},
		{"P1", "network.local.wifi_weak", "", "1.6"},
		{"P2", "host.no_response", "", "2.1"},
		{"P2", "host.refused", "", "2.9"},
		{"P2", "network.local.no_gateway", "", "2.3"},
		{"P2", "network.local.duplicate_address", "", "2.5"},
		{"P2", "network.local.congested", "", "2.6"},
		{"P2", "account.merchant", "", "2.7"},
		{"P3", "host.slow", "", "3.2"},
		{"P3", "host.slow", report.PlannedServiceHours, "3.7"},
		{"P3", "host.no_response", "", "3.3"},
		{"P3", "host.primary_down", "", "3.9"},
		{"P3", "network.path.slow", "", "3.4"},
		{"P3", "network.path.lost", "", "3.1"},
		{"P3", "network.dns.slow", "", "3.8"},
		{"P3", "device.config.endpoint", "", "3.6"},
		{"P3", "device.clock.skew", "", ""},
		{"P4", "host.system_error", "", "4.7"},
		{"P4", "host.slow", "", "4.1"},
		{"P4", "device.software_outdated", "", "4.5"},
		{"P4", "device.memory", "", "4.4"},
		{"P4", "outside.card", "", "4.8"},
		{"P5", "host.refused", report.PlannedMaintenance, "5.1"},
		{"P5", "host.slow", report.PlannedMaintenance, "5.1"},
		{"P5", "host.refused", "", "5.2"},
		{"P5", "host.slow", "", "5.6"},
		{"P5", "host.tls_no_response", "", "5.5"},
		{"P5", "device.self_test", "", "5.8"},
		{"P5", "device.sim", "", "5.7"},
		{"P5", "account.terminal", "", ""},
		{"P5", "x", "", ""},
	} {
		got := ""
		if cause := Lookup(c.prompt).Cause(c.code, c.planned); cause != nil {
			got = cause.ID
		}
		if got != c.want {
			t.Errorf("%s %s %s: %q, want %q", c.prompt, c.code, c.planned, got, c.want)
		}
	}
	for _, p := range All() {
		if got := p.Escalated(); (got != nil) != (p.ID == "P5") {
			t.Errorf("%s escalated: %v", p.ID, got)
		}
	}
}

// TestPure: the package holds values only, like package report.
func TestPure(t *testing.T) { pure(t) }
