package probe

import (
	"context"
	"os"

	"posprobe/probe/rtnetlink"

	"golang.org/x/sys/unix"
)

// linkFlags are those whose change means that a link came or went (netdevice(7)).
const linkFlags = unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP

// WatchLinks returns a channel that has a value after a network interface came, went,
// gained or lost its carrier; nil where the kernel does not let us listen. Other news of
// the kernel's about links, such as those of a radio that scans, are kept back. It
// listens until ctx ends.
func WatchLinks(ctx context.Context) <-chan struct{} {
	socket, err := rtnetlink.Listen(unix.RTMGRP_LINK)
	if err != nil {
		return nil
	}
	changed := make(chan struct{}, 1)
	go func() {
		defer socket.Close()
		defer context.AfterFunc(ctx, func() { socket.Close() })()
		links := map[int]uint32{}
		buf := make([]byte, 32<<10)
		for {
			n, err := socket.Read(buf)
			if ctx.Err() != nil {
				return
			}
			news := err != nil // ENOBUFS: some news were lost
			if err == nil {
				news = linkNews(buf[:n], links)
			}
			if news {
				select {
				case changed <- struct{}{}:
				default:
				}
			}
			if err != nil && !isOverrun(err) {
				return
			}
		}
	}()
	return changed
}

func isOverrun(err error) bool {
	e, ok := err.(*os.PathError)
	return ok && e.Err == unix.ENOBUFS
}

// linkNews reads messages of the kernel about links and reports whether one says
// something new. links is what was known, by interface index.
func linkNews(b []byte, links map[int]uint32) bool {
	news := false
	for m, rest, ok := rtnetlink.Next(b); ok; m, rest, ok = rtnetlink.Next(rest) {
		if m.Type != unix.RTM_NEWLINK && m.Type != unix.RTM_DELLINK {
			continue
		}
		l, ok := rtnetlink.ParseLink(m.Body)
		if !ok {
			continue
		}
		flags := l.Flags & linkFlags
		known, seen := links[l.Index]
		switch {
		case m.Type == unix.RTM_DELLINK:
			delete(links, l.Index)
			news = true
		case !seen || known != flags:
			links[l.Index] = flags
			news = true
		}
	}
	return news
}
