//go:build linux

package lab

import (
	"cmp"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// acquirerName is the endpoint's name; portalName that of the portal page.
const (
	acquirerName = "pos.acquirer.example"
	portalName   = "check.example"
)

// scene is a scenario's world with everybody in it.
type scene struct {
	t testing.TB
	w *World
	s *Scenario

	// acquirer is the practice acquirer, which stands behind front if there is one.
	acquirer, front, backup *Process
	resolvers               []*resolver
	independent             *Process
	// trust and backupTrust are the issuers' files of the two endpoints.
	trust, backupTrust string
	// checking is the check that runs.
	checking *Process
	// remembers is the directory in which checks find what earlier ones taught.
	remembers string
	// wrap stands before the check's command.
	wrap []string
	// repairs undo what was broken so far.
	repairs []func()
}

// resolvers is how many name servers the terminal is given.
func (s Setup) resolvers() int {
	if s.Resolvers == nil {
		return 2
	}
	return *s.Resolvers
}

// options is the world of a scenario.
func (s *Scenario) options() Options {
	x := s.Setup
	o := Options{
		Access:   Quality{Delay: cmp.Or(x.Delay, 5*time.Millisecond), Jitter: x.Jitter, Loss: x.Loss, Reorder: x.Reorder, Rate: x.Rate},
		LANDelay: x.LANDelay,
		NAT:      map[string]int{"": 1, "single": 1, "double": 2, "none": 0}[x.NAT],
		IPv6:     strings.Contains(x.IP, "6"), NoIPv4: x.IP == "6",
		DHCP: x.DHCP, Uplinks: max(x.Uplinks, 1),
		Till:       slices.ContainsFunc(s.Break, func(b Step) bool { return b.Verb == "duplicate_address" }),
		App:        x.Front != "",
		Away:       x.Backup,
		ClosedPing: x.ClosedPing,
		Resolvers:  []string{}, // not nil: that would be the usual one
	}
	for i := range x.resolvers() {
		o.Resolvers = append(o.Resolvers, s.literal([]string{DNSAddr, DNSAddr2}[i]))
	}
	if x.HostsFile {
		for _, a := range s.addresses(AcqAddr) {
			o.Hosts = append(o.Hosts, a+" "+acquirerName)
		}
	}
	return o
}

// addresses are those of an IPv4 address of the plan in the families that the world has.
func (s *Scenario) addresses(v4 string) []string {
	v6 := to6(netip.MustParseAddr(v4))
	switch s.Setup.IP {
	case "6":
		return []string{v6}
	case "46":
		return []string{v4, v6}
	}
	return []string{v4}
}

// literal is the one that is written where one is.
func (s *Scenario) literal(v4 string) string { return s.addresses(v4)[0] }

// newScene builds the world and starts everybody.
func newScene(t testing.TB, s *Scenario) *scene {
	t.Helper()
	sc := &scene{t: t, s: s, w: New(t, s.options())}
	sc.addAcquirer()
	if s.Setup.Backup {
		sc.backup, sc.backupTrust = sc.practise(Away, AwayAddr, s.Setup.BackupAcquirer, s.Setup.TLS)
	}
	for i := range s.Setup.resolvers() {
		d := &resolver{addresses: s.addresses([]string{DNSAddr, DNSAddr2}[i])}
		d.start(sc)
		sc.resolvers = append(sc.resolvers, d)
	}
	sc.addReference()
	sc.addManners()
	return sc
}

// addAcquirer starts the acquirer at the endpoint, or behind a front end there.
func (sc *scene) addAcquirer() {
	x := sc.s.Setup
	if x.Front == "" {
		sc.acquirer, sc.trust = sc.practise(Acq, AcqAddr, x.Acquirer, x.TLS)
		return
	}
	sc.acquirer, _ = sc.practise(App, AppAddr, x.Acquirer, false)
	sc.front, sc.trust = sc.w.Front(x.Front, sc.s.addresses(AcqAddr), net.JoinHostPort(sc.s.literal(AppAddr), "5500"), x.TLS)
}

// practise starts a practice acquirer; with TLS it says whom to trust.
func (sc *scene) practise(ns NS, v4 string, flags []string, tls bool) (p *Process, trust string) {
	address := sc.s.literal(v4)
	if len(sc.s.addresses(v4)) > 1 {
		address = "::" // takes both
	}
	args := append([]string{"-listen", net.JoinHostPort(address, "5500")}, flags...)
	if tls {
		trust = filepath.Join(sc.w.Dir(), "issuer.pem")
		args = append(args, "-tls", "-ca-out", trust)
		names := strings.Join(sc.s.addresses(v4), ",")
		if i := slices.Index(args, "-names"); i >= 0 {
			args[i+1] += "," + names
		} else {
			args = append(args, "-names", names)
		}
	}
	return sc.w.Acquirer(ns, args...).Process, trust
}

// names are what every resolver knows.
func (sc *scene) names() map[string][]string {
	return map[string][]string{acquirerName: sc.s.addresses(AcqAddr), portalName: sc.s.addresses(RefAddr)}
}

func (sc *scene) zones() []string {
	return append([]string{ZoneAnswer(acquirerName, sc.names()[acquirerName]...)}, sc.otherZones()...)
}

func (sc *scene) otherZones() []string {
	return []string{ZoneAnswer(portalName, sc.names()[portalName]...)}
}

// addReference starts what is independent of provider and acquirer: something that takes
// connections, a resolver, a page, a time server.
func (sc *scene) addReference() {
	x := sc.s.Setup
	for _, a := range sc.s.addresses(RefAddr) {
		if !x.NoReference {
			go takeAndWait(sc.w.ListenAt(Ref, net.JoinHostPort(a, "443")))
		}
		if !x.NoPortal {
			sc.page(Ref, a, "none")
		}
	}
	if !x.NoIndependent {
		sc.addIndependent(sc.zones()...)
	}
	if x.TimeServer != nil {
		sc.timeServer(Ref, net.JoinHostPort(sc.s.literal(RefAddr), "123"), *x.TimeServer)
	}
}

func (sc *scene) addIndependent(lines ...string) {
	sc.independent = sc.w.UnboundAt(Ref, sc.s.addresses(RefAddr), lines...)
}

// takeAndWait accepts connections and reads until their peers close them.
func takeAndWait(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			io.Copy(io.Discard, conn)
			conn.Close()
		}()
	}
}

