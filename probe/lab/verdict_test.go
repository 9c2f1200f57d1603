//go:build linux

package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// A verdictCase breaks one thing in a real kernel and says what posprobe may conclude.
type verdictCase struct {
	name string
	opts Options
	// arrange breaks the world and returns further arguments of posprobe check.
	arrange func(t *testing.T, w *World) []string
	// strike runs beside the check once the practice acquirer has read the request, for
	// faults that come in the middle of an exchange.
	strike func(w *World)
	// args are further arguments of posprobe check.
	args []string
	// codes are the acceptable headlines; "" is inconclusive.
	codes []report.Code
	// most is the highest confidence that the rules of proof allow.
	most report.Confidence
	// remaining are domains that must be left open.
	remaining []report.Domain
	// sound are domains that must not be left open.
	sound []report.Domain
	// evidence checks what was recorded; nil checks nothing.
	evidence func(t *testing.T, e report.Evidence)
}

var acqEndpoint = AcqAddr + ":5500"

// unionpay are the arguments of an echo to the practice acquirer.
var unionpay = []string{"--protocol", "unionpay", "--terminal", "99999906", "--merchant", "001430170119999", "--tpdu", "6000030000"}

func echoTo(endpoint string, more ...string) []string {
	return slices.Concat([]string{"--endpoint", endpoint}, unionpay, more)
}

// acquirer is an arrangement with the practice acquirer in place and the faults done.
func acquirer(args []string, faults ...func(w *World)) func(*testing.T, *World) []string {
	return func(t *testing.T, w *World) []string {
		w.Acquirer(Acq, args...)
		for _, f := range faults {
			f(w)
		}
		return echoTo(acqEndpoint)
	}
}

// acquirer6 is acquirer over IPv6.
func acquirer6(args []string, faults ...func(w *World)) func(*testing.T, *World) []string {
	return func(t *testing.T, w *World) []string {
		w.IPv6()
		address := "[" + AcqAddr6 + "]:5500"
		acquirer(append([]string{"-listen", address}, args...), faults...)(t, w)
		return echoTo(address)
	}
}

// filter6 does something to what passes a router towards the acquirer over IPv6.
func filter6(verdict string) string {
	return "table ip6 posprobe {\nchain c {\ntype filter hook forward priority 0;\nip6 daddr " + AcqAddr6 + " " + verdict + "\n}\n}\n"
}

// nothing is an arrangement without a listener at the endpoint.
func nothing(faults ...func(w *World)) func(*testing.T, *World) []string {
	return func(t *testing.T, w *World) []string {
		for _, f := range faults {
			f(w)
		}
		return echoTo(acqEndpoint)
	}
}

func silentHost() []string { return []string{"-behaviour", "silent"} }

// signOn checks the kernel's view of the one sign-on.
func signOn(check func(s report.SignOn) string) func(*testing.T, report.Evidence) {
	return func(t *testing.T, e report.Evidence) {
		t.Helper()
		if len(e.SignOns) != 1 || e.SignOns[0].TCP == nil {
			t.Fatalf("%d sign-ons recorded", len(e.SignOns))
		}
		if why := check(e.SignOns[0]); why != "" {
			t.Errorf("%s: %+v", why, e.SignOns[0])
		}
	}
}

func num(p *int64) int64 {
	if p == nil {
		return -1
	}
	return *p
}

// alive: acknowledged, and keepalives answered to the end.
var alive = signOn(func(s report.SignOn) string {
	switch {
	case num(s.TCP.Unacked) != 0 || num(s.TCP.OutQueue) != 0 || num(s.TCP.BytesAcked) != s.RequestBytes+1:
		return "the request was not acknowledged"
	case s.KeepaliveMs == nil || num(s.TCP.SegsIn) < 4 || s.TCP.LastAckRecvMs == nil || *s.TCP.LastAckRecvMs > 2000:
		return "keepalives were not answered"
	}
	return ""
})

