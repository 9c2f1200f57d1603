package report

import (
	"slices"
	"testing"
)

func TestResponseCodes(t *testing.T) {
	seen := map[string]bool{}
	size := []int{2, 3}
	for i, table := range ResponseCodes() {
		for _, r := range table {
			if seen[r.Code] || len(r.Code) != size[i] || !slices.Contains(Classes(), r.Class) || !hasHan(r.Name.ZH) || r.Name.EN == "" || hasHan(r.Name.EN) {
				t.Errorf("%+v", r)
			}
			if !slices.Contains([]byte{0, 'A', 'B', 'C', 'D', 'E'}, r.Handling) || r.Screen.Old != "" && !hasHan(r.Screen.Old) || r.Screen.New != "" && !hasHan(r.Screen.New) {
				t.Errorf("%+v", r)
			}
			if (r.Handling == 'A') != (r.Class == ClassOK) && r.Handling != 0 {
				t.Errorf("%s: handling %c and class %s", r.Code, r.Handling, r.Class)
			}
			seen[r.Code] = true
		}
	}
	if len(codes1987) != 102 || len(codes1993) < 90 {
		t.Errorf("%d and %d codes", len(codes1987), len(codes1993))
	}
	// The classes on which verdicts hang, from the public tables.
	for code, want := range map[string]Class{
		"00": ClassOK, "11": ClassOK, "A6": ClassOK, "Y1": ClassOK,
		"03": ClassRegistration, "58": ClassRegistration, "66": ClassRegistration, "97": ClassRegistration, "C1": ClassRegistration, "C2": ClassRegistration,
		"09": ClassAcquirerHost, "90": ClassAcquirerHost, "96": ClassAcquirerHost, "A7": ClassAcquirerHost,
		"68": ClassUpstream, "91": ClassUpstream, "92": ClassUpstream, "98": ClassUpstream,
		"12": ClassMessage, "30": ClassMessage, "40": ClassMessage, "D2": ClassMessage,
		"22": ClassTerminalState, "63": ClassTerminalState, "77": ClassTerminalState, "94": ClassTerminalState, "99": ClassTerminalState, "A0": ClassTerminalState,
		"51": ClassCard, "61": ClassCard, "01": ClassIssuer, "05": ClassIssuer, "13": ClassOperator, "OT": ClassOperator, "Z3": ClassOffline,
		// What acquirers define, each for itself, and what no table has.
		"08": ClassUnknown, "18": ClassUnknown, "29": ClassUnknown, "80": ClassUnknown, "89": ClassUnknown, "zz": ClassUnknown, "": ClassUnknown, "0": ClassUnknown,
		// Upper and lower case are different codes.
		"a0": ClassUnknown, "z3": ClassUnknown,
		// Action codes, by ranges where the standard leaves them to private use.
		"000": ClassOK, "077": ClassOK, "800": ClassOK, "900": ClassOK, "100": ClassIssuer, "185": ClassIssuer, "116": ClassCard, "208": ClassCard, "290": ClassCard,
		"109": ClassRegistration, "120": ClassRegistration, "302": ClassUnknown, "501": ClassUnknown, "804": ClassUnknown, "903": ClassOperator, "904": ClassMessage, "906": ClassAcquirerHost,
		"907": ClassUpstream, "911": ClassUpstream, "909": ClassAcquirerHost, "913": ClassTerminalState, "915": ClassUnknown, "917": ClassTerminalState,
		"921": ClassAcquirerHost, "923": ClassAcquirerHost, "950": ClassUnknown, "999": ClassUnknown, "1A0": ClassUnknown,
	} {
		if got := LookupResponseCode(code).Class; got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	for code, want := range map[string]bool{"00": true, "85": true, "A0": true, "a0": false, "5A": false, "8A": false, "047": true, "47": false, "": false, "0000": false, "906": true, "999": false} {
		if _, got := FindResponseCode(code); got != want {
			t.Errorf("%q known: %v", code, got)
		}
	}
}

// TestReplyCode: what the table of codes says a reply leads to is what the rows find, for
// every code.
func TestReplyCode(t *testing.T) {
	for _, table := range ResponseCodes() {
		for _, r := range table {
			want := ReplyCode(r.Code, r.Class)
			for _, f := range Diagnose(coded(r.Code).evidence()).Findings {
				if f.Code == want {
					want = ""
				} else if f.Code != "device.config.ids" {
					t.Errorf("%s: %s", r.Code, f.Code)
				}
			}
			if want != "" {
				t.Errorf("%s: no %s", r.Code, want)
			}
		}
	}
}

// TestGivenCode: a code on the screen leads to one finding, which names nobody for
// certain; and to none of its own while this round saw something else.
func TestGivenCode(t *testing.T) {
	for _, table := range ResponseCodes() {
		for _, r := range table {
			want := GivenCode(r.Code, r.Class)
			row, ok := LookupRow(want)
			if !ok {
				t.Fatalf("%s: no row %q", r.Code, want)
			}
			d := Diagnose(onScreen(r.Code, healthy)().evidence())
			found := 0
			for _, f := range d.Findings {
				switch {
				case f.Code == want:
					found++
				case f.Code != "device.application_ids":
					t.Errorf("%s: also %s", r.Code, f.Code)
				}
				if f.Kind == KindFault && f.Confidence == Proven {
					t.Errorf("%s: proven by hearsay: %s", r.Code, f.Code)
				}
			}
			if found != 1 {
				t.Errorf("%s: %s found %d times", r.Code, want, found)
			}
			verdict, domain := VerdictHealthy, Domain("")
			if row.Kind == KindFault {
				verdict, domain = VerdictDegraded, row.Domain
			}
			if d.Verdict != verdict || d.Domain != domain {
				t.Errorf("%s: %s", r.Code, brief(d))
			}
			for name, broken := range map[string]func() *world{"unplugged": unplugged, "silent": silent(alive), "paused": func() *world { return left(ReasonPaused) }} {
				with, without := Diagnose(onScreen(r.Code, broken)().evidence()), Diagnose(broken().evidence())
				if with.Verdict != without.Verdict || with.Code != without.Code || with.Confidence != without.Confidence ||
					!slices.Equal(with.Remaining, without.Remaining) || !slices.Equal(with.Wants, without.Wants) {
					t.Errorf("%s changed the verdict of a round that was %s\nwas %s\nis  %s", r.Code, name, brief(without), brief(with))
				}
				for _, f := range with.Findings {
					if f.Kind == KindFault && slices.Contains(f.Because, givenAt) && f.Confidence != Possible {
						t.Errorf("%s is %s in a round that was %s", f.Code, f.Confidence, name)
					}
				}
			}
		}
	}
}

// TestGiven: the particular cases of codes on the screen.
func TestGiven(t *testing.T) {
	own := func(code, class string) func() *world {
		return func() *world {
			w := onScreen(code, healthy)()
			w.e.Site.ResponseCodes = List[CodeClass]{{code, Class(class)}}
			return w
		}
	}
	backup := func() *world { w := twoHosts(); w.noConnect(FailDeadline); return w }
	for _, c := range []struct {
		name       string
		w          func() *world
		verdict    Verdict
		code       Code
		confidence Confidence
		planned    Planned
		remaining  List[Domain]
	}{
		{"terminal not registered", onScreen("97", healthy), VerdictDegraded, "account.terminal", Likely, "", List[Domain]{DomainDevice}},
		{"invalid merchant", onScreen("03", healthy), VerdictDegraded, "account.merchant", Likely, "", List[Domain]{DomainDevice}},
		{"system malfunction", onScreen("96", healthy), VerdictDegraded, "host.system_error", Likely, "", nil},
		{"cut-over", onScreen("90", healthy), VerdictDegraded, "host.cutover", Likely, PlannedCutover, nil},
		{"cut-over of 1993", onScreen("906", healthy), VerdictDegraded, "host.cutover", Likely, PlannedCutover, nil},
		{"sign on again", onScreen("77", healthy), VerdictDegraded, "device.sign_on_needed", Likely, "", nil},
		{"limit", onScreen("61", healthy), VerdictDegraded, "account.risk", Likely, "", nil},
		{"no funds", onScreen("51", healthy), VerdictHealthy, "", "", "", nil},
		{"this acquirer's own meaning", own("51", "upstream"), VerdictDegraded, "host.system_error", Likely, "", nil},
		{"this acquirer's own code", own("K7", "terminal_state"), VerdictDegraded, "device.sign_on_needed", Likely, "", nil},
		{"this acquirer has no such rule", own("61", "operator"), VerdictHealthy, "", "", "", nil},
		{"the same code in our own reply", onScreen("97", func() *world { return coded("97") }), VerdictFault, "account.terminal", Likely, "", List[Domain]{DomainDevice}},
		{"another code in our own reply", onScreen("97", func() *world { return coded("96") }), VerdictFault, "host.system_error", Likely, "", nil},
		{"a slow host was seen", onScreen("97", func() *world { return slowReply(9000) }), VerdictDegraded, "host.slow", Likely, "", List[Domain]{DomainDevice}},
	} {
		d := Diagnose(c.w().evidence())
		if d.Verdict != c.verdict || d.Code != c.code || d.Confidence != c.confidence || d.Planned != c.planned || !slices.Equal(d.Remaining, c.remaining) {
			t.Errorf("%s: %s", c.name, brief(d))
		}
	}
	for code, want := range map[string]bool{"96": true, "51": true, "86": true, "Y1": false, "Z1": false, "Y3": false, "": false} {
		d := Diagnose(onScreen(code, syn)().evidence())
		if got := slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == "note.given_earlier" }); got != want {
			t.Errorf("%q came from the host: %v", code, got)
		}
	}
	with, without := Diagnose(onScreen("97", backup)().evidence()), Diagnose(backup().evidence())
	if with.Verdict != without.Verdict || with.Code != without.Code || !slices.Equal(with.Remaining, without.Remaining) {
		t.Errorf("one endpoint of two works\nwas %s\nis  %s", brief(without), brief(with))
	}
}

// TestPromptDecidesNothing: whatever the screen says, the diagnosis stays.
func TestPromptDecidesNothing(t *testing.T) {
	for _, c := range rowCases {
		e := c.show().evidence()
		want := mustJSON(t, Diagnose(e))
		e.Given.Prompt = "P3"
		if got := mustJSON(t, Diagnose(e)); got != want {
			t.Errorf("%s: %s", c.code, got)
		}
	}
}
