package probe

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// loopbackSystem is the real machine without its routes and gateways, so that a round
// sends packets to loopback addresses only. A ping fails the test: loopback addresses
// are not pinged.
func loopbackSystem(t *testing.T) System {
	sys := Local()
	sys.Lists.Routes = func() ([]report.Route, error) { return nil, nil }
	sys.Ping = func(_ context.Context, a netip.Addr, _ Echoes) (Replies, error) {
		t.Errorf("pinged %v", a)
		return Replies{}, errPingDenied
	}
	return sys
}

// requestFor is a round for endpoints at literal addresses.
func requestFor(endpoints ...Endpoint) Request {
	req := Request{Endpoints: endpoints, Connect: 2 * time.Second, Reply: 2 * time.Second, Yield: time.Second}
	for _, e := range endpoints {
		req.Site.Endpoints = append(req.Site.Endpoints, report.Endpoint{Address: e.Address})
	}
	return req
}

// serve accepts connections on a loopback port and hands each to handle, which need
// not close it.
func serve(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				handle(c)
			}()
		}
	}()
	return l.Addr().String()
}

// hang reads until the other side ends the connection.
func hang(c net.Conn) { io.Copy(io.Discard, c) }

// reset ends a connection with a RST instead of a FIN.
func reset(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// answerTo reads a request of n bytes and sends a reply.
func answerTo(n int, reply string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := io.ReadFull(c, make([]byte, n)); err != nil {
			return
		}
		io.WriteString(c, reply)
		hang(c)
	}
}

// wordDialect sends a request and takes any reply of four bytes.
type wordDialect struct {
	request string
	keys    bool
	reply   signon.Reply
}

func (wordDialect) Protocol() string      { return "word" }
func (wordDialect) MessageType() string   { return "" }
func (wordDialect) Fingerprint() string   { return "0badcafe" }
func (d wordDialect) Request() []byte     { return []byte(d.request) }
func (d wordDialect) KeysComeBack() bool  { return d.keys }
func (d wordDialect) Repeatable() bool    { return !d.keys }
func (wordDialect) EndsWithRequest() bool { return true }
func (d wordDialect) ReadReply(rw io.ReadWriter) (signon.Reply, error) {
	b := make([]byte, 4)
	n, err := io.ReadFull(rw, b)
	reply := d.reply
	reply.Bytes = n
	if n > 0 && err != nil {
		return reply, &signon.ReplyError{Type: report.FailCutShort, Detail: "short"}
	}
	return reply, err
}

// taskOf returns the only task of a kind.
func taskOf(t *testing.T, e report.Evidence, kind report.TaskKind) report.Task {
	t.Helper()
	var found []report.Task
	for _, task := range e.Tasks {
		if task.Kind == kind {
			found = append(found, task)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d tasks of kind %s in %+v", len(found), kind, e.Tasks)
	}
	return found[0]
}

func wantFailure(t *testing.T, f *report.Failure, op report.Operation, types ...report.FailureType) {
	t.Helper()
	if !f.Is(types...) || f.Operation != op {
		t.Fatalf("failure %+v, want %s %v", f, op, types)
	}
}

// checkCounts holds what every round must hold: task ids are unique, and each task
// made as many observations as it says.
func checkCounts(t *testing.T, e report.Evidence) {
	t.Helper()
	made := map[string]int{}
	for _, lists := range [][]string{
		tasksOf(e.Links, func(o report.Link) string { return o.Task }),
		tasksOf(e.Addresses, func(o report.Address) string { return o.Task }),
		tasksOf(e.Routes, func(o report.Route) string { return o.Task }),
		tasksOf(e.Neighbors, func(o report.Neighbor) string { return o.Task }),
		tasksOf(e.Resolvers, func(o report.Resolver) string { return o.Task }),
		tasksOf(e.Hosts, func(o report.HostsEntry) string { return o.Task }),
		tasksOf(e.Lookups, func(o report.Lookup) string { return o.Task }),
		tasksOf(e.Pings, func(o report.Ping) string { return o.Task }),
		tasksOf(e.Connects, func(o report.Connect) string { return o.Task }),
		tasksOf(e.TLS, func(o report.Handshake) string { return o.Task }),
		tasksOf(e.SignOns, func(o report.SignOn) string { return o.Task }),
		tasksOf(e.Hops, func(o report.Hop) string { return o.Task }),
		tasksOf(e.Portals, func(o report.Portal) string { return o.Task }),
		tasksOf(e.Claims, func(o report.Claim) string { return o.Task }),
		tasksOf(e.Clocks, func(o report.Clock) string { return o.Task }),
		tasksOf(e.Flows, func(o report.Flow) string { return o.Task }),
	} {
		for _, id := range lists {
			made[id]++
		}
	}
	seen := map[string]bool{}
	for _, task := range e.Tasks {
		if seen[task.ID] {
			t.Errorf("task %q is there twice", task.ID)
		}
		seen[task.ID] = true
		if made[task.ID] != task.Count {
			t.Errorf("task %q counts %d observations and made %d", task.ID, task.Count, made[task.ID])
		}
		if task.Outcome == "" {
			t.Errorf("task %q has no outcome", task.ID)
		}
		delete(made, task.ID)
	}
	if len(made) > 0 {
		t.Errorf("observations of unknown tasks: %v", made)
	}
}

func tasksOf[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

// eventually waits for a condition that another goroutine or the kernel brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still not: " + what)
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no /proc/self/fd here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// without is a file system in which some files are missing.
type without struct {
	fs.FS
	names []string
}

func (w without) Open(name string) (fs.File, error) {
	if slices.Contains(w.names, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return w.FS.Open(name)
}
