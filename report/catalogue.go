package report

import "slices"

// catalogue is built once, at first use: it is a constant in all but syntax.
var catalogue = slices.Concat(deviceRows, localRows, resolverRows, networkRows, hostRows, tlsRows, replyRows, httpRows, accountRows, givenRows, noteRows, requirementRows)

// Catalogue returns every row, lowest layers first within each part. Callers must not
// change it.
func Catalogue() []Row { return catalogue }

// Groups of codes that mask what happens above them.
var (
	// noLocal: the terminal has no usable way to its first router.
	noLocal = []Code{
		"device.interface_missing", "device.interface_off", "device.no_route", "device.no_address",
		"network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease", "network.local.no_gateway",
		"network.local.duplicate_address", "device.route_wrong",
		"device.loopback_down",
	}
	// noAccess: nothing beyond the first router is reached.
	noAccess = slices.Concat(noLocal, []Code{"network.access.down", "network.access.unreachable", "network.access.prohibited", "network.access.portal"})
	// noPath: the endpoint's address is not reached.
	noPath = slices.Concat(noAccess, []Code{
		"device.ports_exhausted", "device.descriptors_exhausted", "device.buffers_exhausted", "device.hosts_stale",
		"network.path.unreachable", "network.path.prohibited", "network.path.loop", "note.ipv6_unusable",
	})
)
