//go:build linux

package lab

import (
	"math/rand/v2"

	"posprobe/report"
)

// always is the onset of what the practice acquirer does from its start.
var always = []string{"always"}

// randomHostFaults: the acquirer's host and what it has on record.
var randomHostFaults = []randomFault{
	{name: "the host is silent", truth: report.DomainHost, signOn: true, onsets: always, flags: behaves("-behaviour", "silent"),
		otherwise: unknownTime, acceptable: []string{"host.no_response"}, nearMisses: []report.Code{"network.path.reply_lost"}},
	{name: "the host's process is stopped", truth: report.DomainHost, signOn: true, fits: plain, steps: breaking("pause"),
		code: "host.no_response", decidable: func(s Scenario) bool { return worked(s) && distant(s) },
		because:   "the request was acknowledged, keepalives are answered, and what answers is no accelerator of the access",
		otherwise: unknownTime, acceptable: []string{"host.no_response"}, nearMisses: []report.Code{"network.path.reply_lost"}},
	{name: "the host never accepts", truth: report.DomainHost, signOn: true, fits: plain, steps: breaking("unaccepted"),
		code: "host.no_response", decidable: func(s Scenario) bool { return worked(s) && distant(s) },
		because:   "the request was acknowledged, keepalives are answered, and what answers is no accelerator of the access",
		otherwise: unknownTime, acceptable: []string{"host.no_response"}, nearMisses: []report.Code{"network.path.reply_lost"}},
	{name: "the host closes without a reply", truth: report.DomainHost, signOn: true, onsets: always, flags: behaves("-behaviour", "close"),
		otherwise: "a host closes as well on a message that is not for it", acceptable: []string{"host.closed"}},
	{name: "the host resets after the request", truth: report.DomainHost, signOn: true, onsets: always, flags: behaves("-behaviour", "reset"),
		otherwise: "a host resets as well on a message that is not for it", acceptable: []string{"host.reset"}},
	{name: "the host's reply is cut short", truth: report.DomainHost, signOn: true, onsets: always,
		flags: func(r *rand.Rand, _ Scenario) []string { return []string{"-behaviour", oneOf(r, "cut", "stall")} },
		code:  "host.cut_short", because: "the reply's beginning came, in order"},
	{name: "the host resets before it reads", truth: report.DomainHost, signOn: true, onsets: always, flags: behaves("-behaviour", "reset-early"),
		otherwise: "a device on the way resets as well", acceptable: []string{"host.reset", "host.session_lost"},
		nearMisses: []report.Code{"network.path.reset"}},
	{name: "the host reports a system error", truth: report.DomainHost, signOn: true, onsets: always,
		flags: func(r *rand.Rand, _ Scenario) []string { return []string{"-behaviour", oneOf(r, "code=96", "code=91")} },
		code:  "host.system_error", proven: true, because: "it says so itself"},
	{name: "the acquirer does not know the terminal", truth: report.DomainAccount, signOn: true, onsets: always, flags: behaves("-behaviour", "code=97"),
		code: "account.terminal", proven: true, because: "the host says so itself"},
	{name: "the acquirer does not know the merchant", truth: report.DomainAccount, signOn: true, onsets: always, flags: behaves("-behaviour", "code=03"),
		code: "account.merchant", proven: true, because: "the host says so itself"},
	{name: "the host answers late", truth: report.DomainHost, signOn: true, onsets: always, fits: lossless, flags: behaves("-behaviour", "slow=6s"), slow: true,
		code: "host.slow", because: "the wait for the reply was much longer than the round trip"},
	{name: "nothing listens on the port", truth: report.DomainHost, steps: breaking("kill"),
		code: "host.refused", decidable: func(s Scenario) bool { return worked(s) && seenPast("gate")(s) },
		because:   "the port served a moment ago, and the refusal comes from behind a router that only this way has",
		otherwise: "a refusal in the host's name looks like the host's", acceptable: []string{"host.refused"},
		nearMisses: []report.Code{"network.path.rejected"}},
	{name: "the host is off", truth: report.DomainHost, steps: breaking("power_off"),
		otherwise: "the router that reports it may be the provider's", acceptable: []string{"host.off", "host.silent"},
		nearMisses: []report.Code{"network.path.unreachable", "network.path.silent"}},
	{name: "the host loses power in the middle of an exchange", truth: report.DomainHost, signOn: true, onsets: []string{"request"},
		flags: behaves("-behaviour", "slow=2s"), steps: breaking("power_off"),
		otherwise: "a line that broke looks the same", acceptable: []string{"host.vanished", "host.off"},
		nearMisses: []report.Code{"network.path.interrupted", "network.path.lost"}},
	{name: "the host forgets the connection", truth: report.DomainHost, signOn: true, onsets: []string{"request"},
		flags: behaves("-behaviour", "slow=3s"), steps: breaking("lose_state"),
		otherwise: "a device on the way resets as well", acceptable: []string{"host.reset", "host.session_lost"},
		nearMisses: []report.Code{"network.path.reset"}},
	{name: "the host's queue of connections is full", truth: report.DomainHost, onsets: always, fits: ipv4, steps: breaking("full_backlog"),
		otherwise: "a full accept queue and a dropped SYN look the same", acceptable: []string{"host.silent", "host.backlog_full"},
		nearMisses: []report.Code{"network.path.silent"}},
	{name: "a front end completes handshakes for a dead host", truth: report.DomainHost, signOn: true, fits: ipv4, steps: breaking("syn_proxy"),
		code: "host.front_end_only", decidable: func(s Scenario) bool { return worked(s) && reference(s.Setup) },
		because:   "the port served a moment ago; connected, and the window stays shut",
		otherwise: "the port may never have served", acceptable: []string{"host.front_end_only"}},
}

