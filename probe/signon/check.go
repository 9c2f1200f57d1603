package signon

import (
	"encoding/hex"
	"slices"
	"strconv"
)

// check returns everything that is wrong with a configuration of protocol unionpay
// whose defaults are filled in.
func (c *Config) check() error {
	var errs ConfigErrors
	sent := func(field int) bool { return slices.Contains(c.Fields, field) }

	if sent(41) {
		checkID(&errs, keyTerminal, c.Terminal, 8, "the 8 characters of the terminal id that the acquirer issued")
	}
	if sent(42) {
		checkID(&errs, keyMerchant, c.Merchant, 15, "the 15 characters of the merchant id that the acquirer issued")
	}
	if c.Message != MessageEcho && c.Message != MessageSignOn {
		errs.add(keyMessage, c.Message, "is no known message", "choose echo or sign-on")
	}
	switch {
	case len(c.TPDU) == 0:
		errs.add(keyTPDU, "", "is missing", "copy the TPDU, 10 hexadecimal digits, from the payment application's settings")
	case len(c.TPDU) != tpduSize:
		errs.add(keyTPDU, hex.EncodeToString(c.TPDU), "has not 5 bytes", "give 10 hexadecimal digits, such as 6000030000")
	}
	switch {
	case c.Header == nil:
		errs.add(keyHeader, "", "is missing",
			"copy the message header from the payment application's settings; 603100311000 is common")
	case len(c.Header) > maxHeader:
		errs.add(keyHeader, hex.EncodeToString(c.Header), "is longer than 128 bytes", "give the header alone, without TPDU and message")
	}
	if c.MTI != "0800" && c.MTI != "0820" {
		errs.add(keyMTI, c.MTI, "is no message type that may be sent", "choose 0800 or 0820: financial messages are never sent")
	}
	c.checkFields(&errs)
	if sent(11) && (c.Stan < 1 || c.Stan > 999999) {
		errs.add(keyStan, strconv.FormatUint(uint64(c.Stan), 10), "is no trace number", "give 1 to 999999")
	}
	if sent(60) {
		c.checkField60(&errs)
	}
	if sent(63) && (len(c.Operator) > 20 || !isPrintable(c.Operator)) {
		errs.add(keyOperator, c.Operator, "is no operator number", "give 1 to 20 ASCII characters; 001 is common")
	}
	return errs.err()
}

// checkID complains about an id that is missing or has the wrong form.
func checkID(errs *ConfigErrors, key, value string, size int, what string) {
	switch {
	case value == "":
		errs.add(key, "", "is missing", "give "+what)
	case len(value) != size || !isPrintable(value):
		errs.add(key, value, "has not the right form", "give "+what)
	}
}

// checkFields accepts the fields that frame knows how to fill.
func (c *Config) checkFields(errs *ConfigErrors) {
	const remedy = "choose from 11, 41, 42, 60 and 63"
	if len(c.Fields) == 0 {
		errs.add(keyFields, "[]", "names no field", remedy)
	}
	for i, f := range c.Fields {
		value := strconv.Itoa(f)
		switch {
		case secret[f]:
			errs.add(keyFields, value, "can hold card data or keys and is never sent", remedy)
		case f != 11 && f != 41 && f != 42 && f != 60 && f != 63:
			errs.add(keyFields, value, "is a field that cannot be filled", remedy)
		case i > 0 && c.Fields[i-1] == f:
			errs.add(keyFields, value, "is named twice", "name each field once")
		}
	}
}

// checkField60 checks the parts of field 60, and that the code asks for what Message
// says: nobody shall change a terminal's keys under the name of an echo.
func (c *Config) checkField60(errs *ConfigErrors) {
	for _, part := range []struct {
		key, value string
		size       int
	}{{keyType, c.Type, 2}, {keyBatch, c.Batch, 6}, {keyCode, c.Code, 3}} {
		if !isDigits(part.value, part.size) {
			errs.add(part.key, part.value, "has not the right form", "give "+strconv.Itoa(part.size)+" digits")
		}
	}
	switch u := c.codeUse(); {
	case u == useOther:
		errs.add(keyCode, c.Code, "signs off, settles or downloads", "choose 301 for an echo, or a sign-on code with message: sign-on")
	case u == useSignOn && c.Message == MessageEcho:
		errs.add(keyCode, c.Code, "is a sign-on, which makes new keys, and no echo", "choose 301, or message: sign-on")
	case u == useEcho && c.Message == MessageSignOn:
		errs.add(keyCode, c.Code, "is an echo and no sign-on", "choose the acquirer's sign-on code, such as 003, or message: echo")
	}
}
