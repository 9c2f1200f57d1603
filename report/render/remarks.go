package render

// remarks are the notes, the failed observations that nothing explains, the steps that
// were not tested and what would decide.
func (v *view) remarks(p *page) {
	d := &v.r.Diagnosis
	v.notes(p)

	var unexplained []string
	for _, ptr := range d.Unexplained {
		if len(unexplained) == maxPointers {
			unexplained = append(unexplained, v.say(lMore, len(d.Unexplained)-maxPointers))
			break
		}
		unexplained = append(unexplained, v.describe(ptr))
	}
	v.list(p, lUnexplained, unexplained, maxPointers+1)

	var untested, wants []string
	for _, s := range d.Untested {
		untested = append(untested, v.step(s))
	}
	if len(untested) > 0 {
		p.space()
		p.say(v.say(lUntested, v.join(untested[:min(len(untested), maxHops)]...)), plain)
	}
	for _, q := range d.Wants {
		wants = append(wants, questionWords.in(v.lang, q))
	}
	v.list(p, lWants, wants, maxFindings)
}

// footer names the report, so that people can speak of it and judge it again.
func (v *view) footer(p *page) {
	r := v.r
	p.space()
	p.say(v.join(v.titled(lModel, r.Terminal.Model), v.titled(lSerial, r.Terminal.Serial),
		v.titled(lSite, r.Terminal.Site), v.titled(lAsset, r.Terminal.Asset), v.titled(lAcquirerName, r.Acquirer.Name)), plain)
	var id, when string
	if r.ID != "" {
		id = v.say(lReport, short(r.ID))
	}
	if !r.ObservedAt.IsZero() {
		when = moment(r.ObservedAt)
	}
	agent := "posprobe"
	if r.Agent.Version != "" {
		agent += " " + short(r.Agent.Version)
	}
	p.say(v.join(id, when, agent, v.say(lEvidence, v.evidenceCount()))+v.say(lStop)+v.say(lAgain), dim)
}

// titled is a name with what it names, "" without one.
func (v *view) titled(l label, s string) string {
	if s == "" {
		return ""
	}
	return v.say(l) + " " + short(s)
}

// evidenceCount is the number of observations in the report.
func (v *view) evidenceCount() int {
	e := &v.r.Evidence
	return len(e.Links) + len(e.Addresses) + len(e.Routes) + len(e.Neighbors) + len(e.Resolvers) + len(e.Hosts) +
		len(e.Lookups) + len(e.Pings) + len(e.Connects) + len(e.TLS) + len(e.SignOns) + len(e.Hops) + len(e.Portals) + len(e.Claims) + len(e.Clocks) + len(e.Flows)
}
