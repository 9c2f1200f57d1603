package lab

import "time"

// Setup is the world of a scenario. Its zero value is a shop on a provider's fixed line:
// static addresses, NAT in the shop's router, two resolvers, a reference, an acquirer
// that is reached by its literal address and answers the echo over plain TCP.
type Setup struct {
	// Delay and LANDelay are the one-way delays between shop and provider and between
	// terminal and shop; 0 means 5 ms and 1 ms. Jitter is added to Delay, uniformly, Loss
	// is the share of packets in percent that get lost on that link in each direction,
	// Reorder the share that overtakes, Rate its capacity in kbit/s (0: no limit).
	Delay    time.Duration `yaml:"delay"`
	LANDelay time.Duration `yaml:"lan_delay"`
	Jitter   time.Duration `yaml:"jitter"`
	Loss     float64       `yaml:"loss"`
	Reorder  float64       `yaml:"reorder"`
	Rate     int           `yaml:"rate"`
	// NAT is how often addresses are translated on the way: single (the shop's router),
	// double (the provider too) or none. "" is single.
	NAT string `yaml:"nat"`
	// IP is the protocol: "4", "6" or "46" for both; "" is "4". With "46" a name has
	// addresses of both kinds; a literal endpoint is an IPv4 one.
	IP string `yaml:"ip"`
	// DHCP: the terminal got address, route and resolvers from the shop's router (dnsmasq)
	// instead of having them set by hand; its default route says so.
	DHCP bool `yaml:"dhcp"`
	// Profile is internet or private-apn, "" is internet. OnDemand: the link is up only
	// while the payment application dials.
	Profile  string `yaml:"profile"`
	OnDemand bool   `yaml:"on_demand"`
	// Name: the endpoint is configured by name and resolved by Resolvers (0, 1 or 2 name
	// servers; nil means 2). HostsFile: the name stands in the hosts file instead.
	Name      bool `yaml:"name"`
	Resolvers *int `yaml:"resolvers"`
	HostsFile bool `yaml:"hosts_file"`
	// NoReference, NoIndependent and NoPortal leave out the reference, the independent
	// resolver and the portal page, which a site states otherwise.
	NoReference   bool `yaml:"no_reference"`
	NoIndependent bool `yaml:"no_independent"`
	NoPortal      bool `yaml:"no_portal"`
	// TimeServer: the site states a time server beside the reference, whose clock is as far
	// ahead of the terminal's; nil for none.
	TimeServer *time.Duration `yaml:"time_server"`
	// TLS: the acquirer speaks TLS. Trust is how the terminal judges it: ca (the right
	// issuer's file, the default), pin, system.
	TLS   bool   `yaml:"tls"`
	Trust string `yaml:"trust"`
	// Front is what takes connections before the acquirer's application: "" nothing,
	// nginx (TLS ended there when TLS is on; else a TCP proxy) or haproxy.
	Front string `yaml:"front"`
	// Acquirer are flags of the practice acquirer, as in ["-behaviour", "silent"].
	Acquirer []string `yaml:"acquirer"`
	// Backup: a second endpoint elsewhere, which works; BackupAcquirer are its flags.
	Backup         bool     `yaml:"backup"`
	BackupAcquirer []string `yaml:"backup_acquirer"`
	// Uplinks is 2 when the terminal has a second link (wlan-like, with a way of its own
	// past the shop's router to the provider's core); 0 means 1.
	Uplinks int `yaml:"uplinks"`
	// EdgeDrops: the acquirer's edge drops every port but the endpoint's, as most do.
	EdgeDrops bool `yaml:"edge_drops"`
	// SilentHops are routers that send no ICMP errors: shop, isp, core, gate.
	SilentHops []string `yaml:"silent_hops"`
	// ClosedPing leaves the terminal's ping_group_range closed; NoPing are namespaces that
	// drop echo requests.
	ClosedPing bool     `yaml:"closed_ping"`
	NoPing     []string `yaml:"no_ping"`
	// User runs posprobe as nobody, without any capability.
	Unprivileged bool `yaml:"unprivileged"`
}

// Check is how posprobe is called in a scenario.
type Check struct {
	// Wait is --wait; 0 means 8 s.
	Wait time.Duration `yaml:"wait"`
	// Args are further arguments of posprobe check, Config further lines of its
	// configuration file, merged over the one that the world gives it.
	Args   []string       `yaml:"args"`
	Config map[string]any `yaml:"config"`
}

// Step is one thing that is broken: a verb (see steps.go) and its arguments.
type Step struct {
	Verb string
	Args map[string]any
}
