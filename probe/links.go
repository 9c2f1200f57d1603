package probe

import (
	"cmp"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"
)

// now is the monotonic clock of an observation. The wall clock of the report comes
// from System.Now instead.
func now() time.Time { return time.Now() }

// links lists the interfaces. It is asked at both ends of a round.
func (r *round) links(id string) {
	r.ask(report.TaskLinks, id, "", func(a *asking) error {
		links, err := list(r.sys.Lists.Links)
		for _, l := range links {
			describeLink(r.sys.Files, &l)
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				l.Observation = head
				e.Links = append(e.Links, l.Link)
			})
		}
		return err
	})
}

// linkName is the name under which every list knows a link: cleaned, as whoever makes
// a link may put escape characters into its name; its number where nothing is left.
func linkName(raw string, index int) string {
	return cmp.Or(clean.Text(raw), "#"+strconv.Itoa(index))
}

// describeLink adds what only sysfs says (Documentation/ABI/testing/sysfs-class-net).
func describeLink(files fs.FS, l *Link) {
	raw := cmp.Or(l.Raw, l.Name)
	sys := linkDir{files, path.Join("sys/class/net", raw)}
	if !fs.ValidPath(sys.dir) || strings.Contains(raw, "/") {
		l.Kind = kindOf(*l, linkDir{})
		return
	}
	l.Kind = kindOf(*l, sys)
	l.CarrierChanges = sys.number("carrier_changes")
	// Both read as EINVAL while a link is off, and speed as -1 while nothing is known.
	if speed := sys.number("speed"); speed != nil && *speed > 0 {
		l.SpeedMbps = speed
	}
	if d := sys.text("duplex"); d == "half" || d == "full" {
		l.Duplex = d
	}
}

// linkDir is a link's directory in sysfs; the zero value has no files.
type linkDir struct {
	files fs.FS
	dir   string
}

// maxAttribute bounds a sysfs attribute: one page.
const maxAttribute = 4096

func (d linkDir) text(name string) string {
	if d.files == nil {
		return ""
	}
	b, err := readFile(d.files, path.Join(d.dir, name), maxAttribute)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (d linkDir) number(name string) *int64 {
	n, err := strconv.ParseInt(d.text(name), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

func (d linkDir) has(name string) bool {
	if d.files == nil {
		return false
	}
	_, err := fs.Stat(d.files, path.Join(d.dir, name))
	return err == nil
}

// ARPHRD types (include/uapi/linux/if_arp.h).
const (
	arphrdEther    = 1
	arphrdPPP      = 512
	arphrdRawIP    = 519
	arphrdTunnel   = 768
	arphrdTunnel6  = 769
	arphrdLoopback = 772
	arphrdSIT      = 776
	arphrdGRE      = 778
	arphrdNone     = 65534
)

// tapDevice is IFF_TAP of include/uapi/linux/if_tun.h.
const tapDevice = 0x2

// kindOf says what kind of link l is, from the surest hint to the weakest. A virtual
// Ethernet pair and a TAP device are cables to whoever stands behind them: without
// another hint they count as Ethernet.
func kindOf(l Link, sys linkDir) report.LinkKind {
	uevent := sys.text("uevent")
	switch {
	case l.Hardware == "loopback" || sys.text("type") == strconv.Itoa(arphrdLoopback):
		return report.LinkLoopback
	case sys.has("wireless"), sys.has("phy80211"), hasLine(uevent, "DEVTYPE=wlan"):
		return report.LinkWiFi
	case hasLine(uevent, "DEVTYPE=wwan"), sys.has("wwan"):
		return report.LinkCellular
	case l.Hardware == "ppp":
		return report.LinkPPP
	case sys.has("tun_flags"), l.Driver == "tuntap", l.Driver == "tun":
		if flags, err := strconv.ParseInt(sys.text("tun_flags"), 0, 64); err == nil && flags&tapDevice == 0 || err != nil && l.Hardware == "none" {
			return report.LinkTunnel
		}
		return report.LinkEthernet
	}
	switch l.Driver {
	case "bridge", "dummy", "ifb", "bond", "team", "vrf", "macvtap", "vcan", "nlmon":
		return report.LinkVirtual
	case "wireguard", "ipip", "gre", "gretap", "ip6gre", "ip6tnl", "sit", "vti", "vti6", "xfrm", "vxlan", "geneve", "l2tp":
		return report.LinkTunnel
	case "rmnet":
		return report.LinkCellular
	}
	return kindOfHardware(l.Hardware, sys.text("type"))
}

func kindOfHardware(name, number string) report.LinkKind {
	n, _ := strconv.Atoi(number)
	switch {
	case name == "ether" || n == arphrdEther:
		return report.LinkEthernet
	case name == "ppp" || n == arphrdPPP:
		return report.LinkPPP
	case n == arphrdRawIP: // modems that hand over bare IP packets (qmi_wwan, mhi_net)
		return report.LinkCellular
	case n == arphrdTunnel, n == arphrdTunnel6, n == arphrdSIT, n == arphrdGRE, n == arphrdNone, name == "none":
		return report.LinkTunnel
	}
	return report.LinkUnknown
}

func hasLine(text, line string) bool {
	for l := range strings.Lines(text) {
		if strings.TrimSpace(l) == line {
			return true
		}
	}
	return false
}
