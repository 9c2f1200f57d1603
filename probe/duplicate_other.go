//go:build !linux

package probe

import (
	"context"
	"errors"
	"net/netip"
)

func claimants(context.Context, string, netip.Addr) (probes, answers int, err error) {
	return 0, 0, errors.ErrUnsupported
}
