package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"posprobe/probe/lab"
	"posprobe/report"
	"posprobe/report/store"
)

// TestBudget: a daemon with the least data budget moves less than that, by the count of
// the packets on the terminal's cable; from then on not one more, though it goes on
// looking; and it says what it left out.
func TestBudget(t *testing.T) {
	t.Parallel()
	const budget = 100_000
	w := lab.New(t, lab.Options{NAT: 1})
	run, dir, yaml := labDaemon(t, w, hasty(t), "")
	run.Stop()
	writeFile(t, run.config, strings.Replace(yaml(""), "10GB", "100kB", 1))
	_, before := w.Traffic()
	a := startAgent(t, dir, nil, "ip", "netns", "exec", w.Name(lab.Term), hasty(t), "run", "--config", run.config)
	used := func() bool { s := a.dir.status(); return s != nil && s.Skipped[report.ReasonBudget] > 0 }
	for deadline := time.Now().Add(4 * time.Minute); !used() && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
	a.until("the budget to be used up", used)
	spent := a.dir.status()
	time.Sleep(3 * time.Second) // what kernels send after the last connections' end
	packets, bytes := w.Traffic()
	a.until("more rounds", func() bool { return a.dir.status().Rounds > spent.Rounds })
	after, all := w.Traffic()
	t.Logf("of %d bytes %d moved, %d were counted in %d rounds; after that %d packets in %d rounds", budget, bytes-before, spent.BytesDay, spent.Rounds, after-packets, a.dir.status().Rounds-spent.Rounds)
	if after != packets || all-before > budget || spent.BytesDay < all-before {
		t.Errorf("%d packets after it was used up; %d bytes in all, %d counted", after-packets, all-before, spent.BytesDay)
	}
	for lang, words := range map[string]string{"en": "the day's data budget is used up", "zh": "当日流量限额已用完"} {
		if o := a.ask("service", "status", "--lang", lang); o.exit != 0 || !strings.Contains(o.stdout, words) {
			t.Errorf("%+v", o)
		}
	}
	a.stop()
	skipped := int64(0)
	for _, e := range keptLines(t, run.store) {
		var s store.Summary
		if e.Kind == store.KindSummary && body(e, &s) == nil {
			skipped += s.Skipped[report.ReasonBudget]
		}
	}
	if skipped < spent.Skipped[report.ReasonBudget] {
		text, _ := json.Marshal(keptLines(t, run.store))
		t.Errorf("the summaries tell of %d rounds that were left out\n%s", skipped, text)
	}
}
