package probe

import (
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"posprobe/report"
)

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// surveyed is a round that sends nothing over a file system and lists of one's own.
func surveyed(t *testing.T, files fs.FS, lists Lists, req Request) report.Evidence {
	t.Helper()
	req.Paused = true
	e := Round(t.Context(), System{Files: files, Lists: lists, Now: time.Now}, req)
	checkCounts(t, e)
	return e
}

func outcome(t *testing.T, e report.Evidence, id string) report.Task {
	t.Helper()
	for _, task := range e.Tasks {
		if task.ID == id {
			return task
		}
	}
	t.Fatalf("no task %q in %+v", id, e.Tasks)
	return report.Task{}
}

func TestSurveyDevice(t *testing.T) {
	e := surveyed(t, files(
		"proc/sys/kernel/osrelease", "4.9.118\n",
		"proc/sys/kernel/random/boot_id", "0b1d2c3e-0000-4000-8000-000000000000\n",
		"proc/uptime", "3600.25 7000.00\n",
		"proc/meminfo", "MemTotal:         250000 kB\nMemFree:           10000 kB\nMemAvailable:      90000 kB\n",
		"proc/loadavg", "1.50 0.75 0.25 2/123 4567\n",
		"proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=100\n",
		"proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=2\n",
		"proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=2\n",
		"proc/self/task/7/schedstat", "1000 2000 3\n",
	), Lists{
		Disk: func(path string) (report.Disk, string, error) {
			if path == "/data" {
				return report.Disk{}, "", fs.ErrNotExist
			}
			return report.Disk{Path: path, TotalBytes: 10, ReadOnly: path == "/"}, map[string]string{"/": "root"}[path], nil
		},
		Synchronized: func() (bool, error) { return false, nil },
	}, Request{DataDir: "/data"})
	d := e.Device
	if d.Kernel != "4.9.118" || d.BootID == "" || d.UptimeMs == nil || *d.UptimeMs != 3600250 || d.CPUs == nil || *d.CPUs < 1 {
		t.Fatalf("device %+v", d)
	}
	if d.Memory == nil || *d.Memory != (report.RAM{TotalBytes: 256000000, AvailableBytes: 92160000}) {
		t.Fatalf("memory %+v", d.Memory)
	}
	if d.Load == nil || *d.Load != (report.Load{One: 1.5, Five: 0.75, Fifteen: 0.25}) {
		t.Fatalf("load %+v", d.Load)
	}
	if d.Pressure == nil || *d.Pressure != (report.Pressure{}) { // counters that stood still
		t.Fatalf("pressure %+v", d.Pressure)
	}
	if d.Scheduling == nil || d.Scheduling.RunDelayMs == nil || *d.Scheduling.RunDelayMs != 0 {
		t.Fatalf("scheduling %+v", d.Scheduling)
	}
	// /var and /tmp are one file system here.
	if len(d.Disks) != 2 || !d.Disks[0].ReadOnly || d.Disks[1].Path != "/var" {
		t.Fatalf("disks %+v", d.Disks)
	}
	sources := map[report.ClockSource]int{}
	for _, c := range e.Clocks {
		sources[c.Source]++
		if c.Source == report.ClockKernel && (c.Synchronized == nil || *c.Synchronized) {
			t.Errorf("kernel clock %+v", c)
		}
	}
	if sources[report.ClockRound] != 2 || sources[report.ClockKernel] != 1 {
		t.Fatalf("clocks %+v", e.Clocks)
	}
}

// A machine that shows nothing: everything says so, and nothing is made up.
func TestSurveyBlind(t *testing.T) {
	e := surveyed(t, files(), Lists{}, Request{})
	for _, id := range []string{"links", "links end", "addresses", "routes", "device memory", "device load", "device pressure", "device disks", "clock kernel"} {
		if task := outcome(t, e, id); task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonUnsupported {
			t.Errorf("task %+v", task)
		}
	}
	if task := outcome(t, e, "resolvers"); task.Outcome != report.OutcomeFailed || !task.Failure.Is(report.FailNotFound) {
		t.Errorf("task %+v", task)
	}
	if task := outcome(t, e, "hosts"); task.Outcome != report.OutcomeEmpty {
		t.Errorf("task %+v", task)
	}
	d := e.Device
	if d.Memory != nil || d.Load != nil || d.Pressure != nil || d.UptimeMs != nil || d.Kernel != "" || len(d.Disks) > 0 {
		t.Fatalf("device %+v", d)
	}
}

