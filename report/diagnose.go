package report

import (
	"cmp"
	"slices"
	"strings"
)

// sighting is what a row's test returns: where it was seen, how sure, from what.
type sighting struct {
	resource   string
	confidence Confidence
	because    []string
	explains   []string
	// planned is set by rows that carry their own plan (a host's cut-over).
	planned Planned
}

// Diagnose draws the verdict from evidence alone. It is pure: the same evidence gives
// the same diagnosis anywhere and at any time.
//
//   - Every row of the catalogue looks for itself (Row.test).
//   - A round in which the device itself was late, or its clock unread, blames neither
//     network nor host: such findings remain possible, not more.
//   - A finding that explains all that another one rests on masks it, if the catalogue
//     says that it may and it is at least as sure. A note is masked by any
//     fault that the catalogue lets mask it, however sure.
//   - The headline is the first unmasked fault that is at least likely: one that
//     explains a failure before one that explains none, proven before likely, lower
//     layer first. While an endpoint does not work, only a fault that explains why can
//     be the headline.
//   - Nothing at least likely, and something failed or was lost: inconclusive.
func Diagnose(e Evidence) Diagnosis {
	f := newFacts(&e)
	findings, planned := f.find()
	mask(findings)

	d := Diagnosis{
		Rules:       RulesVersion,
		Findings:    findings,
		Unexplained: f.unexplained(findings),
		Untested:    f.untested(),
	}
	head := headline(findings, f.stoppers())
	d.Verdict = f.verdict(d, head)
	switch d.Verdict {
	case VerdictHealthy:
		d.Party = PartyNobody
	case VerdictInconclusive:
		d.Remaining = remaining(findings, "")
		if len(d.Remaining) == 0 {
			d.Remaining = List[Domain]{DomainDevice, DomainNetwork, DomainHost}
		}
	default:
		row, _ := LookupRow(head.Code)
		d.Domain, d.Code, d.Confidence, d.Party = head.Domain, head.Code, head.Confidence, row.Party
		d.Remaining = remaining(findings, head.Domain)
		if head.Domain == DomainHost {
			announced, _ := f.planned()
			d.Planned = cmp.Or(planned[head.Code], announced)
		}
	}
	d.Wants = f.wants(findings)
	return d
}

// find runs every row over the evidence.
func (f *facts) find() (List[Finding], map[Code]Planned) {
	var found List[Finding]
	planned := map[Code]Planned{}
	for _, row := range Catalogue() {
		for _, s := range row.test(f) {
			if (row.Domain == DomainNetwork || row.Domain == DomainHost) && !f.fit {
				s.confidence = Possible
			}
			if s.planned != "" {
				planned[row.Code] = s.planned
			}
			slices.Sort(s.because)
			slices.Sort(s.explains)
			found = append(found, Finding{
				Kind: row.Kind, Code: row.Code, Domain: row.Domain, Confidence: s.confidence, Resource: s.resource,
				Because: slices.Compact(s.because), Explains: slices.Compact(s.explains),
			})
		}
	}
	return found, planned
}

// mask marks findings that another one explains: the catalogue allows it, the other is
// as sure or surer (a guess does not silence a proof), and it accounts for all that
// the masked finding rests on.
func mask(findings []Finding) {
	for i := range findings {
		row, _ := LookupRow(findings[i].Code)
		for j := range findings {
			by := findings[j]
			if i == j || !slices.Contains(row.MaskedBy, by.Code) {
				continue
			}
			if by.Kind == KindFault && by.Confidence == Possible {
				continue
			}
			if findings[i].Kind == KindFault && by.Confidence.rank() < findings[i].Confidence.rank() {
				continue
			}
			if accountsFor(by, findings[i]) {
				findings[i].MaskedBy = by.Code
				break
			}
		}
	}
}

// accountsFor reports whether finding a explains everything that b explains, or rests
// on where b explains nothing.
func accountsFor(a, b Finding) bool {
	need := b.Explains
	if len(need) == 0 {
		need = b.Because
	}
	for _, p := range need {
		if !slices.Contains(a.Explains, p) {
			return false
		}
	}
	return len(need) > 0
}

// headline picks the finding that names the verdict, nil when none may. stoppers are
// the observations that keep endpoints from working: if there are any, the headline
// explains one of them.
func headline(findings []Finding, stoppers []string) *Finding {
	var head *Finding
	for i := range findings {
		f := &findings[i]
		if f.Kind != KindFault || f.MaskedBy != "" || f.Confidence == Possible {
			continue
		}
		if len(stoppers) > 0 && !slices.ContainsFunc(f.Explains, func(p string) bool { return slices.Contains(stoppers, p) }) {
			continue
		}
		if head == nil || before(*f, *head) {
			head = f
		}
	}
	return head
}

// before orders findings for the headline. The catalogue's order settles ties.
func before(a, b Finding) bool {
	ra, _ := LookupRow(a.Code)
	rb, _ := LookupRow(b.Code)
	return cmp.Or(
		-cmp.Compare(min(len(a.Explains), 1), min(len(b.Explains), 1)),
		-cmp.Compare(a.Confidence.rank(), b.Confidence.rank()),
		cmp.Compare(ra.Layer, rb.Layer),
	) < 0
}

