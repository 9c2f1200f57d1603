package rtnetlink

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func message(kind, flags uint16, seq uint32, body ...byte) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = binary.NativeEndian.AppendUint16(b, flags)
	b = binary.NativeEndian.AppendUint32(b, seq)
	b = append(binary.NativeEndian.AppendUint32(b, 0), body...)
	return append(b, make([]byte, -len(b)&3)...)
}

func number(n int32) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }

func TestAnswers(t *testing.T) {
	const multi, interrupted = unix.NLM_F_MULTI, unix.NLM_F_MULTI | unix.NLM_F_DUMP_INTR
	neighbor := attribute([]byte{unix.AF_INET, 0, 0, 0, 11: 0}, unix.NDA_DST, []byte{192, 0, 2, 1})
	entry := message(unix.RTM_NEWNEIGH, multi, 7, neighbor...)
	six := message(unix.RTM_NEWNEIGH, multi, 7, append([]byte{unix.AF_INET6}, neighbor[1:]...)...)
	done := message(unix.NLMSG_DONE, multi, 7, number(0)...)
	failed := func(e unix.Errno) []byte { return message(unix.NLMSG_ERROR, 0, 7, number(-int32(e))...) }
	short := message(unix.RTM_NEWNEIGH, multi, 7, 2, 0)
	long := message(unix.RTM_NEWNEIGH, multi, 7, append(neighbor[:12:12], 200, 0, 1, 0)...)
	for name, c := range map[string]struct {
		datagrams [][]byte
		seen      int
		done      bool
		err       error
	}{
		"two datagrams":       {[][]byte{entry, append(entry, done...)}, 2, true, nil},
		"goes on":             {[][]byte{entry}, 1, false, nil},
		"single":              {[][]byte{message(unix.RTM_NEWNEIGH, 0, 7, neighbor...)}, 1, true, nil},
		"other question":      {[][]byte{message(unix.NLMSG_DONE, multi, 6), append(entry, done...)}, 1, true, nil},
		"other family":        {[][]byte{six, append(entry, done...)}, 1, true, nil},
		"other type":          {[][]byte{message(unix.RTM_NEWLINK, multi, 7), done}, 0, true, nil},
		"end without number":  {[][]byte{message(unix.NLMSG_DONE, multi, 7)}, 0, true, nil},
		"error":               {[][]byte{failed(unix.EAFNOSUPPORT)}, 0, true, unix.EAFNOSUPPORT},
		"error at the end":    {[][]byte{entry, message(unix.NLMSG_DONE, interrupted, 7, number(-int32(unix.ENOMEM))...)}, 1, true, unix.ENOMEM},
		"error of no kind":    {[][]byte{message(unix.NLMSG_ERROR, 0, 7, number(-1<<31)...)}, 0, true, unix.Errno(1 << 31)},
		"no error":            {[][]byte{failed(0)}, 0, true, nil},
		"error without":       {[][]byte{message(unix.NLMSG_ERROR, 0, 7, 1, 2)}, 0, true, unix.EINVAL},
		"interrupted":         {[][]byte{message(unix.RTM_NEWNEIGH, interrupted, 7, neighbor...), append(entry, done...)}, 2, true, ErrInterrupted},
		"interrupted, at end": {[][]byte{entry, message(unix.NLMSG_DONE, interrupted, 7, number(0)...)}, 1, true, ErrInterrupted},
		"short body":          {[][]byte{short, append(entry, done...)}, 0, true, unix.EINVAL},
		"long attribute":      {[][]byte{entry, long, entry, done}, 1, true, unix.EINVAL},
		"cut":                 {[][]byte{entry[:len(entry)-1]}, 0, true, unix.EINVAL},
		"length 0":            {[][]byte{make([]byte, 16)}, 0, true, unix.EINVAL},
	} {
		seen := 0
		a := answers{seq: 7, kind: unix.RTM_NEWNEIGH, family: unix.AF_INET, visit: func(b []byte) bool {
			n, ok := parseNeighbor(b)
			if ok && n.Address == netip.AddrFrom4([4]byte{192, 0, 2, 1}) {
				seen++
			}
			return ok
		}}
		var ended bool
		var err error
		for _, d := range c.datagrams {
			if ended {
				t.Errorf("%s: ended early", name)
			}
			ended, err = a.read(d)
		}
		if ended != c.done || err != c.err || seen != c.seen {
			t.Errorf("%s: %v %v, %d seen", name, ended, err, seen)
		}
	}
}

