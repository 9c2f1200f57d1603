package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"posprobe/report"
)

// What follows the deadline tells a program that reads on from one that hangs.
func TestEndings(t *testing.T) {
	certificate := newAuthority(t).issue(t, nil)
	secured := func(handle func(net.Conn)) func(net.Conn) {
		return func(c net.Conn) {
			s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate}})
			defer s.Close()
			if s.Handshake() == nil {
				handle(s)
			}
		}
	}
	release := make(chan struct{})
	hung := func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); <-release }
	defer close(release)
	const reply = 300 * time.Millisecond
	late := func(c net.Conn) { // answers once the terminal has given up
		hang(c)
		io.WriteString(c, "PONG")
	}
	resets := func(c net.Conn) { hang(c); reset(c) }
	endless := func(c net.Conn) {
		hang(c)
		for {
			if _, err := c.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name   string
		handle func(net.Conn)
		tls    bool
		how    report.EndingHow
		late   int64
	}{
		{"reads on and closes", hang, false, report.EndingClosed, 0},
		{"hangs", hung, false, report.EndingSilent, 0},
		{"resets", resets, false, report.EndingReset, 0},
		{"answers late", late, false, report.EndingClosed, 4},
		{"never ends", endless, false, report.EndingSilent, maxLate},
		{"reads on and closes over TLS", secured(hang), true, report.EndingClosed, 0},
		{"hangs over TLS", secured(hung), true, report.EndingSilent, 0},
		{"answers late over TLS", secured(late), true, report.EndingClosed, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := Endpoint{Address: serve(t, tt.handle), Dialect: wordDialect{request: "PING"}}
			if tt.tls {
				endpoint.TLS = &TLS{ServerName: posName}
			}
			req := requestFor(endpoint)
			req.Reply = reply
			e := Round(t.Context(), loopbackSystem(t), req)
			checkCounts(t, e)
			s := e.SignOns[0]
			wantFailure(t, s.Failure, report.OpRead, report.FailDeadline)
			end := s.Ending
			if end == nil || end.How != tt.how || end.LateBytes < tt.late || tt.late == 0 && end.LateBytes != 0 || end.WaitMs != 1000 {
				t.Fatalf("ending %+v", end)
			}
			if end.Replied != (tt.late > 0) {
				t.Errorf("replied %v after %d late bytes", end.Replied, end.LateBytes)
			}
			if end.LateBytes > tt.late && tt.late != maxLate || end.LateBytes > maxLate+512 {
				t.Errorf("%d late bytes", end.LateBytes)
			}
			if tt.how == report.EndingSilent && tt.late == 0 && end.ElapsedMs < 900 {
				t.Errorf("listened for %v", end.ElapsedMs)
			}
			if runtime.GOOS == "linux" {
				if end.TCP == nil || s.TCP.State != "established" || end.TCP.State == "established" {
					t.Errorf("before %+v, after %+v", s.TCP, end.TCP)
				}
				if tt.name == "hangs" && end.TCP.State != "fin_wait_2" { // our FIN was acknowledged
					t.Errorf("after %+v", end.TCP)
				}
			}
		})
	}
}

func TestNoEnding(t *testing.T) {
	for name, handle := range map[string]func(net.Conn){
		"answered": answerTo(4, "PONG"),
		"closed":   func(c net.Conn) { io.ReadFull(c, make([]byte, 4)) },
		"short":    func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); io.WriteString(c, "PO") },
	} {
		e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: serve(t, handle), Dialect: wordDialect{request: "PING"}}))
		if e.SignOns[0].Ending != nil {
			t.Errorf("%s: %+v", name, e.SignOns[0].Ending)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	e := Round(ctx, loopbackSystem(t), requestFor(Endpoint{Address: serve(t, hang), Dialect: wordDialect{request: "PING"}}))
	if s := e.SignOns[0]; s.Ending != nil || !s.Failure.Is(report.FailCancelled) {
		t.Errorf("interrupted: %+v", s)
	}
}

// A stalled reply and a stalled handshake end likewise.
func TestEndingOfWhatStalls(t *testing.T) {
	stalls := serve(t, func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); io.WriteString(c, "PO"); hang(c) })
	silent := serve(t, hang)
	req := requestFor(Endpoint{Address: stalls, Dialect: wordDialect{request: "PING"}}, Endpoint{Address: silent, TLS: &TLS{}})
	req.Reply, req.Connect = 300*time.Millisecond, 300*time.Millisecond
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	wantFailure(t, e.SignOns[0].Failure, report.OpRead, report.FailCutShort)
	if end := e.SignOns[0].Ending; end == nil || end.How != report.EndingClosed {
		t.Errorf("reply: %+v", end)
	}
	wantFailure(t, e.TLS[0].Failure, report.OpTLSHandshake, report.FailDeadline)
	if end := e.TLS[0].Ending; end == nil || end.How != report.EndingClosed {
		t.Errorf("handshake: %+v", end)
	}
}
