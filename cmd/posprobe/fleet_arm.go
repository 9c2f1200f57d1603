//go:build linux && arm

package main

import (
	"context"

	"posprobe/report"
)

// fleet is left out where flash is dear: it would add 0.2 MB to a terminal's binary, and
// is asked on a desk computer.
func (a app) fleet(context.Context, []string) int {
	return a.misuse("%s", report.Text{
		ZH: "fleet：终端用的这个版本（32 位 ARM）不含此命令，请在电脑上运行 posprobe",
		EN: "fleet: not in the build for 32-bit ARM terminals; run posprobe on a desk computer",
	}.In(a.lang))
}
