package probe

import (
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// localFiles is the system drive.
func localFiles() fs.FS {
	drive := os.Getenv("SystemDrive")
	if drive == "" {
		drive = "C:"
	}
	return os.DirFS(drive + `\`)
}

// systemResolvers asks for the name servers of every adapter that is up
// (GetAdaptersAddresses).
func systemResolvers() ([]netip.AddrPort, error) {
	const flags = windows.GAA_FLAG_SKIP_UNICAST | windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST
	size := uint32(16 << 10)
	for range 4 { // the list may grow between asking for its size and reading it
		buf := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(unsafe.SliceData(buf)))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, first, &size)
		if err == windows.ERROR_BUFFER_OVERFLOW && size <= 1<<20 {
			continue
		}
		if err != nil {
			return nil, err
		}
		return adapterResolvers(first), nil
	}
	return nil, windows.ERROR_BUFFER_OVERFLOW
}

func adapterResolvers(first *windows.IpAdapterAddresses) []netip.AddrPort {
	var out []netip.AddrPort
	for a := first; a != nil; a = a.Next {
		if a.OperStatus != windows.IfOperStatusUp {
			continue
		}
		for s := a.FirstDnsServerAddress; s != nil; s = s.Next {
			ip, ok := netip.AddrFromSlice(s.Address.IP())
			if !ok {
				continue
			}
			server := netip.AddrPortFrom(ip.Unmap(), 53)
			if !slices.Contains(out, server) {
				out = append(out, server)
			}
		}
	}
	return out
}
