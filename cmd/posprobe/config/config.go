package config

import "posprobe/report"

// Config is the whole configuration. The struct tags are its grammar, read by the
// walker and by the generator of the commented file: yaml is the key; default is what
// holds where the key is left out; form names a rule for text (forms.go); oneof lists
// the allowed words; range is the lowest and highest value; max is the longest list.
// What each key is for stands in docs*.go, in both languages.
//
// The zero value is not usable: start from Default, Load or Parse.
type Config struct {
	Terminal Terminal `yaml:"terminal"`
	Acquirer Acquirer `yaml:"acquirer"`
	Network  Network  `yaml:"network"`
	Device   Device   `yaml:"device"`
	Limits   Limits   `yaml:"limits"`
	Schedule Schedule `yaml:"schedule"`
	Reports  Reports  `yaml:"reports"`
	Ship     []Ship   `yaml:"ship" max:"4"`

	// file is the name under which mistakes are told, "" when there is no file; dir is
	// the folder that relative file names in it start from.
	file string
	dir  string
	// places tells where each value came from, by the path of its key.
	places map[string]place
	// mistakes were made in the file or in flags, and found as they were read.
	mistakes Mistakes
	// unread is true when the file could not be taken apart at all: then nothing in it
	// can be said to be missing.
	unread bool
}

// Terminal names the device. ID and merchant are printed on every receipt and are
// needed by the ISO 8583 protocols alone; there is no default for them, because a
// made-up terminal id could be somebody's.
type Terminal struct {
	ID       string `yaml:"id" form:"terminal"` // ISO 8583 field 41
	Merchant string `yaml:"merchant" form:"merchant"`
	// The rest is copied into reports.
	Model  string `yaml:"model" form:"text"`
	Serial string `yaml:"serial" form:"text"`
	Site   string `yaml:"site" form:"text"`
	Asset  string `yaml:"asset" form:"text"`
}

// Acquirer is who runs the host, and how it is reached.
type Acquirer struct {
	Name string `yaml:"name" form:"text"`
	// Zone is where the service hours hold and the host reads its clock: an IANA name or
	// a fixed offset such as +08:00.
	Zone string `yaml:"zone" form:"zone" default:"Asia/Shanghai"`
	// Endpoints are in the terminal's own order: main, then backups.
	Endpoints    []Endpoint    `yaml:"endpoints" max:"8"`
	SignOn       SignOn        `yaml:"sign_on"`
	ServiceHours ServiceHours  `yaml:"service_hours"`
	Maintenance  []Maintenance `yaml:"maintenance" max:"64"`
}

// Endpoint is one address of the acquirer.
type Endpoint struct {
	// Address is HOST:PORT; the host is a name or a literal IP address (IPv6 in brackets).
	Address string `yaml:"address" form:"endpoint"`
	// TLS is nil for plain TCP. With no key in it the system's roots are trusted.
	TLS *TLS `yaml:"tls"`
}

// TLS says how the endpoint's TLS is judged. File names that are relative start from
// the configuration file's folder; in a flag, from the working directory.
type TLS struct {
	CA         string `yaml:"ca" form:"path"`
	ServerName string `yaml:"server_name" form:"host"`
	// Pin is the SHA-256 of the peer's SubjectPublicKeyInfo, as sha256/BASE64 (the pin
	// of RFC 7469 section 2.4).
	Pin string `yaml:"pin" form:"pin"`
	// Certificate and Key are given together. Nobody but its owner may read the key.
	Certificate string `yaml:"certificate" form:"path"`
	Key         string `yaml:"key" form:"path"`
	// Hello is the size of the ClientHello; the two meet different faults.
	Hello string `yaml:"hello" oneof:"small|large" default:"small"`
}

