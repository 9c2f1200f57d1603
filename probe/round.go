package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io/fs"
	"net/netip"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// Request says what a round is to look at.
type Request struct {
	// Site and Memory go into the evidence as they are.
	Site   report.Site
	Memory report.Memory
	// Endpoints stand in the order of Site.Endpoints.
	Endpoints []Endpoint
	// Resolvers replace the system's when there are any.
	Resolvers []netip.AddrPort
	// Connect bounds a TCP handshake and, again, a TLS handshake; 0 means 5 s.
	Connect time.Duration
	// Reply bounds the wait for a sign-on reply; 0 means 8 s.
	Reply time.Duration
	// Yield is how long to wait for somebody else's connections to addresses of the
	// acquirer to end before the round gives up asking those; 0 means 60 s.
	Yield time.Duration
	// Zone is where the acquirer's host reads its clock; nil means UTC+8.
	Zone *time.Location
	// DataDir is the directory whose file system is watched besides /, /var and /tmp;
	// "" for none.
	DataDir string
	// SoftwareFile is the file in which the payment application's version stands;
	// SelfTestProcesses and SelfTestFiles are signs of a self-test or an update of the
	// terminal: it runs when one of them runs or exists. Paths are absolute; "" and empty
	// for not stated.
	SoftwareFile      string
	SelfTestProcesses []string
	SelfTestFiles     []string
	// Paused keeps the round to what needs no packets.
	Paused bool
	// Local likewise keeps it from sending anything: it looks at the terminal alone.
	Local bool
	// Wants returns the questions whose answers would decide, given what is known; the
	// round then asks them, at most twice. It gets a copy of the evidence and must not
	// change what that points to. Nil: nothing is asked beyond the round's own tasks.
	Wants func(report.Evidence) []report.Question
	// FollowUp bounds the time of all that Wants brings about, from its first task on;
	// 0 means 4 s.
	FollowUp time.Duration
	// FollowUpBytes bounds what that could cost at the worst, in bytes of IP packets in
	// both directions; 0 means 60000.
	FollowUpBytes int
	// References are independent TCP targets, of which the first 4 are used.
	References []netip.AddrPort
	// IndependentResolver is a name server that is nobody's on the way; the zero value
	// for none.
	IndependentResolver netip.AddrPort
	// Portal is the http URL of a page that answers 204 (RFC 9110 section 15.3.5) unless
	// somebody stands in between; "" for none.
	Portal string
	// Progress is called when a task begins (its Outcome is still "") and when it
	// ends, always from the goroutine of Round; it may be nil.
	Progress func(report.Task)
}

// Endpoint is how to talk to one configured endpoint.
type Endpoint struct {
	// Address is host:port; the host is an absolute name or a literal address.
	Address string
	// TLS is nil for a plain connection.
	TLS *TLS
	// Dialect is nil where the exchange ends with the connection. A message for which
	// keys come back is sent once a round, to the first endpoint's first address;
	// everywhere else the exchange ends with the connection.
	Dialect signon.Dialect
}

// TLS is how an endpoint's TLS is spoken and judged.
type TLS struct {
	// ServerName is sent and checked; "" stands for the host of the address.
	ServerName string
	// Roots are the trusted issuers; nil stands for the system's.
	Roots *x509.CertPool
	// Pin is the expected public key of the peer, sha256/BASE64 over its
	// SubjectPublicKeyInfo (RFC 7469 section 2.4); "" for none. With a pin the name is
	// not checked, and the issuer only if Roots are given.
	//
	// Where Roots or a pin are given, no message at all is sent to a peer that is not
	// who it should be: an echo carries the terminal's and the merchant's id. The system's
	// roots say less, as hosts of acquirers often have private issuers: there a failed
	// verification holds back messages for which keys come back, and the echo is sent.
	Pin string
	// Certificate is presented to a peer that is who it should be when it asks for one;
	// nil for none.
	Certificate *tls.Certificate
	// LargeHello offers Go's default key shares, which make a ClientHello of about
	// 1.5 kB, two segments; otherwise it stays near 250 B.
	LargeHello bool
}

// The limits that a request may leave out.
const (
	defaultConnect = 5 * time.Second
	defaultReply   = 8 * time.Second
	defaultYield   = 60 * time.Second

	defaultFollowUp      = 4 * time.Second
	defaultFollowUpBytes = 60000
)

func (r Request) withDefaults() Request {
	if r.Connect <= 0 {
		r.Connect = defaultConnect
	}
	if r.Reply <= 0 {
		r.Reply = defaultReply
	}
	if r.Yield <= 0 {
		r.Yield = defaultYield
	}
	if r.FollowUp <= 0 {
		r.FollowUp = defaultFollowUp
	}
	if r.FollowUpBytes <= 0 {
		r.FollowUpBytes = defaultFollowUpBytes
	}
	if r.Zone == nil {
		r.Zone = time.FixedZone("", 8*60*60)
	}
	if r.Progress == nil {
		r.Progress = func(report.Task) {}
	}
	return r
}

// round is one look at everything.
type round struct {
	sys  System
	req  Request
	rec  *recorder
	gate *gate
	// allowance is what follow-ups may still cost, nil before the first.
	allowance *allowance
}

// Round looks once. It never returns an error: what could not be seen, and why, is in
// the evidence. When ctx ends, running tasks end as cancelled within moments, and so
// do those not yet begun; the readings that send no packet are still taken.
func Round(ctx context.Context, sys System, req Request) report.Evidence {
	req = req.withDefaults()
	r := &round{sys: sys, req: req, rec: newRecorder(req.Site, req.Memory)}
	r.gate = newGate(r)
	from := beginReadings(sys.Files)
	r.clock("clock start")
	r.survey()
	r.perform(ctx, func(e *report.Evidence) []task { return plan(e, &r.req) })
	r.followUp(ctx, from)
	r.closeReadings(from, from.watch.end())
	return r.rec.evidence
}

// readings are what a round compares at its two ends.
type readings struct {
	watch       *watch
	pressure    stalls
	pressureErr error
	inbound     int64
	inboundErr  error
}

func beginReadings(files fs.FS) *readings {
	from := &readings{watch: watchScheduling(files)}
	from.pressure, from.pressureErr = readPressure(files)
	from.inbound, from.inboundErr = undelivered(files)
	return from
}

// closeReadings takes the readings at the end of a round. They send no packet.
func (r *round) closeReadings(from *readings, s report.Scheduling) {
	r.gate.report(r)
	r.neighbors()
	r.links("links end")
	r.pressure(from.pressure, from.pressureErr)
	r.inbound(from.inbound, from.inboundErr)
	r.expectedProcesses("device processes end")
	r.scheduling(s)
	r.clock("clock end")
}

// provisional is the evidence as it would be if the round ended now. The round itself
// learns nothing from it.
func (r *round) provisional(from *readings) report.Evidence {
	fork := &round{sys: r.sys, req: r.req, rec: r.rec.fork(), gate: r.gate}
	fork.req.Progress = func(report.Task) {}
	fork.closeReadings(from, from.watch.sofar())
	return fork.rec.evidence
}
