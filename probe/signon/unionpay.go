package signon

import (
	"cmp"
	"slices"
	"strconv"
)

// unionPay is how the messages of UnionPay's terminals stand on the wire. A frame is a
// length (2 bytes, big-endian, not counting itself), TPDU (5), header (usually 6) and
// message.
var unionPay = grammar{encoding: packedBCD, formats: &formatsUnionPay, version: '0', wordsIn56: true, requirement: true}

// newUnionPay is the constructor of protocol unionpay.
func newUnionPay(c Config) (Dialect, error) {
	c.fillUnionPay()
	errs := c.checkUnionPay()
	carrier := newCarrier(&c, &errs)
	if err := errs.err(); err != nil {
		return nil, err
	}
	return newISO(&c, &unionPay, carrier, c.valuesUnionPay(), c.useUnionPay() != useEcho)
}

// fillUnionPay replaces what is left empty by its default.
func (c *Config) fillUnionPay() {
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

// valuesUnionPay are the fields of the request. The configuration has been checked.
func (c *Config) valuesUnionPay() map[int]string {
	values := make(map[int]string, len(c.Fields))
	for _, f := range c.Fields {
		values[f] = c.filled(f, "")
	}
	return values
}

// use is what a network management message does at the host.
type use int

const (
	useUnknown use = iota
	useEcho
	useSignOn
	useOther // changes something else: sign-off, settlement, parameters, master keys
)

// useUnionPay says what the message does, by field 60.3 of UnionPay's terminal messages.
// Without field 60 nobody can tell.
func (c *Config) useUnionPay() use {
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
