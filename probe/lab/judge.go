//go:build linux

package lab

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"posprobe/report"
)

// longestRound is how long a check may take.
const longestRound = 25 * time.Second

// Judge says what is wrong with an outcome, nothing when it is right.
func Judge(o Outcome) []string {
	var said []string
	wrong := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	s, d := o.Scenario, o.Report.Diagnosis
	if got := o.Headline(); got != s.Expected.Headline && !slices.Contains(s.Acceptable, got) {
		wrong("headline %s (%s), want %s or one of %q", got, d.Confidence, s.Expected.Headline, s.Acceptable)
	}
	if d.Confidence == report.Proven && s.Expected.Confidence != report.Proven {
		wrong("%s is proven, beyond what can be", d.Code)
	}
	for _, c := range s.Expected.Named {
		if !named(d, c) {
			wrong("%s is not named", c)
		}
	}
	for _, c := range s.NearMisses {
		if slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == c && f.Confidence != report.Possible && f.MaskedBy == "" }) {
			wrong("near miss: %s is named", c)
		}
	}
	for _, domain := range s.Expected.Remaining {
		if d.Domain != domain && !slices.Contains(d.Remaining, domain) {
			wrong("%s is not left open: %v", domain, d.Remaining)
		}
	}
	for _, domain := range s.Expected.Excluded {
		if d.Domain == domain || slices.Contains(d.Remaining, domain) {
			wrong("%s is not excluded: %v", domain, d.Remaining)
		}
	}
	for _, domain := range Accused(o) {
		wrong("wrong accusation: %s, where the truth is %v", domain, s.Truth)
	}
	for _, statement := range s.Evidence {
		if why := statement.judge(o.Report); why != "" {
			wrong("evidence: %s", why)
		}
	}
	if want := exitStatus(d); o.Exit != want {
		wrong("exit status %d, want %d", o.Exit, want)
	}
	if len(d.Unexplained) > 0 {
		wrong("unexplained: %v", d.Unexplained)
	}
	if o.Took > longestRound {
		wrong("took %v, more than %v", o.Took.Round(time.Millisecond), longestRound)
	}
	return said
}

// named reports whether a code is among the findings that are at least likely.
func named(d report.Diagnosis, c report.Code) bool {
	return slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == c && f.Confidence != report.Possible })
}

// Accused lists the domains that an outcome blames, by its headline or by another
// finding that nothing masks, and in which nothing is broken.
func Accused(o Outcome) []report.Domain {
	d := o.Report.Diagnosis
	blamed := []report.Domain{d.Domain}
	for _, f := range d.Findings {
		if f.Kind == report.KindFault && f.Confidence != report.Possible && f.MaskedBy == "" {
			blamed = append(blamed, f.Domain)
		}
	}
	slices.Sort(blamed)
	return slices.DeleteFunc(slices.Compact(blamed), func(x report.Domain) bool {
		return x == "" || slices.Contains(o.Scenario.Truth, x)
	})
}

// exitStatus is the contract of the exit status, written a second time.
func exitStatus(d report.Diagnosis) int {
	if d.Verdict == report.VerdictHealthy {
		return 0
	}
	if d.Domain == report.DomainHost && d.Planned != "" {
		return 35
	}
	return map[report.Domain]int{"": 50, report.DomainDevice: 10, report.DomainNetwork: 20, report.DomainHost: 30, report.DomainAccount: 40}[d.Domain]
}

// judge says why a statement does not hold, "" when it does.
func (s Statement) judge(r report.Report) string {
	text, err := json.Marshal(r)
	var tree any
	if err == nil {
		err = json.Unmarshal(text, &tree)
	}
	if err != nil {
		return err.Error()
	}
	found := places(tree, strings.Split(strings.TrimPrefix(s.At, "/"), "/"))
	if s.Absent {
		for _, v := range found {
			if !isEmpty(v) {
				return fmt.Sprintf("%s is there: %s", s.At, short(v))
			}
		}
		return ""
	}
	if slices.ContainsFunc(found, s.holds) {
		return ""
	}
	return fmt.Sprintf("%s: found %s", s, short(found))
}

// String is the statement in words.
func (s Statement) String() string {
	text := s.At
	if s.Is != nil {
		text += fmt.Sprintf(" is %v", s.Is)
	}
	if s.Least != nil {
		text += fmt.Sprintf(" is at least %v", *s.Least)
	}
	if s.Most != nil {
		text += fmt.Sprintf(" is at most %v", *s.Most)
	}
	return text
}

func (s Statement) holds(v any) bool {
	if s.Is != nil && !same(v, s.Is) {
		return false
	}
	n, isNumber := v.(float64)
	if (s.Least != nil || s.Most != nil) && !isNumber {
		return false
	}
	return (s.Least == nil || n >= *s.Least) && (s.Most == nil || n <= *s.Most)
}

// same compares a JSON value with one that was written in YAML.
func same(v, want any) bool {
	text, err := json.Marshal(want)
	if err != nil {
		return false
	}
	var plain any
	return json.Unmarshal(text, &plain) == nil && reflect.DeepEqual(v, plain)
}

// places follows a pointer (RFC 6901) through a tree; * goes everywhere.
func places(v any, path []string) []any {
	if len(path) == 0 {
		return []any{v}
	}
	step := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	var found []any
	switch x := v.(type) {
	case map[string]any:
		for key, child := range x {
			if step == "*" || step == key {
				found = append(found, places(child, path[1:])...)
			}
		}
	case []any:
		for i, child := range x {
			if step == "*" || step == strconv.Itoa(i) {
				found = append(found, places(child, path[1:])...)
			}
		}
	}
	return found
}

func isEmpty(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	case map[string]any:
		return len(x) == 0
	}
	return false
}

// short is a value cut to a line.
func short(v any) string {
	text, _ := json.Marshal(v)
	return string(text[:min(len(text), 300)])
}
