//go:build linux

package lab

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/sys/unix"
)

// echoFrame is an echo (0820) as terminals send it to the practice acquirer.
const echoFrame = "0034600003000060310031100008200000000000c0001039393939393930363030313433303137303131393939390011000000003010"

// echo sends an echo from the terminal and says in a word what came of it.
func (sc *scene) echo(addr string) string {
	sc.t.Helper()
	ctx, cancel := context.WithTimeout(sc.t.Context(), 4*time.Second)
	defer cancel()
	conn, err := sc.w.Dial(ctx, Term, addr, nil)
	if err != nil {
		return "connect: " + word(err)
	}
	defer conn.Close()
	frame, _ := hex.DecodeString(echoFrame)
	conn.SetDeadline(time.Now().Add(1500 * time.Millisecond))
	if _, err := conn.Write(frame); err != nil {
		return "write: " + word(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 20)); err != nil {
		return "read: " + word(err)
	}
	return "answered"
}

func word(err error) string {
	var timeout net.Error
	for _, e := range []syscall.Errno{unix.ECONNREFUSED, unix.ECONNRESET, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EADDRNOTAVAIL, unix.EACCES, unix.EINVAL} {
		if errors.Is(err, e) {
			return unix.ErrnoName(e)
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "EOF"
	}
	return err.Error()
}

// look asks the system's resolvers for the acquirer's name, as the C library does, and
// gives the first address.
func (sc *scene) look() string {
	sc.t.Helper()
	r := sc.w.Run(sc.t.Context(), Term, "timeout", "3", "getent", "ahostsv4", acquirerName)
	address, _, _ := strings.Cut(strings.TrimSpace(r.Stdout), " ")
	return address
}

// get fetches the portal page from the terminal and gives its status.
func (sc *scene) get() string {
	sc.t.Helper()
	ctx, cancel := context.WithTimeout(sc.t.Context(), 3*time.Second)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
		return sc.w.Dial(ctx, Term, addr, nil)
	}}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+RefAddr+"/generate_204", nil)
	if err != nil {
		sc.t.Fatal(err)
	}
	reply, err := transport.RoundTrip(q)
	if err != nil {
		return word(err)
	}
	reply.Body.Close()
	return reply.Status
}

func (sc *scene) endpointAddr() string { return net.JoinHostPort(sc.s.literal(AcqAddr), "5500") }

// shows are ways of looking at a world from the terminal.
var shows = map[string]func(*scene) string{
	"echo":   func(sc *scene) string { return sc.echo(sc.endpointAddr()) },
	"echo6":  func(sc *scene) string { return sc.echo(net.JoinHostPort(to6(netip.MustParseAddr(AcqAddr)), "5500")) },
	"backup": func(sc *scene) string { return sc.echo(net.JoinHostPort(sc.s.literal(AwayAddr), "5500")) },
	"name":   (*scene).look,
	"page":   (*scene).get,
	"route":  func(sc *scene) string { return sc.terminal("ip", "-o", "route", "get", AcqAddr) },
	"links":  func(sc *scene) string { return sc.terminal("ip", "-br", "addr") },
	"changes": func(sc *scene) string {
		return sc.terminal("cat", "/sys/class/net/eth0/carrier_changes")
	},
	"arp": func(sc *scene) string {
		return sc.terminal("busybox", "arping", "-D", "-c", "2", "-w", "2", "-I", "eth0", TermAddr)
	},
	// The way to the acquirer, hop by hop.
	"trace": func(sc *scene) string {
		return strings.Join(strings.Fields(sc.terminal("busybox", "traceroute", "-n", "-q", "1", "-w", "1", "-m", "8", AcqAddr)), " ")
	},
}

func (sc *scene) terminal(argv ...string) string {
	sc.t.Helper()
	r := sc.w.Run(sc.t.Context(), Term, argv...)
	return strings.TrimSpace(r.Stdout + r.Stderr)
}

