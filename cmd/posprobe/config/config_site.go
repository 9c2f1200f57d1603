package config

import (
	"net/netip"
	"time"
)

// Maintenance is an announced absence of the host: once, with From and Until, or again
// and again, with Every and Hours.
type Maintenance struct {
	// From and Until are RFC 3339 times with a zone.
	From  time.Time `yaml:"from"`
	Until time.Time `yaml:"until"`
	// Every names the days on which Hours begin, in the acquirer's zone: see days.
	Every string `yaml:"every" form:"every"`
	Hours string `yaml:"hours" form:"interval"`
	// Note is shown with the verdict.
	Note string `yaml:"note" form:"text"`
}

// Network is what the site's network is like.
type Network struct {
	// On profile private-apn no public DNS, ping or web is expected.
	Profile string `yaml:"profile" oneof:"internet|private-apn" default:"internet"`
	// OnDemand: the payment application dials; no uplink is no fault.
	OnDemand bool `yaml:"on_demand" default:"false"`
	// Resolvers are asked instead of the system's.
	Resolvers []netip.AddrPort `yaml:"resolvers" max:"8"`
	// ExpectAddresses are prefixes the acquirer's name may resolve to; a single address
	// counts as a prefix of its full length.
	ExpectAddresses []netip.Prefix `yaml:"expect_addresses" max:"64"`
	// References are TCP targets that have nothing to do with the acquirer. After a
	// failure they are connected to, to see whether anything is reached.
	References []netip.AddrPort `yaml:"references" form:"reference" max:"4"`
	// IndependentResolver is a name server that is nobody's on the way.
	IndependentResolver netip.AddrPort `yaml:"independent_resolver"`
	// PortalURL is a page that answers 204 with an empty body unless a captive portal
	// stands in between.
	PortalURL string `yaml:"portal_url" form:"portal"`
	// TimeServer is an NTP server: HOST or HOST:PORT.
	TimeServer string `yaml:"time_server" form:"time"`
	// Metered says whether every byte is paid for.
	Metered string `yaml:"metered" oneof:"auto|true|false" default:"auto"`
}

// Device is what the terminal itself should have.
type Device struct {
	Interfaces []string `yaml:"interfaces" form:"link" max:"16"`
	// Processes are programs that must run.
	Processes []string `yaml:"processes" form:"process" max:"16"`
	Software  Software `yaml:"software"`
	SelfTest  SelfTest `yaml:"self_test"`
	// WatchSockets follows the payment application's own connections between rounds.
	WatchSockets bool `yaml:"watch_sockets" default:"false"`
	// Readings is a file in which other software leaves what posprobe cannot read.
	Readings string `yaml:"readings" form:"file"`
}

// Software is the payment application's version.
type Software struct {
	File    string `yaml:"file" form:"file"`
	Minimum string `yaml:"minimum" form:"version"`
}

// SelfTest are the signs that the terminal tests or updates itself.
type SelfTest struct {
	Processes []string `yaml:"processes" form:"process" max:"16"`
	Files     []string `yaml:"files" form:"file" max:"16"`
}

// Limits are the waiting times and thresholds of this site. Their defaults are those of
// report.DefaultLimits.
type Limits struct {
	// Connect is how long a TCP handshake may take.
	Connect time.Duration `yaml:"connect" range:"100ms,60s" default:"5s"`
	// Reply is how long a reply is waited for, ReplyWarn the host time from which a
	// reply counts as slow; not above Reply.
	Reply     time.Duration `yaml:"reply" range:"1s,2m" default:"60s"`
	ReplyWarn time.Duration `yaml:"reply_warn" range:"100ms,60s" default:"5s"`
	// RTT is the round trip from which the network counts as slow.
	RTT time.Duration `yaml:"rtt" range:"10ms,30s" default:"1500ms"`
	// Resolve is the same for a resolver's answer.
	Resolve time.Duration `yaml:"resolve" range:"10ms,30s" default:"1500ms"`
	// ClockSkew is the offset from which the device's clock counts as wrong.
	ClockSkew time.Duration `yaml:"clock_skew" range:"1s,24h" default:"5m"`
	// FollowUp is how long, after a failure, what would decide is asked; 0s: it is not.
	FollowUp time.Duration `yaml:"follow_up" range:"0s,20s" default:"4s"`
	// GatewayLoss is the share of lost pings to a gateway that answers others from which the
	// way to it counts as bad, where connections lose packets too.
	GatewayLoss Percent `yaml:"gateway_loss" range:"1,100" default:"20%"`
}
