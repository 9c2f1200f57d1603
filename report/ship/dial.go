package ship

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// dialer opens connections to a destination.
type dialer struct {
	d     Destination
	t     target
	files *files
	// used counts the bytes on the wire, in both directions.
	used atomic.Int64
}

// What a connection costs besides the bytes that are counted: three packets to open it,
// three to close it, 52 bytes of heads each; and the heads of segments, of which every
// second is acknowledged.
const (
	connectionBytes = 6 * 52
	segmentShare    = 18 // 1/18: 52 and 26 bytes for 1,400
)

// dial opens a connection, through the proxy and with TLS if there are any. It is closed
// when ctx ends.
func (d *dialer) dial(ctx context.Context) (*link, *Trouble) {
	l, t := d.files.load()
	if t != nil {
		return nil, t
	}
	address := d.t.address
	proxy, _ := d.d.proxy() // checked at the start
	if proxy != "" {
		address = proxy
	}
	conn, err := (&net.Dialer{Timeout: d.d.Timeout, KeepAlive: -1}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, broken(err)
	}
	d.used.Add(connectionBytes)
	k := &link{Conn: &counted{conn, &d.used}, tcp: conn, loaded: l}
	k.stop = context.AfterFunc(ctx, func() { conn.Close() })
	if proxy != "" {
		if t := k.through(d.t.address, d.d.Timeout); t != nil {
			k.Close()
			return nil, t
		}
	}
	if l.tls != nil {
		secure := tls.Client(k.Conn, l.tls)
		k.Conn = secure
		k.deadline(d.d.Timeout)
		if err := secure.HandshakeContext(ctx); err != nil {
			k.Close()
			return nil, broken(err)
		}
	}
	return k, nil
}

// link is an open connection.
type link struct {
	net.Conn // TLS, if there is any
	tcp      net.Conn
	loaded   *loaded
	stop     func() bool
}

func (k *link) deadline(d time.Duration) { k.SetDeadline(time.Now().Add(d)) }

// Close ends the connection at once: no goodbye of TLS waits for a peer that does not
// read.
func (k *link) Close() error {
	k.stop()
	return k.tcp.Close()
}

// closeWrite tells the peer that nothing more comes.
func (k *link) closeWrite() error {
	if secure, ok := k.Conn.(*tls.Conn); ok {
		if err := secure.CloseWrite(); err != nil {
			return err
		}
	}
	if half, ok := k.tcp.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// through asks a proxy for a connection to an address.
func (k *link) through(address string, timeout time.Duration) *Trouble {
	k.deadline(timeout)
	credentials := ""
	if k.loaded.proxy != "" {
		credentials = "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(k.loaded.proxy)) + "\r\n"
	}
	if _, err := fmt.Fprintf(k, "CONNECT %s HTTP/1.1\r\nHost: %[1]s\r\n%s\r\n", address, credentials); err != nil {
		return broken(err)
	}
	r := bufio.NewReaderSize(k, maxLine)
	a, err := readAnswer(r, "CONNECT")
	if err != nil {
		return throughProxy(answerTrouble(err))
	}
	if a.status > 299 {
		return throughProxy(verdict(a, time.Now()))
	}
	if r.Buffered() > 0 { // before it was asked anything
		return trouble(Garbled, "proxy: the other side spoke first")
	}
	return nil
}

// throughProxy marks a trouble as the proxy's.
func throughProxy(t *Trouble) *Trouble {
	t.Detail = "proxy: " + t.Detail
	return t
}

// counted counts what passes.
type counted struct {
	net.Conn
	bytes *atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.bytes.Add(int64(n + n/segmentShare))
	return n, err
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.bytes.Add(int64(n + n/segmentShare))
	return n, err
}
