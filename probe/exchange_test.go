package probe

import (
	"context"
	"io"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the kernel's view of a connection is read on Linux")
	}
}

func TestSignOnAnswered(t *testing.T) {
	address := serve(t, answerTo(4, "PONG"))
	d := wordDialect{request: "PING", reply: signon.Reply{MessageType: "0830", ResponseCode: "00", HostTime: time.Now().UTC().Format("0102150405")}}
	req := requestFor(Endpoint{Address: address, Dialect: d})
	req.Zone = time.UTC
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeAnswered || task.Count != 3 {
		t.Fatalf("task %+v", task)
	}
	s := e.SignOns[0]
	if s.Failure != nil || s.RequestBytes != 4 || s.ReplyBytes != 4 || s.ResponseCode != "00" || s.KeepaliveMs == nil || *s.KeepaliveMs != 1000 {
		t.Fatalf("sign-on %+v", s)
	}
	clock := e.Clocks[len(e.Clocks)-2] // the last is the round's end
	if clock.Source != report.ClockReply || clock.OffsetMs == nil || *clock.OffsetMs < -5000 || *clock.OffsetMs > 5000 {
		t.Fatalf("clock %+v", clock)
	}
	if runtime.GOOS == "linux" {
		// The SYN counts as one byte: everything was acknowledged.
		if s.TCP == nil || s.TCP.State != "established" || *s.TCP.BytesAcked != 5 || *s.TCP.BytesReceived != 4 || *s.TCP.OutQueue != 0 {
			t.Fatalf("tcp %+v", s.TCP)
		}
		if c := e.Connects[0]; c.Link != "lo" || c.Source != "127.0.0.1" || c.Gateway != "" || c.TCP == nil || c.TCP.Length < 104 {
			t.Fatalf("connect %+v", c)
		}
	}
}

// A silent host: everything acknowledged, keepalives answered, nothing received.
func TestSignOnSilentHost(t *testing.T) {
	onLinux(t)
	address := serve(t, hang)
	req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.Reply = 2500 * time.Millisecond
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	s := e.SignOns[0]
	wantFailure(t, s.Failure, report.OpRead, report.FailDeadline)
	if *s.TCP.BytesAcked != 5 || *s.TCP.Unacked != 0 || *s.TCP.DataSegsIn != 0 || s.TCP.SoftError != "" || s.TCP.LastDataRecvMs != nil {
		t.Fatalf("tcp %+v", s.TCP)
	}
	// SYN-ACK, the acknowledgement of the request, and two keepalives' answers.
	if *s.TCP.SegsIn < 4 {
		t.Fatalf("%d segments came in: were keepalives sent?", *s.TCP.SegsIn)
	}
	if s.WaitMs != 2500 || s.ElapsedMs < 2400 {
		t.Fatalf("waited %v of %v", s.ElapsedMs, s.WaitMs)
	}
}

func TestSignOnFailures(t *testing.T) {
	request := wordDialect{request: "PING"}
	cases := []struct {
		name   string
		handle func(net.Conn)
		fail   report.FailureType
	}{
		{"closed without a reply", func(c net.Conn) { io.ReadFull(c, make([]byte, 4)) }, report.FailClosed},
		{"reset after reading", func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); reset(c) }, report.FailReset},
		{"cut short", func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); io.WriteString(c, "PO") }, report.FailCutShort},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: serve(t, tt.handle), Dialect: request}))
			checkCounts(t, e)
			wantFailure(t, e.SignOns[0].Failure, report.OpRead, tt.fail)
			if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeFailed || !task.Failure.Is(tt.fail) {
				t.Fatalf("task %+v", task)
			}
			if runtime.GOOS == "linux" && *e.SignOns[0].TCP.BytesAcked != 5 {
				t.Fatalf("the request was not acknowledged: %+v", e.SignOns[0].TCP)
			}
		})
	}
}

// A server that speaks first needs no request.
func TestSignOnServerSpeaksFirst(t *testing.T) {
	address := serve(t, func(c net.Conn) { io.WriteString(c, "220 "); hang(c) })
	e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: address, Dialect: wordDialect{}}))
	if s := e.SignOns[0]; s.Failure != nil || s.RequestBytes != 0 || s.ReplyBytes != 4 {
		t.Fatalf("sign-on %+v", s)
	}
}

func TestConnectRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}}))
	checkCounts(t, e)
	wantFailure(t, e.Connects[0].Failure, report.OpConnect, report.FailRefused)
	if len(e.SignOns) != 0 {
		t.Fatal("signed on without a connection")
	}
	if runtime.GOOS == "linux" && (e.Connects[0].TCP == nil || *e.Connects[0].TCP.SegsIn != 1) {
		t.Fatalf("the RST is not in %+v", e.Connects[0].TCP)
	}
}

