//go:build !linux

package probe

import "context"

// WatchLinks returns nil: this system is not listened to.
func WatchLinks(context.Context) <-chan struct{} { return nil }
