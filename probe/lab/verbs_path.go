//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Verbs that break the way to the acquirer.

const ms = time.Millisecond

func drop(sc *scene, p packets) func() { return p.apply(sc.w, "drop", "drop") }

// rejection is what is refused, and how.
type rejection struct {
	packets `yaml:",inline"`
	How     Reject `yaml:"how"`
}

func (r rejection) check() error {
	if _, ok := refusals[r.How]; !ok {
		return fmt.Errorf("how: unknown way of refusing %q", r.How)
	}
	if r.At == LAN {
		return errors.New("at: a switch refuses nothing")
	}
	return r.packets.check()
}

func reject(sc *scene, r rejection) func() { return r.refuse(sc.w, r.How) }

func rstOnData(sc *scene, p packets) func() { return p.refuse(sc.w, RejectReset) }

// cutting is where everything ends.
type cutting struct {
	At      NS   `yaml:"at"`
	Between []NS `yaml:"between"`
}

func (c cutting) check() error {
	if len(c.Between) > 0 {
		if len(c.Between) != 2 {
			return errors.New("between: two namespaces")
		}
		_, err := routerSide(c.Between[0], c.Between[1])
		return err
	}
	if c.At != "provider" && !c.At.isRouter() {
		return fmt.Errorf("at: %q is no router", c.At)
	}
	return nil
}

// routerSide finds the interface by which a router reaches a neighbour.
func routerSide(a, b NS) (socket, error) {
	for _, l := range links {
		for i, end := range l.ends() {
			other := l.ends()[1-i].ns
			if end.ns.isRouter() && (end.ns == a && other == b || end.ns == b && other == a) {
				return end, nil
			}
		}
	}
	return socket{}, fmt.Errorf("between: no router of %s and %s is the other's neighbour", a, b)
}

func cut(sc *scene, c cutting) func() {
	if len(c.Between) == 0 {
		at := c.At
		if at == "provider" {
			at = ISP
		}
		return sc.w.DropForward(at, "")
	}
	s, _ := routerSide(c.Between[0], c.Between[1])
	return sc.w.fault(s.ns, chain("forward", 0, "oifname "+s.device+" drop", "iifname "+s.device+" drop"))
}

// routing is a wrong route of a router.
type routing struct {
	At  NS     `yaml:"at"`
	To  target `yaml:"to"`
	How string `yaml:"how"`
}

func (r routing) check() error {
	if !r.At.isRouter() {
		return fmt.Errorf("at: %q is no router", r.At)
	}
	if r.How == "loop" && r.At != Core && r.At != Gate {
		return errors.New("how: only core and gate can send it back to where it came from")
	}
	_, err := r.To.places()
	return errors.Join(err, mustBe("how", r.How, "blackhole", "unreachable", "prohibit", "missing", "loop"))
}

func route(sc *scene, r routing) func() {
	var undo []string
	for _, a := range r.To.addresses() {
		if strings.Contains(a, ":") && !sc.w.six {
			continue
		}
		// More specific than the route of the network. "throw" makes the table, and with it
		// the whole search, end without a route (ip-route(8)).
		line := map[string]string{"missing": "throw " + a}[r.How]
		switch {
		case r.How == "loop" && r.At == Core:
			line = a + " via " + familyOf(a, "10.77.6.1")
		case r.How == "loop":
			line = a + " via " + familyOf(a, "10.77.7.1")
		case line == "":
			line = r.How + " " + a
		}
		sc.w.ip(r.At, "route add "+line)
		undo = append(undo, "route del "+line)
	}
	return func() {
		for _, line := range undo {
			sc.w.ip(r.At, line)
		}
	}
}

// familyOf returns an IPv4 address of the plan, or the IPv6 one beside it if a is one.
func familyOf(a, v4 string) string {
	if strings.Contains(a, ":") {
		return sixth(v4)
	}
	return v4
}

func loop(sc *scene, _ nothingElse) func() {
	at := Core
	if sc.w.options.NAT > 1 {
		at = Gate // isp would see its own address come in, and drop it
	}
	return route(sc, routing{At: at, To: "acquirer_host", How: "loop"})
}

// mtu is a narrower link, of which the routers say so or not.
type mtu struct {
	Size int  `yaml:"size"`
	Hole bool `yaml:"hole"`
}

func (m mtu) check() error {
	if m.Size < 576 || m.Size > 1500 {
		return fmt.Errorf("size: %d is not between 576 and 1500", m.Size)
	}
	return nil
}

func narrow(sc *scene, m mtu) func() {
	if m.Hole {
		return sc.w.MTUHole(m.Size)
	}
	return sc.w.SmallMTU(m.Size)
}

// placeArg is a namespace that acts.
type placeArg struct {
	At NS `yaml:"at"`
}

func (p placeArg) check() error {
	if p.At != Shop && p.At != ISP {
		return fmt.Errorf("at: %q is neither shop nor isp", p.At)
	}
	return nil
}

// conntrackFull lets no new flow in, as a router does whose table of flows is full.
// The kernel's own limit (nf_conntrack_max) belongs to the whole machine.
func conntrackFull(sc *scene, p placeArg) func() {
	return sc.w.fault(p.At, chain("forward", 0, "ct state new drop"))
}

// nftArg is a chain in nft(8)'s words.
type nftArg struct {
	At       NS       `yaml:"at"`
	Hook     string   `yaml:"hook"`
	Priority int      `yaml:"priority"`
	Rules    []string `yaml:"rules"`
}

func (n nftArg) check() error {
	if len(n.Rules) == 0 {
		return errors.New("rules: none")
	}
	return errors.Join(checkPlace(n.At), mustBe("hook", n.Hook, "prerouting", "input", "forward", "output", "postrouting"))
}

func nftRules(sc *scene, n nftArg) func() {
	return sc.w.fault(n.At, chain(n.Hook, n.Priority, n.Rules...))
}

type ipArg struct {
	At  NS     `yaml:"at"`
	Run string `yaml:"run"`
}

func (i ipArg) check() error { return checkPlace(i.At) }

func ipLine(sc *scene, i ipArg) func() { sc.w.ip(i.At, i.Run); return nil }

type sysctlArg struct {
	At    NS     `yaml:"at"`
	Key   string `yaml:"key"`
	Value string `yaml:"value"`
}

func (s sysctlArg) check() error { return checkPlace(s.At) }

func setKernel(sc *scene, s sysctlArg) func() {
	var before []byte
	err := sc.w.In(s.At, func() (err error) {
		if before, err = os.ReadFile("/proc/sys/net/" + s.Key); err == nil {
			err = setSysctl(s.Key, s.Value)
		}
		return err
	})
	if err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	return func() {
		if err := sc.w.sysctl(s.At, s.Key, strings.TrimSpace(string(before))); err != nil {
			sc.t.Fatalf("lab: %v", err)
		}
	}
}

type waiting struct {
	For time.Duration `yaml:"for"`
}

func (x waiting) check() error {
	if x.For <= 0 || x.For > maxWait {
		return fmt.Errorf("for: %v is not between 0 and %v", x.For, maxWait)
	}
	return nil
}

func wait(_ *scene, x waiting) func() { time.Sleep(x.For); return nil }

func repairAll(sc *scene, _ nothingElse) func() {
	for len(sc.repairs) > 0 {
		last := sc.repairs[len(sc.repairs)-1]
		sc.repairs = sc.repairs[:len(sc.repairs)-1]
		last()
	}
	return nil
}
