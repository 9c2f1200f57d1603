//go:build linux

package lab

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// Verbs that put somebody in between who answers for others. None of them is a fault.

// acceleratorArg is a TCP accelerator of a provider's (RFC 3135): it completes the
// terminal's connections with the acquirer itself, before it has one of its own with the
// host, and copies what comes on either. TLS passes through it.
type acceleratorArg struct {
	At NS `yaml:"at"`
	// HalfClose: the end of one direction leaves the other one open.
	HalfClose bool `yaml:"half_close"`
}

func (a acceleratorArg) check() error { return placeArg{a.At}.check() }

func (a acceleratorArg) fits(s *Scenario) error {
	if s.Setup.IP == "6" {
		return errors.New("needs IPv4")
	}
	return nil
}

// acceleratorPort is where the accelerator takes the connections that are given to it.
const acceleratorPort = 7777

// relayTime ends a connection of the accelerator's that nobody ends.
const relayTime = 30 * time.Second

func accelerate(sc *scene, a acceleratorArg) func() {
	device, address := inside(a.At)
	ln := sc.w.ListenAt(a.At, net.JoinHostPort(address, "7777"))
	go func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer client.Close()
				ctx, cancel := context.WithTimeout(context.Background(), relayTime)
				defer cancel()
				host, err := sc.w.Dial(ctx, a.At, net.JoinHostPort(AcqAddr, "5500"), nil)
				if err != nil {
					return
				}
				defer host.Close()
				relay(client, host, a.HalfClose)
			}()
		}
	}()
	restore := sc.w.fault(a.At, redirect(device, "ip daddr "+AcqAddr+" tcp dport 5500 ", acceleratorPort))
	return func() {
		restore()
		ln.Close()
	}
}

// relay copies both ways until one side has ended, or, with halfClose, both.
func relay(client, host net.Conn, halfClose bool) {
	end := time.Now().Add(relayTime)
	client.SetDeadline(end)
	host.SetDeadline(end)
	over := make(chan struct{}, 2)
	copyTo := func(to, from net.Conn) {
		io.Copy(to, from)
		if c, ok := to.(interface{ CloseWrite() error }); ok && halfClose {
			c.CloseWrite()
		}
		over <- struct{}{}
	}
	go copyTo(host, client)
	go copyTo(client, host)
	<-over
	if halfClose {
		<-over
	}
}