// verdict gives the answer in one word.
func (f *facts) verdict(d Diagnosis, head *Finding) Verdict {
	tried, succeeded := 0, 0
	for _, e := range f.Site.Endpoints {
		if f.tried(e.Address) {
			tried++
		}
		if f.anyOK(e.Address) {
			succeeded++
		}
	}
	switch {
	case head != nil && succeeded > 0:
		return VerdictDegraded
	case head != nil:
		return VerdictFault
	case tried > 0 && succeeded == len(f.Site.Endpoints) && len(f.lost) == 0 && len(open(d.Findings)) == 0 && !exchanges(d.Unexplained):
		return VerdictHealthy
	}
	return VerdictInconclusive
}

// exchanges reports whether one of the pointers leads to a step of an exchange.
func exchanges(pointers []string) bool {
	return slices.ContainsFunc(pointers, func(p string) bool {
		return strings.HasPrefix(p, "/evidence/connects/") || strings.HasPrefix(p, "/evidence/handshakes/") || strings.HasPrefix(p, "/evidence/sign_ons/")
	})
}

// tried reports whether anything was asked of an endpoint.
func (f *facts) tried(endpoint string) bool {
	for _, t := range f.Tasks {
		if t.Endpoint == endpoint && t.Kind == TaskExchange && t.Outcome != OutcomeNotAsked {
			return true
		}
	}
	return false
}

// open are the unmasked faults that are no more than possible and would, if they held,
// account for something that failed.
func open(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Kind == KindFault && f.MaskedBy == "" && f.Confidence == Possible && len(f.Explains) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// remaining are the domains of the open findings, but for the one already named.
func remaining(findings []Finding, named Domain) List[Domain] {
	var out List[Domain]
	for _, d := range Domains() {
		if d == "" || d == named {
			continue
		}
		for _, f := range open(findings) {
			if f.Domain == d {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

// wants are the questions of every unmasked fault that is not proven, what time it was
// where that is in doubt, and those of a round in which all seems well; but for those that
// were put already.
func (f *facts) wants(findings []Finding) List[Question] {
	var out List[Question]
	for _, q := range Questions() {
		if f.put(q) {
			continue
		}
		if q == AskClock && f.clockMatters() || f.wantsWhenWell(q) {
			out = append(out, q)
			continue
		}
		for _, f := range findings {
			row, _ := LookupRow(f.Code)
			if f.Kind == KindFault && f.MaskedBy == "" && f.Confidence != Proven && slices.Contains(row.Wants, q) {
				out = append(out, q)
				break
			}
		}
	}
	return out
}

// wantsWhenWell reports whether a question is worth its packets where every endpoint works.
// Once, when the terminal works for the first time that is remembered, the references are
// asked: later their silence says something only if they were heard. And where nothing but
// connections was asked for, a log-in page that takes them all is asked for.
func (f *facts) wantsWhenWell(q Question) bool {
	if len(f.attempts) == 0 || slices.ContainsFunc(f.attempts, func(a attempt) bool { return !a.ok() }) {
		return false
	}
	switch q {
	case AskReference:
		return len(f.Memory.LastGood) == 0 && f.unknownReferences()
	case AskPortal:
		return f.Site.Portal != "" && slices.ContainsFunc(f.attempts, attempt.onlyConnected)
	}
	return false
}

// unexplained are the failed observations that no finding accounts for.
func (f *facts) unexplained(findings []Finding) List[string] {
	var failed []string
	for i, o := range f.lookups() {
		if o.Failure != nil {
			failed = append(failed, pointer("lookups", i))
		}
	}
	for i, o := range f.Pings {
		if o.Failure != nil {
			failed = append(failed, pointer("pings", i))
		}
	}
	for i, o := range f.Connects {
		if o.Failure != nil && !f.followsUp(o.Task) {
			failed = append(failed, pointer("connects", i))
		}
	}
	for i, o := range f.TLS {
		if (o.Failure != nil || len(o.Problems) > 0) && !f.followsUp(o.Task) {
			failed = append(failed, pointer("handshakes", i))
		}
	}
	for i, o := range f.SignOns {
		if o.Failure != nil && !f.followsUp(o.Task) {
			failed = append(failed, pointer("sign_ons", i))
		}
	}
	var out List[string]
	for _, p := range failed {
		if !slices.ContainsFunc(findings, func(f Finding) bool { return slices.Contains(f.Explains, p) }) {
			out = append(out, p)
		}
	}
	return out
}

// untested are the configured steps that no attempt reached.
func (f *facts) untested() List[Step] {
	configured := map[Step]bool{}
	for _, e := range f.Site.Endpoints {
		configured[StepConnect] = true
		configured[StepTLS] = configured[StepTLS] || e.TLS
		configured[StepSignOn] = configured[StepSignOn] || e.Goal == StepSignOn
	}
	for _, a := range f.attempts {
		if a.connect != nil {
			delete(configured, StepConnect)
		}
		if a.tls != nil {
			delete(configured, StepTLS)
		}
		if a.signOn != nil && !a.signOn.Failure.Is(FailClientCert, FailUntrusted) {
			delete(configured, StepSignOn)
		}
	}
	var out List[Step]
	for _, s := range Steps() {
		if configured[s] {
			out = append(out, s)
		}
	}
	return out
}
