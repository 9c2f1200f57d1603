//go:build linux

package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Verbs that break the terminal's link, its addresses and the shop's network.

// noticed is how long the kernel may take to act on a lost carrier (linkwatch).
const noticed = 1500 * time.Millisecond

func checkUplink(link string) error { return mustBe("link", link, "eth0", "eth1") }

func fitsUplink(link string, s *Scenario) error {
	if link == "eth1" {
		return uplinks(s.Setup)
	}
	return nil
}

type linkArg struct {
	Link string `yaml:"link"`
}

func (l linkArg) check() error           { return checkUplink(l.Link) }
func (l linkArg) fits(s *Scenario) error { return fitsUplink(l.Link, s) }

func linkOff(sc *scene, l linkArg) func() {
	sc.w.link(Term, l.Link, "down")
	return func() {
		sc.w.link(Term, l.Link, "up")
		sc.w.addRoutes(Term)
	}
}

type carrier struct {
	Link string `yaml:"link"`
	Up   bool   `yaml:"up"`
}

func (c carrier) check() error           { return checkUplink(c.Link) }
func (c carrier) fits(s *Scenario) error { return fitsUplink(c.Link, s) }

func (sc *scene) plug(link string, in bool) {
	neighbour := LAN
	if link == "eth1" {
		neighbour = Mobile
	}
	if err := sc.w.Cable(Term, neighbour).SetCarrier(Term, in); err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
}

func setCarrier(sc *scene, c carrier) func() {
	sc.plug(c.Link, c.Up)
	time.Sleep(noticed)
	return func() { sc.plug(c.Link, !c.Up) }
}

type flapping struct {
	Link  string        `yaml:"link"`
	Times int           `yaml:"times"`
	Down  time.Duration `yaml:"down"`
	Up    time.Duration `yaml:"up"`
}

func (f flapping) check() error {
	if f.Times < 1 || f.Down <= 0 || f.Up <= 0 {
		return errors.New("times, down, up: at least one, and some time")
	}
	return checkUplink(f.Link)
}

func (f flapping) fits(s *Scenario) error { return fitsUplink(f.Link, s) }

func flap(sc *scene, f flapping) func() {
	for range f.Times {
		sc.plug(f.Link, false)
		time.Sleep(f.Down)
		sc.plug(f.Link, true)
		time.Sleep(f.Up)
	}
	return nil
}

type gatewayArg struct {
	Gateway string `yaml:"gateway"`
}

func (g gatewayArg) check() error {
	if g.Gateway == "" {
		return nil
	}
	return checkAddress("gateway", g.Gateway)
}

func checkAddress(what, text string) error {
	if _, err := netip.ParseAddr(text); err != nil {
		return fmt.Errorf("%s: %q is no address", what, text)
	}
	return nil
}

func wrongGateway(sc *scene, g gatewayArg) func() {
	repair := sc.w.NoDefaultRoute()
	sc.w.ip(Term, "route add default via "+g.Gateway)
	return func() {
		sc.w.ip(Term, "route del default via "+g.Gateway)
		repair()
	}
}

func selfAssigned(sc *scene, _ nothingElse) func() {
	repair := sc.w.NoAddress()
	const address = "169.254.7.7/16" // RFC 3927
	sc.w.ip(Term, "addr add "+address+" scope link dev eth0")
	return func() {
		sc.w.ip(Term, "addr del "+address+" dev eth0")
		repair()
	}
}

func noDHCP(sc *scene, _ nothingElse) func() {
	sc.w.leases.Stop()
	sc.w.ip(Term, "addr flush dev eth0")
	client := sc.w.Start(Term, sc.w.leaseClient()...) // it goes on asking, as they do
	return func() {
		client.Stop()
		sc.w.serveLeases(ShopAddr)
		sc.w.askForLease()
	}
}

func wrongDHCPGateway(sc *scene, g gatewayArg) func() {
	renew := func(gateway string) {
		sc.w.serveLeases(gateway)
		sc.w.ip(Term, "addr flush dev eth0")
		sc.w.askForLease()
	}
	renew(g.Gateway)
	return func() { renew(ShopAddr) }
}

// duplicateAddress gives the till the terminal's address. Who wins where two claim an
// address depends on who spoke last; here the router goes on believing the till.
func duplicateAddress(sc *scene, _ nothingElse) func() {
	var mac net.HardwareAddr
	err := sc.w.In(Till, func() error {
		device, err := net.InterfaceByName("eth0")
		if err == nil {
			mac = device.HardwareAddr
		}
		return err
	})
	if err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	sc.w.ip(Till, "addr add "+TermAddr+"/24 dev eth0")
	sc.w.ip(Shop, "neigh replace "+TermAddr+" lladdr "+mac.String()+" dev lan nud permanent")
	return func() {
		sc.w.ip(Till, "addr del "+TermAddr+"/24 dev eth0")
		sc.w.ip(Shop, "neigh del "+TermAddr+" dev lan")
	}
}
