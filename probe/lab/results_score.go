//go:build linux

package lab

import (
	"fmt"
	"strings"

	"posprobe/report"
)

// Markdown is the score for people.
func (s Score) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d worlds; %d rounds were repeated because this machine starved them.\n\n", s.Outcomes, s.Busy)
	b.WriteString(s.figures())
	b.WriteString("\n### Domain named (columns) for what was broken (rows)\n\n" + s.Domains.Markdown())
	b.WriteString("\n### Wrong accusations\n\n" + accusations(s.Wrong))
	if len(s.Beside) > 0 {
		b.WriteString("\nFindings in a sound domain below the headline, likely or proven:\n\n" + accusations(s.Beside))
	}
	b.WriteString("\n### Near misses named\n\n" + accusations(s.NearMisses))
	b.WriteString("\n### Another headline than the expected, decidable single faults\n\n" + confusionTable(s.Confused))
	b.WriteString("\n### Time and volume of a round\n\n" + s.spreads())
	if s.Rival != (Rival{}) {
		b.WriteString("\n### Does it work or not, beside blackbox_exporter\n\n" + s.Rival.Markdown())
	}
	fmt.Fprintf(&b, "\n### The catalogue\n\n%d of %d rows were shown by a world; %d were not, and rest on written evidence alone:\n%s\n",
		len(s.Shown), len(s.Shown)+len(s.FixtureOnly), len(s.FixtureOnly), codeList(s.FixtureOnly))
	return b.String()
}

// figures are the shares.
func (s Score) figures() string {
	t := table{head: []string{"figure", "share", "", "95 % interval"}}
	for _, r := range []struct {
		name  string
		share Share
	}{
		{"precision: the right domain, where one is named", s.Precision},
		{"coverage: a domain is named, where the evidence can decide", s.Coverage},
		{"broken worlds in which the evidence can decide, by their authors", s.Decidable},
		{"broken worlds in which a domain is named", s.Named},
		{"right code, decidable single faults", s.Codes},
		{"the expected code itself", s.Exactly},
		{"double faults: both named", s.Doubles},
		{"healthy worlds called healthy", s.Healthy},
		{"healthy but odd worlds called healthy", s.Odd},
	} {
		if r.share.Of == 0 {
			t.add(r.name, "none to count", "", "")
			continue
		}
		low, high := r.share.Interval()
		t.add(r.name, percent(r.share.Value()), r.share.String(), percent(low)+" to "+percent(high))
	}
	return t.String()
}

// String is the share as "hit of whole".
func (s Share) String() string { return fmt.Sprintf("%d of %d", s.Hit, s.Of) }

// percent writes a share of 1 with one decimal.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// Markdown is the matrix as a table.
func (m Matrix) Markdown() string {
	t := table{head: append([]string{""}, answers...)}
	for _, truth := range m.Rows() {
		cells := []string{truth}
		for _, answer := range answers {
			cells = append(cells, count(m[truth][answer]))
		}
		t.add(cells...)
	}
	return t.String()
}

// count writes a number, and nothing for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func accusations(list []Accusation) string {
	if len(list) == 0 {
		return "None.\n"
	}
	t := table{head: []string{"scenario", "broken", "named", "domain", "confidence"}}
	for _, a := range list {
		t.add(a.Scenario, truthOf(Scenario{Truth: a.Truth}), string(a.Code), string(a.Domain), string(a.Confidence))
	}
	return t.String()
}

func confusionTable(list []Confusion) string {
	if len(list) == 0 {
		return "None.\n"
	}
	t := table{head: []string{"expected", "named", "times", "scenarios"}}
	for _, c := range list {
		t.add(c.Expected, c.Named, fmt.Sprint(len(c.Scenarios)), strings.Join(c.Scenarios, ", "))
	}
	return t.String()
}

// spreads are durations and volumes by class.
func (s Score) spreads() string {
	t := table{head: []string{"worlds", "", "s: median", "p95", "max", "packets: median", "max", "bytes: median", "max"}}
	for _, c := range classes {
		took, ok := s.Took[c]
		if !ok {
			continue
		}
		t.add(string(c), fmt.Sprint(took.N), fmt.Sprintf("%.1f", took.Median), fmt.Sprintf("%.1f", took.P95), fmt.Sprintf("%.1f", took.Max),
			whole(s.Packets[c].Median), whole(s.Packets[c].Max), whole(s.Bytes[c].Median), whole(s.Bytes[c].Max))
	}
	return t.String() + "\nTimes are from the start of the program to its end, worlds side by side; packets and bytes are what crossed the terminal's links, IP headers included, both directions.\n"
}

// whole writes a number without decimals.
func whole(f float64) string { return fmt.Sprintf("%.0f", f) }

// Markdown is the comparison as a table.
func (r Rival) Markdown() string {
	t := table{head: []string{"", "broken worlds: said so", "healthy worlds: said so"}}
	t.add("posprobe: not healthy / healthy", r.Posprobe.Broken.String(), r.Posprobe.Healthy.String())
	t.add("blackbox_exporter: down / up", r.Exporter.Broken.String(), r.Exporter.Healthy.String())
	return t.String() + fmt.Sprintf("\nThe same worlds, one after the other. Its modules are tcp_connect, over TLS where the acquirer speaks it, with its time limit at 6 s. It does not say whose fault it is, and is not marked for that. %d broken worlds served the terminal all the same and are left out of both rows.\n", r.LeftOut)
}

// codeList is codes in one paragraph.
func codeList(codes []report.Code) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = "`" + string(c) + "`"
	}
	return strings.Join(words, ", ")
}
