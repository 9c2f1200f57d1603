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
// waiting, with keepalives at the given interval (nil: none).
func silenceOf(t *TCP, waitMs float64, keepaliveMs *float64) silence {
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
		case t.Unacked == nil && t.OutQueue == nil:
			return silenceUnknown
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
	case waitMs >= aliveWaitMs && *t.LastAckRecvMs <= aliveWithinMs && zero(t.Probes):
		return silenceAlive
	case waitMs >= aliveWaitMs && *t.LastAckRecvMs <= aliveWithinMs && value(t.Probes) == 1:
		return silenceAlive // the last keepalive is still on its way
	}
	return silenceAcked
}

// silence returns what the kernel knew when a step of the attempt ran out of time;
// ok is false when no step did.
func (a attempt) silence() (s silence, step Step, ok bool) {
	step, fail, _, tcp := a.failed()
	if step == StepConnect || !fail.Is(FailDeadline, FailKernelTimeout, FailHostUnreach, FailNetUnreach) {
		if step == "" || step == StepConnect || !(fail.Is(FailCutShort) && tcp != nil && tcp.State == "established") {
			return silenceUnknown, step, false
		}
	}
	var wait float64
	var keepalive *float64
	if step == StepSignOn {
		wait, keepalive = a.signOn.WaitMs, a.signOn.KeepaliveMs
	} else {
		wait, keepalive = a.tls.WaitMs, a.tls.KeepaliveMs
	}
	t, ok := a.since(tcp, step)
	if !ok {
		return silenceUnknown, step, true
	}
	return silenceOf(t, wait, keepalive), step, true
}

// since is a snapshot in which what arrived out of order counts from the beginning of
// the step alone: reordering that the handshake has overcome is no hole. ok is false
// when something did arrive out of order and it is not known when.
func (a attempt) since(t *TCP, step Step) (since *TCP, ok bool) {
	if t == nil || !positive(t.RcvOooPack) || step != StepSignOn {
		return t, true
	}
	var before *TCP
	if a.tls != nil {
		before = a.tls.TCP
	} else if a.connect != nil && !a.endpoint.TLS {
		before = a.connect.TCP
	}
	if before == nil || before.RcvOooPack == nil {
		return t, false
	}
	c := *t
	grown := *t.RcvOooPack - *before.RcvOooPack
	c.RcvOooPack = &grown
	return &c, true
}
