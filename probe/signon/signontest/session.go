package signontest

import (
	"bufio"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// session is one connection, and the request that came on it.
type session struct {
	d       dialect
	conn    net.Conn      // what is written: tcp, or TLS over it
	in      *bufio.Reader // what is read
	tcp     *net.TCPConn  // what is reset
	done    <-chan struct{}
	where   *time.Location
	request request

	requests *atomic.Int64 // counts those that were read
}

// action is what a behaviour does with a connection. The connection is closed after it.
type action func(s *session)

// answer returns the good reply to the request.
func (s *session) answer() reply { return s.answerAt(0) }

// answerAt returns the good reply of a host whose clock is off.
func (s *session) answerAt(offset time.Duration) reply {
	return s.d.reply(s.request, time.Now().In(s.where).Add(offset))
}

// good is the good reply as it is sent.
func (s *session) good() []byte { return s.answer().wire() }

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

// next reads one more request.
func (s *session) next() bool {
	var err error
	s.request, err = s.read()
	return err == nil
}

// goOn answers what comes, as a host in good order does, until the client leaves.
func (s *session) goOn() {
	for s.next() && s.send(s.good()) {
	}
}

// hold says nothing more, and takes what comes, until the client leaves or the server
// is closed.
func (s *session) hold() { io.Copy(io.Discard, s.in) }

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
