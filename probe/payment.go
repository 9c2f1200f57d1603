package probe

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"posprobe/report"
)

// yieldPoll is how often the socket table is read while somebody else is connected.
const yieldPoll = 500 * time.Millisecond

// maxSocketTable bounds the socket table that is read: 1 MiB holds 6,800 sockets. The
// cap of other files, 400 sockets, could hide a payment on a busy device.
const maxSocketTable = 1 << 20

// taskFlows is the kind of the task that says whether somebody else's connections
// could be seen.
const taskFlows = report.TaskDevice

// errPayment says that the acquirer is not asked because a payment may be under way.
var errPayment = errors.New("somebody else is connected to the acquirer")

// gate lets packets to the acquirer pass once nobody else on this device is connected
// to any of its addresses. An address that was found free is not looked at again: from
// then on the connection seen there could be this round's own.
type gate struct {
	r    *round
	turn chan struct{} // holds one token: who has it may use the rest

	free    map[netip.AddrPort]bool
	looked  bool
	until   time.Time // when waiting ends; zero before the first wait
	blocked bool
	err     error // why the table could not be read
	flows   []report.Flow
	at      []time.Time
}

func newGate(r *round) *gate {
	g := &gate{r: r, turn: make(chan struct{}, 1), free: map[netip.AddrPort]bool{}}
	g.turn <- struct{}{}
	return g
}

// pass waits for its turn and for the acquirer to be free. It returns errPayment when
// it stays busy, and ctx's error when that ends first. A table that cannot be read
// holds nobody up.
func (g *gate) pass(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-g.turn:
	}
	defer func() { g.turn <- struct{}{} }()

	wanted := g.unchecked()
	for {
		if g.blocked {
			return errPayment
		}
		if len(wanted) == 0 {
			return ctx.Err()
		}
		if !g.busy(wanted) {
			for _, a := range wanted {
				g.free[a] = true
			}
			return ctx.Err()
		}
		if g.until.IsZero() {
			g.until = now().Add(g.r.req.Yield)
		}
		wait := min(yieldPoll, g.until.Sub(now()))
		if wait <= 0 {
			g.blocked = true
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// unchecked are the endpoints' known addresses that were not found free yet.
func (g *gate) unchecked() []netip.AddrPort {
	var out []netip.AddrPort
	g.r.rec.view(func(e *report.Evidence) {
		for _, endpoint := range g.r.req.Endpoints {
			host, port, err := endpoint.split()
			if err != nil {
				continue
			}
			for _, ip := range candidates(e, host) {
				if a := netip.AddrPortFrom(ip.WithZone(""), port); !g.free[a] {
					out = append(out, a)
				}
			}
		}
	})
	return out
}

// busy reports whether somebody is connected or connecting to one of the addresses.
func (g *gate) busy(addresses []netip.AddrPort) bool {
	g.looked = true
	sockets, err := readSockets(g.r.sys.Files)
	g.err = err
	found := false
	for _, s := range sockets {
		if !slices.Contains(addresses, s.remote) {
			continue
		}
		found = true
		flow := report.Flow{Address: s.remote.String(), State: s.state}
		if !slices.Contains(g.flows, flow) {
			g.flows = append(g.flows, flow)
			g.at = append(g.at, now())
		}
	}
	return found
}

// report says what the gate saw, if it was asked at all.
func (g *gate) report() {
	if !g.looked {
		return
	}
	g.r.ask(taskFlows, "flows", "/proc/net/tcp", func(a *asking) error {
		for i, f := range g.flows {
			a.saw(g.at[i], func(e *report.Evidence, head report.Observation) {
				f.Observation = head
				e.Flows = append(e.Flows, f)
			})
		}
		if len(g.flows) == 0 && g.err == nil {
			a.empty()
		}
		return g.err
	})
}

// socket is one line of the kernel's TCP table.
type socket struct {
	remote netip.AddrPort
	state  string
}

// readSockets reads both tables; without IPv6 there is only one.
func readSockets(files fs.FS) ([]socket, error) {
	four, err := readFile(files, "proc/net/tcp", maxSocketTable)
	if err != nil {
		return nil, optional(err)
	}
	out := parseSockets(four)
	six, err := readFile(files, "proc/net/tcp6", maxSocketTable)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	return append(out, parseSockets(six)...), err
}

// The states in which somebody is using, or trying, a connection
// (include/net/tcp_states.h).
var busyStates = map[string]string{"01": "established", "02": "syn_sent"}

// parseSockets returns the connected and connecting sockets of /proc/net/tcp or tcp6
// (Documentation/networking/proc_net_tcp.rst). Lines that cannot be read are passed
// over.
func parseSockets(table []byte) []socket {
	var out []socket
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) < 4 {
			continue
		}
		state, ok := busyStates[fields[3]]
		if !ok {
			continue
		}
		if remote, ok := parseSocketAddress(fields[2]); ok {
			out = append(out, socket{remote, state})
		}
	}
	return out
}

// parseSocketAddress reads HEX:PORT. The address is printed as 32-bit words in the
// machine's byte order, the port as a number.
func parseSocketAddress(text string) (netip.AddrPort, bool) {
	address, port, ok := strings.Cut(text, ":")
	if !ok {
		return netip.AddrPort{}, false
	}
	raw, err := hex.DecodeString(address)
	if err != nil || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, false
	}
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	ip, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), true
}

// mayAsk waits until the acquirer may be asked. Otherwise it says why not: in the
// task, or as the failure to end it with.
func (r *round) mayAsk(ctx context.Context, a *asking, op report.Operation) (bool, *report.Failure) {
	err := r.gate.pass(ctx)
	if errors.Is(err, errPayment) {
		a.notAsked(report.ReasonPayment)
		return false, nil
	}
	return err == nil, failureIn(ctx, op, err)
}
