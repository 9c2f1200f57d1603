package signontest

import (
	"strings"
	"testing"
)

func TestNoTwoBehavioursShareATerminalID(t *testing.T) {
	fill := strings.NewReplacer("n", "1", "x", "7", "s", "P", "_", "Q")
	names := map[string]bool{}
	for _, b := range Behaviours() {
		if names[b.Name] || b.Imitates == "" {
			t.Errorf("%s: named twice, or without a word on what it imitates", b.Name)
		}
		names[b.Name] = true
		if b.TerminalID == "" {
			continue
		}
		if len(b.TerminalID) != 8 || b.stage != onRequest {
			t.Errorf("%s: terminal id %q", b.Name, b.TerminalID)
		}
		for _, other := range Behaviours() {
			if _, ok := matchID(other.TerminalID, fill.Replace(b.TerminalID)); ok != (other.Name == b.Name) {
				t.Errorf("terminal id %s of %s, tried on %s: %t", b.TerminalID, b.Name, other.Name, ok)
			}
		}
		if got, ok := chooseByID(fill.Replace(b.TerminalID)); !ok || got.Name != b.Name {
			t.Errorf("terminal id %s chooses %s, want %s", b.TerminalID, got.Name, b.Name)
		}
	}
	if got, ok := chooseByID("99999906"); ok {
		t.Errorf("a plain number chooses %s", got.Name)
	}
}
