package memory

import (
	"testing"
	"time"
)

func TestBoots(t *testing.T) {
	var b Boots
	if b.Recent(noon) != nil {
		t.Error("boots were seen before the first one")
	}
	start := func(id string, at time.Time) bool {
		var unclean bool
		b, unclean = b.Start(id, at)
		return unclean
	}
	if start("one", noon) {
		t.Error("the first start is unclean")
	}
	if start("one", noon) {
		t.Error("a daemon that was killed is no power cut")
	}
	b = b.Stop()
	if start("two", noon) {
		t.Error("a start after a shutdown is unclean")
	}
	if !start("three", noon.Add(time.Hour)) {
		t.Error("a start without a shutdown is clean")
	}
	if start("", noon) {
		t.Error("a system that names no boot had an unclean start")
	}
	got := b.Recent(noon.Add(2 * time.Hour))
	if b, _ = b.Start("four", noon); got != nil {
		t.Errorf("a system that names no boot knows %+v", got)
	}
	for i := range 40 {
		start(string(rune('a'+i)), noon.Add(time.Duration(i)*time.Hour))
	}
	got = b.Recent(noon.Add(40 * time.Hour))
	if got == nil || got.Unclean != maxBoots || !got.LastUnclean.Equal(noon.Add(39*time.Hour)) {
		t.Errorf("after forty power cuts: %+v", got)
	}
	if got := b.Recent(noon.Add(9 * 24 * time.Hour)); got.Unclean != 0 {
		t.Errorf("a week later: %+v", got)
	}
}
