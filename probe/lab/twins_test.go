//go:build linux

package lab

import (
	"strings"
	"testing"

	"posprobe/report"
)

func twin(name, of string, truth report.Domain, said string, remaining ...report.Domain) Outcome {
	o := made(name, KindSingle, truth, "inconclusive", said)
	o.Scenario.Twin, o.Report.Diagnosis.Remaining = of, remaining
	return o
}

func TestTwins(t *testing.T) {
	host, network, device := report.DomainHost, report.DomainNetwork, report.DomainDevice
	list := []Outcome{
		twin("b", "a", host, "inconclusive", network, host), // names each other: one pair
		twin("a", "b", network, "inconclusive", host, network),
		twin("c", "d", network, "inconclusive", host), // the truth is not left open
		twin("d", "", host, "inconclusive", host),
		twin("e", "f", network, "network.path.lost", host),
		twin("f", "", host, "network.path.lost", host),
		twin("g", "h", device, "device.no_route"),
		twin("h", "", host, "host.refused", device),
		twin("i", "gone", host, "inconclusive"),
		twin("j", "k", host, "inconclusive", host, network),
		twin("k", "", network, "inconclusive", host, network, device),
	}
	pairs := TwinsOf(list)
	var got []string
	for _, p := range pairs {
		got = append(got, p.A.Scenario.Name+p.B.Scenario.Name+": "+p.judgement())
	}
	want := "ab: left open alike, cd: alike, but a truth is not left open, ef: WRONG: a sound domain is accused, gh: told apart, jk: one headline, not the same left open"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if text := twinsMarkdown(pairs); !strings.HasPrefix(text, "1 of 5 pairs") || !strings.Contains(text, "| g; h | device; host | device.no_route; host.refused | nothing; device | told apart |") {
		t.Errorf("%s", text)
	}
}