var unacknowledged = signOn(func(s report.SignOn) string {
	if num(s.TCP.Unacked) < 1 || num(s.TCP.TotalRetrans) < 2 {
		return "no unacknowledged, retransmitted request"
	}
	return ""
})

// afterHandshake drops what passes the provider in a direction once a connection
// stands: segments with data towards the acquirer, or everything but the SYN-ACK back.
const (
	dropRequests = "table ip posprobe {\nchain c {\ntype filter hook forward priority 0;\nip daddr " + AcqAddr + " tcp flags & psh == psh drop\n}\n}\n"
	dropAnswers  = "table ip posprobe {\nchain c {\ntype filter hook forward priority 0;\nip saddr " + AcqAddr + " tcp flags & syn == 0 drop\n}\n}\n"
	rejectData   = "table ip posprobe {\nchain c {\ntype filter hook forward priority 0;\nip daddr " + AcqAddr + " tcp flags & psh == psh reject with icmp type host-unreachable\n}\n}\n"
)

func nft(ns NS, script string) func(*World) { return func(w *World) { w.Nft(ns, script) } }

// The rows of the table of kernel evidence, and the cases around it.
var verdictCases = []verdictCase{
	{name: "healthy", arrange: acquirer(nil), codes: []report.Code{"healthy"}},
	{name: "hung_application", arrange: acquirer(silentHost()), codes: []report.Code{"host.no_response"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice}, evidence: alive},
	{name: "not_accepted", arrange: nothing(func(w *World) { w.Listen(Acq, 5500) }), codes: []report.Code{"host.no_response"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice}, evidence: alive},
	{name: "stopped_process", arrange: func(t *testing.T, w *World) []string {
		w.Pause(w.Acquirer(Acq).Process)
		return echoTo(acqEndpoint)
	}, codes: []report.Code{"host.no_response"}, most: report.Likely, evidence: alive},
	{name: "hung_with_backup_good", arrange: func(t *testing.T, w *World) []string {
		w.Acquirer(Acq, silentHost()...)
		w.Acquirer(Ref)
		return echoTo(acqEndpoint, "--endpoint", RefAddr+":5500")
	}, codes: []report.Code{"host.no_response"}, most: report.Likely},
	{name: "hung_over_verified_tls_with_backup_good", arrange: func(t *testing.T, w *World) []string {
		ca, backup := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "backup.pem")
		w.Acquirer(Acq, "-tls", "-ca-out", ca, "-behaviour", "silent")
		w.Acquirer(Ref, "-tls", "-ca-out", backup)
		both := filepath.Join(t.TempDir(), "both.pem")
		var pem []byte
		for _, path := range []string{ca, backup} {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pem = append(pem, data...)
		}
		if err := os.WriteFile(both, pem, 0o644); err != nil {
			t.Fatal(err)
		}
		return echoTo(acqEndpoint, "--endpoint", RefAddr+":5500", "--ca", both)
	}, codes: []report.Code{"host.no_response"}, most: report.Proven, evidence: func(t *testing.T, e report.Evidence) {
		if d := report.Diagnose(e); d.Confidence != report.Proven {
			t.Errorf("not proven although nothing else is left: %s", findings(d))
		}
	}},

	{name: "requests_dropped", arrange: acquirer(nil, nft(ISP, dropRequests)), codes: []report.Code{"network.path.lost"}, most: report.Likely,
		remaining: []report.Domain{report.DomainHost}, evidence: unacknowledged},
	{name: "both_dropped", arrange: acquirer(nil, nft(ISP, dropRequests), nft(Shop, dropAnswers)), codes: []report.Code{"network.path.lost"}, most: report.Likely,
		remaining: []report.Domain{report.DomainHost}, evidence: unacknowledged},
	{name: "answers_dropped", arrange: acquirer(nil, nft(ISP, dropAnswers)), codes: []report.Code{"network.path.lost"}, most: report.Likely,
		remaining: []report.Domain{report.DomainHost}, evidence: unacknowledged},
	{name: "reply_data_dropped", arrange: acquirer(nil, func(w *World) { w.DropReplyData(ISP, AcqAddr) }),
		// The host's FIN passes and shows that something is missing before it.
		codes: []report.Code{"network.path.reply_hole"}, most: report.Likely},
	{name: "reply_data_dropped_and_kept_open", arrange: acquirer([]string{"-behaviour", "keep"}, func(w *World) { w.DropReplyData(ISP, AcqAddr) }),
		codes: []report.Code{"host.no_response", ""}, most: report.Likely, remaining: []report.Domain{report.DomainNetwork}},
	{name: "reply_loss_60", arrange: acquirer(nil, func(w *World) { w.LoseReplies(60) }),
		codes: []report.Code{"healthy", "", "network.access.lossy", "network.path.lost", "network.path.interrupted"}, most: report.Likely},
	{name: "mtu_hole_reply", arrange: func(t *testing.T, w *World) []string {
		names := make([]string, 60)
		for i := range names {
			names[i] = fmt.Sprintf("terminal-access-%02d.acquirer.example", i)
		}
		w.Acquirer(Acq, "-tls", "-names", strings.Join(names, ","))
		w.MTUHole(1400)
		return echoTo(acqEndpoint, "--tls")
	}, codes: []report.Code{"network.path.mtu"}, most: report.Likely},
	{name: "mtu_hole_request", arrange: func(t *testing.T, w *World) []string {
		w.Acquirer(Acq, "-tls")
		w.MTUHole(1400)
		return echoTo(acqEndpoint, "--config", largeHello(t))
	}, codes: []report.Code{"network.path.mtu"}, most: report.Likely},

	{name: "accept_queue_full", arrange: nothing(func(w *World) { w.FullBacklog(5500) }), codes: []report.Code{""}, sound: []report.Domain{report.DomainDevice},
		remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "syn_dropped_on_path", arrange: acquirer(nil, func(w *World) { w.DropForward(ISP, AcqAddr) }), codes: []report.Code{""}, sound: []report.Domain{report.DomainDevice},
		remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "syn_ack_dropped", arrange: acquirer(nil, func(w *World) { w.DropReplies(ISP, AcqAddr) }), codes: []report.Code{""}, sound: []report.Domain{report.DomainDevice},
		remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "accept_queue_overflows", opts: Options{Hosts: []string{AcqAddr + " pos.acquirer.example"}, Resolvers: []string{}, Delay: 20 * time.Millisecond},
		arrange: func(t *testing.T, w *World) []string {
			w.NarrowBacklog(5500, 2, 2)
			return echoTo(acqEndpoint, "--endpoint", "pos.acquirer.example:5500")
		}, codes: []report.Code{"host.no_response", "host.backlog_full"}, most: report.Likely,
		evidence: func(t *testing.T, e report.Evidence) {
			d := report.Diagnose(e)
			if !slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == "host.backlog_full" && f.Confidence != report.Proven }) {
				t.Errorf("no repeated SYN-ACK seen: %+v", e.SignOns)
			}
		}},

	{name: "reset_after_reading", arrange: acquirer([]string{"-behaviour", "reset"}), codes: []report.Code{"host.reset"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice}},
	{name: "reset_at_once", arrange: acquirer([]string{"-behaviour", "reset-early"}), codes: []report.Code{"host.reset", ""}, most: report.Likely},
	{name: "reset_by_middlebox", arrange: acquirer(nil, func(w *World) { w.RSTOnData(acqEndpoint) }), codes: []report.Code{""},
		remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "host_lost_state", arrange: acquirer(silentHost()), strike: func(w *World) { w.LoseState(5500) }, codes: []report.Code{"host.reset", ""}, most: report.Likely},
	{name: "closed_without_reply", arrange: acquirer([]string{"-behaviour", "close"}), codes: []report.Code{"host.closed"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice}},
	{name: "cut_short", arrange: acquirer([]string{"-behaviour", "cut"}), codes: []report.Code{"host.cut_short"}, most: report.Likely},

	{name: "refused", arrange: nothing(), codes: []report.Code{"host.refused"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice, report.DomainNetwork}},
	{name: "refused_by_icmp_of_host", arrange: nothing(func(w *World) { w.RejectICMP(Acq, acqEndpoint, RejectPort) }),
		codes: []report.Code{"host.refused"}, most: report.Likely},
	{name: "refused_by_icmp_of_provider", arrange: acquirer(nil, func(w *World) { w.RejectICMP(ISP, acqEndpoint, RejectPort) }),
		codes: []report.Code{"network.path.prohibited"}, most: report.Likely, remaining: []report.Domain{report.DomainHost}, evidence: icmpFrom(ISPAddr)},
	{name: "refused_by_reset_of_provider", arrange: acquirer(nil, func(w *World) { w.RejectICMP(ISP, acqEndpoint, RejectReset) }),
		codes: []report.Code{"host.refused"}, most: report.Likely, remaining: []report.Domain{report.DomainNetwork}},
	{name: "prohibited_by_shop_router", arrange: acquirer(nil, func(w *World) { w.RejectICMP(Shop, acqEndpoint, RejectAdmin) }),
		codes: []report.Code{"network.access.prohibited"}, most: report.Proven, evidence: icmpFrom(ShopAddr)},
	{name: "no_route_at_shop_router", arrange: acquirer(nil, func(w *World) { w.RejectICMP(Shop, AcqAddr, RejectNet) }),
		codes: []report.Code{"network.access.unreachable"}, most: report.Proven},
	{name: "no_route_at_provider", arrange: acquirer(nil, func(w *World) { w.RejectICMP(ISP, AcqAddr, RejectNet) }),
		codes: []report.Code{"network.path.unreachable"}, most: report.Likely, remaining: []report.Domain{report.DomainHost}, evidence: icmpFrom(ISPAddr)},
	{name: "host_unreachable_while_established", arrange: acquirer(nil, nft(ISP, rejectData)), codes: []report.Code{"network.path.lost"}, most: report.Likely,
		remaining: []report.Domain{report.DomainHost}, evidence: signOn(func(s report.SignOn) string {
			if s.TCP.SoftError != report.FailHostUnreach {
				return "the soft error was not recorded"
			}
			return ""
		})},
	{name: "host_powered_off", arrange: acquirer(nil, func(w *World) { w.PowerOff() }), codes: []report.Code{""},
		remaining: []report.Domain{report.DomainHost, report.DomainNetwork}},

	{name: "gateway_dead", arrange: acquirer(nil, func(w *World) { w.GatewayDead() }), codes: []report.Code{"network.local.no_gateway"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice}},
	{name: "no_default_route", arrange: acquirer(nil, func(w *World) { w.NoDefaultRoute() }), codes: []report.Code{"device.no_route"}, most: report.Proven},
	{name: "no_address", arrange: acquirer(nil, func(w *World) { w.NoAddress() }), codes: []report.Code{""},
		remaining: []report.Domain{report.DomainDevice, report.DomainNetwork}},
	{name: "no_carrier", arrange: acquirer(nil, func(w *World) {
		w.Carrier(false)
		time.Sleep(1500 * time.Millisecond) // the kernel acts on a lost carrier within a second (linkwatch)
	}), codes: []report.Code{"network.local.no_carrier"}, most: report.Proven},
	{name: "interface_off", arrange: acquirer(nil, func(w *World) { w.LinkDown() }), codes: []report.Code{"device.interface_off"}, most: report.Proven},
	{name: "not_permitted", arrange: acquirer(nil, func(w *World) { w.Firewall(acqEndpoint) }), codes: []report.Code{""},
		remaining: []report.Domain{report.DomainDevice}},

	{name: "answers_filtered_on_device", arrange: acquirer(nil, nft(Term, "table ip posprobe {\nchain c {\ntype filter hook input priority 0;\nip saddr "+AcqAddr+" drop\n}\n}\n")),
		codes: []report.Code{""}, remaining: []report.Domain{report.DomainDevice}, evidence: func(t *testing.T, e report.Evidence) {
			if num(e.Device.Undelivered) < 2 {
				t.Errorf("the dropped SYN-ACKs were not noticed: %d", num(e.Device.Undelivered))
			}
		}},

	{name: "cut_while_waiting", arrange: acquirer(silentHost()), strike: func(w *World) { w.Cut() }, codes: []report.Code{"network.path.interrupted"}, most: report.Likely, remaining: []report.Domain{report.DomainHost}},
	{name: "cut_for_a_while", args: []string{"--wait", "6s"}, arrange: acquirer([]string{"-behaviour", "slow=1s"}), strike: func(w *World) {
		// The reply, at 1 s, is lost. Its retransmissions are too, up to the one at 4 s; the
		// next one would come at 7 s, after the deadline. Keepalives are answered again.
		repair := w.Cut()
		time.Sleep(4200 * time.Millisecond)
		repair()
	}, codes: []report.Code{"", "network.path.interrupted"}, most: report.Likely, remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "syn_proxy", arrange: nothing(func(w *World) { w.SYNProxy(5500) }), codes: []report.Code{"host.front_end_only"}, most: report.Likely,
		evidence: signOn(func(s report.SignOn) string {
			if num(s.TCP.UnsentQueue) != s.RequestBytes {
				return "the request is not unsent"
			}
			return ""
		})},

	{name: "resolver_silent", arrange: func(t *testing.T, w *World) []string {
		w.Unbound(DNS, ZoneAnswer("pos.acquirer.example", AcqAddr))
		w.SilentResolver()
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{"network.dns.unreachable"}, most: report.Likely, remaining: []report.Domain{report.DomainDevice}},
	{name: "resolver_missing", arrange: func(t *testing.T, w *World) []string {
		w.NoResolver()
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{"device.resolver_missing"}, most: report.Likely},
	{name: "nxdomain", arrange: func(t *testing.T, w *World) []string {
		w.Unbound(DNS, ZoneNXDomain("pos.acquirer.example"))
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{""}, remaining: []report.Domain{report.DomainDevice, report.DomainNetwork, report.DomainHost}},
	{name: "servfail", arrange: func(t *testing.T, w *World) []string {
		w.Unbound(DNS, ZoneServFail("pos.acquirer.example"))
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{""}, remaining: []report.Domain{report.DomainNetwork, report.DomainHost}},
	{name: "hosts_file_stale", arrange: func(t *testing.T, w *World) []string {
		w.Unbound(DNS, ZoneAnswer("pos.acquirer.example", AcqAddr))
		w.Acquirer(Acq)
		w.StaleHosts("pos.acquirer.example")
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{"device.hosts_stale"}, most: report.Proven},
	{name: "access_down", arrange: func(t *testing.T, w *World) []string {
		w.Cut()
		return echoTo(acqEndpoint, "--endpoint", "pos.acquirer.example:5500")
	}, codes: []report.Code{"network.access.down"}, most: report.Likely},

	{name: "ping_dropped_everywhere", arrange: func(t *testing.T, w *World) []string {
		w.Acquirer(Acq)
		w.NoPing(Shop)
		w.NoPing(Acq)
		return echoTo(acqEndpoint)
	}, codes: []report.Code{"healthy"}},
	{name: "resolver_by_tcp_only", arrange: func(t *testing.T, w *World) []string {
		w.Unbound(DNS, ZoneLarge("pos.acquirer.example", AcqAddr))
		w.Acquirer(Acq)
		return echoTo("pos.acquirer.example:5500")
	}, codes: []report.Code{"healthy", ""}, evidence: func(t *testing.T, e report.Evidence) {
		if len(e.Lookups) != 1 || e.Lookups[0].Transport != "tcp" || len(e.Lookups[0].Answers) == 0 {
			t.Errorf("not asked over TCP: %+v", e.Lookups)
		}
	}},
	{name: "small_mtu_done_right", arrange: func(t *testing.T, w *World) []string {
		ca := filepath.Join(t.TempDir(), "ca.pem")
		w.Acquirer(Acq, "-tls", "-ca-out", ca)
		w.SmallMTU(1400)
		return echoTo(acqEndpoint, "--config", largeHello(t), "--ca", ca)
	}, codes: []report.Code{"healthy"}},
	{name: "ipv6_healthy", arrange: acquirer6(nil), codes: []report.Code{"healthy"}},
	{name: "ipv6_hung_application", arrange: acquirer6(silentHost()), codes: []report.Code{"host.no_response"}, most: report.Likely, evidence: alive},
	{name: "ipv6_refused", arrange: acquirer6([]string{"-listen", "[" + AcqAddr6 + "]:5501"}), codes: []report.Code{"host.refused"}, most: report.Likely,
		remaining: []report.Domain{report.DomainDevice, report.DomainNetwork}},
	{name: "ipv6_syn_dropped", arrange: acquirer6(nil, nft(ISP, filter6("drop"))), codes: []report.Code{""},
		remaining: []report.Domain{report.DomainNetwork, report.DomainHost}, sound: []report.Domain{report.DomainDevice}},
	{name: "ipv6_no_route_at_shop_router", arrange: acquirer6(nil, nft(Shop, filter6("reject with icmpv6 type no-route"))),
		codes: []report.Code{"network.access.unreachable"}, most: report.Proven, evidence: icmpFrom(ShopAddr6)},
	{name: "ipv6_prohibited_by_provider", arrange: acquirer6(nil, nft(ISP, filter6("reject with icmpv6 type admin-prohibited"))),
		codes: []report.Code{"network.path.prohibited"}, most: report.Likely, remaining: []report.Domain{report.DomainHost}, evidence: func(t *testing.T, e report.Evidence) {
			icmpFrom(ISPAddr6)(t, e)
			if d := report.Diagnose(e); slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == "agent.not_permitted" }) {
				t.Errorf("a router's prohibition is taken for the terminal's: %s", findings(d))
			}
		}},
	{name: "ipv6_dead_and_ipv4_fine", opts: Options{Hosts: []string{AcqAddr + " pos.acquirer.example", AcqAddr6 + " pos.acquirer.example"}, Resolvers: []string{}},
		arrange: func(t *testing.T, w *World) []string {
			w.IPv6()
			w.Acquirer(Acq)
			w.Nft(ISP, filter6("drop"))
			return echoTo("pos.acquirer.example:5500")
		}, codes: []report.Code{"healthy"}, evidence: func(t *testing.T, e report.Evidence) {
			if len(e.Connects) != 2 {
				t.Errorf("%d addresses were tried", len(e.Connects))
			}
		}},
	{name: "slow_network_healthy", opts: Options{Delay: 100 * time.Millisecond}, arrange: acquirer(nil), codes: []report.Code{"healthy"}},
	{name: "behind_nat", opts: Options{NAT: true}, arrange: acquirer(nil), codes: []report.Code{"healthy"}},
}

// largeHello is a configuration whose ClientHello takes two segments.
func largeHello(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	text := "acquirer:\n  endpoints: [{address: \"" + acqEndpoint + "\", tls: {hello: large}}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestVerdicts: every case with the real binary in a world of its own: the evidence is
// recorded, the verdict no stronger than the rules of proof allow, and never the wrong
// domain.
func TestVerdicts(t *testing.T) {
	for _, c := range verdictCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for try := 1; ; try++ {
				result, took := c.run(t)
				if try < 3 && strings.Contains(result.Stdout, `"note.device_busy"`) {
					t.Logf("this machine was too busy to judge (try %d)", try)
					continue // a starved round rightly blames nobody
				}
				c.judge(t, result, took)
				return
			}
		})
	}
}