// A kernel that does not answer is given up, in the words of a socket's own timeout.
func TestNoAnswer(t *testing.T) {
	c, err := Dial(30 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.within(c.socket.Read, c.buf[:]); err != unix.EAGAIN {
		t.Fatal(err)
	}
	c.Close()
	if _, err := c.Links(); err == nil || errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
}

func TestRouteToNowhere(t *testing.T) {
	c, err := Dial(time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	four, six := netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()
	for _, q := range [][2]netip.Addr{{}, {four, six}, {six, four}} {
		if _, err := c.RouteTo(q[0], q[1]); err != unix.EINVAL {
			t.Errorf("%v: %v", q, err)
		}
	}
}

func TestCounters(t *testing.T) {
	value := binary.NativeEndian.AppendUint32(make([]byte, 28), 5)
	header := make([]byte, unix.SizeofIfInfomsg)
	l, ok := ParseLink(attribute(header, unix.IFLA_STATS, value))
	if !ok || l.Counters == nil || l.Counters.TxDropped != 5 {
		t.Errorf("32 bits: %+v %v", l, ok)
	}
	if l, ok = ParseLink(attribute(header, unix.IFLA_STATS64, value)); ok {
		t.Errorf("short: %+v", l)
	}
	if l, ok = ParseLink(header); !ok || l.Counters != nil {
		t.Errorf("none: %+v %v", l, ok)
	}
}

// Whatever the bytes, nothing panics or goes round for ever, and what was read is whole.
func FuzzAnswers(f *testing.F) {
	link := attribute(make([]byte, 16), unix.IFLA_IFNAME, []byte("eth0\x00\x00\x00\x00"))
	link = attribute(link, unix.IFLA_LINKINFO, attribute(nil, unix.IFLA_INFO_KIND, []byte("vlan")))
	f.Add(message(unix.RTM_NEWLINK, unix.NLM_F_MULTI, 7, link...))
	f.Add(message(unix.RTM_NEWADDR, unix.NLM_F_MULTI, 7, attribute([]byte{unix.AF_INET, 24, 7: 0}, unix.IFA_LOCAL, []byte{192, 0, 2, 1})...))
	hop := attribute([]byte{16, 0, 0, 0, 1, 0, 0, 0}, unix.RTA_GATEWAY, []byte{192, 0, 2, 1})
	route := []byte{unix.AF_INET, 0, 0, 0, unix.RT_TABLE_MAIN, 4, 0, 1, 11: 0}
	f.Add(message(unix.RTM_NEWROUTE, unix.NLM_F_MULTI, 7, attribute(route, unix.RTA_MULTIPATH, hop)...))
	f.Add(message(unix.NLMSG_ERROR, 0, 7, number(-1)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []uint16{unix.RTM_NEWLINK, unix.RTM_NEWADDR, unix.RTM_NEWROUTE, unix.RTM_NEWNEIGH} {
			a := answers{seq: 7, kind: kind, visit: func(body []byte) bool {
				parseNeighbor(body)
				ParseLink(body)
				if a, ok := parseAddress(body); ok && a.Prefix != (netip.Prefix{}) && !a.Prefix.IsValid() {
					t.Fatalf("address %+v", a)
				}
				r, ok := parseRoute(body)
				if ok && !r.Destination.IsValid() || len(r.Hops) > len(body)/unix.SizeofRtNexthop {
					t.Fatalf("route %+v", r)
				}
				return ok
			}}
			a.read(b)
		}
		n := 0
		for m, rest, ok := Next(b); ok; m, rest, ok = Next(rest) {
			if n += unix.SizeofNlMsghdr + len(m.Body); n > len(b) {
				t.Fatalf("%d bytes of %d", n, len(b))
			}
		}
	})
}
