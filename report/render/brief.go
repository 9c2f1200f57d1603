package render

import "posprobe/report"

// Brief is a report in one line: the verdict, whose fault and how sure, and what it is.
// What came from outside is cleaned.
func Brief(r report.Report, lang report.Lang) string {
	v := newView(&r, lang, report.LookupRow)
	d := &r.Diagnosis
	line := verdictWords.in(lang, d.Verdict)
	if d.Domain != "" {
		line += v.say(lColon) + domainWords.in(lang, d.Domain) + v.bracketed(confidenceWords.in(lang, d.Confidence))
	}
	if d.Planned != "" {
		line += v.say(lComma) + plannedWords.in(lang, d.Planned)
	}
	if d.Code != "" {
		line += "  " + v.title(d.Code) + "  " + short(string(d.Code))
	}
	return line
}
