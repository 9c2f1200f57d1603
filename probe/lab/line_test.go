//go:build linux

package lab

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// The times at which frames are due, without a network.
func TestLineSchedule(t *testing.T) {
	now := time.Now()
	newLine := func() *line { return &line{random: rand.New(rand.NewPCG(1, 2))} }

	l, last := newLine(), time.Time{}
	spread := map[time.Duration]bool{}
	for range 200 {
		due, ok := l.schedule(Quality{Delay: 10 * ms, Jitter: 20 * ms}, 100, now)
		if !ok || due.Before(last) || due.Sub(now) < 10*ms || due.Sub(now) > 30*ms {
			t.Fatalf("due after %v", due.Sub(now))
		}
		last = due
		spread[due.Sub(now)] = true
	}
	if len(spread) < 3 {
		t.Error("no jitter")
	}

	l = newLine() // 100 kbit/s: a frame of 125 bytes takes 10 ms
	for i := range 100 {
		due, ok := l.schedule(Quality{Rate: 100}, 125, now)
		if want := time.Duration(i+1) * 10 * ms; !ok || due.Sub(now) != want {
			t.Fatalf("frame %d after %v, want %v", i, due.Sub(now), want)
		}
	}
	if _, ok := l.schedule(Quality{Rate: 100}, 125, now); ok {
		t.Error("a frame that would wait for more than a second was kept")
	}
	if due, ok := l.schedule(Quality{Rate: 100}, 125, now.Add(2*time.Second)); !ok || due.Sub(now) != 2*time.Second+10*ms {
		t.Error("the line does not come free again")
	}

	l, overtook := newLine(), 0
	for range 1000 {
		if due, _ := l.schedule(Quality{Delay: 10 * ms, Reorder: 10}, 100, now); due.Equal(now) {
			overtook++
		}
	}
	if overtook < 50 || overtook > 150 {
		t.Errorf("%d of 1000 overtook, want about 100", overtook)
	}

	bursts := Quality{BurstEvery: time.Second, BurstFor: 200 * ms}
	l.began = now
	for after, want := range map[time.Duration]bool{0: true, 199 * ms: true, 200 * ms: false, 999 * ms: false, 1100 * ms: true} {
		if l.burst(bursts, now.Add(after)) != want {
			t.Errorf("burst after %v: %v", after, !want)
		}
	}
}

// Frames that overtake and frames that come twice, in a real world.
func TestCableReorderAndDuplicate(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	w.Cable(Shop, ISP).Change(ISP, func(q *Quality) { q.Delay, q.Reorder, q.Duplicate = 20*ms, 20, 20 })
	var in net.PacketConn
	if err := w.In(Term, func() (err error) { in, err = net.ListenPacket("udp4", TermAddr+":9"); return err }); err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := dial(t, w, RefAddr+":1", generous); err == nil {
		t.Fatal("somebody listens") // refused: now hardware addresses are known all the way
	}
	const sent = 150 // more would not fit into the receive buffer
	err := w.In(Ref, func() error {
		out, err := net.Dial("udp4", TermAddr+":9")
		if err != nil {
			return err
		}
		defer out.Close()
		for i := range sent {
			if _, err := out.Write(binary.BigEndian.AppendUint16(nil, uint16(i))); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint16]int{}
	highest, late, twice := uint16(0), 0, 0
	in.SetReadDeadline(time.Now().Add(time.Second))
	for buf := make([]byte, 2); ; {
		if _, _, err := in.ReadFrom(buf); err != nil {
			break
		}
		n := binary.BigEndian.Uint16(buf)
		if seen[n]++; seen[n] == 2 {
			twice++
		}
		if n < highest {
			late++
		}
		highest = max(highest, n)
	}
	if len(seen) < sent*9/10 || twice < sent/10 || twice > sent*3/10 || late < sent/10 {
		t.Errorf("%d of %d came, %d twice, %d after a later one", len(seen), sent, twice, late)
	}
}

// What crosses the terminal's cable is counted: IP packets with their headers, no ARP.
func TestTraffic(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	require(t, "busybox")
	if r := w.Run(t.Context(), Term, "busybox", "ping", "-c", "3", "-s", "100", "-i", "0.2", ShopAddr); r.Exit != 0 {
		t.Fatalf("%+v", r)
	}
	const each = 20 + 8 + 100 // IP, ICMP, data
	if packets, bytes := w.Traffic(); packets != 6 || bytes != 6*each {
		t.Errorf("%d packets of %d bytes, want 6 of %d", packets, bytes, 6*each)
	}
}
