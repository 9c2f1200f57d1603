package config

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"posprobe/probe/signon"
)

// The keys of the sign-on that the code asks about.
const (
	keySignOn    = "acquirer.sign_on"
	keyMessage   = keySignOn + ".message"
	keyProtocol  = keySignOn + ".protocol"
	keyDedicated = keySignOn + ".dedicated_terminal"
	keyFields    = keySignOn + ".fields"
	keyValues    = keySignOn + ".values"
	keyHeaders   = keySignOn + ".http.headers"
)

// checkSignOn holds the sign-on to the dialect's rules, and to the one of the house:
// nothing that may replace working keys is sent by configuration alone unless the
// terminal id is posprobe's own.
func (c *Config) checkSignOn() Mistakes {
	s := c.Acquirer.SignOn
	m, out := c.message(anySTAN)
	if len(c.Acquirer.Endpoints) > 0 {
		m.Host = c.Acquirer.Endpoints[0].authority()
	}
	if _, err := signon.New(m); err != nil {
		out = append(out, c.translate(err)...)
	}
	out = append(out, c.checkUnused(m)...)
	if c.fromFlag(keyMessage) || s.DedicatedTerminal || c.faulty(keyDedicated) {
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
		key := c.firstGiven(keySignOn+".field60.code", keySignOn+".network_code", keyFields, keyValues, keyMessage)
		echo := "send field 60 with code 301"
		switch s.Protocol {
		case signon.ProtocolISO1987:
			echo = "send field 70 with code 301"
		case signon.ProtocolISO1993:
			echo = "send field 24 with code 831"
		}
		out = append(out, c.at(key, fault{
			"makes the message more than an echo: it may replace the terminal's working keys",
			echo + unless,
		}))
	}
	return out
}

// checkUnused holds values that the chosen protocol does not use to their rules all
// the same: they are wrong today and would be sent when the protocol is changed. A value
// is wrong when none of the protocols that use it would take it.
func (c *Config) checkUnused(m signon.Config) Mistakes {
	chosen := m.Protocol
	var out Mistakes
	type refused struct {
		by    int // protocols
		first *signon.ConfigError
	}
	all := map[string]*refused{} // by key and value
	for _, m.Protocol = range Protocols() {
		if m.Protocol == chosen || m.Protocol == signon.ProtocolNone {
			continue
		}
		_, err := signon.New(m)
		for _, e := range configErrors(err) {
			key := c.keyOf(e)
			users := protocolsOf(key)
			if _, given := c.places[key]; !given || e.Value == "" || slices.Contains(users, chosen) || !slices.Contains(users, m.Protocol) {
				continue
			}
			r := all[key+e.Value]
			if r == nil {
				r = &refused{first: e}
				all[key+e.Value] = r
			}
			if r.by++; r.by == len(users) {
				out = append(out, c.translate(signon.ConfigErrors{r.first})...)
			}
		}
	}
	return out
}

// configErrors takes an error of package signon apart; nil when it is of another kind.
func configErrors(err error) signon.ConfigErrors {
	var many signon.ConfigErrors
	var one *signon.ConfigError
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return signon.ConfigErrors{one}
	}
	return nil
}

// translate gives the errors of package signon, which know their keys, the place where
// the key stands. The rules themselves are there and nowhere else.
func (c *Config) translate(err error) Mistakes {
	many := configErrors(err)
	if many == nil {
		return Mistakes{c.at(keySignOn, fault{"cannot be used: " + shown(err.Error()), "compare it with the payment application's settings"})}
	}
	var out Mistakes
	for _, e := range many {
		key := c.keyOf(e)
		if c.faulty(key) {
			continue
		}
		m := c.at(key, fault{shown(e.Problem), c.orFlag(e)})
		if m.Value == "" && key != keyHeaders { // of that file's content nothing is shown
			m.Value = telling(key, e.Value)
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

// Protocols returns the sign-on protocols as the configuration spells them.
func Protocols() []string {
	return strings.Split(Default().field(keyProtocol).Tag.Get("oneof"), "|")
}

// Uses reports whether a sign-on protocol uses the value of a command line flag of
// Override.
func Uses(protocol, flag string) bool { return used(flagKeys[flag], protocol) }

func used(key, protocol string) bool {
	users := protocolsOf(key)
	return len(users) == 0 || slices.Contains(users, protocol)
}
