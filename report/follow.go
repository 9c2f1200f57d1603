package report

import "slices"

// What follow-ups say: the answers to the questions of a first diagnosis.

// followUps are the kinds of task that answer a Question.
var followUps = []TaskKind{
	TaskTrace, TaskReference, TaskClosedPort, TaskSecond, TaskEarly, TaskSmall, TaskUplink, TaskIndependent, TaskPortal, TaskNeighbor, TaskDuplicate, TaskTime,
}

// puts is the kind of task that puts a question.
var puts = map[Question]TaskKind{
	AskTrace: TaskTrace, AskReference: TaskReference, AskClosedPort: TaskClosedPort, AskSecondExchange: TaskSecond, AskEarlyEnd: TaskEarly,
	AskSmallSegments: TaskSmall, AskOtherUplink: TaskUplink, AskIndependentResolver: TaskIndependent,
	AskPortal: TaskPortal, AskNeighbor: TaskNeighbor, AskDuplicateAddress: TaskDuplicate, AskClock: TaskTime,
}

// put reports whether a question was put in this round, whatever came of it.
func (f *facts) put(q Question) bool {
	if q == AskOtherEndpoint {
		return len(f.Site.Endpoints) > 1
	}
	kind, ok := puts[q]
	return ok && slices.ContainsFunc(f.Tasks, func(t Task) bool {
		return t.Kind == kind && t.Outcome != OutcomeNotAsked && t.Outcome != OutcomeCancelled
	})
}

// followsUp reports whether a task answers a Question. What fails there is the answer,
// and nothing that a row has to explain.
func (f *facts) followsUp(task string) bool { return FollowsUp(f.kinds[task]) }

// FollowsUp reports whether tasks of a kind answer a Question of an earlier diagnosis.
func FollowsUp(kind TaskKind) bool { return slices.Contains(followUps, kind) }

// again returns the exchange that a follow-up of this kind made with the same address.
func (a attempt) again(kind TaskKind) (attempt, bool) {
	for _, b := range a.f.again[kind] {
		if b.address() == a.address() && b.endpoint.Address == a.endpoint.Address {
			return b, true
		}
	}
	return attempt{}, false
}

// worked reports whether a follow-up of this kind got past the step at which the
// attempt failed, with the pointer of the observation that shows it.
func (a attempt) worked(kind TaskKind) (at string, ok bool) {
	b, asked := a.again(kind)
	if !asked {
		return "", false
	}
	step, _, _, _ := a.failed()
	switch step {
	case StepConnect:
		return b.connectAt, b.connect != nil && b.connect.Failure == nil
	case StepTLS:
		return b.tlsAt, b.tls != nil && b.tls.Failure == nil
	case StepSignOn:
		return b.signOnAt, b.replied()
	}
	return "", false
}

// repeated reports whether a second exchange failed as this one did.
func (a attempt) repeated() (at string, ok bool) {
	b, asked := a.again(TaskSecond)
	if !asked {
		return "", false
	}
	step, fail, _, _ := a.failed()
	stepB, failB, at, _ := b.failed()
	return at, failB != nil && stepB == step && fail.Is(failB.Type)
}

// replyHole reports whether what follows a reply came and the reply did not: the way may
// lose it, and so may the acquirer's own edge.
func (a attempt) replyHole() bool {
	s, _, ok := a.silence()
	return ok && s != silenceSelective && (s == silenceHole || a.holeAtEnd())
}

// smallHelps reports whether what failed twice passed in small segments, where a reply
// or request is long enough for that to matter: one of several segments.
func (a attempt) smallHelps() (at []string, ok bool) {
	s, step, silent := a.silence()
	_, _, _, tcp := a.failed()
	if !silent || step != StepTLS && s != silenceSelective && s != silenceHole && !(s == silenceUnacked && value(tcp.Unacked) > 1) {
		return nil, false
	}
	small, ok1 := a.worked(TaskSmall)
	again, ok2 := a.repeated()
	return []string{small, again}, ok1 && ok2
}

// ending is what followed when the terminal closed its side, nil when it was not seen.
func (a attempt) ending() *Ending {
	switch step, _, _, _ := a.failed(); {
	case step == StepSignOn:
		return a.signOn.Ending
	case step == StepTLS:
		return a.tls.Ending
	}
	return nil
}

// An end that follows the message at once is decisive where one after a long wait is
// not: a peer whose reply got lost has long reduced what it sends to a repetition of
// that reply now and then (RFC 5681 section 3.1), and its own end waits behind it.

// early returns the exchange of which the end followed the message at once, if it failed
// at the same step.
func (a attempt) early() (b attempt, ok bool) {
	b, ok = a.again(TaskEarly)
	stepA, _, _, _ := a.failed()
	stepB, _, _, tcp := b.failed()
	return b, ok && stepA == stepB && tcp != nil
}

