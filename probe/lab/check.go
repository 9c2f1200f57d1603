//go:build linux

package lab

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"posprobe/report"
)

// cause is what a scenario may cover.
var cause = regexp.MustCompile(`^(prompt [1-5]\.[0-9]+|fault [0-9]+)$`)

// maxWait is posprobe's own limit of --wait.
const maxWait = 60 * time.Second

// maxUsual is as many rounds as a scenario has time for.
const maxUsual = 20

// check says what is wrong with a scenario in itself.
func (s *Scenario) check() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if s.About == "" {
		wrong("about is empty")
	}
	for _, c := range s.Covers {
		if !cause.MatchString(c) {
			wrong("covers: %q is neither \"prompt N.M\" nor \"fault N\"", c)
		}
	}
	if _, err := s.since(); err != nil {
		wrong("since: %w", err)
	}
	if s.Usual < 0 || s.Usual > maxUsual {
		wrong("usual: %d is not between 0 and %d", s.Usual, maxUsual)
	}
	if s.Check.Wait < 0 || s.Check.Wait > maxWait {
		wrong("check.wait: %v is not between 0 and %v", s.Check.Wait, maxWait)
	}
	for key, steps := range map[string][]Step{"before": s.Before, "break": s.Break} {
		for i, step := range steps {
			if a, err := step.action(); err != nil {
				wrong("%s[%d]: %w", key, i, err)
			} else if err := a.fits(s); err != nil {
				wrong("%s[%d]: %s %w", key, i, step.Verb, err)
			}
		}
	}
	errs = append(errs, s.Setup.check(), s.checkTruth(), s.checkExpected())
	for _, e := range s.Evidence {
		errs = append(errs, e.check())
	}
	return errors.Join(errs...)
}

// checkTruth says where kind and truth contradict each other.
func (s *Scenario) checkTruth() error {
	for _, d := range s.Truth {
		if d == "" || !slices.Contains(report.Domains(), d) {
			return fmt.Errorf("truth: unknown domain %q", d)
		}
	}
	switch s.Kind {
	case KindHealthy, KindOdd:
		if len(s.Truth) > 0 {
			return fmt.Errorf("kind %s, and something is broken in %v", s.Kind, s.Truth)
		}
		if s.Expected.Headline != "healthy" {
			return fmt.Errorf("kind %s, and %q is expected", s.Kind, s.Expected.Headline)
		}
	case KindSingle:
		if len(s.Truth) != 1 {
			return fmt.Errorf("kind single, and the truth is %v: name one domain", s.Truth)
		}
	case KindDouble:
		if len(s.Truth) == 0 {
			return errors.New("kind double, and no truth")
		}
	default:
		return fmt.Errorf("unknown kind %q", s.Kind)
	}
	if s.Kind != KindHealthy && s.Kind != KindOdd && len(s.Break) == 0 && len(s.Setup.Acquirer) == 0 && len(s.Setup.BackupAcquirer) == 0 && s.Check.Config == nil && s.Check.Args == nil {
		return fmt.Errorf("kind %s, and nothing is broken", s.Kind)
	}
	return nil
}

// checkExpected says where the expectations contradict the truth or each other.
func (s *Scenario) checkExpected() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	e := s.Expected
	right := append([]string{e.Headline}, s.Acceptable...)
	blames := false
	for _, h := range right {
		if h == "healthy" || h == "inconclusive" {
			continue
		}
		blames = true
		if err := s.checkCode(report.Code(h), s.Truth); err != nil {
			wrong("headline: %w", err)
		}
	}
	for _, c := range e.Named {
		if err := s.checkCode(c, s.Truth); err != nil {
			wrong("named: %w", err)
		}
		right = append(right, string(c))
	}
	for _, c := range s.NearMisses {
		if err := s.checkCode(c, report.Domains()); err != nil {
			wrong("near_misses: %w", err)
		}
		if slices.Contains(right, string(c)) {
			wrong("near_misses: %s is right elsewhere in this file", c)
		}
	}
	switch e.Confidence {
	case "":
	case report.Likely, report.Proven:
		if !blames {
			wrong("confidence %s, and nobody is blamed", e.Confidence)
		}
	default:
		wrong("unknown confidence %q", e.Confidence)
	}
	for what, list := range map[string][]report.Domain{"remaining": e.Remaining, "excluded": e.Excluded} {
		for _, d := range list {
			if d == "" || !slices.Contains(report.Domains(), d) {
				wrong("%s: unknown domain %q", what, d)
			}
		}
	}
	for _, d := range e.Excluded {
		if slices.Contains(s.Truth, d) || slices.Contains(e.Remaining, d) {
			wrong("excluded: %s is the truth or remaining", d)
		}
	}
	if e.Headline == "healthy" && len(s.Acceptable) == 0 && len(e.Remaining) > 0 {
		wrong("healthy, and %v remain", e.Remaining)
	}
	if e.Because == "" {
		wrong("expected.because is empty: say why that, and no more, is decidable")
	}
	return errors.Join(errs...)
}

