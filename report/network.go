package report

import "time"

// Lookup is one question put to one resolver.
type Lookup struct {
	Observation
	Name     string `json:"name"`
	Type     string `json:"type"` // A or AAAA; NS for the root, where any answer will do
	Resolver string `json:"resolver"`
	// Transport is udp, or tcp when the answer over UDP was truncated.
	Transport string  `json:"transport"`
	ElapsedMs float64 `json:"elapsed_ms"`
	// RCode is the RFC 1035 / IANA name in upper case, "" without an answer.
	RCode string `json:"rcode"`
	// ExtendedErrors are the RFC 8914 codes of the answer.
	ExtendedErrors List[ExtendedError] `json:"extended_errors"`
	Answers        List[Answer]        `json:"answers"`
	Truncated      bool                `json:"truncated"`
	Failure        *Failure            `json:"failure"`
}

// ExtendedError is an RFC 8914 extended DNS error.
type ExtendedError struct {
	Code int64  `json:"code"`
	Text string `json:"text"`
}

// Answer is an address in a DNS answer.
type Answer struct {
	Address    string `json:"address"`
	TTLSeconds int64  `json:"ttl_s"`
}

// PingTarget is whom a ping asks.
type PingTarget string

// The targets of a ping.
const (
	PingGateway  PingTarget = "gateway"
	PingEndpoint PingTarget = "endpoint"
)

// PingTargets lists every PingTarget.
func PingTargets() []PingTarget { return []PingTarget{PingGateway, PingEndpoint} }

// Ping is a series of ICMP echo requests to one address. ICMP is a witness, never a
// judge: no rule blames anybody on a ping alone.
type Ping struct {
	Observation
	Target  PingTarget `json:"target"`
	Address string     `json:"address"`
	// Sent is 0 when no request left; then Received says nothing.
	Sent     int64 `json:"sent"`
	Received int64 `json:"received"`
	// RTTs are nil without a reply, and where the wall clock stepped meanwhile. They
	// are timed by posprobe and not by the kernel: a busy device lengthens them.
	MinRTTMs *float64 `json:"min_rtt_ms"`
	AvgRTTMs *float64 `json:"avg_rtt_ms"`
	MaxRTTMs *float64 `json:"max_rtt_ms"`
	Failure  *Failure `json:"failure"`
}

// Connect is the TCP handshake with one address of an endpoint, and the route it took.
type Connect struct {
	Observation
	Endpoint string `json:"endpoint"`
	// Address is the address:port tried.
	Address string `json:"address"`
	// Link, Gateway and Source are the kernel's route to the address when the
	// connection was tried; "" where there is none or it could not be read.
	Link      string  `json:"link"`
	Gateway   string  `json:"gateway"`
	Source    string  `json:"source"`
	ElapsedMs float64 `json:"elapsed_ms"`
	// Failure is nil when the handshake completed.
	Failure *Failure        `json:"failure"`
	TCP     *TCP            `json:"tcp"`
	ICMP    List[ICMPError] `json:"icmp"`
}

