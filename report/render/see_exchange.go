package render

import (
	"cmp"
	"slices"
	"strings"

	"posprobe/report"
)

// tries collects the attempts at one step of one address.
type tries struct{ all, good int }

// mark is failed when all failed, slow when some did.
func (t tries) mark() mark {
	switch t.good {
	case t.all:
		return markOK
	case 0:
		return markFailed
	}
	return markSlow
}

// words say how many attempts worked, when there was more than one.
func (t tries) words(v *view) string {
	if t.all < 2 {
		return ""
	}
	return v.say(lTries, t.good, t.all)
}

func (v *view) tcp(endpoint, address string) (hop, bool) {
	h := hop{place: placeTCP, parts: []string{short(address)}}
	var n tries
	var good, bad *report.Connect
	for i := range v.r.Evidence.Connects {
		c := &v.r.Evidence.Connects[i]
		if c.Endpoint != endpoint || c.Address != address {
			continue
		}
		n.all++
		if c.Failure != nil {
			bad, h.failed = cmp.Or(bad, c), append(h.failed, pointer("connects", i)) // the round's own, not a follow-up's
			continue
		}
		n.good++
		good = c
	}
	h.mark = n.mark()
	if good != nil {
		h.parts = append(h.parts, v.say(lConnected, v.duration(good.ElapsedMs)))
		if limit := v.r.Evidence.Site.Limits.RTTMs; good.TCP != nil && good.TCP.RTTMs != nil && limit > 0 && *good.TCP.RTTMs > limit {
			h.mark = markSlow
		}
	}
	if bad != nil {
		h.parts = append(h.parts, v.failure(bad.Failure, bad.ElapsedMs))
		for _, e := range bad.ICMP[:min(len(bad.ICMP), 1)] {
			if !e.Own {
				h.parts = append(h.parts, v.say(lICMP, short(e.From), e.Type, e.Code))
			}
		}
	}
	h.parts = append(h.parts, n.words(v))
	return h, n.all > 0
}

func (v *view) tls(endpoint, address string) (hop, bool) {
	h := hop{place: placeTLS}
	var n tries
	var good, bad *report.Handshake
	for i := range v.r.Evidence.TLS {
		t := &v.r.Evidence.TLS[i]
		if t.Endpoint != endpoint || t.Address != address {
			continue
		}
		n.all++
		if t.Failure != nil || untrusted(t) {
			h.failed = append(h.failed, pointer("handshakes", i))
			bad = cmp.Or(bad, t)
			if t.Failure == nil {
				good = t
			}
			continue
		}
		n.good++
		good = t
	}
	h.mark = n.mark()
	if good != nil {
		h.parts = append(h.parts, short(good.Version), v.problems(good))
	}
	if bad != nil && bad.Failure != nil {
		h.parts = append(h.parts, v.failure(bad.Failure, bad.ElapsedMs))
		if bad.Alert != nil {
			h.parts = append(h.parts, v.say(lAlert, *bad.Alert))
		}
	}
	if good != nil && good.ClientCertificateRequested {
		h.parts = append(h.parts, v.say(lClientCertificate))
	}
	h.parts = append(h.parts, n.words(v))
	return h, n.all > 0
}

// untrusted reports whether the peer's certificate failed for more than weakness.
func untrusted(t *report.Handshake) bool {
	return t.Verified != nil && !*t.Verified &&
		slices.ContainsFunc(t.Problems, func(p report.CertificateProblem) bool { return p != report.CertWeak })
}

func (v *view) problems(t *report.Handshake) string {
	var list []string
	for _, p := range t.Problems[:min(len(t.Problems), maxHops)] {
		list = append(list, certificateWords.in(v.lang, p))
	}
	if len(list) == 0 {
		if t.Verified != nil && *t.Verified {
			return v.say(lCertificateGood)
		}
		return ""
	}
	return v.say(lCertificate, v.join(list...))
}

// exchanged is the word for a message that was exchanged: an echo is no sign-on.
func exchanged(s *report.SignOn) label {
	switch {
	case s.Protocol == "http":
		return lHTTPRequest
	case s.MessageType == "0820" || strings.HasPrefix(s.Protocol, "iso8583-"): // one type for all network management
		return lEcho
	case s.MessageType == "0800":
		return lSignOn
	case s.Protocol == "tcp":
		return lReply
	}
	return lMessage
}

