package report

import (
	"regexp"
	"slices"
	"testing"
	"unicode"
)

var codeForm = regexp.MustCompile(`^(device|network\.(local|dns|access|path)|host|account|outside|note|agent)(\.[a-z0-9_]+)+$`)

func TestCatalogue(t *testing.T) {
	rows := map[Code]Row{}
	faults := 0
	for _, r := range Catalogue() {
		if _, twice := rows[r.Code]; twice {
			t.Errorf("%s: code used twice", r.Code)
		}
		rows[r.Code] = r
		if !codeForm.MatchString(string(r.Code)) {
			t.Errorf("%s: not a code", r.Code)
		}
		if r.test == nil || r.Source == "" {
			t.Errorf("%s: no test or no source", r.Code)
		}
		for _, s := range []Text{r.Title, r.Advice} {
			if r.Kind == KindNote && s == (Text{}) && s == r.Advice {
				continue // a note asks nobody to act
			}
			if !hasHan(s.ZH) || s.EN == "" || hasHan(s.EN) {
				t.Errorf("%s: text missing or in the wrong language: %q / %q", r.Code, s.ZH, s.EN)
			}
		}
		switch r.Kind {
		case KindFault:
			faults++
			if r.Domain == "" || r.Party == "" || r.Party == PartyNobody || !slices.Contains(Domains(), r.Domain) || !slices.Contains(Parties(), r.Party) {
				t.Errorf("%s: a fault needs a domain and a party, has %q and %q", r.Code, r.Domain, r.Party)
			}
			if d := domainOf(r.Code); d != r.Domain {
				t.Errorf("%s: domain %s", r.Code, r.Domain)
			}
		case KindNote:
			if r.Domain != "" || r.Party != "" {
				t.Errorf("%s: a note names nobody", r.Code)
			}
		default:
			t.Errorf("%s: kind %q", r.Code, r.Kind)
		}
		for _, q := range r.Wants {
			if !slices.Contains(Questions(), q) {
				t.Errorf("%s: wants %q", r.Code, q)
			}
		}
	}
	if len(rows) < 40 || faults < 40 {
		t.Errorf("%d rows, %d faults", len(rows), faults)
	}
	for code, r := range rows {
		for _, m := range r.MaskedBy {
			if _, ok := rows[m]; !ok {
				t.Errorf("%s: masked by %s, which does not exist", code, m)
			}
		}
	}
	for code := range rows {
		if cycle(rows, code, code, map[Code]bool{}) {
			t.Errorf("%s masks itself in the end", code)
		}
	}
}

// cycle reports whether following MaskedBy from at leads back to start.
func cycle(rows map[Code]Row, start, at Code, seen map[Code]bool) bool {
	for _, m := range rows[at].MaskedBy {
		if m == start {
			return true
		}
		if !seen[m] {
			seen[m] = true
			if cycle(rows, start, m, seen) {
				return true
			}
		}
	}
	return false
}

func domainOf(c Code) Domain {
	for _, d := range Domains() {
		if d != "" && len(c) > len(d) && Domain(c[:len(d)]) == d {
			return d
		}
	}
	return ""
}

func hasHan(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
