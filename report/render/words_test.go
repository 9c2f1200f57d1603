package render

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"posprobe/report"
)

// TestWords goes through the closed lists of package report.
func TestWords(t *testing.T) {
	checkWords(t, "verdict", verdictWords, report.Verdicts())
	checkWords(t, "meaning", verdictMeanings, report.Verdicts())
	checkWords(t, "domain", domainWords, report.Domains())
	checkWords(t, "confidence", confidenceWords, report.Confidences())
	checkWords(t, "planned", plannedWords, report.Plans())
	checkWords(t, "party", partyWords, report.Parties())
	checkWords(t, "step", stepWords, report.Steps())
	checkWords(t, "question", questionWords, report.Questions())
	checkWords(t, "failure", failureWords, report.FailureTypes())
	checkWords(t, "outcome", outcomeWords, report.Outcomes())
	checkWords(t, "reason", reasonWords, report.Reasons())
	checkWords(t, "task", taskWords, report.TaskKinds())
	checkWords(t, "link", linkWords, report.LinkKinds())
	checkWords(t, "class", classWords, report.Classes())
	checkWords(t, "handling", handlingWords, []string{"A", "B", "C", "D", "E"})
	checkWords(t, "certificate", certificateWords, report.CertificateProblems())
	checkWords(t, "state", stateWords, []string{"up", "down", "dormant", "lowerlayerdown", "notpresent", "testing", "unknown"})
	checkWords(t, "neighbor", neighborWords, []string{"incomplete", "reachable", "stale", "delay", "probe", "failed", "permanent", "noarp", "none"})
}

func checkWords[K ~string](t *testing.T, name string, w words[K], list []K) {
	t.Helper()
	for _, k := range list {
		checkText(t, name+" "+string(k), w[k])
	}
	for k := range w {
		if k != "" && !slices.Contains(list, k) {
			t.Errorf("%s %q is in no list", name, k)
		}
	}
}

// checkText fails unless x has both languages, English in ASCII, Chinese in characters
// of one width everywhere, and the same verbs in both.
func checkText(t *testing.T, name string, x report.Text) {
	t.Helper()
	if strings.TrimSpace(x.ZH) == "" || strings.TrimSpace(x.EN) == "" {
		t.Errorf("%s: missing: %+v", name, x)
	}
	for _, r := range x.EN {
		if r > unicode.MaxASCII && string(r) != noBreak {
			t.Errorf("%s: %U in %q", name, r, x.EN)
		}
	}
	for _, r := range x.ZH {
		if r > unicode.MaxASCII && !isWide(r) && string(r) != noBreak {
			t.Errorf("%s: %U in %q may be wide or narrow", name, r, x.ZH)
		}
	}
	if strings.Contains(x.ZH, "收单方") { // the organisation is 收单机构, the machine 收单主机
		t.Errorf("%s: %s", name, x.ZH)
	}
	verbs := regexp.MustCompile(`%.`)
	if zh, en := verbs.FindAllString(x.ZH, -1), verbs.FindAllString(x.EN, -1); !slices.Equal(zh, en) {
		t.Errorf("%s: verbs %q and %q", name, zh, en)
	}
}

func TestLabels(t *testing.T) {
	for i, x := range labels {
		checkText(t, "label after "+labels[max(0, i-1)].EN, x)
	}
	for m, sign := range markSigns {
		if columns(sign) != 1 || columns(markASCII[m]) > columns(markASCII[markOK]) || toASCII(markASCII[m]) != markASCII[m] {
			t.Errorf("mark %d: %q %q", m, sign, markASCII[m])
		}
	}
}
