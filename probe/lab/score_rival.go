//go:build linux

package lab

import (
	"slices"

	"posprobe/report"
)

// Rival compares posprobe with prometheus-blackbox-exporter on the one question that
// both answer: does it work or not? Left out are the worlds in which exporter was not
// asked, and those with a fault in which the terminal is served all the same (a sign-on
// was answered, and not refused): neither answer would be wrong there.
type Rival struct {
	// Exporter and Posprobe: of the worlds compared, those judged rightly, broken ones
	// apart from healthy ones.
	Exporter, Posprobe struct{ Broken, Healthy Share }
	// LeftOut is how many worlds with a fault were served all the same.
	LeftOut int
}

func (r *Rival) add(o Outcome) {
	if o.Blackbox == nil {
		return
	}
	works := o.Report.Diagnosis.Verdict == report.VerdictHealthy
	switch {
	case o.Scenario.Kind == KindHealthy || o.Scenario.Kind == KindOdd:
		r.Exporter.Healthy.count(*o.Blackbox)
		r.Posprobe.Healthy.count(works)
	case served(o):
		r.LeftOut++
	default:
		r.Exporter.Broken.count(!*o.Blackbox)
		r.Posprobe.Broken.count(!works)
	}
}

// served reports whether some sign-on was answered, and not with a refusal.
func served(o Outcome) bool {
	return slices.ContainsFunc(o.Report.Evidence.SignOns, func(s report.SignOn) bool {
		return s.Failure == nil && (s.ResponseCode == "" || s.ResponseCode == "00")
	})
}
