package daemon

import (
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

// thinner decides which rounds of a long incident are worth a whole report: an outage of a
// week must not wear the flash, nor push out what was there before it. The rounds that
// open an incident are all kept, then one an hour of each kind, and whatever is special.
type thinner struct {
	// resumed: the incident was open when the daemon started, at 0.
	resumed  bool
	incident string
	// kept is when a whole report of a kind was kept last in the incident.
	kept map[kindOf]time.Duration
}

// resume goes on with an incident that an earlier run left open. Its first rounds were
// kept; which came last is not known: a daemon that dies and is started over and over does
// not keep them again.
func (t *thinner) resume(open *incident.Incident) {
	*t = thinner{resumed: true, incident: open.ID, kept: map[kindOf]time.Duration{}}
}

// kindOf is what makes two bad rounds alike.
type kindOf struct {
	verdict    report.Verdict
	code       report.Code
	confidence report.Confidence
}

const (
	// wholeRounds is how many bad rounds of an incident are kept whole, wholeEvery how
	// often one of a kind afterwards.
	wholeRounds = 12
	wholeEvery  = time.Hour
	// maxKinds bounds the kinds that are told apart in an incident.
	maxKinds = 16
)

// whole reports whether a round is to be kept as a whole report: a bad one that is not
// like many others of the same incident. open is the incident after the round, events is
// true when something happened to one.
func (t *thinner) whole(r report.Report, open *incident.Incident, events bool, now time.Duration) bool {
	if r.Diagnosis.Verdict == report.VerdictHealthy || !incident.Says(r) {
		return false
	}
	if open == nil {
		return true
	}
	if t.incident != open.ID {
		*t = thinner{incident: open.ID, kept: map[kindOf]time.Duration{}}
	}
	k := kindOf{r.Diagnosis.Verdict, r.Diagnosis.Code, r.Diagnosis.Confidence}
	if _, known := t.kept[k]; !known && len(t.kept) == maxKinds {
		k = kindOf{} // all others are one
	}
	last, known := t.kept[k]
	few := open.Rounds <= wholeRounds && !t.resumed
	if !few && (known || t.resumed) && now-last < wholeEvery && !events && !followedUp(r) {
		return false
	}
	t.kept[k] = now
	return true
}

// followedUp reports whether more was asked in a round than its own tasks.
func followedUp(r report.Report) bool {
	for _, t := range r.Evidence.Tasks {
		if report.FollowsUp(t.Kind) && t.Outcome != report.OutcomeNotAsked {
			return true
		}
	}
	return false
}
