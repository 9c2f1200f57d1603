package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"testing"

	"posprobe/probe/signon"
	"posprobe/report"

	"github.com/miekg/dns"
)

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want report.FailureType
	}{
		{context.Canceled, report.FailCancelled},
		{context.DeadlineExceeded, report.FailDeadline},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, report.FailDeadline},
		{io.EOF, report.FailClosed},
		{io.ErrUnexpectedEOF, report.FailCutShort},
		{fmt.Errorf("reading: %w", fs.ErrNotExist), report.FailNotFound},
		{fs.ErrPermission, report.FailAccess},
		{errors.ErrUnsupported, report.FailNotSupported},
		{&signon.ReplyError{Type: report.FailLength}, report.FailLength},
		{tls.RecordHeaderError{Msg: "x"}, report.FailNotTLS},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(alertProtocolVersion)}, report.FailTLSVersion},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(48)}, report.FailTLSAlert},
		{dns.ErrShortRead, report.FailDNSMalformed},
		{errMismatch, report.FailDNSMalformed},
		{errMalformed, report.FailMalformed},
		{errIncomplete, report.FailIO},
		{errors.New("connection refused"), report.FailUnknown}, // the text says nothing
	} {
		if got := classify(tt.err); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.err, got, tt.want)
		}
	}
	if failure(report.OpRead, nil) != nil {
		t.Error("no error is a failure")
	}
	for n, want := range errnoTypes {
		if got := classify(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", n)}); got != want {
			t.Errorf("errno %d: %s, want %s", n, got, want)
		}
	}
}

func TestFailureAfterInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if f := failureIn(ctx, report.OpRead, net.ErrClosed); f.Type == report.FailCancelled {
		t.Fatalf("%+v", f)
	}
	cancel()
	if f := failureIn(ctx, report.OpRead, net.ErrClosed); f.Type != report.FailCancelled {
		t.Fatalf("%+v", f)
	}
}