func TestSurveyRefusedAndFailing(t *testing.T) {
	e := surveyed(t, files("proc/meminfo", "nonsense", "etc/resolv.conf", "# nothing\n"), Lists{
		Links:     func() ([]Link, error) { return nil, syscall.EPERM },
		Addresses: func() ([]report.Address, error) { return nil, syscall.EIO },
		Routes:    func() ([]report.Route, error) { return []report.Route{{Destination: "0.0.0.0/0"}}, errIncomplete },
	}, Request{})
	if task := outcome(t, e, "links"); task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonNotPermitted {
		t.Errorf("task %+v", task)
	}
	if task := outcome(t, e, "addresses"); task.Outcome != report.OutcomeFailed || !task.Failure.Is(report.FailIO) {
		t.Errorf("task %+v", task)
	}
	// A list that kept changing is given as far as it goes, and is not "answered".
	if task := outcome(t, e, "routes"); task.Outcome != report.OutcomeFailed || task.Count != 1 {
		t.Errorf("task %+v", task)
	}
	if task := outcome(t, e, "device memory"); task.Outcome != report.OutcomeFailed || !task.Failure.Is(report.FailMalformed) {
		t.Errorf("task %+v", task)
	}
	if task := outcome(t, e, "resolvers"); task.Outcome != report.OutcomeEmpty {
		t.Errorf("task %+v", task)
	}
}

func TestResolvers(t *testing.T) {
	e := surveyed(t, files(
		"etc/resolv.conf", "# by hand\nnameserver 127.0.0.53\noptions edns0\nnameserver 192.0.2.53 # main\nnameserver 192.0.2.53\nnameserver nonsense\n",
		"run/systemd/resolve/resolv.conf", "nameserver 198.51.100.53\nnameserver fe80::53%eth0\n",
	), Lists{}, Request{})
	var got []string
	for _, r := range e.Resolvers {
		got = append(got, r.Address+" "+r.Source)
	}
	want := []string{
		"127.0.0.53:53 /etc/resolv.conf", "192.0.2.53:53 /etc/resolv.conf",
		"198.51.100.53:53 systemd-resolved", "[fe80::53%eth0]:53 systemd-resolved",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("resolvers %q", got)
	}
}

// A zone is whatever stands behind the percent sign, and goes into reports.
func TestZonesOfFiles(t *testing.T) {
	for text, want := range map[string]bool{
		"192.0.2.53": true, "2001:db8::53": true, "fe80::53%eth0": true, "fe80::53%br-lan.1_x": true, "fe80::53%7": true,
		"fe80::53%fifteen-letters": true, "fe80::53%sixteen-letters!": false, "fe80::53%sixteen-letters0": false,
		"fe80::53%": false, "fe80::53%\x1b[2J": false, "fe80::53%\u202eeth0": false, "fe80::53%a/b": false, "fe80::53%é": false,
	} {
		if servers := parseResolvConf([]byte("nameserver " + text + "\n")); (len(servers) == 1) != want {
			t.Errorf("resolv.conf with %q: %v", text, servers)
		}
		if entries := parseHosts([]byte(text+" "+posName+"\n"), []string{posName}); (len(entries) == 1) != want {
			t.Errorf("hosts with %q: %v", text, entries)
		}
	}
}

func TestHosts(t *testing.T) {
	e := surveyed(t, files("etc/hosts",
		"127.0.0.1 localhost\n203.0.113.99\tPOS.acquirer.example. pos # moved\n#203.0.113.98 pos.acquirer.example\nx pos.acquirer.example\n"),
		Lists{}, Request{Endpoints: []Endpoint{{Address: "pos.acquirer.example:5500"}}})
	if len(e.Hosts) != 1 || e.Hosts[0].Name != "pos.acquirer.example" || e.Hosts[0].Address != "203.0.113.99" {
		t.Fatalf("hosts %+v", e.Hosts)
	}
}

