//go:build linux

package lab

import (
	"net"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// oddResolver is a name server that answers in ways to which Unbound cannot be brought:
// late, or over UDP with nothing but the request to ask again over TCP (RFC 2181 section
// 9).
type oddResolver struct {
	delay    time.Duration
	truncate bool
	// names are the addresses that it knows.
	names map[string][]string
}

// serve answers on an address of a namespace until the returned function is called.
func (o *oddResolver) serve(w *World, ns NS, addr string) (stop func()) {
	w.t.Helper()
	var packets net.PacketConn
	err := w.In(ns, func() (err error) {
		packets, err = net.ListenPacket("udp", addr)
		return err
	})
	if err != nil {
		w.t.Fatalf("lab: resolver: %v", err)
	}
	w.t.Cleanup(func() { packets.Close() })
	ln := w.ListenAt(ns, addr)
	udp := &dns.Server{PacketConn: packets, Handler: o}
	tcp := &dns.Server{Listener: ln, Handler: o}
	go udp.ActivateAndServe() //nolint:errcheck // ends when the socket is closed
	go tcp.ActivateAndServe() //nolint:errcheck
	return func() { packets.Close(); ln.Close() }
}

// ServeDNS implements dns.Handler.
func (o *oddResolver) ServeDNS(rw dns.ResponseWriter, q *dns.Msg) {
	time.Sleep(o.delay)
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable = true
	_, overUDP := rw.RemoteAddr().(*net.UDPAddr)
	switch {
	case len(q.Question) != 1:
		m.Rcode = dns.RcodeFormatError
	case o.truncate && overUDP:
		m.Truncated = true
	default:
		o.answer(m, q.Question[0])
	}
	_ = rw.WriteMsg(m) // who asked may have gone
}

func (o *oddResolver) answer(m *dns.Msg, q dns.Question) {
	addresses, known := o.names[strings.ToLower(strings.TrimSuffix(q.Name, "."))]
	if !known {
		m.Rcode = dns.RcodeNameError
		return
	}
	header := dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: dns.ClassINET, Ttl: 60}
	for _, a := range addresses {
		six := strings.Contains(a, ":")
		switch {
		case q.Qtype == dns.TypeA && !six:
			m.Answer = append(m.Answer, &dns.A{Hdr: header, A: net.ParseIP(a)})
		case q.Qtype == dns.TypeAAAA && six:
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: header, AAAA: net.ParseIP(a)})
		}
	}
}

// resolver is one of the provider's two.
type resolver struct {
	addresses []string
	unbound   *Process
	stopOdd   []func()
}

// start runs Unbound with these zone lines, the right ones if none.
func (d *resolver) start(sc *scene, lines ...string) {
	sc.t.Helper()
	if len(lines) == 0 {
		lines = sc.zones()
	}
	d.unbound = sc.w.UnboundAt(DNS, d.addresses, lines...)
}

func (d *resolver) stop() {
	d.unbound.Stop()
	for _, f := range slices.Backward(d.stopOdd) {
		f()
	}
	d.stopOdd = nil
}

// replace runs another name server in Unbound's place.
func (d *resolver) replace(sc *scene, o *oddResolver) {
	sc.t.Helper()
	d.stop()
	o.names = sc.names()
	for _, a := range d.addresses {
		d.stopOdd = append(d.stopOdd, o.serve(sc.w, DNS, net.JoinHostPort(a, "53")))
	}
}
