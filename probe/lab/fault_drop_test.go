//go:build linux

package lab

import (
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestFaultDropForward(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	other := w.Listen(Acq, 0)
	serve(other)
	repair := w.DropForward(ISP, addr)
	_, err := dial(t, w, addr, patience)
	wantTimeout(t, "connect", err)
	wantOK(t, w, other.Addr().String()) // only that port
	wantRepair(t, w, addr, repair)
}

func TestFaultDropReplies(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	ln := w.Listen(Acq, AcquirerPort)
	addr := ln.Addr().String()
	taken := serve(ln)
	for _, ns := range []NS{ISP, Acq} {
		conn, err := dial(t, w, addr, generous)
		if err != nil {
			t.Fatal(err)
		}
		repair := w.DropReplies(ns, addr)
		o := ask(t, conn, request, patience)
		wantTimeout(t, "reply", o.ioErr)
		wantTaken(t, taken)
		if o.info.Bytes_acked != 1 || o.info.Unacked == 0 || o.info.Total_retrans == 0 || o.queued != len(request) {
			t.Errorf("%s: the request must stay unacknowledged: %+v", ns, o)
		}
		wantRepair(t, w, addr, repair)
		wantTaken(t, taken)
	}
}

func TestFaultDropReplyData(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	// Neither a reply shorter than an acknowledgement may be, nor one of several segments.
	small, big := w.Listen(Acq, 0), w.Listen(Acq, 0)
	serveWith(small, make([]byte, 1))
	serveWith(big, make([]byte, 5000))
	repair := w.DropReplyData(ISP, AcqAddr)
	for _, addr := range []string{addr, small.Addr().String(), big.Addr().String()} {
		o := exchange(t, w, addr, patience)
		wantTimeout(t, "reply", o.ioErr)
		if o.info == nil || o.info.Unacked != 0 || o.info.Bytes_acked != uint64(len(request))+1 || o.info.Data_segs_in != 0 {
			t.Errorf("the request must be acknowledged and nothing come back: %+v", o)
		}
	}
	wantRepair(t, w, addr, repair)
}

func TestFaultLoseReplies(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	ln := w.Listen(Acq, AcquirerPort)
	addr := ln.Addr().String()
	taken := serve(ln)
	conn, err := dial(t, w, addr, generous)
	if err != nil {
		t.Fatal(err)
	}
	repair := w.LoseReplies(100)
	if o := ask(t, conn, request, patience); o.reply != 0 || o.info.Bytes_acked != 1 {
		t.Errorf("all replies lost: %+v", o)
	}
	wantTaken(t, taken) // the way there is untouched
	repair()
	conn.SetDeadline(time.Now().Add(generous))
	if n, err := io.ReadFull(conn, make([]byte, len(reply))); err != nil {
		t.Fatalf("%d bytes of the held-up reply: %v", n, err)
	}

	const sent = 400
	flood(t, w, 1) // before hardware addresses are known the kernel keeps few packets
	repair = w.LoseReplies(40)
	if got := float64(flood(t, w, sent)) / sent; got < 0.4 || got > 0.8 {
		t.Errorf("%.0f %% arrive, want about 60", 100*got)
	}
	repair()
	if got := flood(t, w, sent); got < sent {
		t.Errorf("%d of %d arrive after the repair", got, sent)
	}
}

// flood sends datagrams from Ref to the shop's router and counts those that arrive there.
func flood(t *testing.T, w *World, sent int) (arrived int) {
	t.Helper()
	received := func() int {
		text := w.Run(t.Context(), Shop, "cat", "/sys/class/net/wan/statistics/rx_packets").Stdout
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := received()
	err := w.In(Ref, func() error {
		conn, err := net.ListenPacket("udp4", RefAddr+":0")
		if err != nil {
			return err
		}
		defer conn.Close()
		to := &net.UDPAddr{IP: net.ParseIP(WANAddr), Port: 9}
		for range sent {
			if _, err := conn.WriteTo(request, to); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for last := -1; arrived > last && arrived < sent; arrived = received() - before {
		last = arrived
		time.Sleep(time.Second)
	}
	return arrived
}

func TestFaultCut(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	ln := w.Listen(Acq, AcquirerPort)
	go func() { // a host that reads and never answers
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.Read(make([]byte, 1))
		<-t.Context().Done()
	}()
	conn, err := dial(t, w, ln.Addr().String(), generous)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		for option, value := range map[int]int{unix.TCP_KEEPIDLE: 1, unix.TCP_KEEPINTVL: 1} {
			unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, option, value)
		}
		unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	})
	// While the path stands the host's kernel answers keepalives; cut, nobody does.
	before := ask(t, conn, request, 3500*time.Millisecond)
	wantTimeout(t, "reply", before.ioErr)
	w.Cut()
	after := ask(t, conn, nil, 3500*time.Millisecond)
	wantTimeout(t, "reply", after.ioErr)
	if before.info.Unacked != 0 || after.info.Unacked != 0 || after.info.Bytes_acked != uint64(len(request))+1 {
		t.Errorf("the request was acknowledged before the cut: %+v then %+v", before.info, after.info)
	}
	if before.info.Segs_in < 3 || after.info.Segs_in > before.info.Segs_in+1 || after.info.Last_ack_recv < 2000 {
		t.Errorf("keepalives answered before (%d segments in), not after (%d, last ACK %d ms ago)",
			before.info.Segs_in, after.info.Segs_in, after.info.Last_ack_recv)
	}
}

func TestFaultCutAfter(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	p := w.Start(Acq, "sh", "-c", "sleep 0.2; echo request read; sleep 1000")
	repair := w.CutAfter(p, "request read")
	_, err := dial(t, w, addr, patience)
	wantTimeout(t, "connect", err)
	wantRepair(t, w, addr, repair)
}