// checkCode says whether a code is in the catalogue, and its domain among those given;
// a note has none.
func (s *Scenario) checkCode(c report.Code, domains []report.Domain) error {
	row, ok := report.LookupRow(c)
	switch {
	case !ok:
		return fmt.Errorf("%q is not in the catalogue", c)
	case row.Domain != "" && !slices.Contains(domains, row.Domain):
		return fmt.Errorf("%s is of domain %s, and the truth is %v", c, row.Domain, domains)
	}
	return nil
}

func mustBe(what, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %q", what, value, allowed)
}

func (s Setup) check() error {
	errs := []error{
		mustBe("world.nat", s.NAT, "", "single", "double", "none"),
		mustBe("world.ip", s.IP, "", "4", "6", "46"),
		mustBe("world.profile", s.Profile, "", "internet", "private-apn"),
		mustBe("world.trust", s.Trust, "", "ca", "pin", "system"),
		mustBe("world.front", s.Front, "", "nginx", "haproxy"),
	}
	wrong := func(is bool, text string) {
		if is {
			errs = append(errs, errors.New("world."+text))
		}
	}
	wrong(s.Delay < 0 || s.LANDelay < 0 || s.Jitter < 0 || s.Rate < 0, "delay, lan_delay, jitter, rate: negative")
	wrong(s.Loss < 0 || s.Loss > 100 || s.Reorder < 0 || s.Reorder > 100, "loss, reorder: not a share in percent")
	wrong(s.Resolvers != nil && (*s.Resolvers < 0 || *s.Resolvers > 2), "resolvers: not 0, 1 or 2")
	wrong(s.Uplinks < 0 || s.Uplinks > 2, "uplinks: not 1 or 2")
	wrong(s.Trust != "" && !s.TLS, "trust needs tls")
	wrong(len(s.BackupAcquirer) > 0 && !s.Backup, "backup_acquirer needs backup")
	wrong(s.HostsFile && !s.Name, "hosts_file needs name")
	wrong(s.IP == "6" && s.DHCP, "dhcp needs IPv4")
	for _, ns := range s.SilentHops {
		errs = append(errs, mustBe("world.silent_hops", ns, "shop", "isp", "core", "gate"))
	}
	for _, ns := range s.NoPing {
		wrong(!slices.Contains(namespaces, NS(ns)) || ns == string(LAN), fmt.Sprintf("no_ping: no namespace %q", ns))
	}
	return errors.Join(errs...)
}

// moment is when a scenario breaks.
type moment struct {
	always, now, request bool
	after                time.Duration
}

func (s *Scenario) since() (moment, error) {
	switch s.Since {
	case "", "always":
		return moment{always: true}, nil
	case "now":
		return moment{now: true}, nil
	case "request":
		if s.Setup.Front != "" {
			return moment{}, errors.New("request needs a world without front")
		}
		return moment{request: true}, nil
	}
	d, err := time.ParseDuration(s.Since)
	if err != nil || d < 0 || d > maxWait {
		return moment{}, fmt.Errorf("%q is neither always, now, request nor a duration of at most %v", s.Since, maxWait)
	}
	return moment{after: d}, nil
}

func (s Statement) check() error {
	said := 0
	for _, is := range []bool{s.Is != nil, s.Least != nil, s.Most != nil, s.Absent} {
		if is {
			said++
		}
	}
	switch {
	case len(s.At) == 0 || s.At[0] != '/':
		return fmt.Errorf("evidence: %q is no pointer", s.At)
	case said == 0:
		return fmt.Errorf("evidence: %s: neither is, least, most nor absent", s.At)
	case s.Absent && said > 1:
		return fmt.Errorf("evidence: %s: absent, and yet something", s.At)
	}
	return nil
}
