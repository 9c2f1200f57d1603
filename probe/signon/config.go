package signon

// The protocols.
const (
	ProtocolUnionPay = "unionpay" // ISO 8583 as UnionPay terminals speak it
	ProtocolTCP      = "tcp"      // send bytes, expect bytes
	ProtocolNone     = "none"     // no message: connecting, and TLS, is all
)

// The messages.
const (
	MessageEcho   = "echo"    // asks whether the host is there; harmless
	MessageSignOn = "sign-on" // makes new working keys
)

// Config is everything that shapes the message.
type Config struct {
	// Protocol is one of the constants above.
	Protocol string
	// Message is echo (also when "") or sign-on.
	Message string

	// Terminal (field 41, 8 characters) and Merchant (field 42, 15 characters) have no
	// default: an invented terminal id may be somebody's.
	Terminal, Merchant string
	// TPDU is 5 bytes and has no default: most hosts route by it and do not answer a
	// wrong one.
	TPDU []byte
	// Header is what stands between TPDU and message, at most 128 bytes. Nil is an
	// error; empty and not nil means that there is no header. UnionPay's has 6 bytes,
	// commonly 603100311000.
	Header []byte
	// MTI is 0800 or 0820; "" is 0820 for an echo and 0800 for a sign-on.
	MTI string
	// Type, Batch and Code are field 60.1 (2 digits, message type code), 60.2 (6 digits,
	// batch number) and 60.3 (3 digits, network management code). "" is 00, 000001 and
	// 301 for an echo or 003 (double-length keys) for a sign-on.
	Type, Batch, Code string
	// Fields are the numbers of the fields to send, out of 11, 41, 42, 60 and 63. Nil is
	// 41 42 60 for an echo and 11 41 42 60 63 for a sign-on.
	Fields []int
	// Stan is field 11, 1 to 999999, where it is sent. The payment application must not
	// use the same numbers: a host refuses a repeated one (response code 94).
	Stan uint32
	// Operator is field 63, 1 to 20 characters; "" is 001.
	Operator string

	// Send is what protocol tcp sends; empty where the server speaks first.
	Send []byte
	// Expect is what the reply of protocol tcp must contain: an RE2 pattern, or bytes in
	// hexadecimal after "hex:" with which it must begin; "" takes any byte.
	Expect string
}

// New returns the dialect that c describes, or ConfigErrors with everything that is
// wrong with it. Protocol none has no dialect: New returns nil and no error.
func New(c Config) (Dialect, error) {
	switch c.Protocol {
	case ProtocolUnionPay:
		return newUnionPay(c)
	case ProtocolTCP:
		return newSendExpect(c)
	case ProtocolNone:
		return nil, nil
	}
	var errs ConfigErrors
	if c.Protocol == "" {
		errs.add(keyProtocol, "", "is missing", "choose unionpay, tcp or none")
	} else {
		errs.add(keyProtocol, c.Protocol, "is no known protocol", "choose unionpay, tcp or none")
	}
	return nil, errs.err()
}

// The settings as the configuration file spells them.
const (
	keyTerminal = "terminal.id"
	keyMerchant = "terminal.merchant"
	keyProtocol = "acquirer.sign_on.protocol"
	keyMessage  = "acquirer.sign_on.message"
	keyTPDU     = "acquirer.sign_on.tpdu"
	keyHeader   = "acquirer.sign_on.header"
	keyMTI      = "acquirer.sign_on.mti"
	keyType     = "acquirer.sign_on.field60.type"
	keyBatch    = "acquirer.sign_on.field60.batch"
	keyCode     = "acquirer.sign_on.field60.code"
	keyFields   = "acquirer.sign_on.fields"
	keyStan     = "acquirer.sign_on.stan"
	keyOperator = "acquirer.sign_on.operator"
	keySend     = "acquirer.sign_on.send"
	keyExpect   = "acquirer.sign_on.expect"
)
