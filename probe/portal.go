package probe

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"posprobe/probe/clean"
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

// portal asks for a page over plain HTTP and says what came. The request is written by
// hand: the library's client would add a megabyte to the program. No redirection is
// followed, no cookie kept.
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
	address, f := r.portalAddress(ctx, a, t, authority)
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
	request := "GET " + path + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: posprobe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(conn, request); err != nil {
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

// portalAddress is where the page's host is: its literal address, or the first that the
// round's resolvers give and that may be contacted.
func (r *round) portalAddress(ctx context.Context, a *asking, t task, authority string) (netip.AddrPort, *report.Failure) {
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
	buf := make([]byte, maxPortalHead)
	n := 0
	for end := -1; end < 0; {
		m, err := from.Read(buf[n:])
		n += m
		if end = headEnd(buf[:n]); end >= 0 {
			h, ok := parsePortalHead(buf[:end])
			if !ok {
				return errMalformed
			}
			p.Status, p.Location = h.status, h.location
			p.BodyBytes = readBody(from, int64(n-end), h)
			return nil
		}
		switch {
		case n == len(buf):
			return errMalformed // no end of the head where every head ends
		case err == io.EOF && n > 0 && !bytes.HasPrefix([]byte("HTTP/1."), buf[:min(n, 7)]):
			return errMalformed
		case err == io.EOF && n > 0:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
	return nil
}

// readBody counts a body, of which there is there bytes already, up to its cap.
func readBody(from io.Reader, there int64, h portalHead) int64 {
	most := int64(maxPortalBody)
	if h.length >= 0 {
		most = min(most, h.length)
	}
	if h.status == 204 || h.status == 304 { // these have none (RFC 9110 section 6.4.1): whatever came is not waited for
		most = there
	}
	if there < most {
		more, _ := io.Copy(io.Discard, io.LimitReader(from, most-there))
		there += more
	}
	return min(there, maxPortalBody)
}

// headEnd is where the empty line after the headers ends, -1 if it is not there yet.
func headEnd(b []byte) int {
	if i := bytes.Index(b, []byte("\r\n\r\n")); i >= 0 {
		return i + 4
	}
	if i := bytes.Index(b, []byte("\n\n")); i >= 0 { // RFC 9112 section 2.2 lets LF alone pass
		return i + 2
	}
	return -1
}

// portalHead is what is read of status line and headers.
type portalHead struct {
	status   int64
	location string // the host of a redirection's target
	length   int64  // -1 where it is not stated
}

// parsePortalHead reads a head of HTTP/1.0 or 1.1 (RFC 9112 sections 4 and 5).
func parsePortalHead(b []byte) (portalHead, bool) {
	h := portalHead{length: -1}
	first, rest, _ := strings.Cut(string(b), "\n")
	first = strings.TrimSuffix(first, "\r")
	code, ok := strings.CutPrefix(first, "HTTP/1.1 ")
	if !ok {
		code, ok = strings.CutPrefix(first, "HTTP/1.0 ")
	}
	code, _, _ = strings.Cut(code, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if !ok || len(code) != 3 || err != nil || status < 100 || status > 599 {
		return h, false
	}
	h.status = int64(status)
	for line := range strings.Lines(rest) {
		name, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		value = strings.Trim(value, " \t")
		switch {
		case !found:
		case strings.EqualFold(name, "location") && status/100 == 3:
			h.location = clean.Text(hostOf(value))
		case strings.EqualFold(name, "content-length"):
			if n, err := strconv.ParseUint(value, 10, 62); err == nil {
				h.length = int64(n)
			}
		}
	}
	return h, true
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
