package signon

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
)

// Sizes of a UnionPay frame, in bytes: length prefix (2, big-endian, not counting
// itself), TPDU (5), header (usually 6), message type (2, BCD), bitmap (8), fields.
const (
	prefixSize = 2
	tpduSize   = 5
	mtiSize    = 2
	bitmapSize = 8

	// maxHeader is the longest header sent and looked for. The longest one known holds
	// an encryption type, a merchant and a terminal id behind the usual six bytes.
	maxHeader = 128
	// maxFrame is the longest reply read, without its length prefix. A sign-on reply
	// with three keys has less than 300.
	maxFrame = 2048
)

// unionPay is the dialect of UnionPay terminals.
type unionPay struct {
	mti         string
	replyMTI    string
	headerSize  int
	terminal    string // "" when field 41 is not sent
	merchant    string
	keys        bool
	fingerprint string
	request     []byte
}

func (u *unionPay) Protocol() string    { return ProtocolUnionPay }
func (u *unionPay) MessageType() string { return u.mti }
func (u *unionPay) Fingerprint() string { return u.fingerprint }
func (u *unionPay) Request() []byte     { return bytes.Clone(u.request) }
func (u *unionPay) KeysComeBack() bool  { return u.keys }

// newUnionPay fills in what has a default, checks everything and packs the request.
func newUnionPay(c Config) (Dialect, error) {
	c.fillIn()
	if err := c.check(); err != nil {
		return nil, err
	}
	u := &unionPay{
		mti: c.MTI,
		// A response's type is its request's plus 10: ISO 8583:1987 numbers requests and
		// advices 0, 2, 4 in the third digit, the responses to them 1, 3, 5.
		replyMTI:   c.MTI[:2] + string(c.MTI[2]+1) + c.MTI[3:],
		headerSize: len(c.Header),
		keys:       c.codeUse() != useEcho,
		request:    c.frame(c.Stan),
	}
	if slices.Contains(c.Fields, 41) {
		u.terminal = c.Terminal
	}
	if slices.Contains(c.Fields, 42) {
		u.merchant = c.Merchant
	}
	// The STAN is left out: memory is about the message, not about its number.
	u.fingerprint = fingerprint(ProtocolUnionPay, []string{c.Terminal, c.Merchant}, c.frame(0))
	return u, nil
}

// fillIn replaces what is left empty by its default.
func (c *Config) fillIn() {
	c.Message = cmp.Or(c.Message, MessageEcho)
	mti, code, fields := "0820", "301", []int{41, 42, 60}
	if c.Message == MessageSignOn {
		mti, code, fields = "0800", "003", []int{11, 41, 42, 60, 63}
	}
	c.MTI = cmp.Or(c.MTI, mti)
	c.Type = cmp.Or(c.Type, "00")
	c.Batch = cmp.Or(c.Batch, "000001")
	c.Code = cmp.Or(c.Code, code)
	c.Operator = cmp.Or(c.Operator, "001")
	if c.Fields == nil {
		c.Fields = fields
	}
	c.Fields = slices.Sorted(slices.Values(c.Fields))
}

// use is what a network management message does at the host.
type use int

const (
	useUnknown use = iota
	useEcho
	useSignOn
	useOther // changes something else: sign-off, settlement, parameters, master keys
)

// codeUse says what the message does, by field 60.3 of UnionPay's terminal messages.
// Without field 60 nobody can tell.
func (c *Config) codeUse() use {
	n, err := strconv.Atoi(c.Code)
	if err != nil || !slices.Contains(c.Fields, 60) {
		return useUnknown
	}
	switch {
	case n == 301:
		return useEcho
	case n == 1, 3 <= n && n <= 6:
		return useSignOn
	case n == 2, 200 <= n && n <= 299, 360 <= n && n <= 399, 400 <= n && n <= 499, n == 951:
		return useOther
	}
	return useUnknown
}
