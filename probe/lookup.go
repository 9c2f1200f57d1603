package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"

	"github.com/miekg/dns"
)

const (
	// lookupLimit bounds everything that is done for one question to one resolver, half
	// of it the wait for the first datagram's answer; followUpLookup does in a follow-up.
	lookupLimit    = 4 * time.Second
	followUpLookup = 2 * time.Second
	// ednsSize is the payload size that passes without fragments (DNS flag day 2020).
	ednsSize = 1232
	// maxAnswers, maxChain and maxExtended bound what is taken from one answer.
	maxAnswers  = 16
	maxChain    = 16
	maxExtended = 8
)

// errMismatch says that an answer answers something else.
var errMismatch = errors.New("the answer does not match the question")

// lookup puts one question to one resolver. ElapsedMs covers everything until the
// answer or the end of patience, retries and TCP included: what the terminal would
// have waited.
func (r *round) lookup(ctx context.Context, a *asking, t task) *report.Failure {
	return r.look(ctx, a, t).Failure
}

func (r *round) look(ctx context.Context, a *asking, t task) report.Lookup {
	began := now()
	l := report.Lookup{Name: t.name, Type: t.qtype, Resolver: t.address.String(), Transport: "udp"}
	limit := lookupLimit
	if !t.until.IsZero() {
		limit = t.within(followUpLookup)
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reply, err := r.resolve(within, t, limit, &l)
	l.ElapsedMs = ms(now().Sub(began))
	if reply != nil {
		readReply(reply, &l)
	}
	switch {
	case err != nil:
		l.Failure = failureIn(ctx, report.OpResolve, err)
		if l.Truncated && !l.Failure.Is(report.FailCancelled) {
			l.Failure.Type = report.FailDNSTruncated
		}
	case reply.Rcode != dns.RcodeSuccess:
		l.Failure = &report.Failure{Operation: report.OpResolve, Type: rcodeType(reply.Rcode), Detail: l.RCode}
	case len(l.Answers) == 0:
		l.Failure = &report.Failure{Operation: report.OpResolve, Type: report.FailNoData, Detail: "no " + t.qtype + " record"}
	}
	a.saw(began, func(e *report.Evidence, head report.Observation) {
		l.Observation = head
		e.Lookups = append(e.Lookups, l)
	})
	return l
}

// resolve asks over UDP, twice if need be, without EDNS if the resolver cannot take it
// (RFC 6891 section 6.2.2), and over TCP when the answer was cut off. A reply that
// comes with an error is the truncated one.
func (r *round) resolve(ctx context.Context, t task, whole time.Duration, l *report.Lookup) (*dns.Msg, error) {
	edns := true
	reply, err := r.twice(ctx, whole, t, edns)
	if err == nil && (reply.Rcode == dns.RcodeFormatError || reply.Rcode == dns.RcodeNotImplemented) {
		edns = false
		reply, err = r.twice(ctx, whole, t, edns)
	}
	if err != nil || !reply.Truncated {
		return reply, err
	}
	l.Truncated, l.Transport = true, "tcp"
	full, err := r.once(ctx, whole, "tcp", t, edns)
	if err != nil {
		return reply, err
	}
	return full, nil
}

// twice puts the question over UDP, and once more when half of the time is over or the
// first one failed. The first answer counts, whichever question it answers: a resolver
// that is slow answers the first one late.
func (r *round) twice(ctx context.Context, whole time.Duration, t task, edns bool) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	type answer struct {
		reply *dns.Msg
		err   error
	}
	answers := make(chan answer, 2)
	ask := func() {
		go func() {
			var a answer
			if err := guarded(func() error { a.reply, a.err = r.once(ctx, whole, "udp", t, edns); return nil }); err != nil {
				a.err = err
			}
			answers <- a
		}()
	}
	again := time.NewTimer(whole / 2)
	defer again.Stop()
	ask()
	for asked, open := 1, 1; ; {
		select {
		case a := <-answers:
			open--
			switch {
			case a.err == nil, open == 0 && (asked == 2 || ctx.Err() != nil):
				return a.reply, a.err
			case asked == 1:
				ask()
				asked, open = 2, open+1
			}
		case <-again.C:
			if asked == 1 {
				ask()
				asked, open = 2, open+1
			}
		}
	}
}