// TCP is what the kernel tells of a connection: TCP_INFO and the two queue lengths.
// A field is nil where the kernel's structure was too short to hold it.
type TCP struct {
	// Length is the number of bytes TCP_INFO returned: old kernels return fewer.
	Length int64 `json:"length_bytes"`
	// State is the RFC 9293 state in lower case, as in syn_sent or established.
	State string `json:"state"`

	RTTMs    *float64 `json:"rtt_ms"`
	RTTVarMs *float64 `json:"rttvar_ms"`
	MinRTTMs *float64 `json:"min_rtt_ms"`

	Unacked      *int64 `json:"unacked"`
	Sacked       *int64 `json:"sacked"`
	Lost         *int64 `json:"lost"`
	Retransmits  *int64 `json:"retransmits"`
	Backoff      *int64 `json:"backoff"`
	Probes       *int64 `json:"probes"` // keepalive or window probes without an answer
	TotalRetrans *int64 `json:"total_retrans"`

	BytesAcked    *int64 `json:"bytes_acked"` // the SYN counts as one
	BytesReceived *int64 `json:"bytes_received"`
	SegsOut       *int64 `json:"segs_out"`
	SegsIn        *int64 `json:"segs_in"`
	DataSegsIn    *int64 `json:"data_segs_in"`
	RcvOooPack    *int64 `json:"rcv_ooopack"`
	DSACKDups     *int64 `json:"dsack_dups"`
	SndWnd        *int64 `json:"snd_wnd"`
	PMTU          *int64 `json:"pmtu_bytes"`

	LastAckRecvMs  *float64 `json:"last_ack_recv_ms"`
	LastDataRecvMs *float64 `json:"last_data_recv_ms"`

	// OutQueue is SIOCOUTQ (not acknowledged), UnsentQueue SIOCOUTQNSD (not even
	// sent), InQueue SIOCINQ (received and not yet read), all in bytes.
	OutQueue    *int64 `json:"out_queue_bytes"`
	UnsentQueue *int64 `json:"unsent_queue_bytes"`
	InQueue     *int64 `json:"in_queue_bytes"`

	// SoftError is SO_ERROR when it was read: an ICMP error the kernel noted without
	// ending the connection (RFC 1122 section 4.2.3.9); "" when there was none.
	SoftError FailureType `json:"soft_error"`

	// SYNACKTTL and ResetTTL are the times to live with which the peer's SYN-ACK and a
	// reset of the connection came in; nil where they were not seen, which takes the
	// right to listen to packets.
	SYNACKTTL *int64 `json:"syn_ack_ttl"`
	ResetTTL  *int64 `json:"reset_ttl"`
}

// ICMPError is an entry of the socket's error queue: who complained, about what.
type ICMPError struct {
	// From is the sender of the error; the terminal's own address when the kernel
	// itself gave up on a neighbour.
	From string `json:"from"`
	Own  bool   `json:"own"`
	// Type and Code are those of RFC 792 or RFC 4443.
	Type int64 `json:"type"`
	Code int64 `json:"code"`
	// MTU is the next hop's for "fragmentation needed", else 0.
	MTU int64 `json:"mtu_bytes"`
}

// Handshake is the TLS handshake on a connection. The peer is verified outside the
// handshake: what was presented is recorded, judged, and does not stop the probe.
type Handshake struct {
	Observation
	Endpoint   string  `json:"endpoint"`
	Address    string  `json:"address"`
	ServerName string  `json:"server_name"`
	ElapsedMs  float64 `json:"elapsed_ms"`
	WaitMs     float64 `json:"wait_ms"`
	// KeepaliveMs is the interval of the TCP keepalives, nil where they could not be
	// switched on.
	KeepaliveMs *float64 `json:"keepalive_ms"`
	Failure     *Failure `json:"failure"`
	// Alert is the fatal alert the peer sent (RFC 8446 section 6), nil if none.
	Alert *int64 `json:"alert"`
	// HelloBytes is the size of our ClientHello record: small ones and large ones meet
	// different faults.
	HelloBytes int64  `json:"hello_bytes"`
	Version    string `json:"version"`
	Cipher     string `json:"cipher"`
	// Certificates are the peer's, leaf first.
	Certificates List[Certificate] `json:"certificates"`
	// Verified is nil when there was nothing to judge; else true without Problems.
	Verified *bool                    `json:"verified"`
	Problems List[CertificateProblem] `json:"problems"`
	// ClientCertificateRequested is true when the peer asked for one.
	ClientCertificateRequested bool `json:"client_certificate_requested"`
	TCP                        *TCP `json:"tcp"`
	// Ending is nil unless the step ran out of time.
	Ending *Ending `json:"ending"`
}

// Certificate is what is worth saying of an X.509 certificate.
type Certificate struct {
	Subject   string       `json:"subject"`
	Issuer    string       `json:"issuer"`
	Names     List[string] `json:"names"`
	NotBefore time.Time    `json:"not_before"`
	NotAfter  time.Time    `json:"not_after"`
	Key       string       `json:"key"`       // as in RSA-2048, ECDSA-256
	Signature string       `json:"signature"` // as in SHA256-RSA
	// SPKI is the SHA-256 of the public key, as a pin: sha256/BASE64.
	SPKI string `json:"spki"`
}

