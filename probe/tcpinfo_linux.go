package probe

import (
	"math"
	"time"
	"unsafe"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// tcpStates are the states of include/net/tcp_states.h in the words of RFC 9293.
var tcpStates = []string{
	1: "established", 2: "syn_sent", 3: "syn_received", 4: "fin_wait_1", 5: "fin_wait_2", 6: "time_wait",
	7: "closed", 8: "close_wait", 9: "last_ack", 10: "listen", 11: "closing",
}

const stateSynSent = 2

// describeTCP translates struct tcp_info (include/uapi/linux/tcp.h), of which the
// kernel filled in length bytes. What it did not fill in, and what it has not measured
// yet, stays nil.
func describeTCP(info *unix.TCPInfo, length int64) *report.TCP {
	out := &report.TCP{Length: length}
	if length > 0 && int(info.State) < len(tcpStates) {
		out.State = tcpStates[info.State]
	}
	// has reports whether the kernel filled in the field at this offset, of this size.
	has := func(offset, size uintptr) bool { return int64(offset+size) <= length }
	u8 := func(v uint8, offset uintptr) *int64 {
		if !has(offset, 1) {
			return nil
		}
		return new(int64(v))
	}
	u32 := func(v uint32, offset uintptr) *int64 {
		if !has(offset, 4) {
			return nil
		}
		return new(int64(v))
	}
	u64 := func(v uint64, offset uintptr) *int64 {
		if !has(offset, 8) {
			return nil
		}
		return new(int64(min(v, math.MaxInt64)))
	}
	span := func(v uint32, offset uintptr, unit time.Duration) *float64 {
		if !has(offset, 4) {
			return nil
		}
		return new(ms(time.Duration(v) * unit))
	}

	out.Retransmits = u8(info.Retransmits, unsafe.Offsetof(info.Retransmits))
	out.Backoff = u8(info.Backoff, unsafe.Offsetof(info.Backoff))
	out.Probes = u8(info.Probes, unsafe.Offsetof(info.Probes))
	out.Unacked = u32(info.Unacked, unsafe.Offsetof(info.Unacked))
	out.Sacked = u32(info.Sacked, unsafe.Offsetof(info.Sacked))
	out.Lost = u32(info.Lost, unsafe.Offsetof(info.Lost))
	out.TotalRetrans = u32(info.Total_retrans, unsafe.Offsetof(info.Total_retrans))
	out.PMTU = u32(info.Pmtu, unsafe.Offsetof(info.Pmtu))
	out.BytesAcked = u64(info.Bytes_acked, unsafe.Offsetof(info.Bytes_acked))
	out.BytesReceived = u64(info.Bytes_received, unsafe.Offsetof(info.Bytes_received))
	out.SegsOut = u32(info.Segs_out, unsafe.Offsetof(info.Segs_out))
	out.SegsIn = u32(info.Segs_in, unsafe.Offsetof(info.Segs_in))
	out.DataSegsIn = u32(info.Data_segs_in, unsafe.Offsetof(info.Data_segs_in))
	out.RcvOooPack = u32(info.Rcv_ooopack, unsafe.Offsetof(info.Rcv_ooopack))
	out.DSACKDups = u32(info.Dsack_dups, unsafe.Offsetof(info.Dsack_dups))
	out.SndWnd = u32(info.Snd_wnd, unsafe.Offsetof(info.Snd_wnd))

	if info.Rtt != 0 { // 0 is "not measured": no path takes no time
		out.RTTMs = span(info.Rtt, unsafe.Offsetof(info.Rtt), time.Microsecond)
		out.RTTVarMs = span(info.Rttvar, unsafe.Offsetof(info.Rttvar), time.Microsecond)
	}
	if info.Min_rtt != math.MaxUint32 && info.State != stateSynSent {
		out.MinRTTMs = span(info.Min_rtt, unsafe.Offsetof(info.Min_rtt), time.Microsecond)
	}
	// Both count from the SYN until something was received.
	if info.State != stateSynSent {
		out.LastAckRecvMs = span(info.Last_ack_recv, unsafe.Offsetof(info.Last_ack_recv), time.Millisecond)
		if out.BytesReceived == nil || *out.BytesReceived > 0 {
			out.LastDataRecvMs = span(info.Last_data_recv, unsafe.Offsetof(info.Last_data_recv), time.Millisecond)
		}
	}
	return out
}
