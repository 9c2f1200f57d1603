package signon

import "time"

// The protocols.
const (
	ProtocolUnionPay = "unionpay"     // ISO 8583 as UnionPay terminals speak it
	ProtocolISO1987  = "iso8583-1987" // ISO 8583:1987, network management in field 70
	ProtocolISO1993  = "iso8583-1993" // ISO 8583:1993, function code in field 24
	ProtocolHTTP     = "http"         // one HTTP/1.1 request
	ProtocolTCP      = "tcp"          // send bytes, expect bytes
	ProtocolNone     = "none"         // no message: connecting, and TLS, is all
)

// The messages.
const (
	MessageEcho   = "echo"    // asks whether the host is there; harmless
	MessageSignOn = "sign-on" // makes new working keys
)

// NoNetworkCode is the NetworkCode of a message without field 70.
const NoNetworkCode = "none"

// Config is everything that shapes the message.
type Config struct {
	// Protocol is one of the constants above.
	Protocol string
	// Message is echo (also when "") or sign-on.
	Message string

	// Terminal (field 41, 8 characters) and Merchant (field 42, 15 characters) have no
	// default: an invented terminal id may be somebody's. They are wanted where they are
	// sent, and kept out of texts in every protocol.
	Terminal, Merchant string
	// TPDU is 5 bytes. It has no default in protocol unionpay: most hosts route by it and do
	// not answer a wrong one. In the iso8583 protocols nil means that there is none.
	TPDU []byte
	// Header is what stands between TPDU and message, at most 128 bytes. UnionPay's has 6
	// bytes, commonly 603100311000; there nil is an error, and empty and not nil means that
	// there is none. In the iso8583 protocols nil means that as well.
	Header []byte
	// MTI is the message type. Protocol unionpay sends 0800 or 0820; "" is 0820 for an echo
	// and 0800 for a sign-on. Protocol iso8583-1987 sends 0800, also for "", or 0820;
	// iso8583-1993 sends 1804.
	MTI string
	// Type, Batch and Code are field 60.1 (2 digits, message type code), 60.2 (6 digits,
	// batch number) and 60.3 (3 digits, network management code) of protocol unionpay. "" is
	// 00, 000001 and 301 for an echo or 003 (double-length keys) for a sign-on.
	Type, Batch, Code string
	// Fields are the numbers of the fields to send that are filled here. In protocol
	// unionpay they are out of 11, 41, 42, 60 and 63; nil is 41 42 60 for an echo and 11 41
	// 42 60 63 for a sign-on. In protocol iso8583-1987 they are out of 7, 11, 12, 13, 41 and
	// 42, nil is 7 11, and field 70 is sent besides; in iso8583-1993 out of 7, 11, 12, 41 and
	// 42, nil is 11 12, and field 24 is.
	Fields []int
	// Stan is field 11, 1 to 999999, where it is sent. The payment application must not
	// use the same numbers: a host refuses a repeated one (response code 94).
	Stan uint32
	// Operator is field 63 of protocol unionpay, 1 to 20 characters; "" is 001.
	Operator string

	// Framing is how a message is delimited on the stream, one of Framings; "" is 2-byte.
	Framing string
	// Encoding is how the fields of protocols iso8583-1987 and iso8583-1993 stand on the
	// wire, one of Encodings; "" is ascii.
	Encoding string
	// NetworkCode says what the message asks in protocols iso8583-1987 (field 70, 3 digits)
	// and iso8583-1993 (field 24, 3 digits); "" is 301 or 831 for an echo, 001 or 801 for a
	// sign-on. NoNetworkCode leaves field 70 out, for hosts to which another field says
	// what is asked (Values[3], mostly): nobody can tell then that it is an echo.
	NetworkCode string
	// Values are fixed values of further fields, by number, in protocols iso8583-1987 and
	// iso8583-1993: fields of a fixed size in full. None can be a field of card data, keys,
	// accounts or a MAC. With one that may say what is asked, as 3 and 60 may, the message
	// is not surely an echo.
	Values map[int]string
	// Time is the true time as far as it is known, for the fields that tell it (7, 12, 13)
	// where they are sent.
	Time time.Time
	// Zone is where the host reads its clock, for fields 12 and 13; nil is UTC+8.
	Zone *time.Location

	// HTTP is the request of protocol http. With protocol unionpay or an ISO 8583 one it
	// makes the framed message the body of a POST; nil sends it as it is.
	HTTP *HTTP
	// Host is HOST[:PORT] as an HTTP request names whom it is for (RFC 9110 section 7.2).
	Host string

	// Steps are further exchanges of protocol tcp after Send and Expect, in order.
	Steps []Step

	// Send is what protocol tcp sends, empty where the server speaks first, and the body
	// of a request of protocol http; at most 2048 bytes, and no framed message.
	Send []byte
	// Expect is what the reply of protocol tcp must contain: an RE2 pattern, or bytes in
	// hexadecimal after "hex:" with which it must begin; "" takes any byte.
	Expect string
}

