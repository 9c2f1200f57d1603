package probe

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"posprobe/report"
)

// Address probes (RFC 5227 section 2.1.1): so many, so far apart, and how long answers
// are waited for after the last.
const (
	claimProbes = 3
	claimEvery  = 200 * time.Millisecond
	claimLast   = 300 * time.Millisecond
	claimTime   = (claimProbes-1)*claimEvery + claimLast
	// maxClaimants bounds the hardware addresses that are told apart.
	maxClaimants = 16
)

// duplicate asks the local network who else uses an address of the terminal.
func (r *round) duplicate(ctx context.Context, a *asking, t task) *report.Failure {
	if t.within(claimTime) < claimTime {
		a.notAsked(report.ReasonBudget)
		return nil
	}
	began := now()
	probes, answers, err := claimants(ctx, t.link, t.target)
	if reason := whyNotAsked(err); reason != "" {
		a.notAsked(reason)
	}
	if err != nil {
		return failureIn(ctx, report.OpSurvey, err)
	}
	a.saw(began, func(e *report.Evidence, head report.Observation) {
		e.Claims = append(e.Claims, report.Claim{
			Observation: head, Link: t.link, Address: t.target.String(), Probes: int64(probes), Answers: int64(answers),
		})
	})
	return nil
}

// ARP over Ethernet for IPv4 (RFC 826).
const (
	arpLength  = 28
	arpRequest = 1
)

// arpProbe asks for an address without claiming one.
func arpProbe(hardware [6]byte, ip netip.Addr) []byte {
	b := make([]byte, arpLength)
	copy(b, []byte{0, 1, 8, 0, 6, 4, 0, arpRequest})
	copy(b[8:], hardware[:])
	target := ip.As4()
	copy(b[24:], target[:])
	return b
}

// claimedBy is the hardware address that an ARP message says an address belongs to: in
// requests as in replies the sender claims its own.
func claimedBy(b []byte, ip netip.Addr) (hardware [6]byte, ok bool) {
	if len(b) < arpLength || binary.BigEndian.Uint64(b)&^0xffff != 0x0001_0800_0604_0000 {
		return hardware, false
	}
	copy(hardware[:], b[8:])
	return hardware, netip.AddrFrom4([4]byte(b[14:18])) == ip
}

// ownHardware are the addresses of all links of this device: Linux answers on each for
// the others' IP addresses (arp_ignore 0).
func ownHardware() (map[[6]byte]bool, error) {
	all, err := net.Interfaces()
	own := map[[6]byte]bool{}
	for _, i := range all {
		if len(i.HardwareAddr) == 6 {
			own[[6]byte(i.HardwareAddr)] = true
		}
	}
	return own, err
}
