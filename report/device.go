package report

// Device is the state of the terminal itself. A nil part was not seen; the task of
// kind "device" says why.
type Device struct {
	Kernel     string      `json:"kernel"`
	BootID     string      `json:"boot_id"`
	UptimeMs   *float64    `json:"uptime_ms"`
	CPUs       *int64      `json:"cpus"`
	Memory     *RAM        `json:"memory"`
	Load       *Load       `json:"load"`
	Pressure   *Pressure   `json:"pressure"`
	Scheduling *Scheduling `json:"scheduling"`
	Disks      List[Disk]  `json:"disks"`
	// Undelivered is how many IPv4 packets came in during the round and were neither
	// delivered nor forwarded: what the device's own packet filter drops is among them,
	// and what was meant for others as well.
	Undelivered *int64 `json:"undelivered_packets"`
	// Processes are the programs that the site expects, each with what was seen of it.
	Processes List[Process] `json:"processes"`
	// SelfTest is nil where the site names no sign of a self-test or an update, or where
	// signs could not be seen.
	SelfTest *SelfTest `json:"self_test"`
	// Software is the version of the payment application, nil where the site does not say
	// where it is written or it could not be read.
	Software *Software `json:"software"`
}

// Process is a program that the site expects to run.
type Process struct {
	Name string `json:"name"`
	// Running is nil where the processes of others are hidden from posprobe: not seen is
	// not down.
	Running *bool `json:"running"`
}

// SelfTest is whether the terminal tests or updates itself.
type SelfTest struct {
	// Running is true when one of the processes runs or one of the files exists that the
	// site names as its sign; Sign is which.
	Running bool   `json:"running"`
	Sign    string `json:"sign"`
}

// Software is the payment application's version as it stands in the file that the site
// names, cleaned, at most 128 runes.
type Software struct {
	Version string `json:"version"`
}

// RAM is /proc/meminfo in bytes.
type RAM struct {
	TotalBytes     int64 `json:"total_bytes"`
	AvailableBytes int64 `json:"available_bytes"`
}

// Load is /proc/loadavg: runnable and uninterruptible tasks, averaged.
type Load struct {
	One     float64 `json:"one"`
	Five    float64 `json:"five"`
	Fifteen float64 `json:"fifteen"`
}

// Pressure is Linux pressure stall information over the round: the share of wall time,
// in percent, in which some (or all, "full") tasks waited for the resource. It is the
// growth of the "total" counters of /proc/pressure (Documentation/accounting/psi.rst)
// divided by the round's length.
type Pressure struct {
	CPUSome    float64 `json:"cpu_some"`
	MemorySome float64 `json:"memory_some"`
	MemoryFull float64 `json:"memory_full"`
	IOSome     float64 `json:"io_some"`
	IOFull     float64 `json:"io_full"`
}

// Scheduling is how late the device let posprobe run: a timer of known period was
// watched for the whole round. A round in which posprobe itself was late proves
// nothing about anybody else.
type Scheduling struct {
	Samples int64   `json:"samples"`
	MaxMs   float64 `json:"max_ms"`
	// TotalMs is the sum of all lateness above the timer's own grain.
	TotalMs float64 `json:"total_ms"`
	// RunDelayMs is the time posprobe's threads stood ready on a run queue without
	// being run (/proc/self/task/*/schedstat); nil where the kernel does not say.
	RunDelayMs *float64 `json:"run_delay_ms"`
	// RoundMs is how long the timer was watched.
	RoundMs float64 `json:"round_ms"`
}

// Disk is a mounted file system that posprobe or the payment application needs.
type Disk struct {
	Path           string `json:"path"`
	TotalBytes     int64  `json:"total_bytes"`
	AvailableBytes int64  `json:"available_bytes"`
	ReadOnly       bool   `json:"read_only"`
	// TurnedReadOnly is true when it was mounted to be written and the kernel lets nothing
	// be written any more: it does that after an error.
	TurnedReadOnly bool `json:"turned_read_only"`
}

// LinkKind is what kind of network interface a link is.
type LinkKind string

