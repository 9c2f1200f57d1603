package signon

import (
	"bytes"
	"strconv"
	"time"
)

// Sizes of what stands before a message, in bytes.
const (
	tpduSize = 5
	// maxHeader is the longest header sent and looked for. The longest one known holds
	// an encryption type, a merchant and a terminal id behind the usual six bytes.
	maxHeader = 128
)

// iso is a dialect of ISO 8583: one network management message, and its reply.
type iso struct {
	identity
	*grammar
	carrier  carrier
	lead     []byte // TPDU and header
	mti      string
	replyMTI string
	terminal string // "" when field 41 is not sent
	merchant string
	sent     clockFields
	time     time.Time
	zone     *time.Location
	keys     bool
	request  []byte
}

func (d *iso) MessageType() string   { return d.mti }
func (d *iso) Request() []byte       { return bytes.Clone(d.request) }
func (d *iso) KeysComeBack() bool    { return d.keys }
func (d *iso) Repeatable() bool      { return !d.keys }
func (d *iso) EndsWithRequest() bool { return !d.carrier.polled() }

// newISO packs a message. The configuration has been checked and its defaults filled in;
// values are its fields, and keys says whether it may be more than an echo.
func newISO(c *Config, g *grammar, carrier carrier, values map[int]string, keys bool) (Dialect, error) {
	d := &iso{
		identity: identity{protocol: c.Protocol},
		grammar:  g,
		carrier:  carrier,
		lead:     bytes.Join([][]byte{c.TPDU, c.Header}, nil),
		mti:      c.MTI,
		// A response's type is its request's plus 10: requests and advices have 0, 2, 4 in
		// the third digit, the responses to them 1, 3, 5.
		replyMTI: c.MTI[:2] + string(c.MTI[2]+1) + c.MTI[3:],
		terminal: values[41],
		merchant: values[42],
		sent:     clockFields{stamp: values[7], time: values[12]},
		time:     c.Time,
		zone:     c.zone(),
		keys:     keys,
	}
	message := g.pack(d.lead, c.MTI, values)
	if len(message) > maxFrame {
		var errs ConfigErrors
		errs.add(keyValues, strconv.Itoa(len(c.Values))+" fields", "make a message of more than 2048 bytes", "send less")
		return nil, errs.err()
	}
	d.request = carrier.pack(message)
	// What changes each time is left out: memory is about the message, not about its number.
	for _, f := range []int{7, 11, 12, 13} {
		if v, ok := values[f]; ok {
			values[f] = decimals(0, len(v))
		}
	}
	framed := carrier.framing.pack(g.pack(d.lead, c.MTI, values))
	d.fingerprint = fingerprint(c.Protocol, []string{c.Terminal, c.Merchant}, append([][]byte{framed}, carrier.shape()...)...)
	return d, nil
}

// zone is where the host reads its clock.
func (c *Config) zone() *time.Location {
	if c.Zone == nil {
		return time.FixedZone("UTC+8", 8*60*60)
	}
	return c.Zone
}

// filled is the value of a field that posprobe fills; clock is the form of field 12.
func (c *Config) filled(field int, clock string) string {
	switch field {
	case 7: // MMDDhhmmss, in UTC
		return c.Time.UTC().Format(formNoYear)
	case 11:
		return decimals(int(c.Stan), 6)
	case 12:
		return c.Time.In(c.zone()).Format(clock)
	case 13:
		return c.Time.In(c.zone()).Format("0102")
	case 41:
		return c.Terminal
	case 42:
		return c.Merchant
	case 60:
		return c.Type + c.Batch + c.Code
	}
	return c.Operator // 63
}
