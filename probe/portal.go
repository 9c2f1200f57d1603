package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"posprobe/probe/clean"
	"posprobe/probe/http1"
	"posprobe/report"
)

// Bounds of the request for the portal's page.
const (
	portalConnect = 2500 * time.Millisecond
	portalAnswer  = 2500 * time.Millisecond
	maxPortalHead = 4 << 10
	maxPortalBody = 1 << 10
	// portalResolvers are asked for the page's host.
	portalResolvers = 2
)

// portal asks for a page over plain HTTP and says what came. No redirection is followed,
// no cookie kept.
func (r *round) portal(ctx context.Context, a *asking, t task) *report.Failure {
	began := now()
	p := report.Portal{URL: t.Target}
	p.Failure = r.fetch(ctx, a, t, &p)
	if p.Failure != nil && ctx.Err() != nil {
		p.Failure.Type = report.FailCancelled
	}
	if a.said() {
		return p.Failure
	}
	p.ElapsedMs = ms(now().Sub(began))
	a.saw(began, func(e *report.Evidence, head report.Observation) {
		p.Observation = head
		e.Portals = append(e.Portals, p)
	})
	return p.Failure
}

func (r *round) fetch(ctx context.Context, a *asking, t task, p *report.Portal) *report.Failure {
	authority, path, ok := portalURL(t.Target)
	if !ok {
		return failure(report.OpSurvey, errMalformed)
	}
	address, f := r.hostAddress(ctx, a, t, authority)
	if f != nil {
		return f
	}
	t.target = address.Addr()
	if ok, f := r.mayAsk(ctx, a, t, report.OpConnect); !ok {
		return f
	}
	within, cancel := context.WithTimeout(ctx, t.within(portalConnect))
	defer cancel()
	conn, err := r.sys.Dial(within, &net.Dialer{KeepAlive: -1}, address)
	if err != nil {
		return failure(report.OpConnect, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := conn.SetDeadline(now().Add(t.within(portalAnswer))); err != nil {
		return failure(report.OpWrite, err)
	}
	request := http1.Request("GET", path, authority, []string{"User-Agent: posprobe", "Accept: */*", "Connection: close"}, nil)
	if _, err := conn.Write(request); err != nil {
		return failure(report.OpWrite, err)
	}
	return failure(report.OpRead, readPortal(conn, p))
}

// portalURL takes http://AUTHORITY/PATH apart; the path is / where there is none.
func portalURL(url string) (authority, path string, ok bool) {
	rest, ok := strings.CutPrefix(url, "http://")
	authority, path, _ = strings.Cut(rest, "/")
	printable := func(r rune) bool { return r > ' ' && r < 0x7f }
	if !ok || authority == "" || strings.IndexFunc(rest, func(r rune) bool { return !printable(r) }) >= 0 {
		return "", "", false
	}
	return authority, "/" + path, true
}

// hostAddress is where a host named in the configuration is: its literal address, or the
// first that the round's resolvers give and that may be contacted.
func (r *round) hostAddress(ctx context.Context, a *asking, t task, authority string) (netip.AddrPort, *report.Failure) {
	if _, _, err := net.SplitHostPort(authority); err != nil {
		authority = net.JoinHostPort(strings.Trim(authority, "[]"), "80")
	}
	host, port, err := Endpoint{Address: authority}.split()
	if err != nil {
		return netip.AddrPort{}, failure(report.OpSurvey, errMalformed)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), port), nil
	}
	var resolvers []netip.AddrPort
	var allowed rules
	qtypes := []string{"A"}
	r.rec.view(func(e *report.Evidence) {
		for _, v := range e.Resolvers {
			if resolver, err := netip.ParseAddrPort(v.Address); err == nil && len(resolvers) < portalResolvers {
				resolvers = append(resolvers, resolver)
			}
		}
		if hasIPv6(e) {
			qtypes = append(qtypes, "AAAA")
		}
		allowed = newRules(e, &r.req, plainName(host))
	})
	allowed.any = true // what the site expects are the acquirer's addresses
	f := &report.Failure{Operation: report.OpResolve, Type: report.FailNoData, Detail: "no resolver"}
	for _, qtype := range qtypes {
		for _, resolver := range resolvers {
			l := r.look(ctx, a, task{name: plainName(host), qtype: qtype, address: resolver, until: t.until})
			for _, v := range l.Answers {
				if ip, err := netip.ParseAddr(v.Address); err == nil && allowed.allow(ip.Unmap()) {
					return netip.AddrPortFrom(ip.Unmap(), port), nil
				}
			}
			if l.Failure != nil {
				f = l.Failure
			}
			if t.outOfTime() || ctx.Err() != nil {
				return netip.AddrPort{}, f
			}
		}
	}
	return netip.AddrPort{}, f
}

// readPortal reads one answer as far as its caps allow. An answer whose head is whole is
// an answer, however its body ends.
func readPortal(from io.Reader, p *report.Portal) error {
	a, err := http1.Read(from, "GET", http1.Limits{Head: maxPortalHead, Body: maxPortalBody})
	switch {
	case a.Status != 0:
		p.Status, p.BodyBytes = int64(a.Status), int64(len(a.Body))
		if a.Status/100 == 3 {
			p.Location = clean.Text(hostOf(a.Location))
		}
		return nil
	case errors.Is(err, http1.ErrMalformed):
		return errMalformed
	}
	return err
}

// hostOf is the host of a URL with an authority, "" for a relative one.
func hostOf(url string) string {
	_, rest, ok := strings.Cut(url, "//")
	if !ok || strings.ContainsAny(url[:len(url)-len(rest)-2], "/?#") {
		return ""
	}
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if literal, ok := strings.CutPrefix(rest, "["); ok {
		host, _, _ := strings.Cut(literal, "]")
		return host
	}
	host, _, _ := strings.Cut(rest, ":")
	return host
}
