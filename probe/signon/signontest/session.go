package signontest

import (
	"io"
	"net"
	"time"
)

// session is one connection, and the request that came on it.
type session struct {
	conn    net.Conn     // what is read and written: tcp, or TLS over it
	tcp     *net.TCPConn // what is reset
	done    <-chan struct{}
	where   *time.Location
	request request
}

// action is what a behaviour does with a connection. The connection is closed after it.
type action func(s *session)

// answer returns the good reply to the request.
func (s *session) answer() Message { return s.request.answer(time.Now().In(s.where)) }

// send writes bytes. An error means that the client has gone, which ends every action
// anyway.
func (s *session) send(b []byte) bool {
	_, err := s.conn.Write(b)
	return err == nil
}

// pause waits. It returns false when the server is closed meanwhile.
func (s *session) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}

// hold says nothing more, and takes what comes, until the client leaves or the server
// is closed.
func (s *session) hold() { io.Copy(io.Discard, s.conn) }

// stuckFor is how long a program that hangs is left alone before its connection ends.
const stuckFor = 2 * time.Minute

// stick says nothing more and takes nothing either, not even the client's end: the
// program hangs, and its kernel answers for it.
func (s *session) stick() { s.pause(stuckFor) }

// reset ends the connection with a TCP RST (SO_LINGER with a time of zero).
func (s *session) reset() {
	s.tcp.SetLinger(0)
	s.tcp.Close()
}
