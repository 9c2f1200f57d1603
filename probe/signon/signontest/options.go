package signontest

import (
	"cmp"
	"time"
)

// Options are what a practice acquirer is started with. The zero value is a good host
// on a free port of the loopback interface that speaks UnionPay's messages, without TLS.
type Options struct {
	// Listen is the address to listen on; "" is 127.0.0.1:0.
	Listen string
	// Protocol is one of Protocols; "" is unionpay.
	Protocol string
	// Framing is one of Framings, in protocols that have messages; "" is 2-byte.
	Framing string
	// Encoding is one of Encodings, in protocols iso8583-1987 and iso8583-1993; "" is
	// ascii.
	Encoding string
	// HTTP is what to want of an HTTP request. Protocol http needs none; with protocols
	// that have messages they come as the body of a POST and are answered likewise, as
	// access gateways have it. nil takes messages as they are.
	HTTP *HTTP
	// Behaviour is NAME or NAME=ARGUMENT out of BehavioursFor these options; "" is good.
	Behaviour string
	// TLS is the name of one of TLSKinds; "" is plain TCP.
	TLS string
	// Names are further host names and addresses for the certificate, beside localhost,
	// the loopback addresses, acquirer.example, pos.acquirer.example and the address
	// listened on.
	Names []string
	// Location is the zone of the host's clock; nil is UTC+8, as the hosts of
	// UnionPay have it.
	Location *time.Location
	// Log gets a line for each connection; nil for none. It is called by several
	// goroutines.
	Log func(line string)
}

// Check returns an error for a word that no option takes, and for a behaviour that the
// dialect cannot have.
func (o Options) Check() error {
	d, err := o.dialect()
	if err != nil {
		return err
	}
	if _, err := d.choose(cmp.Or(o.Behaviour, "good")); err != nil {
		return err
	}
	_, err = findTLSKind(o.TLS)
	return err
}