// CertificateProblem is one thing wrong with the peer's certificate, each judged on
// its own.
type CertificateProblem string

// The problems. The times are judged by the device's own clock; Diagnose judges them
// again at corrected time.
const (
	CertExpired       CertificateProblem = "expired"
	CertNotYetValid   CertificateProblem = "not_yet_valid"
	CertWrongName     CertificateProblem = "wrong_name"
	CertUnknownIssuer CertificateProblem = "unknown_issuer"
	CertPinMismatch   CertificateProblem = "pin_mismatch"
	CertWeak          CertificateProblem = "weak" // SHA-1, MD5, RSA under 2048 bits
	CertInvalid       CertificateProblem = "invalid"
)

// CertificateProblems lists every CertificateProblem.
func CertificateProblems() []CertificateProblem {
	return []CertificateProblem{CertExpired, CertNotYetValid, CertWrongName, CertUnknownIssuer, CertPinMismatch, CertWeak, CertInvalid}
}

// SignOn is one exchange of a sign-on message, or of the harmless echo in its place.
// No field of it can hold a key, a card number or the terminal's identity.
type SignOn struct {
	Observation
	Endpoint    string `json:"endpoint"`
	Address     string `json:"address"`
	Protocol    string `json:"protocol"`
	Fingerprint string `json:"fingerprint"`
	// MessageType is the ISO 8583 MTI that was sent, "" for other protocols.
	MessageType  string  `json:"message_type"`
	RequestBytes int64   `json:"request_bytes"`
	ReplyBytes   int64   `json:"reply_bytes"`
	ElapsedMs    float64 `json:"elapsed_ms"`
	// WaitMs is how long the reply was waited for at most.
	WaitMs float64 `json:"wait_ms"`
	// KeepaliveMs is the interval of the TCP keepalives sent while waiting, nil where
	// they could not be switched on.
	KeepaliveMs *float64 `json:"keepalive_ms"`
	Failure     *Failure `json:"failure"`
	// ReplyType is the MTI of the reply; ResponseCode its field 39, always as received.
	ReplyType    string `json:"reply_type"`
	ResponseCode string `json:"response_code"`
	// HTTPStatus is the status code of an HTTP answer and HTTPBodyBytes the size of its
	// body; nil without one.
	HTTPStatus    *int64 `json:"http_status"`
	HTTPBodyBytes *int64 `json:"http_body_bytes"`
	// Requirement is digit 6 of the UnionPay header (处理要求), "" when there is none.
	Requirement string `json:"requirement"`
	// HostTime is the host's time as received: MMDDhhmmss (fields 13 and 12: no year, no
	// zone), YYMMDDhhmmss (field 12 of ISO 8583:1993), or RFC 3339 (an HTTP Date).
	HostTime string `json:"host_time"`
	// HostText is the text of field 44 or 56, or the reply of a text protocol,
	// cleaned, at most 128 runes.
	HostText string `json:"host_text"`
	TCP      *TCP   `json:"tcp"`
	// Ending is nil unless the reply did not come in time.
	Ending *Ending `json:"ending"`
}

// Hop is who answered a SYN that was sent with a limited time to live.
type Hop struct {
	Observation
	// Endpoint is the configured endpoint that is being traced, "" for a reference;
	// Target is the address:port that the SYN was sent to.
	Endpoint string `json:"endpoint"`
	Target   string `json:"target"`
	TTL      int64  `json:"ttl"`
	// Address is who answered, "" when nobody did in time.
	Address string    `json:"address"`
	Answer  HopAnswer `json:"answer"`
	// Type and Code are those of the ICMP error (RFC 792 or RFC 4443), 0 without one.
	Type  int64    `json:"type"`
	Code  int64    `json:"code"`
	RTTMs *float64 `json:"rtt_ms"`
}

// HopAnswer is how a SYN with a limited time to live was answered.
type HopAnswer string

