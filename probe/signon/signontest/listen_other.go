//go:build !linux

package signontest

import (
	"errors"
	"net"
)

func shrinkWindow(*net.TCPListener) error {
	return errors.New("behaviour zero-window needs Linux")
}

func fillBacklog(*net.TCPListener) ([]net.Conn, error) {
	return nil, errors.New("behaviour backlog needs Linux")
}
