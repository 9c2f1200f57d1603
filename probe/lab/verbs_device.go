//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Verbs that break the terminal itself.

type firewalling struct {
	Hook string `yaml:"hook"`
	To   target `yaml:"to"`
}

func (f firewalling) check() error {
	_, err := f.To.places()
	return errors.Join(err, mustBe("hook", f.Hook, "output", "input"))
}

func firewall(sc *scene, f firewalling) func() {
	if f.Hook == "input" {
		return sc.w.DropReplies(Term, string(f.To))
	}
	return sc.w.Firewall(string(f.To))
}

type resolvConfArg struct {
	How     string `yaml:"how"`
	Address string `yaml:"address"`
}

func (r resolvConfArg) check() error {
	return errors.Join(mustBe("how", r.How, "empty", "missing", "wrong"), checkAddress("address", r.Address))
}

func breakResolvConf(sc *scene, r resolvConfArg) func() {
	path := filepath.Join(netnsEtcDir, sc.w.Name(Term), "resolv.conf")
	before, err := os.ReadFile(path)
	if err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	repair := func() {
		if err := sc.w.writeFile("resolv.conf", string(before)); err != nil {
			sc.t.Fatalf("lab: %v", err)
		}
	}
	switch r.How {
	case "wrong":
		// Another network's: the provider carries nothing there, and says nothing.
		dropped := sc.w.DropForward(Shop, r.Address)
		sc.w.SetResolvers(r.Address)
		return func() { dropped(); repair() }
	case "missing":
		// A file that is laid over another can be empty, not absent: the check gets an /etc
		// of its own, as its mount namespace allows (ip-netns(8)).
		sc.wrap = append(sc.wrap, "sh", "-ec", `d=$0
mount -t tmpfs tmpfs "$d"
mkdir "$d/upper" "$d/work"
cp /etc/hosts "$d/hosts"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$d/upper,workdir=$d/work" /etc
cp "$d/hosts" /etc/hosts
rm -f /etc/resolv.conf
exec "$@"`, sc.w.Dir())
		return func() { sc.wrap = nil }
	}
	sc.w.SetResolvers()
	return repair
}

type addressArg struct {
	Address string `yaml:"address"`
}

func (a addressArg) check() error { return checkAddress("address", a.Address) }

func staleHosts(sc *scene, a addressArg) func() {
	sc.w.SetHosts(a.Address + " " + acquirerName)
	return func() { sc.w.SetHosts(sc.w.options.Hosts...) }
}

// routeMetric prefers the second uplink, behind which nothing answers.
func routeMetric(sc *scene, _ nothingElse) func() {
	dead, preferred := uplinkDead(sc, nothingElse{}), failover(sc, nothingElse{})
	return func() { dead(); preferred() }
}

func failover(sc *scene, _ nothingElse) func() {
	const line = "default via " + MobileAddr + " metric 50"
	sc.w.ip(Term, "route add "+line)
	return func() { sc.w.ip(Term, "route del "+line) }
}

func uplinkDead(sc *scene, _ nothingElse) func() { return sc.w.DropForward(Mobile, "") }

type vpnArg struct {
	How string `yaml:"how"`
}

func (v vpnArg) check() error { return mustBe("how", v.How, "tunnel", "gateway") }

// vpnRoute leaves the route of a VPN that has ended: into its tunnel, which is up and
// leads nowhere, or to a gateway that is gone.
func vpnRoute(sc *scene, v vpnArg) func() {
	const network = "10.77.3.0/24"
	if v.How == "gateway" {
		sc.w.ip(Term, "route add "+network+" via 10.77.1.253")
		return func() { sc.w.ip(Term, "route del "+network) }
	}
	tunnel, err := openTunnel(sc.w, Term, "tun0")
	if err != nil {
		sc.t.Fatalf("lab: tunnel: %v", err)
	}
	sc.t.Cleanup(tunnel.close)
	go io.Copy(io.Discard, tunnel)
	sc.w.ip(Term, "addr add 10.8.0.2/32 dev tun0")
	sc.w.link(Term, "tun0", "up")
	sc.w.ip(Term, "route add "+network+" dev tun0")
	return tunnel.close
}

// portsExhausted leaves two ports for outgoing connections and has both taken. Ports
// that a program has bound itself are of no use to connect(2).
func portsExhausted(sc *scene, _ nothingElse) func() {
	const first, last = 60000, 60001
	if err := sc.w.sysctl(Term, "ipv4/ip_local_port_range", fmt.Sprintf("%d %d", first, last)); err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	var taken []net.Listener
	for port := first; port <= last; port++ {
		var ln net.Listener
		err := sc.w.In(Term, func() (err error) {
			ln, err = new(net.ListenConfig).Listen(context.Background(), "tcp", ":"+strconv.Itoa(port))
			return err
		})
		if err != nil {
			sc.t.Fatalf("lab: %v", err)
		}
		sc.t.Cleanup(func() { ln.Close() })
		taken = append(taken, ln)
	}
	return func() {
		for _, ln := range taken {
			ln.Close()
		}
	}
}

type limitArg struct {
	Limit int `yaml:"limit"`
}

func (l limitArg) check() error {
	if l.Limit < 4 {
		return errors.New("limit: three are open from the start")
	}
	return nil
}

func fdsExhausted(sc *scene, l limitArg) func() {
	require(sc.t, "prlimit")
	sc.wrap = append(sc.wrap, "prlimit", fmt.Sprintf("--nofile=%d:%d", l.Limit, l.Limit))
	return func() { sc.wrap = nil }
}

type starving struct {
	Times   int           `yaml:"times"`
	Stopped time.Duration `yaml:"stopped"`
	Running time.Duration `yaml:"running"`
}

func (x starving) check() error {
	if x.Times < 1 || x.Stopped <= 0 || x.Running <= 0 {
		return errors.New("times, stopped, running: at least one, and some time")
	}
	return nil
}

func (x starving) fits(s *Scenario) error {
	if m, _ := s.since(); m.always || m.now {
		return errors.New("needs since request or a duration: the check must run")
	}
	return nil
}

func starve(sc *scene, x starving) func() {
	for range x.Times {
		sc.checking.Pause()
		time.Sleep(x.Stopped)
		sc.checking.Resume()
		time.Sleep(x.Running)
	}
	return nil
}