func TestConnectOnly(t *testing.T) {
	closed := make(chan error, 1)
	address := serve(t, func(c net.Conn) { _, err := c.Read(make([]byte, 1)); closed <- err })
	e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: address}))
	if taskOf(t, e, report.TaskExchange).Outcome != report.OutcomeAnswered {
		t.Fatalf("tasks %+v", e.Tasks)
	}
	select {
	case err := <-closed:
		if err != io.EOF { // an orderly end, no reset
			t.Fatalf("the server saw %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the connection was not closed: is a copy of the descriptor left?")
	}
}

// late is a connection whose first read comes back only after the deadline, as on a
// device that did not let posprobe run.
type late struct{ *net.TCPConn }

func (l late) Read(p []byte) (int, error) {
	time.Sleep(400 * time.Millisecond)
	return l.TCPConn.Read(p)
}

func TestReplyInTheSocketAtTheDeadline(t *testing.T) {
	sys := loopbackSystem(t)
	sys.Dial = func(ctx context.Context, d *net.Dialer, a netip.AddrPort) (net.Conn, error) {
		c, err := dial(ctx, d, a)
		if err != nil {
			return nil, err
		}
		return late{c.(*net.TCPConn)}, nil
	}
	req := requestFor(Endpoint{Address: serve(t, answerTo(4, "PONG")), Dialect: wordDialect{request: "PING"}})
	req.Reply = 200 * time.Millisecond
	e := Round(t.Context(), sys, req)
	if s := e.SignOns[0]; s.Failure != nil || s.ReplyBytes != 4 {
		t.Fatalf("a reply that had come in time was called missing: %+v", s.Failure)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	address := serve(t, func(c net.Conn) { c.Read(make([]byte, 4)); cancel(); hang(c) })
	req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.Reply = time.Minute
	began := time.Now()
	e := Round(ctx, loopbackSystem(t), req)
	if time.Since(began) > 20*time.Second {
		t.Fatal("the round went on after its interruption")
	}
	checkCounts(t, e)
	wantFailure(t, e.SignOns[0].Failure, report.OpRead, report.FailCancelled)
	if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeCancelled {
		t.Fatalf("task %+v", task)
	}
}

func TestCancelledBeforeItBegan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := Round(ctx, loopbackSystem(t), requestFor(Endpoint{Address: "127.0.0.1:1"}))
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeCancelled || len(e.Connects) != 0 {
		t.Fatalf("task %+v", task)
	}
	if len(e.Links) == 0 || len(e.Clocks) < 2 {
		t.Fatal("the readings without packets are missing")
	}
}

func TestPausedSendsNothing(t *testing.T) {
	sys := loopbackSystem(t)
	sys.Dial = func(context.Context, *net.Dialer, netip.AddrPort) (net.Conn, error) {
		t.Error("dialled while paused")
		return nil, io.EOF
	}
	req := requestFor(Endpoint{Address: "127.0.0.1:9"}, Endpoint{Address: "pos.acquirer.example:9"})
	req.Paused = true
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	n := 0
	for _, task := range e.Tasks {
		if task.Kind == report.TaskExchange || task.Kind == report.TaskLookup {
			n++
			if task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonPaused {
				t.Errorf("task %+v", task)
			}
		}
	}
	if n < 2 {
		t.Fatalf("tasks %+v", e.Tasks)
	}
}

// No goroutine and no descriptor outlives a round, however it fails.
func TestNothingIsLeft(t *testing.T) {
	silent := serve(t, hang)
	closing := serve(t, func(net.Conn) {})
	resetting := serve(t, reset)
	notTLS := serve(t, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	req := requestFor(
		Endpoint{Address: silent, Dialect: wordDialect{request: "PING"}},
		Endpoint{Address: closing, Dialect: wordDialect{request: "PING"}},
		Endpoint{Address: resetting, TLS: &TLS{}},
		Endpoint{Address: notTLS, TLS: &TLS{}},
		Endpoint{Address: "127.0.0.1:1"},
		Endpoint{Address: "nothing.acquirer.example:1"},
	)
	req.Reply, req.Connect = 200*time.Millisecond, 200*time.Millisecond
	req.Resolvers = []netip.AddrPort{silentResolver(t)}
	sys := loopbackSystem(t)
	Round(t.Context(), sys, req) // whatever the first round opens for good
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		Round(ctx, sys, req)
		cancel()
	}
	eventually(t, "goroutines gone", func() bool { return runtime.NumGoroutine() <= goroutines })
	eventually(t, "descriptors closed", func() bool { return openDescriptors(t) <= descriptors })
}
