package signon

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// checkNetwork returns everything that is wrong with a configuration of one of the
// iso8583 protocols whose defaults are filled in.
func (c *Config) checkNetwork(n *network) ConfigErrors {
	var errs ConfigErrors
	sent := func(field int) bool { return slices.Contains(c.Fields, field) }

	c.checkIDs(&errs)
	if c.Message != MessageEcho && c.Message != MessageSignOn {
		errs.add(keyMessage, c.Message, "is no known message", "choose echo or sign-on")
	}
	if len(c.TPDU) != 0 && len(c.TPDU) != tpduSize {
		errs.add(keyTPDU, hex.EncodeToString(c.TPDU), "has not 5 bytes", "give 10 hexadecimal digits, or none where there is no TPDU")
	}
	c.checkHeaderLength(&errs)
	if _, ok := find(encodings, func(e encoding) string { return e.word }, c.Encoding); !ok {
		errs.add(keyEncoding, c.Encoding, "is no known encoding", choose(Encodings()))
	}
	if !slices.Contains(n.mtis, c.MTI) {
		remedy := "write " + n.mtis[0]
		if len(n.mtis) > 1 {
			remedy = choose(n.mtis)
		}
		errs.add(keyMTI, c.MTI, "is no message type that may be sent", remedy+": financial messages are never sent")
	}
	c.checkCode(&errs, n)
	c.checkFields(&errs, n.fields)
	if c.checkStan(&errs); (sent(7) || sent(12) || sent(13)) && c.Time.IsZero() {
		errs.add(keyTime, "", "is missing", "give the time, or leave fields 7, 12 and 13 out")
	}
	c.checkValues(&errs, n)
	return errs
}

// checkCode holds the network management code to what Message says: nobody shall change
// a terminal's keys under the name of an echo.
func (c *Config) checkCode(errs *ConfigErrors, n *network) {
	code := c.NetworkCode
	if code == NoNetworkCode {
		switch {
		case !n.optional:
			errs.add(keyNetworkCode, code, "leaves out what the message is about", "give the 3 digits of field "+strconv.Itoa(n.code))
		case len(c.Values) == 0:
			errs.add(keyNetworkCode, code, "leaves nothing that says what is asked", "say it in values, such as 3: \"990000\"")
		}
		return
	}
	if !isDigits(code, 3) {
		errs.add(keyNetworkCode, code, "has not the right form", "give 3 digits, such as "+n.echo)
		return
	}
	switch u := n.use(code); {
	case u == useOther:
		errs.add(keyNetworkCode, code, "signs off, changes keys or closes the day", "choose "+n.echo+" for an echo, or "+n.signOn+" with message: sign-on")
	case u == useSignOn && c.Message == MessageEcho:
		errs.add(keyNetworkCode, code, "is a sign-on and no echo", "choose "+n.echo+", or message: sign-on")
	case u == useEcho && c.Message == MessageSignOn:
		errs.add(keyNetworkCode, code, "is an echo and no sign-on", "choose "+n.signOn+", or message: echo")
	}
}

// checkValues accepts values of fields that posprobe does not fill itself.
func (c *Config) checkValues(errs *ConfigErrors, n *network) {
	for _, f := range slices.Sorted(maps.Keys(c.Values)) {
		key, value := keyValues+"."+strconv.Itoa(f), c.Values[f]
		switch {
		case f < 2 || f >= len(n.formats):
			errs.add(key, value, "is for a field that does not exist", "name fields from 2 to 128")
			continue
		case isSecret(f):
			errs.add(key, "", "is for a field that can hold card data or keys and is never sent", "leave it out")
			continue
		case f == n.code:
			errs.add(key, value, "is for the field that says what is asked", "give it as network_code")
			continue
		case slices.Contains(n.fields, f):
			errs.add(key, value, "is for a field that posprobe fills itself", "name "+strconv.Itoa(f)+" in fields")
			continue
		}
		form := n.formats[f]
		size, what := int(form.size), "characters"
		if form.unit == numeric {
			what = "digits"
		}
		remedy := fmt.Sprintf("give %d %s", size, what)
		fits := len(value) == size
		if form.prefix > 0 {
			remedy = fmt.Sprintf("give 1 to %d %s", size, what)
			fits = 1 <= len(value) && len(value) <= size
		}
		switch {
		case form.unit != numeric && form.unit != chars:
			errs.add(key, value, "is for a field that cannot be filled", "leave it out")
		case !fits, !isPrintable(value), form.unit == numeric && !isDigits(value, len(value)):
			errs.add(key, value, "has not the right form", remedy)
		}
	}
}