// HTTP is what shapes an HTTP/1.1 request and says which answer is the right one.
type HTTP struct {
	// Method is GET, HEAD or POST; "" is GET, or POST where there is a body.
	Method string
	// Path is the request's target in origin form (RFC 9112 section 3.2.1); "" is /.
	Path string
	// Headers are further header fields, "Name: value" each, at most 8192 bytes. They may
	// hold a token and are shown nowhere.
	Headers []string
	// Status are the status codes of a good answer; nil is 200 to 299.
	Status []int
	// Body is an RE2 pattern that the first 64 KiB of a good answer's body contain; "" takes
	// any body.
	Body string
	// JSONPath names a value in a JSON body, as in status or checks.0.state, and JSONValue
	// what it must be; "" looks at no value.
	JSONPath, JSONValue string
}

// Step is one more exchange of protocol tcp; there are at most 8.
type Step struct {
	// Send and Expect are as in Config. What came behind the match before belongs to the
	// next step, but where Expect is "": any byte will do then, but it must come.
	Send   []byte
	Expect string
}

// protocols are the protocols that have a dialect, in the order in which they are told.
// A new one is a file with its constructor, and a line here.
var protocols = []protocol{
	{ProtocolUnionPay, newUnionPay},
	{ProtocolISO1987, newISO1987},
	{ProtocolISO1993, newISO1993},
	{ProtocolHTTP, newHTTP},
	{ProtocolTCP, newSendExpect},
	{ProtocolNone, func(Config) (Dialect, error) { return nil, nil }},
}

type protocol struct {
	word string
	// newDialect fills in what has a default, checks everything and packs the request.
	newDialect func(Config) (Dialect, error)
}

func (p protocol) name() string { return p.word }

// Protocols are the words for Config.Protocol, ProtocolNone the last of them.
func Protocols() []string { return words(protocols, protocol.name) }

// New returns the dialect that c describes, or ConfigErrors with everything that is
// wrong with it. Protocol none has no dialect: New returns nil and no error.
func New(c Config) (Dialect, error) {
	p, ok := find(protocols, protocol.name, c.Protocol)
	if ok && c.Protocol != "" {
		return p.newDialect(c)
	}
	var errs ConfigErrors
	problem := "is no known protocol"
	if c.Protocol == "" {
		problem = "is missing"
	}
	errs.add(keyProtocol, c.Protocol, problem, choose(Protocols()))
	return nil, errs.err()
}

// The settings as the configuration file spells them.
const (
	keyTerminal = "terminal.id"
	keyMerchant = "terminal.merchant"
	keyHost     = "acquirer.endpoints"

	keyProtocol    = "acquirer.sign_on.protocol"
	keyMessage     = "acquirer.sign_on.message"
	keyTPDU        = "acquirer.sign_on.tpdu"
	keyHeader      = "acquirer.sign_on.header"
	keyFraming     = "acquirer.sign_on.framing"
	keyEncoding    = "acquirer.sign_on.encoding"
	keyMTI         = "acquirer.sign_on.mti"
	keyType        = "acquirer.sign_on.field60.type"
	keyBatch       = "acquirer.sign_on.field60.batch"
	keyCode        = "acquirer.sign_on.field60.code"
	keyNetworkCode = "acquirer.sign_on.network_code"
	keyFields      = "acquirer.sign_on.fields"
	keyValues      = "acquirer.sign_on.values" // and the field's number behind a dot
	keyStan        = "acquirer.sign_on.stan"
	keyTime        = "acquirer.sign_on.time"
	keyOperator    = "acquirer.sign_on.operator"
	keyMethod      = "acquirer.sign_on.http.method"
	keyPath        = "acquirer.sign_on.http.path"
	keyHeaders     = "acquirer.sign_on.http.headers"
	keyStatus      = "acquirer.sign_on.http.status"
	keyBody        = "acquirer.sign_on.http.body"
	keyJSONPath    = "acquirer.sign_on.http.json.path"
	keyJSONValue   = "acquirer.sign_on.http.json.value"
	keySend        = "acquirer.sign_on.send"
	keyExpect      = "acquirer.sign_on.expect"
	keySteps       = "acquirer.sign_on.steps" // and [0].send, [0].expect and so on
)