// run arranges the case in a new world and runs the check in it.
func (c verdictCase) run(t *testing.T) (result Result, took time.Duration) {
	t.Helper()
	w := New(t, c.opts)
	// A directory of its own: two checks on one terminal wait for each other.
	args := slices.Concat([]string{"env", "POSPROBE_RUN_DIR=" + t.TempDir(), Build(t, "posprobe/cmd/posprobe"),
		"check", "--format", "json", "--wait", "5s"}, c.arrange(t, w), c.args)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		began := time.Now()
		result = w.Run(ctx, Term, args...)
		took = time.Since(began)
	}()
	if c.strike != nil {
		w.acquirer.WaitFor("code 301: ") // the practice acquirer has read the request
		time.Sleep(300 * time.Millisecond)
		c.strike(w)
	}
	<-done
	return result, took
}

func (c verdictCase) judge(t *testing.T, result Result, took time.Duration) {
	t.Helper()
	r, err := report.Decode([]byte(result.Stdout))
	if err != nil {
		t.Fatalf("%v: %+v", err, result)
	}
	d := r.Diagnosis
	got := d.Code
	if d.Verdict == report.VerdictHealthy {
		got = "healthy"
	}
	if want := exitOf(d); result.Exit != want {
		t.Errorf("exit status %d, want %d", result.Exit, want)
	}
	if !slices.Contains(c.codes, got) {
		t.Errorf("headline %q (%s), want one of %q\n%s", got, d.Confidence, c.codes, findings(d))
	}
	if d.Confidence == report.Proven && c.most != report.Proven {
		t.Errorf("%s is proven; at most %q is allowed", d.Code, c.most)
	}
	for _, want := range c.remaining {
		if !slices.Contains(d.Remaining, want) && d.Domain != want {
			t.Errorf("remaining %v does not hold %s", d.Remaining, want)
		}
	}
	for _, not := range c.sound {
		if slices.Contains(d.Remaining, not) {
			t.Errorf("remaining %v holds %s", d.Remaining, not)
		}
	}
	if len(d.Unexplained) > 0 {
		t.Errorf("unexplained: %v\n%s", d.Unexplained, result.Stdout)
	}
	if took > 25*time.Second {
		t.Errorf("took %v, more than the longest round", took)
	}
	if c.evidence != nil {
		c.evidence(t, r.Evidence)
	}
	if dir := os.Getenv("POSPROBE_SAVE"); dir != "" {
		c.save(t, r, dir)
	}
}

