package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report"
)

// Our end that follows the message at once tells a program that reads on from one that
// hangs, without waiting for the deadline.
func TestEarlyEnd(t *testing.T) {
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
	defer close(release)
	hung := func(c net.Conn) { io.ReadFull(c, make([]byte, 4)); <-release }
	for _, tt := range []struct {
		name   string
		handle func(net.Conn)
		tls    bool
		op     report.Operation // of the early exchange; "" where it succeeds
		fails  report.FailureType
		state  string
	}{
		{"reads on and closes", hang, false, report.OpRead, report.FailClosed, ""},
		{"hangs", hung, false, report.OpRead, report.FailDeadline, "fin_wait_2"},
		{"reads on and closes over TLS", secured(hang), true, report.OpRead, report.FailClosed, ""},
		{"hangs over TLS", secured(hung), true, report.OpRead, report.FailDeadline, "fin_wait_2"},
		{"hangs before TLS", hung, true, report.OpTLSHandshake, report.FailDeadline, "fin_wait_2"},
		{"reads on before TLS", hang, true, report.OpTLSHandshake, report.FailClosed, ""},
		{"answers the second time", secondTime(answerTo(4, "PONG")), false, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := Endpoint{Address: serve(t, tt.handle), Dialect: wordDialect{request: "PING"}}
			if tt.tls {
				endpoint.TLS = &TLS{ServerName: posName}
			}
			req := asks(requestFor(endpoint), report.AskEarlyEnd)
			req.Reply, req.Connect, req.FollowUp = 500*time.Millisecond, 500*time.Millisecond, 3*time.Second
			e := Round(t.Context(), loopbackSystem(t), req)
			checkCounts(t, e)
			task := taskOf(t, e, report.TaskEarly)
			if tt.op == "" {
				if task.Outcome != report.OutcomeAnswered {
					t.Fatalf("task %+v", task)
				}
				return
			}
			wantFailure(t, task.Failure, tt.op, tt.fails)
			tcp, ending := stepOf(t, e, task.ID, tt.op)
			if ending != nil {
				t.Errorf("an end after the end: %+v", ending)
			}
			if tcp == nil || tt.state != "" && tcp.State != tt.state {
				t.Errorf("state %+v, want %q", tcp, tt.state)
			}
		})
	}
}

// secondTime hangs on the first connection and handles the others.
func secondTime(handle func(net.Conn)) func(net.Conn) {
	var n atomic.Int64
	return func(c net.Conn) {
		if n.Add(1) == 1 {
			hang(c)
			return
		}
		handle(c)
	}
}

// stepOf is what a task's observation of a step says of the connection.
func stepOf(t *testing.T, e report.Evidence, task string, op report.Operation) (*report.TCP, *report.Ending) {
	t.Helper()
	if op == report.OpTLSHandshake {
		if i := slices.IndexFunc(e.TLS, func(h report.Handshake) bool { return h.Task == task }); i >= 0 {
			return e.TLS[i].TCP, e.TLS[i].Ending
		}
	}
	if i := slices.IndexFunc(e.SignOns, func(s report.SignOn) bool { return s.Task == task }); i >= 0 {
		return e.SignOns[i].TCP, e.SignOns[i].Ending
	}
	t.Fatalf("%s left no observation of that step", task)
	return nil, nil
}

// A failed connection has no message that an end could follow, and a message for which
// keys come back is not sent twice.
func TestNoEarlyEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	for name, endpoint := range map[string]Endpoint{
		"refused": {Address: l.Addr().String(), Dialect: wordDialect{request: "PING"}},
		"keys":    {Address: serve(t, hang), Dialect: wordDialect{request: "PING", keys: true}},
	} {
		req := asks(requestFor(endpoint), report.AskEarlyEnd)
		req.Reply = 300 * time.Millisecond
		if e := Round(t.Context(), loopbackSystem(t), req); len(tasksOfKind(e, report.TaskEarly)) > 0 {
			t.Errorf("%s: %+v", name, tasksOfKind(e, report.TaskEarly))
		}
	}
}

// The kernel's doubt about a gateway is waited out, no longer than there is time.
func TestUnsettledGateway(t *testing.T) {
	for _, tt := range []struct {
		name   string
		states []string // one a reading; the last one stays
		most   time.Duration
		want   string
	}{
		{"fails", []string{"delay", "delay", "probe", "failed"}, 3 * time.Second, "failed"},
		{"is there", []string{"probe", "reachable"}, 3 * time.Second, "reachable"},
		{"stays in doubt", []string{"delay"}, 600 * time.Millisecond, "delay"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sys := loopbackSystem(t)
			sys.Ping = func(context.Context, netip.Addr, Echoes) (Replies, error) { return Replies{}, nil }
			sys.Lists.Routes = func() ([]report.Route, error) {
				return []report.Route{{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "eth0"}}, nil
			}
			var reading atomic.Int64
			sys.Lists.Neighbors = func() ([]report.Neighbor, error) {
				n := min(int(reading.Add(1)), len(tt.states))
				return []report.Neighbor{{Address: "192.0.2.1", Link: "eth0", State: tt.states[n-1]}}, nil
			}
			sys.Dial = func(context.Context, *net.Dialer, netip.AddrPort) (net.Conn, error) {
				return nil, os.ErrDeadlineExceeded
			}
			req := asks(requestFor(Endpoint{Address: "203.0.113.7:5500"}), report.AskNeighbor)
			req.FollowUp = tt.most
			e := Round(t.Context(), sys, req)
			task := taskOf(t, e, report.TaskNeighbor)
			i := slices.IndexFunc(e.Neighbors, func(n report.Neighbor) bool { return n.Task == task.ID })
			if i < 0 || e.Neighbors[i].State != tt.want || e.Neighbors[i].Address != "192.0.2.1" {
				t.Errorf("%+v, neighbours %+v", task, e.Neighbors)
			}
		})
	}
	settledRequest := asks(requestFor(Endpoint{Address: "203.0.113.7:5500"}), report.AskNeighbor)
	e := report.Evidence{Neighbors: report.List[report.Neighbor]{{Address: "192.0.2.1", Link: "eth0", State: "reachable"}},
		Routes: report.List[report.Route]{{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "eth0"}}}
	if due := followUps(&e, &settledRequest, []report.Question{report.AskNeighbor}); len(due) > 0 {
		t.Errorf("nothing is in doubt: %+v", due)
	}
}
