//go:build !linux && !windows

package probe

import (
	"io/fs"
	"net/netip"
	"os"
)

func localFiles() fs.FS { return os.DirFS("/") }

// systemResolvers is nil: these systems keep their name servers in a file.
var systemResolvers func() ([]netip.AddrPort, error)