// page serves a web page on port 80: "none" answers 204 to everything, as a portal check
// expects, "redirect" sends to a log-in page, "login" is one.
func (sc *scene) page(ns NS, address, kind string) {
	handler := func(rw http.ResponseWriter, r *http.Request) {
		switch kind {
		case "none":
			rw.WriteHeader(http.StatusNoContent)
		case "redirect":
			http.Redirect(rw, r, "http://login.example/", http.StatusFound)
		default:
			io.WriteString(rw, "<html><title>Guest network</title><form>Please sign in</form></html>")
		}
	}
	server := &http.Server{Handler: http.HandlerFunc(handler), ReadTimeout: 30 * time.Second}
	go server.Serve(sc.w.ListenAt(ns, net.JoinHostPort(address, "80"))) // until the listener is closed
}

// addManners are the habits of networks that are no faults: filters, silence.
func (sc *scene) addManners() {
	x := sc.s.Setup
	for _, ns := range x.SilentHops {
		sc.w.fault(NS(ns), chain("output", 0, "icmp type { destination-unreachable, time-exceeded } drop",
			"icmpv6 type { destination-unreachable, time-exceeded } drop"))
	}
	for _, ns := range x.NoPing {
		sc.w.fault(NS(ns), chain("prerouting", -300, "icmp type echo-request drop", "icmpv6 type echo-request drop"))
	}
	if x.EdgeDrops {
		var rules []string
		for _, a := range sc.s.addresses(AcqAddr) {
			to := "iifname core " + addressMatch("daddr", a)
			rules = append(rules, to+"tcp dport 5500 accept", to+"icmp type destination-unreachable accept", to+"icmpv6 type packet-too-big accept", to+"drop")
		}
		sc.w.fault(Gate, chain("forward", 10, rules...))
	}
}

// addressMatch matches an address of either family.
func addressMatch(side, address string) string {
	if strings.Contains(address, ":") {
		return "ip6 " + side + " " + address + " "
	}
	return "ip " + side + " " + address + " "
}
