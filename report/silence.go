package report

// silence is what the kernel knew about a connection when a reply had not come.
type silence int

// The kinds of silence, from the kernel's own counters at the deadline. Which side
// each points to, and how strongly, is for the rows to say.
const (
	silenceUnknown    silence = iota // not enough evidence
	silenceZeroWindow                // the request could not leave: the peer's window is shut
	silenceUnsent                    // the request could not leave, and the window is not why
	silenceBacklog                   // never acknowledged; the peer repeats its SYN-ACK
	silenceSelective                 // later bytes were acknowledged, earlier ones not
	silenceUnacked                   // never acknowledged, retransmitted
	silenceHole                      // acknowledged; part of a reply came, its beginning did not
	silenceDead                      // acknowledged; then keepalives remained unanswered
	silenceAlive                     // acknowledged; keepalives were answered to the end
	silenceGap                       // acknowledged; keepalives answered at the end, and for a while before not
	silenceAcked                     // acknowledged; keepalives cannot tell
)

// Keepalives go out 1 s apart. Their answers show life if the last acknowledgement is
// younger than two of them plus a generous round trip; two unanswered ones and 3 s
// without any acknowledgement show that nothing comes back.
const (
	aliveWithinMs = 2500
	aliveWaitMs   = 3500
	deadAfterMs   = 3000
	deadProbes    = 2
)

// silenceOf reads the last snapshot of a connection on which waitMs were spent
// waiting, with keepalives at the given interval (nil: none). Segments are those that
// had come in before the wait began.
func silenceOf(t *TCP, waitMs float64, keepaliveMs *float64, segments int64) silence {
	if t == nil {
		return silenceUnknown
	}
	if positive(t.UnsentQueue) {
		if positive(t.Probes) || zero(t.SndWnd) {
			return silenceZeroWindow
		}
		if !positive(t.Unacked) {
			return silenceUnsent
		}
	}
	if positive(t.Unacked) || positive(t.OutQueue) {
		switch {
		case positive(t.Sacked):
			return silenceSelective
		// With a single segment outstanding there is no reason for a duplicate ACK: what
		// came in after the SYN-ACK is the SYN-ACK again.
		case value(t.SegsIn) > 1 && value(t.Unacked) == 1 && zero(t.DataSegsIn) && t.BytesAcked != nil && *t.BytesAcked <= 1:
			return silenceBacklog
		}
		return silenceUnacked
	}
	if t.Unacked == nil && t.OutQueue == nil {
		return silenceUnknown
	}
	if positive(t.RcvOooPack) {
		return silenceHole
	}
	if keepaliveMs == nil || t.LastAckRecvMs == nil {
		return silenceAcked
	}
	switch {
	case *t.LastAckRecvMs >= deadAfterMs && value(t.Probes) >= deadProbes:
		return silenceDead
	// One probe without an answer may still be on its way.
	case waitMs < aliveWaitMs, *t.LastAckRecvMs > aliveWithinMs, t.Probes == nil, *t.Probes > 1, t.SegsIn == nil:
		return silenceAcked
	case *t.SegsIn-segments-1 < answersDue(t, waitMs, *keepaliveMs): // one acknowledged the request
		return silenceGap
	}
	return silenceAlive
}

// answersDue is how many keepalives must have been answered in a wait for the path to
// have stood all the time. The kernel sends the next one an interval after the last
// answer, so that each takes a round trip longer. Two are forgiven: the one that the
// deadline cut off, and one that was lost.
func answersDue(t *TCP, waitMs, keepaliveMs float64) int64 {
	period := keepaliveMs
	if t.RTTMs != nil {
		period += *t.RTTMs
	}
	if period <= 0 {
		return 0
	}
	return int64(waitMs/period) - 2
}

// steady reports whether the keepalives of a wait that ended with a reply were answered;
// where the kernel does not count segments nothing speaks against it.
func steady(t, before *TCP, waitMs float64, keepaliveMs *float64) bool {
	switch {
	case t.SegsIn == nil || keepaliveMs == nil:
		return true
	case before.SegsIn == nil: // what came in before is not known
		return false
	}
	answers := *t.SegsIn - *before.SegsIn - (value(t.DataSegsIn) - value(before.DataSegsIn))
	if t.State == "close_wait" { // the peer's end, unless the reply carried it
		answers--
	}
	return answers >= answersDue(t, waitMs, *keepaliveMs)
}

// silence returns what the kernel knew when a step of the attempt ran out of time;
// ok is false when no step did.
func (a attempt) silence() (s silence, step Step, ok bool) {
	step, fail, _, tcp := a.failed()
	if step == "" || step == StepConnect {
		return silenceUnknown, step, false
	}
	var wait, elapsed float64
	var keepalive *float64
	if step == StepSignOn {
		wait, elapsed, keepalive = a.signOn.WaitMs, a.signOn.ElapsedMs, a.signOn.KeepaliveMs
	} else {
		wait, elapsed, keepalive = a.tls.WaitMs, a.tls.ElapsedMs, a.tls.KeepaliveMs
	}
	// What was cut short stalled if the connection still stood when the wait was over. TLS
	// has an end of its own (RFC 8446 section 6.1), which is often read before that of the
	// connection has come in.
	stalled := fail.Is(FailCutShort) && tcp != nil && tcp.State == "established" && elapsed >= wait
	if !stalled && !fail.Is(FailDeadline, FailKernelTimeout, FailHostUnreach, FailNetUnreach) {
		return silenceUnknown, step, false
	}
	before := a.before(step)
	switch {
	case before != nil && (before.SegsIn != nil || tcp == nil || tcp.SegsIn == nil):
		return silenceOf(since(tcp, before), wait, keepalive, value(before.SegsIn)), step, true
	case tcp == nil || tcp.SegsIn == nil && !positive(tcp.RcvOooPack):
		return silenceOf(tcp, wait, keepalive, 0), step, true
	}
	return silenceUnknown, step, true // what came in before is not known, so neither is what came since
}

// before is the last snapshot that was taken before a step began, nil without one.
func (a attempt) before(step Step) *TCP {
	switch {
	case step == StepSignOn && a.tls != nil:
		return a.tls.TCP
	case a.connect != nil && (step == StepTLS || !a.endpoint.TLS):
		return a.connect.TCP
	}
	return nil
}

// since is a snapshot in which what arrived out of order counts from an earlier one on:
// reordering that the handshake has overcome is no hole.
func since(t, before *TCP) *TCP {
	if t == nil || t.RcvOooPack == nil {
		return t
	}
	c := *t
	grown := *t.RcvOooPack - value(before.RcvOooPack)
	c.RcvOooPack = &grown
	return &c
}
