package signontest

import "net"

// sockets are the behaviours of the listening socket itself.
func sockets() []Behaviour {
	return []Behaviour{
		{Name: zeroWindow, stage: onListen,
			Imitates: "a front end whose receive window is shut: the smallest receive buffer, and nobody reads. " +
				"It takes about one kilobyte before the window closes, so an echo of 54 bytes is acknowledged and looks like silence; " +
				"only a client that sends more, such as a large TLS ClientHello, sees the zero window",
			make: plain(func(s *session) { s.pause(maxSession) })},
		{Name: backlog, stage: onListen,
			Imitates: "a host that no longer accepts: its queue is full (with connections of its own here), the kernel drops further SYNs. " +
				"Linux only; it cannot be told apart from a network that drops SYNs, which is the point",
			make: plain(func(*session) {})},
	}
}

const (
	zeroWindow = "zero-window"
	backlog    = "backlog"
)

// prepare gives a listening socket what its behaviour needs, and returns what has to be
// closed after it.
func (b Behaviour) prepare(l *net.TCPListener) ([]net.Conn, error) {
	switch b.Name {
	case zeroWindow:
		return nil, shrinkWindow(l)
	case backlog:
		return fillBacklog(l)
	}
	return nil, nil
}
