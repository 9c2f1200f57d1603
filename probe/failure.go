package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"reflect"
	"syscall"

	"posprobe/probe/clean"
	"posprobe/probe/signon"
	"posprobe/report"

	"github.com/miekg/dns"
)

// failure turns an error into the words of a report; nil stays nil. It is the only
// place where that happens.
func failure(op report.Operation, err error) *report.Failure {
	if err == nil {
		return nil
	}
	detail := err.Error()
	if reply, ok := errors.AsType[*signon.ReplyError](err); ok {
		detail = reply.Detail // its text repeats the type
	}
	return &report.Failure{Operation: op, Type: classify(err), Detail: clean.Text(detail)}
}

// failureIn is failure for an operation under ctx, the context of the whole round:
// once that has ended, whatever the error says is a consequence.
func failureIn(ctx context.Context, op report.Operation, err error) *report.Failure {
	f := failure(op, err)
	if f != nil && ctx.Err() != nil {
		f.Type = report.FailCancelled
	}
	return f
}

// errno is the system's error number in err, 0 when there is none.
func errno(err error) syscall.Errno {
	n, _ := errors.AsType[syscall.Errno](err)
	return n
}

// classify finds the one word for an error. It looks at identities and types, never
// at the text. The error number comes first: ETIMEDOUT is the kernel's own timeout
// and would pass for our deadline further down.
func classify(err error) report.FailureType {
	if reply, ok := errors.AsType[*signon.ReplyError](err); ok {
		return reply.Type
	}
	if errors.Is(err, context.Canceled) {
		return report.FailCancelled
	}
	if errors.Is(err, errors.ErrUnsupported) {
		return report.FailNotSupported
	}
	if t, ok := errnoTypes[errno(err)]; ok {
		return t
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return report.FailDeadline
	case errors.Is(err, io.ErrUnexpectedEOF):
		return report.FailCutShort
	case errors.Is(err, io.EOF):
		return report.FailClosed
	case errors.Is(err, fs.ErrNotExist):
		return report.FailNotFound
	case errors.Is(err, fs.ErrPermission):
		return report.FailAccess
	case errors.Is(err, errMalformed):
		return report.FailMalformed
	case errors.Is(err, errIncomplete):
		return report.FailIO
	}
	return classifyProtocol(err)
}

// Errors of this package's own making.
var (
	errMalformed  = errors.New("content cannot be read")
	errIncomplete = errors.New("the kernel's list changed while it was read")
	errInternal   = errors.New("internal error")
	errNoLink     = errors.New("there is no such link")
)

func classifyProtocol(err error) report.FailureType {
	if code, ok := alertOf(err); ok {
		if code == alertProtocolVersion {
			return report.FailTLSVersion
		}
		return report.FailTLSAlert
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return report.FailNotTLS
	}
	if _, ok := errors.AsType[*dns.Error](err); ok || errors.Is(err, errMismatch) {
		return report.FailDNSMalformed
	}
	return report.FailUnknown
}

func timedOut(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// TLS alerts (RFC 8446 section 6) that mean more than "alert".
const (
	alertHandshakeFailure    = 40
	alertBadCertificate      = 42
	alertProtocolVersion     = 70
	alertCertificateRequired = 116
)

// alertOf returns the fatal alert that the peer sent. crypto/tls exports its alert
// type for QUIC only; over TCP the number sits in an unexported uint8 inside a
// *net.OpError with the operation "remote error".
func alertOf(err error) (code int64, ok bool) {
	if a, ok := errors.AsType[tls.AlertError](err); ok {
		return int64(a), true
	}
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "remote error" || op.Err == nil {
		return 0, false
	}
	v := reflect.ValueOf(op.Err)
	if v.Kind() != reflect.Uint8 {
		return 0, false
	}
	return int64(v.Uint()), true
}
