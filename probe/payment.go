package probe

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// gate lets packets to an address of the acquirer pass once nobody else on this device
// is connected to it. An address that was found free is not looked at again: from then
// on the connection seen there could be this round's own.
type gate struct {
	r *round

	mu     sync.Mutex // guards everything below, and keeps finding free and connecting in this order
	free   map[netip.AddrPort]bool
	looked bool
	until  time.Time // when waiting ends, for the whole round; zero before the first wait
	err    error     // why the table could not be read
	flows  []report.Flow
	at     []time.Time
}

func newGate(r *round) *gate {
	return &gate{r: r, free: map[netip.AddrPort]bool{}}
}

// again makes the gate look anew, and wait no longer than until. It must be called while
// the round has no connection of its own.
func (g *gate) again(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.free)
	if g.until.IsZero() || g.until.After(until) {
		g.until = until
	}
}

// pass waits for the given addresses to be free. It returns errPayment when one stays
// busy, and ctx's error when that ends first. A table that cannot be read holds nobody
// up.
func (g *gate) pass(ctx context.Context, addresses []netip.AddrPort) error {
	for {
		wait, err := g.look(addresses)
		if err != nil || wait == 0 {
			return cmp.Or(ctx.Err(), err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// look returns how long to wait before the next look, 0 when all addresses are free.
func (g *gate) look(addresses []netip.AddrPort) (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	wanted := slices.DeleteFunc(slices.Clone(addresses), func(a netip.AddrPort) bool { return g.free[a] })
	if len(wanted) == 0 {
		return 0, nil
	}
	busy := g.busy(wanted)
	for _, a := range wanted {
		g.free[a] = !slices.Contains(busy, a)
	}
	if len(busy) == 0 {
		return 0, nil
	}
	if g.until.IsZero() {
		g.until = now().Add(g.r.req.Yield)
	}
	wait := min(yieldPoll, g.until.Sub(now()))
	if wait <= 0 {
		return 0, errPayment
	}
	return wait, nil
}

// busy returns those of the addresses that somebody is connected or connecting to.
func (g *gate) busy(addresses []netip.AddrPort) []netip.AddrPort {
	g.looked = true
	sockets, err := readSockets(g.r.sys.Files)
	g.err = err
	var out []netip.AddrPort
	for _, s := range sockets {
		if !slices.Contains(addresses, s.remote) {
			continue
		}
		out = appendOnce(out, s.remote)
		flow := report.Flow{Address: s.remote.String(), State: s.state}
		if !slices.Contains(g.flows, flow) {
			g.flows = append(g.flows, flow)
			g.at = append(g.at, now())
		}
	}
	return out
}

// report says in a round's evidence what the gate saw, if it was asked at all.
func (g *gate) report(r *round) {
	if !g.looked {
		return
	}
	r.ask(taskFlows, "flows", "/proc/net/tcp", func(a *asking) error {
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

// mayAsk waits until the address of a task may be asked. Otherwise it says why not: in
// the task, or as the failure to end it with.
func (r *round) mayAsk(ctx context.Context, a *asking, t task, op report.Operation) (bool, *report.Failure) {
	err := r.gate.pass(ctx, r.portsAt(t))
	if errors.Is(err, errPayment) {
		a.notAsked(report.ReasonPayment)
		return false, nil
	}
	return err == nil, failureIn(ctx, op, err)
}

// portsAt is what must be free for a task: the address and port that it connects to; for
// one that asks an address at no port of an endpoint's, those of every endpoint that is
// asked there. The kernel's table shows no zones.
func (r *round) portsAt(t task) []netip.AddrPort {
	if !t.target.IsValid() {
		return []netip.AddrPort{netip.AddrPortFrom(t.address.Addr().WithZone(""), t.address.Port())}
	}
	var out []netip.AddrPort
	r.rec.view(func(e *report.Evidence) {
		for _, endpoint := range r.req.Endpoints {
			host, port, err := endpoint.split()
			if err != nil {
				continue
			}
			if slices.Contains(candidates(e, &r.req, host), candidate{ip: t.target}) {
				out = appendOnce(out, netip.AddrPortFrom(t.target.WithZone(""), port))
			}
		}
	})
	return out
}
