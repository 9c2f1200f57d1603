//go:build !linux

package probe

import (
	"syscall"

	"posprobe/report"
)

// tap is what Linux tells of a socket; other systems tell nothing.
type tap struct{}

func newTap() *tap { return &tap{} }

func (*tap) control(string, string, syscall.RawConn) error { return nil }
func (*tap) connected()                                    {}
func (*tap) icmp() []report.ICMPError                      { return nil }
func (*tap) info() *report.TCP                             { return nil }
func (*tap) softError() report.FailureType                 { return "" }
func (*tap) localPort() uint16                             { return 0 }
func (*tap) close()                                        {}

func hearICMP(string, string, syscall.RawConn) error { return nil }
