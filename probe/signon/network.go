package signon

import (
	"cmp"
	"maps"
	"slices"
)

// network is network management as a version of ISO 8583 has it. What the versions have
// in common is here; iso1987.go and iso1993.go have the rest.
type network struct {
	formats *formats
	version byte
	mtis    []string // that may be sent; the first is the default
	// code is the field that says what is asked; echo and signOn are what it says.
	code         int
	echo, signOn string
	// fields can be filled; usual are sent where nothing else is configured.
	fields, usual []int
	// clock is the form of field 12.
	clock string
	// use says what a code does; optional: the code may be left out.
	use      func(code string) use
	optional bool
}

// dialect is the constructor of both protocols.
func (n *network) dialect(c Config) (Dialect, error) {
	c.fillNetwork(n)
	errs := c.checkNetwork(n)
	carrier := newCarrier(&c, &errs)
	if err := errs.err(); err != nil {
		return nil, err
	}
	e, _ := find(encodings, func(e encoding) string { return e.word }, c.Encoding)
	g := &grammar{encoding: e, formats: n.formats, version: n.version}
	return newISO(&c, g, carrier, c.valuesNetwork(n), !c.isEcho(n))
}

// fillNetwork replaces what is left empty by its default.
func (c *Config) fillNetwork(n *network) {
	c.Message = cmp.Or(c.Message, MessageEcho)
	code := n.echo
	if c.Message == MessageSignOn {
		code = n.signOn
	}
	c.NetworkCode = cmp.Or(c.NetworkCode, code)
	c.MTI = cmp.Or(c.MTI, n.mtis[0])
	if c.Fields == nil {
		c.Fields = n.usual
	}
	c.Fields = slices.Sorted(slices.Values(c.Fields))
}

// valuesNetwork are the fields of the request. The configuration has been checked.
func (c *Config) valuesNetwork(n *network) map[int]string {
	values := maps.Clone(c.Values)
	if values == nil {
		values = map[int]string{}
	}
	for _, f := range c.Fields {
		values[f] = c.filled(f, n.clock)
	}
	if c.NetworkCode != NoNetworkCode {
		values[n.code] = c.NetworkCode
	}
	return values
}

// plainValues are fields that say who, where and by which way, and nothing of what is
// asked.
var plainValues = []int{18, 19, 21, 24, 32, 33, 37, 43, 49, 93, 94, 99, 100}

// isEcho reports whether the message is surely nothing but an echo. There are hosts that
// go by the processing code (3) or by private fields (60, 63) and do not look at the
// network management code.
func (c *Config) isEcho(n *network) bool {
	for f := range c.Values {
		if !slices.Contains(plainValues, f) {
			return false
		}
	}
	return c.Message == MessageEcho && n.use(c.NetworkCode) == useEcho
}