// TestVerbs breaks a world with each verb, sees that the terminal is hurt in the way that
// is meant, repairs it and sees that it is well again.
func TestVerbs(t *testing.T) {
	type row struct {
		step, world string
		// show is how the terminal looks, well what it sees before and afterwards, hurt
		// what it sees while broken; both need only be contained.
		show, well, hurt string
	}
	// final are the verbs after which nothing is as it was.
	final := []string{"kill", "unaccepted", "full_backlog", "flap", "ip", "front_end_only: {how: killed}"}
	const silence = "connect: timeout"
	for _, c := range []row{
		{"drop: {at: shop, to: acquirer}", "", "echo", "answered", silence},
		{"drop: {at: isp, from: acquirer, what: synack}", "", "echo", "answered", silence},
		{"drop: {at: core, to: acquirer, what: syn}", "ip: '46'", "echo6", "answered", silence},
		{"drop: {at: core, to: acquirer, family: 6}", "ip: '46'", "echo", "answered", "answered"},
		{"drop: {at: gate, from: acquirer_host, what: later}", "", "echo", "answered", "read: timeout"},
		{"drop: {at: gate, from: acquirer, what: replies}", "", "echo", "answered", "read: timeout"},
		{"drop: {at: isp, to: acquirer, what: requests}", "nat: double", "echo", "answered", "read: timeout"},
		{"drop: {at: acq, to: acquirer}", "", "echo", "answered", silence},
		{"drop: {at: acq, from: acquirer}", "", "echo", "answered", silence},
		{"drop: {at: term, from: acquirer_host}", "", "echo", "answered", silence},
		{"drop: {at: lan, to: acquirer_host}", "", "echo", "answered", silence},
		{"drop: {at: shop, to: acquirer, flags: [psh]}", "", "echo", "answered", "read: timeout"},
		{"drop: {at: shop, to: acquirer, larger: 90}", "", "echo", "answered", "read: timeout"},
		{"drop: {at: shop, to: acquirer_host, proto: tcp, port: 5501}", "", "echo", "answered", "answered"},
		{"drop: {at: shop, to: acquirer, percent: 100}", "", "echo", "answered", silence},
		{"drop: {at: core, to: resolvers}", "name: true", "name", AcqAddr, ""},
		{"reject: {at: isp, to: acquirer, how: net}", "", "echo", "answered", "ENETUNREACH"},
		{"reject: {at: isp, to: acquirer, how: admin}", "ip: '6'", "echo", "answered", "EACCES"},
		{"reject: {at: core, to: acquirer, how: reset}", "", "echo", "answered", "connect: ECONNREFUSED"},
		{"rst_on_data: {at: isp}", "", "echo", "answered", "read: ECONNRESET"},
		{"cut: {at: provider}", "", "echo", "answered", silence},
		{"cut: {between: [core, gate]}", "", "trace", GateAddr, CoreAddr},
		{"route: {at: core, how: blackhole}", "", "echo", "answered", silence},
		{"route: {at: isp, how: unreachable}", "", "echo", "answered", "EHOSTUNREACH"},
		{"route: {at: isp, how: missing}", "", "echo", "answered", "ENETUNREACH"},
		{"route: {at: core, how: missing}", "ip: '6'", "echo", "answered", "ENETUNREACH"},
		{"route: {at: isp, how: prohibit}", "", "echo", "answered", "EHOSTUNREACH"},
		{"loop", "", "trace", GateAddr, CoreAddr},
		{"loop", "nat: double", "echo", "answered", "EHOSTUNREACH"},
		{"mtu: {size: 1400}", "", "echo", "answered", "answered"},
		{"carrier", "", "links", "eth0             UP", "eth0             DOWN"},
		{"carrier: {link: eth1}", "uplinks: 2", "links", "eth1             UP", "eth1             DOWN"},
		{"flap: {times: 2}", "", "changes", "2", "6"},
		{"link_off", "", "echo", "answered", "ENETUNREACH"},
		{"no_address", "", "echo", "answered", "ENETUNREACH"},
		{"no_route", "", "echo", "answered", "ENETUNREACH"},
		{"wrong_gateway", "", "echo", "answered", "EHOSTUNREACH"},
		{"gateway_dead", "", "echo", "answered", "EHOSTUNREACH"},
		{"self_assigned", "dhcp: true", "links", TermAddr, "169.254.7.7/16"},
		{"no_dhcp", "dhcp: true", "echo", "answered", "ENETUNREACH"},
		{"wrong_dhcp_gateway", "dhcp: true", "echo", "answered", "EHOSTUNREACH"},
		{"duplicate_address", "", "echo", "answered", "timeout"},
		{"duplicate_address", "", "arp", "eceived 0 r", "eceived 1 r"},
		{"crowd: {loss: 100}", "", "echo", "answered", "connect: "},
		{"firewall", "", "echo", "answered", silence},
		{"firewall: {hook: input}", "", "echo", "answered", silence},
		{"resolver: {how: silent}", "name: true", "name", AcqAddr, ""},
		{"resolver: {which: first, how: down}", "name: true", "name", AcqAddr, AcqAddr},
		{"resolver: {how: refused}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: servfail, names: all}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: nxdomain}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: nodata}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: slow, delay: 4s}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: wrong}", "name: true", "name", AcqAddr, NobodyAddr},
		{"resolver: {how: wrong, names: all}", "name: true", "name", AcqAddr, NobodyAddr},
		{"resolver: {how: truncated}", "name: true", "name", AcqAddr, AcqAddr},
		{"resolver: {how: truncated_no_tcp}", "name: true", "name", AcqAddr, ""},
		{"resolver: {how: tcp_only}", "name: true", "name", AcqAddr, ""},
		{"zone", "name: true", "name", AcqAddr, ""},
		{"stale_address", "name: true", "name", AcqAddr, NobodyAddr},
		{"resolv_conf: {how: empty}", "name: true", "name", AcqAddr, ""},
		{"resolv_conf: {how: wrong}", "name: true", "name", AcqAddr, ""},
		{"hosts_stale", "name: true", "name", AcqAddr, NobodyAddr},
		{"portal: {others: drop}", "", "page", "204", "302"},
		{"portal: {others: drop}", "", "echo", "answered", silence},
		{"portal: {others: reset, page: login}", "", "page", "204", "200"},
		{"portal: {others: reset}", "", "echo", "answered", "connect: ECONNREFUSED"},
		{"portal: {others: pass, at: isp}", "", "echo", "answered", "answered"},
		{"portal: {others: answer, at: isp}", "", "echo", "answered", "read: timeout"}, // a web server waits for the end of the line
		{"hijack_dns", "name: true", "name", AcqAddr, ISPAddr},
		{"hijack_dns: {at: shop}", "name: true", "name", AcqAddr, ShopAddr},
		{"pause", "", "echo", "answered", "read: timeout"},
		{"pause: {who: backup}", "backup: true", "backup", "answered", "read: timeout"},
		{"behave: {flags: [-behaviour, silent]}", "", "echo", "answered", "read: timeout"},
		{"kill", "", "echo", "answered", "connect: ECONNREFUSED"},
		{"kill: {who: backup}", "backup: true", "backup", "answered", "connect: ECONNREFUSED"},
		{"kill: {who: front}", "front: haproxy", "echo", "answered", "connect: ECONNREFUSED"},
		{"front_end_only: {how: killed}", "front: haproxy, tls: false", "echo", "answered", "read: "},
		{"unaccepted", "", "echo", "answered", "read: timeout"},
		{"full_backlog", "", "echo", "answered", silence},
		{"uplink_dead", "uplinks: 2", "echo", "answered", "answered"},
		{"ip: {at: term, run: 'route add blackhole 10.77.3.2'}", "", "echo", "answered", "EINVAL"},
		{"power_off", "", "echo", "answered", "EHOSTUNREACH"},
		{"syn_proxy", "", "echo", "answered", "read: timeout"},
		{"front_end_only: {how: paused}", "front: nginx", "echo", "answered", "read: timeout"},
		{"front_end_only: {how: gone}", "front: haproxy", "echo", "answered", "read: timeout"},
		{"pause: {who: front}", "front: haproxy, ip: '6'", "echo", "answered", "read: timeout"},
		{"slow_path: {delay: 900ms}", "", "echo", "answered", "read: timeout"},
		{"loss: {percent: 100, direction: down}", "", "echo", "answered", silence},
		{"burst_loss: {every: 60s, for: 50s}", "", "echo", "answered", silence},
		{"rate: {kbit: 1}", "", "echo", "answered", "timeout"},
		{"reorder: {percent: 50}", "", "echo", "answered", "answered"},
		{"duplicate: {percent: 50}", "", "echo", "answered", "answered"},
		{"route_metric", "uplinks: 2", "echo", "answered", silence},
		{"failover", "uplinks: 2", "route", "dev eth0", "dev eth1"},
		{"failover", "uplinks: 2", "echo", "answered", "answered"},
		{"vpn_route", "", "echo", "answered", silence},
		{"vpn_route: {how: gateway}", "", "echo", "answered", "EHOSTUNREACH"},
		{"ports_exhausted", "", "echo", "answered", "EADDRNOTAVAIL"},
		{"conntrack_full", "", "echo", "answered", silence},
		{"accelerator", "", "echo", "answered", "answered"},
		{"accelerator: {at: shop, half_close: true}", "tls: false", "echo", "answered", "answered"},
		{"proxy_arp", "", "arp", "eceived 0 r", "eceived 1 r"},
		{"nft: {at: gate, hook: forward, rules: ['tcp dport 5500 drop']}", "", "echo", "answered", silence},
		{"sysctl: {at: gate, key: ipv4/ip_forward, value: '0'}", "", "echo", "answered", silence},
	} {
		t.Run(c.step+" "+c.world+" "+c.show, func(t *testing.T) {
			t.Parallel()
			require(t, "busybox", "getent")
			sc := aloneScene(t, c.step, c.world)
			look := shows[c.show]
			expect := func(what, want string) {
				t.Helper()
				if got := look(sc); !strings.Contains(got, want) || want == "" && got != "" || c.hurt == CoreAddr && want == c.hurt && strings.Contains(got, AcqAddr+" ms") {
					t.Errorf("%s: %s shows %q, want %q", what, c.show, got, want)
				}
			}
			expect("before", c.well)
			sc.strike()
			expect("broken", c.hurt)
			if slices.ContainsFunc(final, func(verb string) bool { return strings.HasPrefix(c.step, verb) }) {
				return
			}
			repairAll(sc, nothingElse{})
			for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && !strings.Contains(look(sc), c.well); {
				time.Sleep(200 * time.Millisecond) // an old answer, a route that is being tried
			}
			expect("repaired", c.well)
		})
	}
}

// aloneScene is a scene with one step and nothing expected.
func aloneScene(t *testing.T, step, world string) *scene {
	t.Helper()
	s := &Scenario{Name: "test"}
	if err := yaml.Unmarshal([]byte("break: [{"+withValue(step)+"}]\nworld: {"+world+"}"), s); err != nil {
		t.Fatal(err)
	}
	for _, b := range s.Break {
		a, err := b.action()
		if err == nil {
			err = a.fits(s)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return newScene(t, s)
}

// withValue makes "verb" the mapping that "verb: {...}" is.
func withValue(step string) string {
	if strings.Contains(step, ":") {
		return step
	}
	return step + ": "
}
