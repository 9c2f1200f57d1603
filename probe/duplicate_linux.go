package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// claimPoll is how often an interruption is looked for while answers are waited for.
const claimPoll = 50 * time.Millisecond

// claimants sends address probes on a link and counts the hardware addresses, other
// than the device's own, that claim the address. It takes CAP_NET_RAW.
func claimants(ctx context.Context, link string, ip netip.Addr) (probes, answers int, err error) {
	i, err := interfaceNamed(link)
	if err != nil {
		return 0, 0, err
	}
	if len(i.HardwareAddr) != 6 || i.Flags&(net.FlagLoopback|net.FlagPointToPoint) != 0 {
		return 0, 0, errors.ErrUnsupported
	}
	own, err := ownHardware()
	if err != nil {
		return 0, 0, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return 0, 0, err
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ARP), Ifindex: i.Index}); err != nil {
		return 0, 0, err
	}
	everybody := &unix.SockaddrLinklayer{
		Protocol: networkOrder(unix.ETH_P_ARP), Ifindex: i.Index, Halen: 6,
		Addr: [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	}
	probe := arpProbe([6]byte(i.HardwareAddr), ip)
	found := map[[6]byte]bool{}
	began := now()
	for ctx.Err() == nil && now().Sub(began) < claimTime {
		next := claimTime
		if probes < claimProbes {
			next = time.Duration(probes) * claimEvery
			if now().Sub(began) >= next {
				if err := unix.Sendto(fd, probe, 0, everybody); err != nil {
					return probes, 0, err
				}
				probes++
				continue
			}
		}
		wait := min(claimPoll, max(time.Millisecond, next-now().Sub(began)))
		hearClaims(fd, wait, ip, func(hardware [6]byte) {
			if !own[hardware] && len(found) < maxClaimants {
				found[hardware] = true
			}
		})
	}
	return probes, len(found), ctx.Err()
}

// hearClaims waits for packets and reports the claims in those that are there.
func hearClaims(fd int, wait time.Duration, ip netip.Addr, claim func([6]byte)) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	_, _ = unix.Poll(fds, int(wait.Milliseconds())) // an interrupted wait is a short one
	packet := make([]byte, 64)
	for range maxHeard {
		n, _, err := unix.Recvfrom(fd, packet, unix.MSG_DONTWAIT)
		if err != nil {
			return
		}
		if hardware, ok := claimedBy(packet[:n], ip); ok {
			claim(hardware)
		}
	}
}