// The answers.
const (
	HopSilent    HopAnswer = "silent"    // not at all
	HopExpired   HopAnswer = "expired"   // its time to live ended at a router
	HopRejected  HopAnswer = "rejected"  // another ICMP error
	HopRefused   HopAnswer = "refused"   // a reset, in the target's name
	HopConnected HopAnswer = "connected" // the handshake completed
)

// HopAnswers lists every HopAnswer.
func HopAnswers() []HopAnswer {
	return []HopAnswer{HopSilent, HopExpired, HopRejected, HopRefused, HopConnected}
}

// Portal is the answer to a plain HTTP request for a page that answers 204 (RFC 9110
// section 15.3.5) with an empty body unless somebody on the way answers in its place.
type Portal struct {
	Observation
	URL string `json:"url"`
	// Status is the HTTP status, 0 when what came is no HTTP.
	Status int64 `json:"status"`
	// Location is the host of a redirection's target, cleaned; "" without one.
	Location string `json:"location"`
	// BodyBytes is how much of a body was read, at most the cap of the probe.
	BodyBytes int64    `json:"body_bytes"`
	ElapsedMs float64  `json:"elapsed_ms"`
	Failure   *Failure `json:"failure"`
}

// Claim is the result of asking the local network who else uses an address of the
// terminal (RFC 5227 section 2.1.1: ARP probes with an unspecified sender).
type Claim struct {
	Observation
	Link    string `json:"link"`
	Address string `json:"address"`
	// Probes were sent; Answers came from hardware addresses other than the terminal's.
	Probes  int64 `json:"probes"`
	Answers int64 `json:"answers"`
}

// Ending is what followed when, after the deadline, the terminal closed its own side of
// the connection (RFC 9293 section 3.6) and listened on for a moment. A program that
// reads on sees that end and closes too; one that hangs does not; and the peer's FIN
// shows whether something sent before it got lost.
type Ending struct {
	How EndingHow `json:"how"`
	// LateBytes came after the deadline; Replied is true when they are the whole reply.
	LateBytes int64   `json:"late_bytes"`
	Replied   bool    `json:"replied"`
	WaitMs    float64 `json:"wait_ms"`
	ElapsedMs float64 `json:"elapsed_ms"`
	TCP       *TCP    `json:"tcp"`
}

// EndingHow is how a connection ended after the terminal had closed its side.
type EndingHow string

// The ways.
const (
	EndingSilent EndingHow = "silent" // the peer did not close within the wait
	EndingClosed EndingHow = "closed" // it closed in order
	EndingReset  EndingHow = "reset"  // it reset the connection
)

// EndingHows lists every EndingHow.
func EndingHows() []EndingHow { return []EndingHow{EndingSilent, EndingClosed, EndingReset} }

// ClockSource is what a clock observation compares.
type ClockSource string

// The sources.
const (
	// ClockRound is the device's wall clock at the start and at the end of the round.
	ClockRound ClockSource = "round"
	// ClockKernel is the kernel's own opinion of its synchronisation (adjtimex).
	ClockKernel ClockSource = "kernel"
	// ClockReply is the host's time in a sign-on reply.
	ClockReply ClockSource = "reply"
	// ClockServer is the time of the configured time server (RFC 5905).
	ClockServer ClockSource = "time_server"
)

// ClockSources lists every ClockSource.
func ClockSources() []ClockSource {
	return []ClockSource{ClockRound, ClockKernel, ClockReply, ClockServer}
}

// Clock is one reading that says something about the device's clock.
type Clock struct {
	Observation
	Source ClockSource `json:"source"`
	// Wall is the device's wall clock at AtMs.
	Wall time.Time `json:"wall"`
	// Endpoint is whose reply it was, "" for the device's own clocks.
	Endpoint string `json:"endpoint"`
	// Synchronized is the kernel's word, nil for other sources.
	Synchronized *bool `json:"synchronized"`
	// OffsetMs is other clock minus device clock, nil where there is no other clock.
	// A reply's time has no year and a resolution of one second.
	OffsetMs *float64 `json:"offset_ms"`
}

// Flow is somebody else's connection to the acquirer, as seen from outside.
type Flow struct {
	Observation
	Address string `json:"address"`
	State   string `json:"state"`
}