func TestLinkKinds(t *testing.T) {
	fsys := files(
		"sys/class/net/wlan0/wireless/status", "0", "sys/class/net/wlan0/type", "1",
		"sys/class/net/wlan1/uevent", "DEVTYPE=wlan\nINTERFACE=wlan1\n",
		"sys/class/net/wwan0/uevent", "DEVTYPE=wwan\n", "sys/class/net/wwan0/type", "65534",
		"sys/class/net/rmnet0/type", "519",
		"sys/class/net/tun0/tun_flags", "0x1001", "sys/class/net/tun0/type", "65534",
		"sys/class/net/tap0/tun_flags", "0x1002", "sys/class/net/tap0/type", "1",
		"sys/class/net/eth0/type", "1", "sys/class/net/eth0/carrier_changes", "3\n", "sys/class/net/eth0/speed", "100\n",
		"sys/class/net/eth0/duplex", "full\n",
		"sys/class/net/eth1/speed", "-1\n", "sys/class/net/eth1/duplex", "unknown\n",
	)
	link := func(name, driver, hardware string) Link {
		return Link{Link: report.Link{Name: name}, Driver: driver, Hardware: hardware}
	}
	for _, tt := range []struct {
		link Link
		want report.LinkKind
	}{
		{link("lo", "device", "loopback"), report.LinkLoopback},
		{link("eth0", "device", "ether"), report.LinkEthernet},
		{link("veth7", "veth", "ether"), report.LinkEthernet},
		{link("wlan0", "device", "ether"), report.LinkWiFi},
		{link("wlan1", "", "ether"), report.LinkWiFi},
		{link("wwan0", "device", "none"), report.LinkCellular},
		{link("rmnet0", "device", ""), report.LinkCellular},
		{link("ppp0", "ppp", "ppp"), report.LinkPPP},
		{link("tun0", "tun", "none"), report.LinkTunnel},
		{link("tap0", "tun", "ether"), report.LinkEthernet},
		{link("wg0", "wireguard", "none"), report.LinkTunnel},
		{link("br0", "bridge", "ether"), report.LinkVirtual},
		{link("odd0", "", ""), report.LinkUnknown},
		{link("../../etc", "", "ether"), report.LinkEthernet},                                     // a name is no way out of sysfs
		{Link{Link: report.Link{Name: "wlan"}, Raw: "wlan1", Hardware: "ether"}, report.LinkWiFi}, // sysfs knows the raw name
	} {
		describeLink(fsys, &tt.link)
		if tt.link.Kind != tt.want {
			t.Errorf("%s: %s, want %s", tt.link.Name, tt.link.Kind, tt.want)
		}
		if tt.link.Name == "eth0" && (*tt.link.CarrierChanges != 3 || *tt.link.SpeedMbps != 100 || tt.link.Duplex != "full") {
			t.Errorf("eth0 %+v", tt.link)
		}
	}
	l := link("eth1", "", "ether")
	if describeLink(fsys, &l); l.SpeedMbps != nil || l.Duplex != "" || l.CarrierChanges != nil {
		t.Errorf("eth1 %+v", l)
	}
}

func TestNeighborsOfGatewaysOnly(t *testing.T) {
	lists := Lists{
		Routes: func() ([]report.Route, error) {
			return []report.Route{
				{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "eth0"},
				{Destination: "10.0.0.0/8", Gateway: "192.0.2.2", Link: "eth0"},
			}, nil
		},
		Neighbors: func() ([]report.Neighbor, error) {
			return []report.Neighbor{
				{Address: "192.0.2.1", Link: "eth0", State: "failed"}, {Address: "192.0.2.1", Link: "wlan0", State: "reachable"},
				{Address: "192.0.2.77", Link: "eth0", State: "reachable"},
			}, nil
		},
	}
	e := surveyed(t, files(), lists, Request{Endpoints: []Endpoint{{Address: "203.0.113.7:1"}, {Address: "10.1.1.1:1"}}})
	if len(e.Neighbors) != 2 || e.Neighbors[0].State != "failed" || e.Neighbors[1].State != "none" || e.Neighbors[1].Address != "192.0.2.2" {
		t.Fatalf("neighbours %+v", e.Neighbors)
	}
	lists.Neighbors = func() ([]report.Neighbor, error) { return nil, errIncomplete }
	e = surveyed(t, files(), lists, Request{Endpoints: []Endpoint{{Address: "203.0.113.7:1"}}})
	if len(e.Neighbors) != 0 || outcome(t, e, "neighbors").Outcome != report.OutcomeFailed {
		t.Fatalf("neighbours made up from a table that was not read: %+v", e.Neighbors)
	}
}

func TestPressureGrows(t *testing.T) {
	start := files("proc/pressure/cpu", "some total=1000\n", "proc/pressure/memory", "some total=0\nfull total=0\n",
		"proc/pressure/io", "some total=0\nfull total=0\n")
	from, err := readPressure(start)
	if err != nil {
		t.Fatal(err)
	}
	from.at = from.at.Add(-time.Second)
	start["proc/pressure/cpu"].Data = []byte("some total=501000\n")
	r := &round{sys: System{Files: start}, req: Request{}.withDefaults(), rec: newRecorder(report.Site{}, report.Memory{})}
	r.pressure(from, nil)
	if p := r.rec.evidence.Device.Pressure; p == nil || p.CPUSome < 40 || p.CPUSome > 50.1 || p.IOFull != 0 {
		t.Fatalf("pressure %+v", p)
	}
}

