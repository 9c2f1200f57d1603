package ship

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// proxy is an HTTP proxy that connects whoever knows the credentials, "" for anybody.
func proxy(t *testing.T, credentials string, status int) (address string, connected *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	connected = &atomic.Int32{}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				switch {
				case err != nil || r.Method != "CONNECT":
					io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
				case credentials != "" && r.Header.Get("Proxy-Authorization") != want:
					io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
				case status != 0:
					io.WriteString(c, "HTTP/1.1 "+http.StatusText(status)+"\r\n\r\n")
				default:
					far, err := net.Dial("tcp", r.Host)
					if err != nil {
						io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
						return
					}
					connected.Add(1)
					defer far.Close()
					io.WriteString(c, "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n")
					// Not from socket to socket: the pipes that this takes would be kept for others.
					go func() { io.Copy(struct{ io.Writer }{far}, c); far.(*net.TCPConn).CloseWrite() }()
					io.Copy(struct{ io.Writer }{c}, far)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String(), connected
}

func TestProxy(t *testing.T) {
	leaks(t)
	ca := newAuthority(t)
	b, server := secureReceiver(t, &tls.Config{Certificates: []tls.Certificate{ca.pair(nil, nil)}}, func(_ int, _ []string, _ http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Proxy-Authorization") != "" {
			t.Error("the proxy's password went further")
		}
		return true
	})
	address, connected := proxy(t, "shop:pass:word", 0)
	file := write(t, "credentials", "shop:wrong")
	m := newMemory()
	m.add("failures", lines(0, 10, bad)...)
	s := ship(t, m, Config{}, Destination{To: server.URL, CA: ca.file(), Proxy: address, ProxyCredentials: file, Batch: 1500})
	eventually(t, "the refusal", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Unauthorized })
	if w := s.Status()[0].Trouble; w.Status != 407 || !strings.HasPrefix(w.Detail, "proxy: ") {
		t.Errorf("%v", w)
	}
	write(t, file, "shop:pass:word\n")
	eventually(t, "all reports", func() bool { return b.has(count(0, 10)...) })
	if connected.Load() == 0 {
		t.Error("past the proxy")
	}
	s.Stop()
}

func TestProxyInTrouble(t *testing.T) {
	m := newMemory()
	m.add("failures", bad(0))
	gone, _ := proxy(t, "", 0)
	odd, _ := proxy(t, "", 200) // its answer has no number
	for name, c := range map[string]struct {
		d    Destination
		want Kind
	}{
		"it does not reach the receiver": {Destination{To: "http://127.0.0.1:1", Proxy: gone}, Failing},
		"it does not speak HTTP":         {Destination{To: "http://127.0.0.1:1", Proxy: odd}, Garbled},
		"it is not there":                {Destination{To: "http://127.0.0.1:1", Proxy: "http://127.0.0.1:1"}, Unreachable},
	} {
		s := ship(t, m, Config{}, c.d)
		eventually(t, name, func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == c.want })
		s.Stop()
	}
}