// unknownTime is why silence after a request need not be the host's.
const unknownTime = "a host that needs long, and a reply that is lost, look the same where its usual time or its distance is not known"

// distant: it shows that what answers stands where the host does: how far away a reference
// is, or that another port is refused from there.
func distant(s Scenario) bool { return reference(s.Setup) || !s.Setup.EdgeDrops }

// plain: with TLS the handshake would be what is not answered.
func plain(s Setup) bool { return !s.TLS }

// randomTLSFaults: the acquirer's TLS.
var randomTLSFaults = []randomFault{
	{name: "the TLS front end hangs", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "hang"),
		code: "host.tls_no_response", decidable: distant, because: "the hello was acknowledged and keepalives are answered",
		otherwise: "an accelerator of the access may have taken it", acceptable: []string{"host.tls_no_response"}},
	{name: "the TLS front end closes", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "close"),
		otherwise: "a filter on the way ends handshakes as well", acceptable: []string{"host.tls_closed"},
		nearMisses: []report.Code{"network.path.tls_cut"}},
	{name: "the certificate has expired", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "expired"),
		otherwise: "nothing confirms the terminal's clock", acceptable: []string{"host.certificate_expired"}},
	{name: "the certificate is another host's", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "wrong-name"),
		otherwise: "an intercepting device presents such a one as well", acceptable: []string{"host.certificate_name"},
		nearMisses: []report.Code{"device.server_name", "network.path.tls_interception"}},
	{name: "the certificate's issuer is unknown", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "unknown-ca"),
		otherwise: "an intercepting device presents such a one as well", acceptable: []string{"host.certificate_issuer"},
		nearMisses: []report.Code{"device.trust_store", "network.path.tls_interception"}},
	{name: "the port does not speak TLS", truth: report.DomainHost, fits: withTLS, onsets: always, flags: behaves("-cert", "plain-text"),
		otherwise: "a log-in page answers like that as well", acceptable: []string{"host.not_tls"},
		nearMisses: []report.Code{"network.path.interception"}},
}
