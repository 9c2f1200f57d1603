package config

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"

	"posprobe/probe/signon"
)

// Dialect returns the sign-on message that is configured, with stan as field 11 where
// that is sent (1 to 999999, from a range that the payment application does not use).
// It is nil without an error for protocol none. The error is Mistakes.
func (c *Config) Dialect(stan uint32) (signon.Dialect, error) {
	d, err := signon.New(c.message(stan))
	if err != nil {
		// What translate leaves out is known since the file or the flag was read.
		return nil, slices.Concat(c.mistakes, c.translate(err)).ordered()
	}
	return d, nil
}

// message is the configuration in the terms of package signon.
func (c *Config) message(stan uint32) signon.Config {
	s := c.Acquirer.SignOn
	header := s.Header
	if header == nil {
		header, _ = hex.DecodeString(DefaultHeader)
	}
	return signon.Config{
		Protocol: s.Protocol,
		Message:  s.Message,
		Terminal: c.Terminal.ID,
		Merchant: c.Terminal.Merchant,
		TPDU:     s.TPDU,
		Header:   header,
		MTI:      s.MTI,
		Type:     s.Field60.Type,
		Batch:    s.Field60.Batch,
		Code:     s.Field60.Code,
		Fields:   s.Fields,
		Stan:     stan,
		Send:     bytesOf(s.Send),
		Expect:   s.Expect,
	}
}

// translate gives the errors of package signon, which know their keys, the place where
// the key stands. The rules themselves are there and nowhere else.
func (c *Config) translate(err error) Mistakes {
	var many signon.ConfigErrors
	if !errors.As(err, &many) {
		var one *signon.ConfigError
		if !errors.As(err, &one) {
			return Mistakes{c.at("acquirer.sign_on", fault{"cannot be used: " + shown(err.Error()), "compare it with the payment application's settings"})}
		}
		many = signon.ConfigErrors{one}
	}
	var out Mistakes
	for _, e := range many {
		key := c.keyOf(e)
		if c.faulty(key) {
			continue
		}
		m := c.at(key, fault{shown(e.Problem), c.orFlag(e)})
		if m.Value == "" {
			m.Value = showable(e.Value)
		}
		out = append(out, m)
	}
	return out
}

// keyOf is the error's key, and for one of the fields its place in the list.
func (c *Config) keyOf(e *signon.ConfigError) string {
	if e.Key == keyFields {
		for i, f := range c.Acquirer.SignOn.Fields {
			if strconv.Itoa(f) == e.Value {
				return keyFields + index(i)
			}
		}
	}
	return e.Key
}

// orFlag adds the flag by which a missing value can be given.
func (c *Config) orFlag(e *signon.ConfigError) string {
	remedy := shown(e.Remedy)
	if flag := flagOf(e.Key); flag != "" && e.Value == "" {
		return remedy + "; or give " + flag
	}
	return remedy
}

// NeedsConsent is true when the configured message may replace the terminal's working
// keys, and nothing says that the terminal id is posprobe's own. Check refuses that in
// a file. When the command line asks for it, whoever runs the command must have agreed
// that the payment application has to sign on again.
func (c *Config) NeedsConsent() bool {
	const stan = 1 // any: the real one is chosen when the message is sent
	s := c.Acquirer.SignOn
	if s.DedicatedTerminal {
		return false
	}
	if s.Message == signon.MessageSignOn {
		return s.Protocol == signon.ProtocolUnionPay
	}
	d, err := c.Dialect(stan)
	return err == nil && d != nil && d.KeysComeBack()
}

// checkSignOn holds the sign-on to the dialect's rules, and to the one of the house:
// nothing that may replace working keys is sent by configuration alone unless the
// terminal id is posprobe's own.
func (c *Config) checkSignOn() Mistakes {
	const stan = 1 // as above
	s := c.Acquirer.SignOn
	var out Mistakes
	if _, err := signon.New(c.message(stan)); err != nil {
		out = c.translate(err)
	}
	if s.Protocol != signon.ProtocolUnionPay {
		out = append(out, c.checkUnused(stan)...)
	}
	if c.fromFlag(keyMessage) || s.DedicatedTerminal || c.faulty("acquirer.sign_on.dedicated_terminal") {
		return out
	}
	const unless = "; or, with a terminal id that the acquirer issued for posprobe alone, set dedicated_terminal: true"
	switch {
	case s.Message == signon.MessageSignOn: // whatever the protocol: a flag may change that
		out = append(out, c.at(keyMessage, fault{
			"replaces the terminal's working keys, and the payment application's next transaction fails",
			"write echo" + unless,
		}))
	case c.NeedsConsent():
		key := c.firstGiven("acquirer.sign_on.field60.code", keyFields, keyMessage)
		out = append(out, c.at(key, fault{
			"makes the message more than an echo: it may replace the terminal's working keys",
			"send field 60 with code 301" + unless,
		}))
	}
	return out
}

const (
	keyMessage = "acquirer.sign_on.message"
	keyFields  = "acquirer.sign_on.fields"
)

// checkUnused holds values that the chosen protocol does not use to their rules all
// the same: they are wrong today and would be sent when the protocol is changed.
func (c *Config) checkUnused(stan uint32) Mistakes {
	m := c.message(stan)
	m.Protocol = signon.ProtocolUnionPay
	m.Send, m.Expect = nil, ""
	_, err := signon.New(m)
	var all signon.ConfigErrors
	if !errors.As(err, &all) {
		return nil
	}
	var given signon.ConfigErrors
	for _, e := range all {
		if _, ok := c.places[e.Key]; ok && e.Value != "" {
			given = append(given, e)
		}
	}
	if len(given) == 0 {
		return nil
	}
	return c.translate(given)
}