// stuck reports whether the peer's kernel took our early end and its program did not: it
// hangs. A program that had read our message and waits for the next one closes too. It
// says nothing of a host that may need as long as was waited for, nor where our end had to
// be sent again: a peer that closes acknowledges it with its own, which may be what got
// lost (RFC 9293 section 3.6). Over TLS our end takes several segments, and the last of
// them is sent again soon in any case (RFC 8985 section 7).
func (a attempt) stuck() bool {
	b, ok := a.early()
	if !ok || !a.f.whole(TaskExchange) { // another exchange may have shown how long it takes
		return false
	}
	step, fail, _, tcp := b.failed()
	// To the device itself nothing gets lost.
	if usual := a.usualReplyMs(); step == StepSignOn && !a.loopback() && (usual <= 0 || b.signOn.WaitMs < usualMargin*usual) {
		return false
	}
	s, _, _ := b.silence()
	return fail.Is(FailDeadline) && tcp.State == "fin_wait_2" && (s == silenceAcked || s == silenceAlive) && tcp.RcvOooPack != nil &&
		!(b.tls == nil && b.sentAgain(tcp))
}

// usualMargin is how much longer than usual a host may well take for once.
const usualMargin = 2

// usualReplyMs is how long a reply to this message usually takes, as far as earlier rounds
// or another endpoint in this one tell; 0 where they do not.
func (a attempt) usualReplyMs() float64 {
	longest := 0.0
	for _, g := range a.f.Memory.LastGood {
		if g.Endpoint == a.endpoint.Address && g.Fingerprint == a.endpoint.Fingerprint {
			longest = max(longest, g.ReplyMs)
		}
	}
	for _, b := range a.f.Memory.Baselines {
		if b.Endpoint == a.endpoint.Address && b.HostHighMs != nil {
			longest = max(longest, *b.HostHighMs)
		}
	}
	for _, b := range a.f.attempts {
		if b.endpoint.Fingerprint == a.endpoint.Fingerprint && b.replied() {
			longest = max(longest, b.signOn.ElapsedMs)
		}
	}
	return longest
}

// sentAgain reports whether anything was sent again since the connection stood.
func (a attempt) sentAgain(t *TCP) bool {
	before := int64(0)
	if a.connect != nil && a.connect.TCP != nil {
		before = value(a.connect.TCP.TotalRetrans)
	}
	return value(t.TotalRetrans) > before
}

// holeAtEnd reports whether the peer's end came and something that it had sent before
// did not.
func (a attempt) holeAtEnd() bool {
	if b, ok := a.early(); ok {
		if s, _, silent := b.silence(); silent && s == silenceHole {
			return true
		}
	}
	e := a.ending()
	_, _, _, tcp := a.failed()
	return e != nil && e.TCP != nil && tcp != nil && tcp.RcvOooPack != nil && value(e.TCP.RcvOooPack) > *tcp.RcvOooPack
}

// nothingSent reports whether the peer closed in order after our end, and had sent
// nothing that got lost. That must be seen on the connection on which the reply was waited
// for: to an end that comes early a front end may close before the reply is there.
func (a attempt) nothingSent() bool {
	e := a.ending()
	return !a.holeAtEnd() && e != nil && e.How == EndingClosed && e.LateBytes == 0
}

// late reports whether a reply came after all when the wait was over, on a way that had
// been sound all the time.
func (a attempt) late() bool {
	e := a.ending()
	_, fail, _, _ := a.failed()
	s, step, ok := a.silence()
	return ok && fail.Is(FailDeadline) && step == StepSignOn && s == silenceAlive && e != nil && e.Replied
}

// independent are the look-ups of a name at the resolver that is nobody's on the way.
func (f *facts) independent(name string) (at []string, lookups []*Lookup) {
	for i := range f.Lookups {
		if l := &f.Lookups[i]; f.kinds[l.Task] == TaskIndependent && l.Name == name {
			at, lookups = append(at, pointer("lookups", i)), append(lookups, l)
		}
	}
	return at, lookups
}

// elsewhereResolved returns the pointer of an independent answer with an address for a
// name, "" without one; elsewhereDenied that of one with this response and no address.
func (f *facts) elsewhereResolved(name string) string {
	ats, lookups := f.independent(name)
	for i, l := range lookups {
		if l.Failure == nil && len(l.Answers) > 0 {
			return ats[i]
		}
	}
	return ""
}

func (f *facts) elsewhereDenied(name string, types ...FailureType) string {
	ats, lookups := f.independent(name)
	if f.elsewhereResolved(name) != "" {
		return ""
	}
	for i, l := range lookups {
		if l.Failure.Is(types...) {
			return ats[i]
		}
	}
	return ""
}

// portal returns the pointer of a page that somebody else answered, "" without one.
// The page has no content (RFC 9110 section 15.3.5): anything else came from whoever
// wants to be seen first (RFC 6585 section 6 gives 511 for that).
func (f *facts) portal() string {
	for i, p := range f.Portals {
		if p.Failure == nil && p.Status != 0 && p.Status != 204 && p.Status < 500 || p.Status == 511 {
			return pointer("portals", i)
		}
	}
	return ""
}
