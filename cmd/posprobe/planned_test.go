package main

import (
	wire "encoding/binary"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// timeServer answers with the machine's time and an offset to it (RFC 5905).
func timeServer(t *testing.T, offset time.Duration) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		q := make([]byte, 1024)
		for {
			n, from, err := c.ReadFrom(q)
			if err != nil {
				return
			}
			if n < 48 {
				continue
			}
			p := make([]byte, 48)
			p[0], p[1] = 0x24, 1
			copy(p[24:32], q[40:48])
			now := time.Now().Add(offset)
			for _, at := range []int{32, 40} {
				wire.BigEndian.PutUint32(p[at:], uint32(now.Unix()+2208988800))
				wire.BigEndian.PutUint32(p[at+4:], uint32(uint64(now.Nanosecond())<<32/1e9))
			}
			c.WriteTo(p, from)
		}
	}()
	return c.LocalAddr().String()
}

// site is a configuration file for an acquirer in a zone with more keys of it.
func site(t *testing.T, address, acquirer, network string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	writeFile(t, path, fmt.Sprintf(`
terminal: {id: %q, merchant: %q}
acquirer:
  zone: Asia/Shanghai
  endpoints: [{address: %q}]
  sign_on: {protocol: unionpay, tpdu: "6000030000"}
  %s
network: {%s}
`, testTerminal, testMerchant, address, acquirer, network))
	return path
}

// TestPlanned: a host that does not answer while its absence is announced is away as
// planned.
func TestPlanned(t *testing.T) {
	now := time.Now()
	window := func(from, until time.Duration) string {
		return fmt.Sprintf("maintenance: [{from: %s, until: %s}]", now.Add(from).Format(time.RFC3339), now.Add(until).Format(time.RFC3339))
	}
	inside, before := window(-time.Hour, time.Hour), window(-2*time.Hour, -time.Hour)
	for _, tt := range []struct {
		name, behaviour, acquirer string
		server                    time.Duration // what the time server is ahead
		exit                      int
		code                      report.Code
	}{
		{"silent", "silent", inside, 0, exitPlanned, "host.no_response"},
		{"closing, after it", "close", before, 0, exitHost, "host.closed"},
		{"closing", "close", inside, 0, exitPlanned, "host.closed"},
		{"closing, and the terminal's clock is two hours behind", "close", inside, 2 * time.Hour, exitHost, "host.closed"},
		{"closing, and the terminal's clock is forty days behind", "close", window(40*24*time.Hour-time.Hour, 40*24*time.Hour+time.Hour), 40 * 24 * time.Hour, exitPlanned, "host.closed"},
		{"closing, and by the right time the maintenance has begun", "close", window(90*time.Minute, 3*time.Hour), 2 * time.Hour, exitPlanned, "host.closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			host := acquirer(t, signontest.Options{})
			file := site(t, host.Addr(), tt.acquirer, "time_server: "+timeServer(t, tt.server))
			env := []string{"POSPROBE_RUN_DIR=" + t.TempDir()}
			args := []string{"check", "--config", file, "--wait", "4s", "--format", "json"}
			o := steadyWith(t, env, args...)
			if o.exit != exitHealthy {
				t.Fatalf("exit %d\n%s", o.exit, o.stdout)
			}
			if err := host.SetBehaviour(tt.behaviour); err != nil {
				t.Fatal(err)
			}
			o = steadyWith(t, env, args...)
			d := decode(t, o).Diagnosis
			if o.exit != tt.exit || d.Code != tt.code || (d.Planned == report.PlannedMaintenance) != (tt.exit == exitPlanned) {
				t.Errorf("exit %d, want %d and %s\n%s", o.exit, tt.exit, tt.code, o.stdout)
			}
			if has(d, "note.planned_unconfirmed") {
				t.Errorf("the time server confirms it: %s", o.stdout)
			}
		})
	}
}

// TestWrongHour: a terminal whose clock is eight hours behind believes that the host is
// closed; it is told that its clock is wrong.
func TestWrongHour(t *testing.T) {
	t.Parallel()
	const off = 8 * time.Hour
	s := acquirer(t, signontest.Options{Behaviour: "clock=+8h"})
	shop := time.FixedZone("", 8*60*60)
	from, until := time.Now().In(shop).Add(off/2), time.Now().In(shop).Add(off*3/2)
	file := site(t, s.Addr(), fmt.Sprintf(`service_hours: {daily: "%s-%s"}`, from.Format("15:04"), until.Format("15:04")), "time_server: "+timeServer(t, off))
	o := steady(t, "check", "--config", file, "--format", "json")
	d := decode(t, o).Diagnosis
	if o.exit != exitDevice || d.Verdict != report.VerdictDegraded || d.Code != "device.clock.zone" || d.Confidence != report.Proven || d.Planned != "" || has(d, "note.planned") {
		t.Errorf("exit %d\n%s", o.exit, o.stdout)
	}
}