// A watch that is not let run notices.
func TestSchedulingNoticesAStall(t *testing.T) {
	w := watchScheduling(files())
	time.Sleep(100 * time.Millisecond)
	s := w.end()
	if s.Samples == 0 || s.RoundMs < 100 || s.RunDelayMs != nil {
		t.Fatalf("scheduling %+v", s)
	}
}

func TestHostOffset(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for _, tt := range []struct {
		host, wall string
		rtt, want  time.Duration
		ok         bool
	}{
		{"1201093012", "2026-12-01T09:30:12+08:00", 0, 500 * time.Millisecond, true},
		{"1201093012", "2026-12-01T01:30:12Z", 0, 500 * time.Millisecond, true},
		{"1201093012", "2026-12-01T09:30:12+08:00", 200 * time.Millisecond, 600 * time.Millisecond, true},
		{"1231235959", "2027-01-01T00:00:01+08:00", 0, -1500 * time.Millisecond, true}, // across the new year
		{"0101000001", "2026-12-31T23:59:59+08:00", 0, 2500 * time.Millisecond, true},
		{"0229120000", "2028-02-29T12:00:00+08:00", 0, 500 * time.Millisecond, true},
		{"0229120000", "2026-02-28T12:00:00+08:00", 0, 0, false}, // in no year around
		{"1301093012", "2026-12-01T09:30:12+08:00", 0, 0, false},
		{"", "2026-12-01T09:30:12+08:00", 0, 0, false},
		{"12010930120", "2026-12-01T09:30:12+08:00", 0, 0, false},
		// With a year there is no limit to how far off a device is seen.
		{"261201093012", "2026-12-01T09:30:12+08:00", 0, 500 * time.Millisecond, true},
		{"261201093012", "1970-01-01T08:00:12+08:00", 0, mustTime("2026-12-01T09:30:12.5+08:00").Sub(mustTime("1970-01-01T08:00:12+08:00")), true},
		{"681231235959", "2068-12-31T23:59:59+08:00", 0, 500 * time.Millisecond, true},
		{"700101000000", "2026-12-01T09:30:12+08:00", 0, 0, false}, // a host that was never set
		{"191231235959", "2026-12-01T09:30:12+08:00", 0, 0, false},
		{"260229120000", "2026-02-28T12:00:00+08:00", 0, 0, false},
		{"2026-12-01T01:30:12Z", "2026-12-01T09:30:12+08:00", time.Second, time.Second, true}, // whatever the zone
		{"1999-12-31T23:59:59Z", "2026-12-01T09:30:12+08:00", 0, 0, false},
		{"9999-12-31T23:59:59Z", "2026-12-01T09:30:12+08:00", 0, 0, false},
		{"yesterday, about noon", "2026-12-01T09:30:12+08:00", 0, 0, false},
	} {
		got, ok := hostOffset(tt.host, mustTime(tt.wall), tt.rtt, zone)
		if ok != tt.ok || got != tt.want {
			t.Errorf("%s at %s: %v %v, want %v %v", tt.host, tt.wall, got, ok, tt.want, tt.ok)
		}
	}
}

func TestProgressNamesEveryTask(t *testing.T) {
	open := map[string]bool{}
	closed := 0
	e := surveyed(t, files(), Lists{}, Request{Endpoints: []Endpoint{{Address: "203.0.113.7:1"}}, Progress: func(task report.Task) {
		if task.Outcome == "" {
			open[task.ID] = true
			return
		}
		delete(open, task.ID)
		closed++
	}})
	if len(open) != 0 || closed != len(e.Tasks) {
		t.Fatalf("left open %v; %d ended of %d", open, closed, len(e.Tasks))
	}
}

func TestUndelivered(t *testing.T) {
	for text, want := range map[string]int64{
		"Ip: Forwarding InReceives ForwDatagrams InDelivers\nIp: 2 10 3 5\nIcmp: InMsgs\nIcmp: 0\n": 2,
		"Tcp: InSegs\nTcp: 7\nIp: InReceives InDelivers\nIp: 9 9\n":                                 0,
	} {
		if got, err := parseUndelivered(text); got != want || err != nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "Ip: InReceives\n", "Ip: InReceives\nIp: many\n", "Ip: InReceives\nIp: 1 2\n", "Ip: InDelivers\nIp: 1\n"} {
		if got, err := parseUndelivered(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}