// The kinds of link.
const (
	LinkEthernet LinkKind = "ethernet"
	LinkWiFi     LinkKind = "wifi"
	LinkCellular LinkKind = "cellular"
	LinkPPP      LinkKind = "ppp"
	LinkLoopback LinkKind = "loopback"
	LinkTunnel   LinkKind = "tunnel"
	LinkVirtual  LinkKind = "virtual"
	LinkUnknown  LinkKind = "unknown"
)

// LinkKinds lists every LinkKind.
func LinkKinds() []LinkKind {
	return []LinkKind{LinkEthernet, LinkWiFi, LinkCellular, LinkPPP, LinkLoopback, LinkTunnel, LinkVirtual, LinkUnknown}
}

// Link is a network interface as the kernel sees it. A link is observed at the start
// and again at the end of a round, so that its counters can be compared.
type Link struct {
	Observation
	Name string   `json:"name"`
	Kind LinkKind `json:"kind"`
	// AdminUp is IFF_UP: somebody switched the interface on.
	AdminUp bool `json:"admin_up"`
	// OperationalState is the RFC 2863 ifOperStatus in the kernel's words: up, down,
	// dormant, lowerlayerdown, notpresent, testing, unknown.
	OperationalState string `json:"operational_state"`
	// Carrier is nil where the driver does not say (an interface that is switched off).
	Carrier        *bool  `json:"carrier"`
	CarrierChanges *int64 `json:"carrier_changes"`
	SpeedMbps      *int64 `json:"speed_mbps"`
	// Duplex is "half", "full" or "" where unknown.
	Duplex    string `json:"duplex"`
	MTU       int64  `json:"mtu_bytes"`
	RxPackets *int64 `json:"rx_packets"`
	TxPackets *int64 `json:"tx_packets"`
	RxErrors  *int64 `json:"rx_errors"`
	TxErrors  *int64 `json:"tx_errors"`
	RxDropped *int64 `json:"rx_dropped"`
	TxDropped *int64 `json:"tx_dropped"`
}

// Address is an IP address of the terminal.
type Address struct {
	Observation
	Link string `json:"link"`
	// Prefix is address and prefix length, as in 192.0.2.7/24.
	Prefix string `json:"prefix"`
	// Scope is global, site, link or host (rtnetlink RT_SCOPE).
	Scope string `json:"scope"`
	// Dynamic is true when the address has a lifetime: a server gave it.
	Dynamic bool `json:"dynamic"`
	// Tentative and Duplicate are the results of duplicate address detection (RFC 4862).
	Tentative bool `json:"tentative"`
	Duplicate bool `json:"duplicate"`
}

// Route is a unicast route of the main table.
type Route struct {
	Observation
	// Destination is a prefix; 0.0.0.0/0 and ::/0 are the default routes.
	Destination string `json:"destination"`
	Gateway     string `json:"gateway"`
	Link        string `json:"link"`
	Metric      int64  `json:"metric"`
	// Protocol is who made the route: kernel, boot, static, dhcp, ra or the number.
	Protocol string `json:"protocol"`
	// LinkDown is RTNH_F_LINKDOWN: the route stands but its link has no carrier.
	LinkDown bool `json:"link_down"`
}

// Neighbor is an entry of the neighbour table for a gateway, read after the round's
// packets were sent. Hardware addresses are not recorded.
type Neighbor struct {
	Observation
	Address string `json:"address"`
	Link    string `json:"link"`
	// State is the RFC 4861 state in lower case: incomplete, reachable, stale, delay,
	// probe, failed; or permanent, noarp, none (no entry).
	State string `json:"state"`
}

// Resolver is a name server the terminal is configured to use.
type Resolver struct {
	Observation
	// Address is address:port.
	Address string `json:"address"`
	// Source is the file or service that names it.
	Source string `json:"source"`
}

// HostsEntry is a line of the hosts file that names one of the endpoints.
type HostsEntry struct {
	Observation
	Name    string `json:"name"`
	Address string `json:"address"`
}
