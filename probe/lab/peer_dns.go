//go:build linux

package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Unbound runs a real name server in a namespace, on port 53 of its address, over UDP
// and TCP. The lines are unbound.conf(5), within its server clause; the Zone functions
// make them. Names that no line mentions do not exist: nothing is ever asked of the
// outside.
func (w *World) Unbound(ns NS, zoneLines ...string) *Process {
	w.t.Helper()
	return w.UnboundAt(ns, []string{ns.Addr().String()}, zoneLines...)
}

// UnboundAt is Unbound on other addresses of the namespace.
func (w *World) UnboundAt(ns NS, addresses []string, zoneLines ...string) *Process {
	w.t.Helper()
	require(w.t, "unbound")
	dir := w.Dir()
	config := filepath.Join(dir, "unbound.conf")
	if err := os.WriteFile(config, []byte(unboundConf(addresses, dir, zoneLines)), 0o644); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	p := w.Start(ns, "unbound", "-d", "-c", config)
	p.WaitFor("start of service")
	return p
}

func unboundConf(addresses []string, dir string, zoneLines []string) string {
	lines := []string{
		"server:",
		"do-daemonize: no",
		`username: ""`,
		`chroot: ""`,
		`pidfile: ""`,
		"directory: " + dir,
		"use-syslog: no",
		`logfile: ""`,
		"verbosity: 1",
		"access-control: 0.0.0.0/0 allow",
		"access-control: ::0/0 allow",
		"interface: 127.0.0.1", // an upstream that refuses, for ZoneServFail
		"access-control: 127.0.0.0/8 refuse",
		"num-threads: 1",
		"module-config: iterator", // no validation: the lab has no trust anchor
		"do-not-query-localhost: no",
		"cache-max-ttl: 0",
		"max-udp-size: 512", // so that ZoneLarge is truncated whatever size the client offers
	}
	six := false
	for _, a := range addresses {
		lines = append(lines, "interface: "+a)
		six = six || strings.Contains(a, ":")
	}
	if !six {
		lines = append(lines, "do-ip6: no")
	}
	if all := `local-zone: "." `; !strings.HasPrefix(strings.Join(zoneLines, "\n"), all) {
		lines = append(lines, all+"static")
	}
	return strings.Join(append(lines, zoneLines...), "\n") + "\n" +
		"remote-control:\ncontrol-enable: no\n"
}

// ZoneAnswer makes a name server answer a name with addresses, and with "no data" for
// every other type of record.
func ZoneAnswer(name string, addresses ...string) string {
	lines := []string{fmt.Sprintf("local-zone: %q static", dot(name))}
	for _, a := range addresses {
		kind := "A"
		if strings.Contains(a, ":") {
			kind = "AAAA"
		}
		lines = append(lines, fmt.Sprintf(`local-data: "%s 60 IN %s %s"`, dot(name), kind, a))
	}
	return strings.Join(lines, "\n")
}

// ZoneNXDomain makes a name server deny that a name exists.
func ZoneNXDomain(name string) string {
	return fmt.Sprintf("local-zone: %q always_nxdomain", dot(name))
}

// ZoneNoData makes a name server say that a name exists and has no such record.
func ZoneNoData(name string) string { return fmt.Sprintf("local-zone: %q always_nodata", dot(name)) }

// ZoneRefused makes a name server refuse to answer for a name.
func ZoneRefused(name string) string { return fmt.Sprintf("local-zone: %q always_refuse", dot(name)) }

// ZoneSilent makes a name server ignore questions for a name.
func ZoneSilent(name string) string { return fmt.Sprintf("local-zone: %q always_deny", dot(name)) }

// ZoneServFail makes a name server fail for a name: its own upstream refuses to answer.
func ZoneServFail(name string) string {
	return fmt.Sprintf("local-zone: %[1]q transparent\nforward-zone:\nname: %[1]q\nforward-addr: 127.0.0.1\nserver:", dot(name))
}

// ZoneLarge makes a name server answer a name with addr and more addresses than fit into
// a datagram of 512 bytes, so that UDP answers come back truncated.
func ZoneLarge(name, addr string) string {
	addresses := []string{addr}
	for i := range 60 {
		addresses = append(addresses, fmt.Sprintf("10.77.3.%d", 100+i))
	}
	return ZoneAnswer(name, addresses...)
}

// ZoneEverything makes a name server answer every name with one address.
func ZoneEverything(address string) string {
	return fmt.Sprintf("local-zone: \".\" redirect\nlocal-data: \". 60 IN A %s\"", address)
}

// dot gives a name its final dot, which says that it is complete.
func dot(name string) string { return strings.TrimSuffix(name, ".") + "." }
