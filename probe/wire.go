package probe

import (
	"net"
	"time"
)

// wire is the TCP connection under everything else. It counts, keeps the beginning of
// what is received, and gives a late device one last chance to read.
type wire struct {
	net.Conn
	in    int64  // bytes received
	first []byte // the first of them
	hello int64  // length of the first record sent, 0 before
	late  bool   // the deadline has passed
	// endAfterHello: our end follows the first record at once.
	endAfterHello bool
}

// firstBytes of a TLS ServerHello show the version that it chose.
const firstBytes = 11

// limit gives the next step of the exchange its deadline.
func (w *wire) limit(d time.Duration) error {
	w.late = false
	return w.Conn.SetDeadline(now().Add(d))
}

// Read reads. Go refuses to read at all once a deadline has passed, but a device that
// was late may find a reply in the socket that came in time: a host that answered is
// not silent. From the deadline on, what is there already is still read, and nothing
// is waited for.
func (w *wire) Read(p []byte) (int, error) {
	var n int
	var err error
	if !w.late {
		n, err = w.Conn.Read(p)
		w.late = n == 0 && timedOut(err)
	}
	if w.late {
		n, err = readNow(w.Conn, p)
	}
	w.in += int64(n)
	w.first = append(w.first, p[:min(n, firstBytes-len(w.first))]...)
	return n, err
}

// Write writes. crypto/tls sends its ClientHello as one record in one write; the
// record's header says how long it is (RFC 8446 section 5.1).
func (w *wire) Write(p []byte) (int, error) {
	if w.hello == 0 && len(p) >= 5 && p[0] == recordHandshake {
		w.hello = 5 + int64(p[3])<<8 + int64(p[4])
	}
	n, err := w.Conn.Write(p)
	if err == nil && w.endAfterHello {
		w.endAfterHello = false
		w.closeWrite()
	}
	return n, err
}

// closeWrite sends our end (RFC 9293 section 3.6) and goes on receiving. It ends the
// connection, not the descriptor, of which the tap has a copy.
func (w *wire) closeWrite() {
	if half, ok := w.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // a connection that takes nothing more ends by itself
	}
}

// TLS content types (RFC 8446 section 5.1): handshake messages, and the range from
// change_cipher_spec to application_data.
const (
	recordHandshake = 22
	recordFirst     = 20
	recordLast      = 23
)

// spokeTLS reports whether the peer sent at least the beginning of a TLS record.
func (w *wire) spokeTLS() bool {
	return len(w.first) > 0 && recordFirst <= w.first[0] && w.first[0] <= recordLast
}

// ancientServer reports whether the peer answered our ClientHello with a ServerHello
// of a version before TLS 1.0, which no library of today speaks.
func (w *wire) ancientServer() bool {
	const serverHello = 2
	f := w.first
	return len(f) == firstBytes && f[0] == recordHandshake && f[5] == serverHello && (f[9] < 3 || f[9] == 3 && f[10] == 0)
}
