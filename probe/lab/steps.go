//go:build linux

package lab

import "errors"

// action is a step that has been read: it breaks something and returns what repairs it,
// or nil where nothing can.
type action interface {
	do(sc *scene) (repair func())
	fits(s *Scenario) error
}

// verb reads a step's arguments.
type verb func(args map[string]any) (action, error)

// verbs are the verbs of scenarios/README.md.
var verbs = map[string]verb{
	"drop":        breaks(packets{}, drop),
	"reject":      breaks(rejection{How: "port"}, reject),
	"rst_on_data": breaks(packets{At: ISP, To: "acquirer", What: "data"}, rstOnData),
	"cut":         breaks(cutting{At: "provider"}, cut),
	"route":       breaks(routing{To: "acquirer_host", How: "blackhole"}, route),
	"loop":        breaks(nothingElse{}, loop),
	"mtu":         breaks(mtu{Hole: true}, narrow),

	"carrier":            breaks(carrier{Link: "eth0"}, setCarrier),
	"flap":               breaks(flapping{Link: "eth0", Times: 4, Down: 1200 * ms, Up: 300 * ms}, flap),
	"link_off":           breaks(linkArg{Link: "eth0"}, linkOff),
	"no_address":         breaks(nothingElse{}, func(sc *scene, _ nothingElse) func() { return sc.w.NoAddress() }),
	"no_route":           breaks(nothingElse{}, func(sc *scene, _ nothingElse) func() { return sc.w.NoDefaultRoute() }),
	"wrong_gateway":      breaks(gatewayArg{Gateway: "10.77.1.254"}, wrongGateway),
	"gateway_dead":       breaks(nothingElse{}, func(sc *scene, _ nothingElse) func() { return sc.w.GatewayDead() }),
	"self_assigned":      breaks(nothingElse{}, selfAssigned),
	"no_dhcp":            needs(dhcp, breaks(nothingElse{}, noDHCP)),
	"wrong_dhcp_gateway": needs(dhcp, breaks(gatewayArg{Gateway: "10.77.1.254"}, wrongDHCPGateway)),
	"duplicate_address":  breaks(nothingElse{}, duplicateAddress),
	"crowd":              breaks(crowding{}, crowd),

	"firewall":        breaks(firewalling{Hook: "output", To: "acquirer"}, firewall),
	"resolv_conf":     breaks(resolvConfArg{How: "empty", Address: ElsewhereIP}, breakResolvConf),
	"hosts_stale":     breaks(addressArg{Address: NobodyAddr}, staleHosts),
	"route_metric":    needs(uplinks, breaks(nothingElse{}, routeMetric)),
	"failover":        needs(uplinks, breaks(nothingElse{}, failover)),
	"uplink_dead":     needs(uplinks, breaks(nothingElse{}, uplinkDead)),
	"vpn_route":       breaks(vpnArg{How: "tunnel"}, vpnRoute),
	"ports_exhausted": breaks(nothingElse{}, portsExhausted),
	"fds_exhausted":   breaks(limitArg{Limit: 8}, fdsExhausted),
	"starve":          breaks(starving{Times: 4, Stopped: 900 * ms, Running: 50 * ms}, starve),

	"resolver":      breaks(resolverArg{Which: "all", How: "silent", Delay: 2000 * ms, Address: NobodyAddr}, breakResolver),
	"zone":          breaks(zoneArg{How: "nxdomain", Address: NobodyAddr}, breakZone),
	"stale_address": breaks(addressArg{Address: NobodyAddr}, staleAddress),
	"portal":        breaks(portalArg{At: Shop, Others: "drop", Page: "redirect"}, portal),
	"hijack_dns":    breaks(placeArg{At: ISP}, hijackDNS),

	"pause":          breaks(whoArg{Who: "acquirer"}, pause),
	"resume":         breaks(whoArg{Who: "acquirer"}, resume),
	"behave":         breaks(flagsArg{}, behave),
	"kill":           breaks(whoArg{Who: "acquirer"}, kill),
	"power_off":      breaks(powerArg{Who: "acquirer"}, powerOff),
	"lose_state":     breaks(nothingElse{}, loseState),
	"unaccepted":     breaks(nothingElse{}, unaccepted),
	"full_backlog":   breaks(backlogArg{Filled: 1}, fullBacklog),
	"syn_proxy":      breaks(nothingElse{}, synProxy),
	"front_end_only": needs(front, breaks(frontArg{How: "killed"}, frontEndOnly)),

	"slow_path":      breaks(pathArg{At: "access"}, slowPath),
	"loss":           breaks(lossArg{At: "access", Direction: "both"}, lose),
	"burst_loss":     breaks(burstArg{At: "access"}, burstLoss),
	"rate":           breaks(rateArg{At: "access"}, limitRate),
	"reorder":        breaks(shareArg{At: "access"}, reorder),
	"duplicate":      breaks(shareArg{At: "access"}, duplicate),
	"conntrack_full": breaks(placeArg{At: Shop}, conntrackFull),

	"accelerator": breaks(acceleratorArg{At: ISP}, accelerate),
	"proxy_arp":   breaks(nothingElse{}, proxyARP),

	"wait":   breaks(waiting{}, wait),
	"nft":    breaks(nftArg{}, nftRules),
	"ip":     breaks(ipArg{}, ipLine),
	"sysctl": breaks(sysctlArg{}, setKernel),
}

func init() { verbs["repair"] = breaks(nothingElse{}, repairAll) } // it would refer to itself

// breaks makes a verb of a function and the values of arguments that are left out.
func breaks[A any](defaults A, act func(*scene, A) func()) verb {
	return func(given map[string]any) (action, error) {
		args := defaults
		if err := decode(given, &args); err != nil {
			return nil, err
		}
		if c, ok := any(args).(interface{ check() error }); ok {
			if err := c.check(); err != nil {
				return nil, err
			}
		}
		return step[A]{args, act}, nil
	}
}

// step is an action of some kind of arguments.
type step[A any] struct {
	args A
	act  func(*scene, A) func()
}

func (x step[A]) do(sc *scene) func() { return x.act(sc, x.args) }

func (x step[A]) fits(s *Scenario) error {
	if f, ok := any(x.args).(interface{ fits(*Scenario) error }); ok {
		return f.fits(s)
	}
	return nil
}

// needs makes a verb fit only some worlds.
func needs(there func(Setup) error, v verb) verb {
	return func(given map[string]any) (action, error) {
		a, err := v(given)
		if err != nil {
			return nil, err
		}
		return needing{a, there}, nil
	}
}

type needing struct {
	action
	there func(Setup) error
}

func (n needing) fits(s *Scenario) error {
	return errors.Join(n.there(s.Setup), n.action.fits(s))
}

func dhcp(s Setup) error {
	if !s.DHCP {
		return errors.New("needs world.dhcp")
	}
	return nil
}

func uplinks(s Setup) error {
	if s.Uplinks < 2 {
		return errors.New("needs world.uplinks: 2")
	}
	return nil
}

func front(s Setup) error {
	if s.Front == "" {
		return errors.New("needs world.front")
	}
	return nil
}

// nothingElse are no arguments.
type nothingElse struct{}
