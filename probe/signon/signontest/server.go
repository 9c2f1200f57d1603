package signontest

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxSession is how long one connection may last at most.
	maxSession = 5 * time.Minute
	// maxSessions is how many connections are served at a time; more are closed.
	maxSessions = 256
)

// Server is a practice acquirer that is listening.
type Server struct {
	options   Options
	dialect   dialect
	listener  *net.TCPListener
	fillers   []net.Conn // connections to itself that fill the backlog
	behaviour atomic.Pointer[chosen]
	kind      TLSKind
	tls       *tls.Config
	authority *Authority

	done     chan struct{}
	running  sync.WaitGroup
	mu       sync.Mutex
	sessions map[net.Conn]struct{}

	connections, requests atomic.Int64
}

// Start listens and serves until Close. It returns the errors of Options.Check, and the
// system's when it cannot listen.
func Start(o Options) (*Server, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	d, err := o.dialect()
	if err != nil {
		return nil, err
	}
	behaviour, err := d.choose(cmp.Or(o.Behaviour, "good"))
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", cmp.Or(o.Listen, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	s := &Server{
		options:  o,
		dialect:  d,
		listener: l.(*net.TCPListener),
		done:     make(chan struct{}),
		sessions: make(map[net.Conn]struct{}),
	}
	s.behaviour.Store(&behaviour)
	if err := s.prepareTLS(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if s.fillers, err = behaviour.prepare(s.listener); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if behaviour.Name != backlog {
		s.running.Go(s.accept)
	}
	return s, nil
}

// Addr returns the address listened on, as host:port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Authority returns the certificate authority behind a server with TLS, nil without.
func (s *Server) Authority() *Authority { return s.authority }

// Connections returns how many connections were accepted so far.
func (s *Server) Connections() int { return int(s.connections.Load()) }

// Requests returns how many well-formed requests were read so far.
func (s *Server) Requests() int { return int(s.requests.Load()) }

// SetBehaviour changes the behaviour for connections to come, as when a host fails or
// recovers. Those of the listening socket can only be had from Start.
func (s *Server) SetBehaviour(text string) error {
	c, err := s.dialect.choose(text)
	if err != nil {
		return err
	}
	if c.stage == onListen || s.behaviour.Load().stage == onListen {
		return fmt.Errorf("behaviour %s cannot be changed while listening", c.Name)
	}
	s.behaviour.Store(&c)
	return nil
}

// Close stops listening, cuts all connections and waits until nothing runs any more. It
// must be called once.
func (s *Server) Close() {
	close(s.done)
	s.listener.Close()
	for _, c := range s.fillers {
		c.Close()
	}
	s.mu.Lock()
	for c := range s.sessions {
		c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// accept takes connections until the listener is closed.
func (s *Server) accept() {
	for {
		c, err := s.listener.AcceptTCP()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // out of descriptors, or a client that left at once
			s.log("accept: %v", err)
			select {
			case <-s.done:
				return
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		if !s.enter(c) {
			c.Close()
			continue
		}
		s.running.Go(func() {
			defer s.leave(c)
			s.serve(c)
		})
	}
}

// enter notes a connection, unless there are too many or the server is closing.
func (s *Server) enter(c net.Conn) bool {
	s.connections.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return false
	default:
	}
	if len(s.sessions) >= maxSessions {
		return false
	}
	s.sessions[c] = struct{}{}
	return true
}

func (s *Server) leave(c net.Conn) {
	s.mu.Lock()
	delete(s.sessions, c)
	s.mu.Unlock()
	c.Close()
}

// serve is one connection from beginning to end.
func (s *Server) serve(c *net.TCPConn) {
	c.SetDeadline(time.Now().Add(maxSession))
	x := &session{d: s.dialect, conn: c, tcp: c, in: bufio.NewReader(c), done: s.done,
		where: cmp.Or(s.options.Location, hostZone), requests: &s.requests}
	behaviour := *s.behaviour.Load()
	if behaviour.stage != onRequest {
		s.log("%s: %s", c.RemoteAddr(), behaviour)
		behaviour.act(x)
		return
	}
	if s.tls != nil {
		if x.conn = s.handshake(c); x.conn == nil {
			return
		}
		x.in.Reset(x.conn)
		defer x.conn.Close() // sends close_notify
	}
	s.exchange(x, behaviour)
}

// exchange reads a request and does with it what the behaviour, or the terminal id,
// asks for. Where a protocol has several steps, a behaviour that answers is one of the
// first.
func (s *Server) exchange(x *session, behaviour chosen) {
	from := x.tcp.RemoteAddr()
	var err error
	if x.request, err = x.read(); err != nil {
		s.log("%s: no request: %v", from, err)
		return
	}
	if byID, ok := s.dialect.chooseByID(x.request.terminal); ok {
		behaviour = byID
	}
	s.log("%s: %s: %s", from, x.request.what, behaviour)
	behaviour.act(x)
	if s.dialect.protocol == lines && behaviour.goesOn {
		x.goOn()
	}
}

// handshake speaks TLS and returns the connection, nil when there is none.
func (s *Server) handshake(c *net.TCPConn) net.Conn {
	if s.kind.instead != nil {
		s.log("%s: TLS %s", c.RemoteAddr(), s.kind.Name)
		s.kind.instead(&session{conn: c, tcp: c, done: s.done})
		return nil
	}
	t := tls.Server(c, s.tls)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		s.log("%s: TLS %s: %v", c.RemoteAddr(), s.kind.Name, err)
		return nil
	}
	return t
}

func (s *Server) log(format string, args ...any) {
	if s.options.Log != nil {
		s.options.Log(fmt.Sprintf(format, args...))
	}
}

// hostZone is where a UnionPay host reads its clock.
var hostZone = time.FixedZone("UTC+8", 8*60*60)
