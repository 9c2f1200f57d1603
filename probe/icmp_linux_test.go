package probe

import (
	"encoding/binary"
	"testing"
	"unsafe"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// queued builds the control message of one error queue entry.
func queued(level, kind int, extended []byte) []byte {
	b := make([]byte, unix.CmsgSpace(len(extended)))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = int32(level), int32(kind)
	h.SetLen(unix.CmsgLen(len(extended)))
	copy(b[unix.CmsgLen(0):], extended)
	return b
}

func extended(origin, kind, code byte, info uint32, family uint16, address ...byte) []byte {
	b := make([]byte, seeLength+28)
	b[seeOrigin], b[seeType], b[seeCode] = origin, kind, code
	binary.NativeEndian.PutUint32(b[seeInfo:], info)
	binary.NativeEndian.PutUint16(b[seeLength:], family)
	if family == unix.AF_INET {
		copy(b[inAddr:], address)
	} else {
		copy(b[in6Addr:], address)
	}
	return b
}

func TestParseErrorQueue(t *testing.T) {
	six := []byte{0x20, 1, 0xd, 0xb8, 15: 1}
	for name, tt := range map[string]struct {
		control []byte
		want    []report.ICMPError
	}{
		"host unreachable": {
			queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(2, 3, 1, 0, unix.AF_INET, 192, 0, 2, 1)),
			[]report.ICMPError{{From: "192.0.2.1", Type: 3, Code: 1}},
		},
		"fragmentation needed": {
			queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(2, 3, 4, 1400, unix.AF_INET, 192, 0, 2, 1)),
			[]report.ICMPError{{From: "192.0.2.1", Type: 3, Code: 4, MTU: 1400}},
		},
		"packet too big": {
			queued(unix.IPPROTO_IPV6, unix.IPV6_RECVERR, extended(3, 2, 0, 1280, unix.AF_INET6, six...)),
			[]report.ICMPError{{From: "2001:db8::1", Type: 2, MTU: 1280}},
		},
		"info is no mtu elsewhere": {
			queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(2, 11, 0, 7, unix.AF_INET, 192, 0, 2, 1)),
			[]report.ICMPError{{From: "192.0.2.1", Type: 11}},
		},
		"not from icmp": {queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(1, 0, 0, 0, unix.AF_INET, 192, 0, 2, 1)), nil},
		"other message": {queued(unix.IPPROTO_IP, unix.IP_TTL, extended(2, 3, 1, 0, unix.AF_INET, 192, 0, 2, 1)), nil},
		"cut":           {queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(2, 3, 1, 0, unix.AF_INET, 192, 0, 2, 1)[:10]), nil},
	} {
		got := parseErrorQueue(tt.control)
		if len(got) != len(tt.want) || len(got) == 1 && got[0] != tt.want[0] {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func FuzzErrorQueue(f *testing.F) {
	f.Add(queued(unix.IPPROTO_IP, unix.IP_RECVERR, extended(2, 3, 4, 1400, unix.AF_INET, 192, 0, 2, 1)))
	f.Add(queued(unix.IPPROTO_IPV6, unix.IPV6_RECVERR, extended(3, 1, 0, 0, unix.AF_INET6, 1)))
	f.Fuzz(func(t *testing.T, b []byte) { parseErrorQueue(b) })
}

// Fields beyond what the kernel returned are unknown, not zero.
func TestOldKernelTCPInfo(t *testing.T) {
	info := unix.TCPInfo{State: 1, Unacked: 1, Bytes_acked: 7, Min_rtt: 9, Rcv_ooopack: 3, Rtt: 1500}
	whole := describeTCP(&info, int64(unsafe.Sizeof(info)))
	if *whole.BytesAcked != 7 || *whole.RcvOooPack != 3 || *whole.RTTMs != 1.5 || *whole.Unacked != 1 {
		t.Fatalf("%+v", whole)
	}
	// 104 bytes: Linux 3.2 to 3.14, up to tcpi_total_retrans.
	old := describeTCP(&info, 104)
	if old.Length != 104 || old.Unacked == nil || old.TotalRetrans == nil || old.BytesAcked != nil || old.MinRTTMs != nil || old.RcvOooPack != nil {
		t.Fatalf("%+v", old)
	}
	if none := describeTCP(&info, 0); none.State != "" || none.Unacked != nil || none.RTTMs != nil {
		t.Fatalf("%+v", none)
	}
}