// SignOn is the exchange at the end of a round. Package signon knows what its values may
// be; what is checked here is how they are written.
type SignOn struct {
	Protocol string `yaml:"protocol" oneof:"unionpay|iso8583-1987|iso8583-1993|http|tcp|none" default:"none"`
	// Message is echo or sign-on. A sign-on replaces the terminal's working keys and
	// needs DedicatedTerminal.
	Message string `yaml:"message" oneof:"echo|sign-on" default:"echo"`
	// DedicatedTerminal states that the terminal id is posprobe's own, so that no
	// payment application depends on its keys.
	DedicatedTerminal bool   `yaml:"dedicated_terminal" default:"false"`
	TPDU              []byte `yaml:"tpdu"`
	// Header is what follows the TPDU; empty and not nil for none. Where it is nil,
	// protocol unionpay has DefaultHeader and the others have none.
	Header      []byte         `yaml:"header"`
	Framing     string         `yaml:"framing" oneof:"2-byte|2-byte-inclusive|2-byte-bcd|4-ascii|4-hex|visa|gicc|base24|vmlh|stx" default:"2-byte"`
	Encoding    string         `yaml:"encoding" oneof:"ascii|bcd|binary" default:"ascii"`
	MTI         string         `yaml:"mti" form:"digits"`
	Field60     Field60        `yaml:"field60"`
	NetworkCode string         `yaml:"network_code" form:"digits"`
	Fields      []int          `yaml:"fields" range:"2,128" max:"16"`
	Values      map[int]string `yaml:"values" max:"16"`
	Operator    string         `yaml:"operator" form:"digits" default:"001"`
	HTTP        *HTTP          `yaml:"http"`
	Send        string         `yaml:"send" form:"bytes"`
	Expect      string         `yaml:"expect" form:"pattern"`
	Steps       []Step         `yaml:"steps" max:"8"`
	// ResponseCodes gives response codes (field 39) another class than the built-in table
	// does: acquirers differ.
	ResponseCodes map[string]report.Class `yaml:"response_codes" max:"128"`
}

// Field60 are the parts of UnionPay's field 60, digits each.
type Field60 struct {
	Type  string `yaml:"type" form:"digits" default:"00"`
	Batch string `yaml:"batch" form:"digits" default:"000001"`
	Code  string `yaml:"code" form:"digits"`
}

// HTTP is the request of protocol http, or the POST around another protocol's message.
type HTTP struct {
	Method string `yaml:"method" oneof:"GET|HEAD|POST"`
	Path   string `yaml:"path" form:"target" default:"/"`
	// Headers is a file of further header fields, which may hold a token: nobody but its
	// owner may read it.
	Headers string `yaml:"headers" form:"path"`
	Status  []int  `yaml:"status" range:"100,599" max:"16"`
	Body    string `yaml:"body" form:"regexp"`
	JSON    JSON   `yaml:"json"`
}

// JSON is a value that the body of a good answer must have.
type JSON struct {
	Path  string `yaml:"path" form:"text"`
	Value string `yaml:"value" form:"text"`
}

// Step is one more exchange of protocol tcp.
type Step struct {
	Send   string `yaml:"send" form:"bytes"`
	Expect string `yaml:"expect" form:"pattern"`
}

// ServiceHours is when the host is expected to answer, in the acquirer's zone: intervals
// such as 06:00-23:30, which may cross midnight and belong to the day on which they
// begin, or "closed". A day's own hours win over those of weekdays or weekend, and these
// over the daily ones.
type ServiceHours struct {
	Daily     string `yaml:"daily" form:"hours" default:"00:00-24:00"`
	Weekdays  string `yaml:"weekdays" form:"hours"`
	Weekend   string `yaml:"weekend" form:"hours"`
	Monday    string `yaml:"monday" form:"hours"`
	Tuesday   string `yaml:"tuesday" form:"hours"`
	Wednesday string `yaml:"wednesday" form:"hours"`
	Thursday  string `yaml:"thursday" form:"hours"`
	Friday    string `yaml:"friday" form:"hours"`
	Saturday  string `yaml:"saturday" form:"hours"`
	Sunday    string `yaml:"sunday" form:"hours"`
}
