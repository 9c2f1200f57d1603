package ship

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// Kind is why a destination gets nothing at the moment: one word of a closed list.
type Kind string

// The kinds.
const (
	Unreachable   Kind = "unreachable"   // no connection, or it broke, or no answer in time
	Untrusted     Kind = "untrusted"     // TLS failed: its certificate was not good, or ours not for it
	Unauthorized  Kind = "unauthorized"  // 401, 403, and 407 of the proxy
	NotFound      Kind = "not_found"     // 404, 405, 410: nobody takes reports at this address
	Redirected    Kind = "redirected"    // 3xx: redirections are not followed
	TooLarge      Kind = "too_large"     // 413, and for one report alone
	Refused       Kind = "refused"       // 400, 422 and other 4xx
	Busy          Kind = "busy"          // 429, 503
	Failing       Kind = "failing"       // other 5xx
	Garbled       Kind = "garbled"       // the answer is not that of a receiver of reports
	Held          Kind = "held"          // the budget is used up, or nothing may be sent now
	Misconfigured Kind = "misconfigured" // a file of the destination cannot be used
)

// Kinds lists every Kind.
func Kinds() []Kind {
	return []Kind{Unreachable, Untrusted, Unauthorized, NotFound, Redirected, TooLarge, Refused, Busy, Failing, Garbled, Held, Misconfigured}
}

// Trouble is why a destination gets nothing, or did not take a report.
type Trouble struct {
	Kind Kind
	// Status is that of the HTTP answer, 0 without one.
	Status int
	// Detail is for people: ASCII without control characters.
	Detail string
	// after is how long the receiver, or the budget, asks to wait.
	after time.Duration
}

func (t *Trouble) Error() string { return string(t.Kind) + ": " + t.Detail }

// slow reports whether trying again soon is of no use, because somebody has to change
// something first.
func (t *Trouble) slow() bool {
	switch t.Kind {
	case Unauthorized, NotFound, Redirected, TooLarge, Refused, Misconfigured:
		return true
	}
	return false
}

// maxDetail is the longest detail, in bytes.
const maxDetail = 160

// trouble makes a Trouble whose detail may hold text from outside.
func trouble(k Kind, format string, args ...any) *Trouble {
	s := []byte(fmt.Sprintf(format, args...))
	for i, c := range s {
		if c < ' ' || c > '~' {
			s[i] = '?'
		}
	}
	return &Trouble{Kind: k, Detail: string(s[:min(len(s), maxDetail)])}
}

// broken is the trouble that an error of a connection means.
func broken(err error) *Trouble {
	var (
		verification *tls.CertificateVerificationError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		op           *net.OpError
		known        *Trouble
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &verification), errors.As(err, &invalid), errors.As(err, &record):
		return trouble(Untrusted, "%v", err)
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"): // a TLS alert, theirs or ours
		return trouble(Untrusted, "%v", err)
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return trouble(Unreachable, "no answer in time: %v", err)
	}
	return trouble(Unreachable, "%v", err)
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// verdict is what the status of an HTTP answer means (RFC 9110 section 15); nil for
// success.
func verdict(a answer, now time.Time) *Trouble {
	t := trouble(Refused, "HTTP status %d", a.status)
	t.Status = a.status
	switch s := a.status; {
	case s >= 200 && s <= 299:
		if a.html() {
			t.Kind, t.Detail = Garbled, fmt.Sprintf("HTTP status %d with a page for people: somebody else answers", s)
			return t
		}
		return nil
	case s >= 300 && s <= 399:
		t.Kind = Redirected
		t.Detail = trouble(Redirected, "HTTP status %d to %.80q, which is not followed: write the right address", s, a.location).Detail
	case s == 401, s == 403, s == 407:
		t.Kind = Unauthorized
	case s == 404, s == 405, s == 410:
		t.Kind = NotFound
	case s == 413:
		t.Kind = TooLarge
	case s == 408, s == 425:
		t.Kind = Busy
	case s == 429, s == 503:
		t.Kind, t.after = Busy, a.wait(now)
	case s == 501, s == 505:
		t.Kind = NotFound
	case s >= 500:
		t.Kind = Failing
	case s < 200:
		t.Kind = Garbled
	}
	return t
}