// once puts the question in one way and checks that the answer is one to it.
func (r *round) once(ctx context.Context, limit time.Duration, network string, t task, edns bool) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	question := new(dns.Msg)
	question.SetQuestion(dns.Fqdn(t.name), dns.StringToType[t.qtype])
	if edns {
		question.SetEdns0(ednsSize, false)
	}
	reply, err := r.sys.Exchange(ctx, network, t.address, question)
	if err != nil {
		return nil, err
	}
	if !answers(reply, question) {
		return nil, errMismatch
	}
	return reply, nil
}

// answers reports whether a message is a response to the question: the question comes
// back in it, except that some servers leave it out of an error.
func answers(reply, question *dns.Msg) bool {
	if reply == nil || !reply.Response || reply.Id != question.Id {
		return false
	}
	if len(reply.Question) == 0 {
		return reply.Rcode != dns.RcodeSuccess
	}
	q, a := question.Question[0], reply.Question[0]
	return len(reply.Question) == 1 && strings.EqualFold(q.Name, a.Name) && q.Qtype == a.Qtype && q.Qclass == a.Qclass
}

// readReply takes the code, the extended errors and the addresses out of a reply.
func readReply(reply *dns.Msg, l *report.Lookup) {
	l.RCode = dns.RcodeToString[reply.Rcode]
	if l.RCode == "" {
		l.RCode = "RCODE" + strconv.Itoa(reply.Rcode)
	}
	if opt := reply.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if e, ok := o.(*dns.EDNS0_EDE); ok && len(l.ExtendedErrors) < maxExtended {
				l.ExtendedErrors = append(l.ExtendedErrors, report.ExtendedError{Code: int64(e.InfoCode), Text: clean.Text(e.ExtraText)})
			}
		}
	}
	l.Answers = addressesIn(reply.Answer, dns.Fqdn(l.Name), l.Type)
}

// addressesIn follows the aliases of name through the records of one answer and
// returns the addresses of the asked type at their end.
func addressesIn(records []dns.RR, name, qtype string) []report.Answer {
	for range maxChain {
		alias := ""
		var out []report.Answer
		for _, rr := range records {
			h := rr.Header()
			if !strings.EqualFold(h.Name, name) || len(out) == maxAnswers {
				continue
			}
			switch v := rr.(type) {
			case *dns.CNAME:
				alias = v.Target
			case *dns.A:
				if ip, ok := netip.AddrFromSlice(v.A); ok && qtype == "A" {
					out = append(out, report.Answer{Address: ip.Unmap().String(), TTLSeconds: int64(h.Ttl)})
				}
			case *dns.AAAA:
				if ip, ok := netip.AddrFromSlice(v.AAAA); ok && qtype == "AAAA" {
					out = append(out, report.Answer{Address: ip.String(), TTLSeconds: int64(h.Ttl)})
				}
			}
		}
		if len(out) > 0 || alias == "" {
			return out
		}
		name = alias
	}
	return nil
}

func rcodeType(rcode int) report.FailureType {
	switch rcode {
	case dns.RcodeNameError:
		return report.FailNXDomain
	case dns.RcodeServerFailure:
		return report.FailServFail
	case dns.RcodeRefused:
		return report.FailDNSRefused
	case dns.RcodeFormatError:
		return report.FailDNSFormat
	case dns.RcodeNotImplemented:
		return report.FailDNSNotImpl
	}
	return report.FailDNSOther
}

// exchangeDNS is System.Exchange on the real network. The library ignores datagrams
// with another id, so a forged answer costs time and no more.
func exchangeDNS(ctx context.Context, network string, resolver netip.AddrPort, question *dns.Msg) (*dns.Msg, error) {
	client := dns.Client{Net: network, Dialer: &net.Dialer{Control: hearICMP}, Timeout: lookupLimit}
	conn, err := client.DialContext(ctx, resolver.String())
	if err != nil {
		return nil, err
	}
	// The library obeys the context's deadline but not its cancellation.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	reply, _, err := client.ExchangeWithConnContext(ctx, question, conn)
	if stop() {
		conn.Close()
	}
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return reply, err
}
