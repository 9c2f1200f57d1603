package probe

import (
	"testing"
	"time"

	"posprobe/probe/clean"
)

func FuzzResolvConf(f *testing.F) {
	f.Add([]byte("nameserver 192.0.2.1\n# x\nnameserver fe80::1%eth0\nnameserver x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		out := parseResolvConf(b)
		if len(out) > maxResolvers {
			t.Fatalf("%d resolvers", len(out))
		}
		for _, s := range out {
			if !s.IsValid() || s.Port() != dnsPort || len(s.Addr().Zone()) > maxZone || clean.Text(s.String()) != s.String() {
				t.Fatalf("resolver %v", s)
			}
		}
	})
}

func FuzzHosts(f *testing.F) {
	f.Add([]byte("192.0.2.7 pos.acquirer.example POS.acquirer.example. # old\n::1 localhost"))
	f.Fuzz(func(t *testing.T, b []byte) {
		out := parseHosts(b, []string{posName, "localhost"})
		if len(out) > maxHosts {
			t.Fatalf("%d entries", len(out))
		}
		for _, h := range out {
			if h.Name != posName && h.Name != "localhost" || clean.Text(h.Address) != h.Address {
				t.Fatalf("entry %+v", h)
			}
		}
	})
}

func FuzzSockets(f *testing.F) {
	f.Add([]byte("  0: 0100007F:0016 070200C0:157C 01 00000000:00000000\n"))
	f.Add([]byte("  0: 0:0 0000000000000000FFFF0000070200C0:157C 02 0\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range parseSockets(b) {
			if !s.remote.IsValid() || s.state == "" {
				t.Fatalf("socket %+v", s)
			}
		}
	})
}

func FuzzPressure(f *testing.F) {
	f.Add("some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n")
	f.Fuzz(func(t *testing.T, s string) { parsePressure(s) })
}

func FuzzProc(f *testing.F) {
	f.Add("MemTotal: 100 kB\nMemAvailable: 50 kB\n")
	f.Add("0.10 0.20 0.30 1/100 4242\n")
	f.Add("12 34 5\n")
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := parseMeminfo(s); err == nil && (m.TotalBytes <= 0 || m.AvailableBytes < 0) {
			t.Fatalf("memory %+v", m)
		}
		if l, err := parseLoad(s); err == nil && !(l.One >= 0) {
			t.Fatalf("load %+v", l)
		}
		parseRunDelay(s)
		hasLine(s, "DEVTYPE=wwan")
	})
}

func FuzzHostOffset(f *testing.F) {
	f.Add("1201093012")
	f.Add("0229000000")
	f.Add("260229000000")
	f.Add("2026-12-01T01:30:12Z")
	f.Fuzz(func(t *testing.T, s string) {
		at := mustTime("2026-06-01T00:00:00Z")
		most := 43 * 366 * 24 * time.Hour // from the first year of hosts to the last
		if len(s) == len(noYear) {
			most = 184 * 24 * time.Hour
		}
		if d, ok := hostOffset(s, at, 0, at.Location()); ok && d.Abs() > most {
			t.Fatalf("offset %v", d)
		}
	})
}

// The wire sees whatever a peer sends first.
func FuzzAncientServer(f *testing.F) {
	f.Add([]byte{22, 3, 0, 0, 6, 2, 0, 0, 2, 3, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		w := wire{first: b[:min(len(b), firstBytes)]}
		w.ancientServer()
		w.spokeTLS()
	})
}

func FuzzUndelivered(f *testing.F) {
	f.Add("Ip: Forwarding InReceives ForwDatagrams InDelivers\nIp: 2 10 3 5\n")
	f.Add("Ip: InReceives\nIp: x\n")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := parseUndelivered(text); err != nil && n != 0 {
			t.Fatalf("%d with %v", n, err)
		}
	})
}
