package probe

import (
	"context"
	"io/fs"
	"net"
	"net/netip"
	"time"

	"posprobe/report"

	"github.com/miekg/dns"
)

// System is the set of doors through which the package touches the world. Local
// returns the real ones; a test replaces those it needs.
type System struct {
	// Files is the file system from its root, as in "proc/meminfo".
	Files fs.FS
	// Lists are the kernel's lists.
	Lists Lists
	// Now is the wall clock. Durations never depend on it.
	Now func() time.Time
	// Dial opens a TCP connection; it is called with a dialer that watches the socket.
	Dial func(ctx context.Context, dialer *net.Dialer, address netip.AddrPort) (net.Conn, error)
	// Datagram opens a UDP socket that hears nobody but an address.
	Datagram func(ctx context.Context, address netip.AddrPort) (net.Conn, error)
	// MayBind says whether a connection may be bound to a link; nil: it may not.
	MayBind func(link string) error
	// Ping sends echo requests to one address.
	Ping func(ctx context.Context, address netip.Addr, echoes Echoes) (Replies, error)
	// Exchange puts one DNS question to one resolver over udp or tcp, until ctx ends.
	Exchange func(ctx context.Context, network string, resolver netip.AddrPort, question *dns.Msg) (*dns.Msg, error)
}

// Lists are the lists that the operating system keeps. A function that is nil, or that
// returns an error matching errors.ErrUnsupported, says that this system has no such
// list. A list may come together with an error: it is then incomplete.
type Lists struct {
	Links     func() ([]Link, error)
	Addresses func() ([]report.Address, error)
	// Routes are the unicast routes of the main table.
	Routes func() ([]report.Route, error)
	// Neighbors is the whole neighbour table; only gateways leave this package.
	Neighbors func() ([]report.Neighbor, error)
	// RouteTo asks which way a packet to an address would take now.
	RouteTo func(netip.Addr) (Way, error)
	// RouteFrom asks the same of a packet with a source address.
	RouteFrom func(source, to netip.Addr) (Way, error)
	// Resolvers are the name servers, on systems that keep them in no file.
	Resolvers func() ([]netip.AddrPort, error)
	// Disk is the file system that holds a path; id is equal for paths on the same one.
	Disk func(path string) (disk report.Disk, id string, err error)
	// Synchronized is the kernel's word on its own clock.
	Synchronized func() (bool, error)
}

// Link is a network interface with what helps to say of which kind it is.
type Link struct {
	report.Link
	// Raw is the link's name as the kernel spells it, for paths in sysfs and nothing
	// else; "" where it is Name, which is cleaned like the names of links in all lists.
	Raw string
	// Driver is rtnetlink's IFLA_INFO_KIND, as in veth, bridge, wireguard; "" or
	// "device" for hardware.
	Driver string
	// Hardware is the ARPHRD type of include/uapi/linux/if_arp.h in words, as in
	// ether, loopback, ppp, none; "" when unknown.
	Hardware string
}

// Way is the route that the system takes to an address.
type Way struct {
	Link    string
	Gateway string // "" when the address is on the link itself
	Source  string
}

// Local returns the doors of the machine that the program runs on.
func Local() System {
	return System{
		Files:    localFiles(),
		Lists:    localLists(),
		Now:      time.Now,
		Dial:     dial,
		Datagram: datagram,
		MayBind:  canBindTo,
		Ping:     ping,
		Exchange: exchangeDNS,
	}
}

func datagram(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "udp", address.String())
}

func dial(ctx context.Context, dialer *net.Dialer, address netip.AddrPort) (net.Conn, error) {
	return dialer.DialContext(ctx, "tcp", address.String())
}
