package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"posprobe/report"
)

func TestParseSockets(t *testing.T) {
	if runtime.GOARCH == "s390x" || runtime.GOARCH == "ppc64" {
		t.Skip("written in little-endian order")
	}
	four := `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 070200C0:D431 077100CB:157C 01 00000000:00000000 02:000006D6 00000000  1000        0 2 2 0 20 4 30 10 -1
   2: 070200C0:D432 087100CB:157C 02 00000001:00000000 01:00000064 00000001  1000        0 3 2 0 20 4 30 10 -1
   3: 070200C0:D433 097100CB:157C 06 00000000:00000000 03:00000064 00000001  1000        0 0 3 0
   4: garbage`
	six := `   0: 00000000000000000000000001000000:D431 B80D0120000000000000000007000000:01BB 01 0 0
   1: 0000000000000000FFFF0000070200C0:D431 0000000000000000FFFF0000077100CB:157C 01 0 0`
	want := []socket{
		{netip.MustParseAddrPort("203.0.113.7:5500"), "established"},
		{netip.MustParseAddrPort("203.0.113.8:5500"), "syn_sent"},
		{netip.MustParseAddrPort("[2001:db8::7]:443"), "established"},
		{netip.MustParseAddrPort("203.0.113.7:5500"), "established"},
	}
	got := append(parseSockets([]byte(four)), parseSockets([]byte(six))...)
	if len(got) != len(want) {
		t.Fatalf("sockets %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("socket %+v, want %+v", got[i], want[i])
		}
	}
}

// somebodyConnected opens a connection to address that is not the round's own.
func somebodyConnected(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestPaymentInProgress(t *testing.T) {
	onLinux(t)
	address := serve(t, hang)
	somebodyConnected(t, address)
	sys := loopbackSystem(t)
	sys.Dial = func(context.Context, *net.Dialer, netip.AddrPort) (net.Conn, error) {
		t.Error("dialled although somebody else is connected")
		return nil, errors.New("no")
	}
	req := requestFor(Endpoint{Address: address})
	req.Yield = 600 * time.Millisecond
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonPayment {
		t.Fatalf("task %+v", task)
	}
	if len(e.Flows) != 1 || e.Flows[0].Address != address || e.Flows[0].State != "established" {
		t.Fatalf("flows %+v", e.Flows)
	}
}

func TestPaymentEnds(t *testing.T) {
	onLinux(t)
	address := serve(t, answerTo(4, "PONG"))
	other := somebodyConnected(t, address)
	time.AfterFunc(300*time.Millisecond, func() { other.Close() })
	req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.Yield = time.Minute
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if len(e.SignOns) != 1 || e.SignOns[0].Failure != nil || len(e.Flows) != 1 {
		t.Fatalf("sign-ons %+v, flows %+v", e.SignOns, e.Flows)
	}
}

func TestInterruptedWhileYielding(t *testing.T) {
	onLinux(t)
	address := serve(t, hang)
	somebodyConnected(t, address)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	req := requestFor(Endpoint{Address: address})
	req.Yield = time.Minute
	e := Round(ctx, loopbackSystem(t), req)
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskExchange); task.Outcome != report.OutcomeCancelled {
		t.Fatalf("task %+v", task)
	}
}

// Where the table cannot be seen the round goes on, and says so.
func TestSocketsNotVisible(t *testing.T) {
	address := serve(t, hang)
	sys := loopbackSystem(t)
	sys.Files = fstest.MapFS{}
	e := Round(t.Context(), sys, requestFor(Endpoint{Address: address}))
	checkCounts(t, e)
	if taskOf(t, e, report.TaskExchange).Outcome != report.OutcomeAnswered {
		t.Fatalf("tasks %+v", e.Tasks)
	}
	for _, task := range e.Tasks {
		if strings.HasPrefix(task.ID, "flows") && task.Outcome == report.OutcomeNotAsked && task.Reason == report.ReasonUnsupported {
			return
		}
	}
	t.Fatalf("nothing says that the sockets were not visible: %+v", e.Tasks)
}