// save keeps the evidence of a case as a saved report (POSPROBE_SAVE is the directory,
// report/testdata/kernel the place for it), without what names this machine.
func (c verdictCase) save(t *testing.T, r report.Report, dir string) {
	t.Helper()
	version, _, _ := strings.Cut(r.Evidence.Device.Kernel, "-")
	r.Evidence.Device.Kernel, r.Evidence.Device.BootID = version, ""
	line, err := report.Encode(r)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, c.name+".json"), append(line, '\n'), 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

func findings(d report.Diagnosis) string {
	var b strings.Builder
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "  %s %q masked by %q\n", f.Code, f.Confidence, f.MaskedBy)
	}
	fmt.Fprintf(&b, "  remaining %v", d.Remaining)
	return b.String()
}

// exitOf is the contract of the exit status, written a second time.
func exitOf(d report.Diagnosis) int {
	if d.Verdict == report.VerdictHealthy {
		return 0
	}
	if d.Domain == report.DomainHost && d.Planned != "" {
		return 35
	}
	return map[report.Domain]int{"": 50, report.DomainDevice: 10, report.DomainNetwork: 20, report.DomainHost: 30, report.DomainAccount: 40}[d.Domain]
}

// icmpFrom checks that the connect's error queue names a sender.
func icmpFrom(address string) func(*testing.T, report.Evidence) {
	return func(t *testing.T, e report.Evidence) {
		t.Helper()
		if len(e.Connects) != 1 || len(e.Connects[0].ICMP) == 0 || e.Connects[0].ICMP[0].From != address {
			t.Errorf("no ICMP error from %s: %+v", address, e.Connects)
		}
	}
}
