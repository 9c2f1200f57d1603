package config

import (
	"net/netip"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// Config is the whole configuration. The struct tags are its grammar, read by the
// walker: yaml is the key; form names a rule for text (forms.go); oneof lists the
// allowed words; range is the lowest and highest value; max is the longest list.
//
// The zero value is not usable: start from Default, Load or Parse.
type Config struct {
	Terminal Terminal `yaml:"terminal"`
	Acquirer Acquirer `yaml:"acquirer"`
	Network  Network  `yaml:"network"`
	Device   Device   `yaml:"device"`
	Limits   Limits   `yaml:"limits"`

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
// needed by the unionpay protocol alone; there is no default for them, because a
// made-up terminal id could be somebody's.
type Terminal struct {
	// ID is the terminal id, ISO 8583 field 41: 8 characters 0-9 A-Z a-z.
	ID string `yaml:"id" form:"terminal"`
	// Merchant is the merchant id, ISO 8583 field 42: 15 printable ASCII characters.
	Merchant string `yaml:"merchant" form:"text"`
	// Model, Serial, Site and Asset are copied into reports, at most 128 characters each.
	Model  string `yaml:"model" form:"text"`
	Serial string `yaml:"serial" form:"text"`
	Site   string `yaml:"site" form:"text"`
	Asset  string `yaml:"asset" form:"text"`
}

// Acquirer is who runs the host, and how it is reached.
type Acquirer struct {
	// Name is copied into reports, at most 128 characters.
	Name string `yaml:"name" form:"text"`
	// Zone is the time zone of the service hours and of the times in the host's
	// replies: an IANA name or a fixed offset such as +08:00. Default Asia/Shanghai.
	Zone string `yaml:"zone" form:"zone"`
	// Endpoints are 1 to 8 addresses in the terminal's own order: main, then backups.
	Endpoints []Endpoint `yaml:"endpoints" max:"8"`
	SignOn    SignOn     `yaml:"sign_on"`
	// ServiceHours is when the host is expected to answer.
	ServiceHours ServiceHours `yaml:"service_hours"`
	// Maintenance are announced absences of the host, at most 64.
	Maintenance []Maintenance `yaml:"maintenance" max:"64"`
}

// Endpoint is one address of the acquirer.
type Endpoint struct {
	// Address is HOST:PORT; the host is a name or a literal IP address (IPv6 in
	// brackets), the port 1 to 65535.
	Address string `yaml:"address" form:"endpoint"`
	// TLS is nil for plain TCP. With no key in it the system's roots are trusted.
	TLS *TLS `yaml:"tls"`
}

// TLS says how the endpoint's TLS is judged. File names that are relative start from
// the configuration file's folder; in a flag, from the working directory.
type TLS struct {
	// CA is a PEM file of trusted roots, at most 1 MiB. Default: the system's roots,
	// unless there is a pin.
	CA string `yaml:"ca" form:"path"`
	// ServerName is the name to ask for and to verify. Default: the address's host.
	ServerName string `yaml:"server_name" form:"host"`
	// Pin is the SHA-256 of the peer's SubjectPublicKeyInfo, as sha256/BASE64 (the pin
	// of RFC 7469 section 2.4).
	Pin string `yaml:"pin" form:"pin"`
	// Certificate and Key are PEM files of the client's certificate chain and private
	// key, given together. The key must not be readable by group or others.
	Certificate string `yaml:"certificate" form:"path"`
	Key         string `yaml:"key" form:"path"`
	// Hello is the size of the ClientHello: small (about 250 bytes, what terminals
	// send) or large (about 1.5 kB). They meet different faults. Default small.
	Hello string `yaml:"hello" oneof:"small|large"`
}

// SignOn is the exchange at the end of a round.
type SignOn struct {
	// Protocol is unionpay, tcp (send bytes, expect text) or none (connect and TLS
	// alone). Default none.
	Protocol string `yaml:"protocol" oneof:"unionpay|tcp|none"`
	// Message is echo or sign-on. A sign-on replaces the terminal's working keys and
	// needs DedicatedTerminal. Default echo.
	Message string `yaml:"message" oneof:"echo|sign-on"`
	// DedicatedTerminal states that the terminal id is posprobe's own, so that no
	// payment application depends on its keys. Default false.
	DedicatedTerminal bool `yaml:"dedicated_terminal"`
	// TPDU is 5 bytes in hex, as the acquirer assigned it.
	TPDU []byte `yaml:"tpdu"`
	// Header is the header after the TPDU in hex, of any length the acquirer uses up to
	// 128 bytes; "" for none. Default DefaultHeader.
	Header []byte `yaml:"header"`
	// MTI is 0800 or 0820. Default: 0820 for an echo, 0800 for a sign-on.
	MTI string `yaml:"mti" form:"text"`
	// Field60 are the parts of ISO 8583 field 60.
	Field60 Field60 `yaml:"field60"`
	// Fields are the numbers of the fields that are sent, out of 11, 41, 42, 60 and 63.
	// Default 41 42 60 for an echo, 11 41 42 60 63 for a sign-on.
	Fields []int `yaml:"fields" range:"2,64" max:"16"`
	// Send is what protocol tcp sends: text, or bytes in hex after "hex:", at most 2048
	// of them; "" where the server speaks first.
	Send string `yaml:"send" form:"bytes"`
	// Expect is what a reply of protocol tcp must contain: an RE2 pattern, or bytes in
	// hex after "hex:" with which it must begin, at most 512 characters; "" takes any.
	Expect string `yaml:"expect" form:"pattern"`
	// ResponseCodes gives two-character response codes (field 39) another class than
	// the built-in table does: acquirers differ. At most 128.
	ResponseCodes map[string]report.Class `yaml:"response_codes" max:"128"`
}

// Field60 are the parts of UnionPay's field 60, digits each.
type Field60 struct {
	// Type is 60.1, 2 digits. Default 00.
	Type string `yaml:"type" form:"text"`
	// Batch is 60.2, 6 digits. Default 000001.
	Batch string `yaml:"batch" form:"text"`
	// Code is 60.3, 3 digits. Default 301 for an echo, 003 for a sign-on.
	Code string `yaml:"code" form:"text"`
}

// ServiceHours is when the host is expected to answer.
type ServiceHours struct {
	// Daily is HH:MM-HH:MM in the acquirer's zone. It may cross midnight;
	// 00:00-24:00 is always. Default: always.
	Daily string `yaml:"daily" form:"daily"`
}

// Maintenance is an announced absence of the host.
type Maintenance struct {
	// From and Until are RFC 3339 times with a zone; Until lies after From.
	From  time.Time `yaml:"from"`
	Until time.Time `yaml:"until"`
	// Note is shown with the verdict, at most 128 characters.
	Note string `yaml:"note" form:"text"`
}

// Network is what the site's network is like.
type Network struct {
	// Profile is internet or private-apn; on the latter no public DNS, ping or web is
	// expected. Default internet.
	Profile string `yaml:"profile" oneof:"internet|private-apn"`
	// OnDemand: the payment application dials; no uplink is no fault. Default false.
	OnDemand bool `yaml:"on_demand"`
	// Resolvers are asked instead of the system's: IP or IP:PORT, port 53 unless
	// given. At most 8. Default: the system's.
	Resolvers []netip.AddrPort `yaml:"resolvers" max:"8"`
	// ExpectAddresses are prefixes the acquirer's name may resolve to; a single
	// address counts as a prefix of its full length. At most 64. Default: any.
	ExpectAddresses []netip.Prefix `yaml:"expect_addresses" max:"64"`
	// References are TCP targets that have nothing to do with the acquirer: IP:PORT. After
	// a failure they are connected to, to see whether anything is reached. At most 4.
	// Default: none.
	References []netip.AddrPort `yaml:"references" form:"reference" max:"4"`
	// IndependentResolver is a name server that is nobody's on the way, asked after a
	// failure: IP or IP:PORT, port 53 unless given. Default: none.
	IndependentResolver netip.AddrPort `yaml:"independent_resolver"`
	// PortalURL is a page that answers 204 with an empty body unless a captive portal
	// stands in between: http://HOST[:PORT]/PATH, at most 128 characters. Default: none.
	PortalURL string `yaml:"portal_url" form:"portal"`
}

// Device is what the terminal itself should have.
type Device struct {
	// Interfaces are the names of the links it is meant to have, at most 16. Default:
	// not stated.
	Interfaces []string `yaml:"interfaces" form:"link" max:"16"`
}

// Limits are the waiting times and thresholds of this site.
type Limits struct {
	// Connect is how long a TCP handshake may take. Default 5s.
	Connect time.Duration `yaml:"connect" range:"100ms,60s"`
	// Reply is how long a reply is waited for, ReplyWarn the host time from which a
	// reply counts as slow; not above Reply. Defaults 60s and 5s.
	Reply     time.Duration `yaml:"reply" range:"1s,2m"`
	ReplyWarn time.Duration `yaml:"reply_warn" range:"100ms,60s"`
	// RTT is the round trip from which the network counts as slow. Default 1500ms.
	RTT time.Duration `yaml:"rtt" range:"10ms,30s"`
	// Resolve is the same for a resolver's answer. Default 1500ms.
	Resolve time.Duration `yaml:"resolve" range:"10ms,30s"`
	// ClockSkew is the offset from which the device's clock counts as wrong. Default 5m.
	ClockSkew time.Duration `yaml:"clock_skew" range:"1s,24h"`
	// FollowUp is how long, after a failure, what would decide is asked; 0s: it is not.
	// Default 4s.
	FollowUp time.Duration `yaml:"follow_up" range:"0s,20s"`
}

// Default returns the configuration of a site that says nothing. It has no endpoint:
// Check refuses it until there is one.
func Default() *Config {
	limits := report.DefaultLimits()
	return &Config{
		Acquirer: Acquirer{
			Zone:         "Asia/Shanghai",
			SignOn:       SignOn{Protocol: signon.ProtocolNone, Message: signon.MessageEcho},
			ServiceHours: ServiceHours{Daily: always},
		},
		Network: Network{Profile: profileInternet},
		Limits: Limits{
			Connect:   milliseconds(limits.ConnectMs),
			Reply:     milliseconds(limits.ReplyMs),
			ReplyWarn: milliseconds(limits.ReplyWarnMs),
			RTT:       milliseconds(limits.RTTMs),
			Resolve:   milliseconds(limits.ResolveMs),
			ClockSkew: milliseconds(limits.ClockSkewMs),
			FollowUp:  defaultFollowUp,
		},
		places: map[string]place{},
	}
}

// defaultFollowUp is as long as a technician waits besides the round itself.
const defaultFollowUp = 4 * time.Second

// DefaultHeader is the header of a UnionPay message where the file gives none, in hex:
// magnetic card payment (60), software version 31, normal state, no requirement. It is
// the one that is seen most; a host may want its own.
const DefaultHeader = "603100311000"

// The words of the configuration that the code asks about.
const (
	profileInternet   = "internet"
	profilePrivateAPN = "private-apn"

	helloLarge = "large"
)

// milliseconds turns the reports' unit into a duration.
func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
