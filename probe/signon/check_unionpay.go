package signon

import (
	"encoding/hex"
	"slices"
	"strconv"
)

// checkUnionPay returns everything that is wrong with a configuration of protocol
// unionpay whose defaults are filled in.
func (c *Config) checkUnionPay() ConfigErrors {
	var errs ConfigErrors
	c.checkIDs(&errs)
	if c.Message != MessageEcho && c.Message != MessageSignOn {
		errs.add(keyMessage, c.Message, "is no known message", "choose echo or sign-on")
	}
	switch {
	case len(c.TPDU) == 0:
		errs.add(keyTPDU, "", "is missing", "copy the TPDU, 10 hexadecimal digits, from the payment application's settings")
	case len(c.TPDU) != tpduSize:
		errs.add(keyTPDU, hex.EncodeToString(c.TPDU), "has not 5 bytes", "give 10 hexadecimal digits, such as 6000030000")
	}
	if c.Header == nil {
		errs.add(keyHeader, "", "is missing",
			"copy the message header from the payment application's settings; 603100311000 is common")
	}
	c.checkHeaderLength(&errs)
	if c.MTI != "0800" && c.MTI != "0820" {
		errs.add(keyMTI, c.MTI, "is no message type that may be sent", "choose 0800 or 0820: financial messages are never sent")
	}
	c.checkFields(&errs, []int{11, 41, 42, 60, 63})
	c.checkStan(&errs)
	if slices.Contains(c.Fields, 60) {
		c.checkField60(&errs)
	}
	if slices.Contains(c.Fields, 63) && (len(c.Operator) > 20 || !isPrintable(c.Operator)) {
		errs.add(keyOperator, c.Operator, "is no operator number", "give 1 to 20 ASCII characters; 001 is common")
	}
	return errs
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
	switch u := c.useUnionPay(); {
	case u == useOther:
		errs.add(keyCode, c.Code, "signs off, settles or downloads", "choose 301 for an echo, or a sign-on code with message: sign-on")
	case u == useSignOn && c.Message == MessageEcho:
		errs.add(keyCode, c.Code, "is a sign-on, which makes new keys, and no echo", "choose 301, or message: sign-on")
	case u == useEcho && c.Message == MessageSignOn:
		errs.add(keyCode, c.Code, "is an echo and no sign-on", "choose the acquirer's sign-on code, such as 003, or message: echo")
	}
}