// unsent is the word for a message that was not sent: an echo, which is the default,
// or where the protocol has none, the text that is expected in return.
func unsent(protocol string) label {
	switch protocol {
	case "http":
		return lHTTPRequest
	case "tcp":
		return lReply
	}
	return lEcho
}

// step is the word for a step that was not tested.
func (v *view) step(s report.Step) string {
	if s != report.StepSignOn {
		return stepWords.in(v.lang, s)
	}
	for _, e := range v.r.Evidence.Site.Endpoints {
		if e.Goal == report.StepSignOn {
			return v.say(unsent(e.Protocol))
		}
	}
	return v.say(lEcho)
}

func (v *view) signOn(endpoint, address string) (hop, bool) {
	h := hop{place: placeSignOn}
	var n tries
	var good, bad *report.SignOn
	for i := range v.r.Evidence.SignOns {
		s := &v.r.Evidence.SignOns[i]
		if s.Endpoint != endpoint || s.Address != address {
			continue
		}
		n.all++
		h.name = v.say(exchanged(s))
		if s.Failure != nil {
			bad, h.failed = cmp.Or(bad, s), append(h.failed, pointer("sign_ons", i))
			continue
		}
		n.good++
		good = s
	}
	h.mark = n.mark()
	if good != nil {
		h.parts = append(h.parts, v.answered(good))
		limit := v.r.Evidence.Site.Limits.ReplyWarnMs
		if host, ok := hostMs(good); ok && limit > 0 && host > limit {
			h.mark = markSlow
		}
	}
	if bad != nil {
		h.parts = append(h.parts, v.failure(bad.Failure, bad.ElapsedMs), v.httpStatus(bad))
		if !bad.Failure.Is(report.FailClientCert, report.FailUntrusted) { // what was delivered then is TLS
			h.parts = append(h.parts, v.delivery(bad.TCP))
		}
	}
	h.parts = append(h.parts, n.words(v))
	return h, n.all > 0
}

// answered tells what the host said; the raw response code is always shown.
func (v *view) answered(s *report.SignOn) string {
	out := v.say(lAnswered)
	if s.ResponseCode != "" {
		out = v.say(lAnsweredCode, short(s.ResponseCode))
		if s.ResponseCode != "00" {
			out += v.bracketed(report.LookupResponseCode(s.ResponseCode).Name.In(v.lang))
		}
	}
	if s.Protocol == "http" { // elsewhere it is only the envelope
		out = v.join(out, v.httpStatus(s))
	}
	if s.HostText != "" {
		out = v.join(out, v.say(lHostSays, short(s.HostText)))
	}
	return out
}

// httpStatus is the status of an HTTP answer, and whether that was all of it; "" without
// one.
func (v *view) httpStatus(s *report.SignOn) string {
	switch {
	case s.HTTPStatus == nil:
		return ""
	case s.Failure != nil && s.HTTPBodyBytes != nil && *s.HTTPBodyBytes == 0:
		return v.say(lHTTPEmpty, *s.HTTPStatus)
	}
	return v.say(lHTTPStatus, *s.HTTPStatus)
}

// delivery says whether the request reached a peer's system, as the kernel saw it.
func (v *view) delivery(t *report.TCP) string {
	switch {
	case t == nil:
		return ""
	case t.UnsentQueue != nil && *t.UnsentQueue > 0:
		return v.say(lRequestUnsent)
	case t.Unacked != nil && *t.Unacked > 0:
		if t.TotalRetrans != nil && *t.TotalRetrans > 0 {
			return v.say(lRequestResent, *t.TotalRetrans)
		}
		return v.say(lRequestUnacked)
	case t.Unacked != nil && (t.OutQueue == nil || *t.OutQueue == 0):
		return v.say(lRequestAcked)
	}
	return ""
}

// hostMs is the time the host took: the wait for its reply without the network's round
// trip as the kernel measured it. False where the kernel did not.
func hostMs(s *report.SignOn) (float64, bool) {
	if s.Failure != nil || s.TCP == nil || s.TCP.RTTMs == nil {
		return 0, false
	}
	return max(0, s.ElapsedMs-*s.TCP.RTTMs), true
}
