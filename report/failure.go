package report

// Failure says how an operation failed. A nil *Failure means that it succeeded.
type Failure struct {
	// Operation is the step that failed.
	Operation Operation `json:"operation"`
	// Type is one word of the closed list below.
	Type FailureType `json:"type"`
	// Detail is the system's own wording, cleaned, at most 128 runes. It is for
	// people; no rule reads it.
	Detail string `json:"detail"`
}

// Operation names the step of a probe that failed.
type Operation string

// The operations. The words follow OONI's operations where it has one.
const (
	OpSurvey       Operation = "survey"
	OpResolve      Operation = "resolve"
	OpPing         Operation = "ping"
	OpConnect      Operation = "connect"
	OpTLSHandshake Operation = "tls_handshake"
	OpWrite        Operation = "write"
	OpRead         Operation = "read"
)

// Operations lists every Operation, for the JSON Schema and for validation.
func Operations() []Operation {
	return []Operation{OpSurvey, OpResolve, OpPing, OpConnect, OpTLSHandshake, OpWrite, OpRead}
}

// FailureType is the way in which an operation failed: one word of a closed list.
//
// The list keeps apart what other lists merge: the kernel's timeout and our own
// deadline; EPERM, EACCES and a missing capability; a connection closed without a
// reply, reset, and a reply cut short.
type FailureType string

// The failure types. errno names are those of errno(3); DNS names those of RFC 1035
// section 4.1.1 and RFC 8914; TLS names those of RFC 8446 section 6.
const (
	// Time.
	FailDeadline      FailureType = "deadline_exceeded" // our own deadline passed
	FailKernelTimeout FailureType = "timed_out"         // ETIMEDOUT: the kernel gave up first
	FailCancelled     FailureType = "cancelled"         // the user interrupted the round

	// Connection.
	FailRefused      FailureType = "connection_refused"   // ECONNREFUSED
	FailReset        FailureType = "connection_reset"     // ECONNRESET, EPIPE
	FailAborted      FailureType = "connection_aborted"   // ECONNABORTED
	FailClosed       FailureType = "closed_without_reply" // an orderly end before the first byte
	FailNetUnreach   FailureType = "network_unreachable"  // ENETUNREACH
	FailHostUnreach  FailureType = "host_unreachable"     // EHOSTUNREACH
	FailNetDown      FailureType = "network_down"         // ENETDOWN
	FailMessageSize  FailureType = "message_too_long"     // EMSGSIZE
	FailNoAddress    FailureType = "address_not_available"
	FailNoPorts      FailureType = "no_ports"       // EADDRNOTAVAIL on connect with an address present
	FailNoDescriptor FailureType = "no_descriptors" // EMFILE, ENFILE
	FailNoBuffers    FailureType = "no_buffers"     // ENOBUFS, ENOMEM

	// Permission: not allowed is not broken.
	FailNotPermitted FailureType = "operation_not_permitted" // EPERM: a packet filter or a missing capability
	FailAccess       FailureType = "access_denied"           // EACCES: mandatory access control, ping_group_range
	FailCapability   FailureType = "capability_missing"      // a capability known to be needed and not held

	// Name resolution.
	FailNXDomain     FailureType = "dns_nxdomain"
	FailNoData       FailureType = "dns_no_data"
	FailServFail     FailureType = "dns_servfail"
	FailDNSRefused   FailureType = "dns_refused"
	FailDNSFormat    FailureType = "dns_formerr"
	FailDNSNotImpl   FailureType = "dns_notimp"
	FailDNSOther     FailureType = "dns_other_rcode"
	FailDNSTruncated FailureType = "dns_truncated" // truncated over UDP and TCP did not help
	FailDNSMalformed FailureType = "dns_malformed" // the answer cannot be read or answers something else

	// TLS.
	FailTLSAlert     FailureType = "tls_alert"                       // the peer sent a fatal alert
	FailTLSVersion   FailureType = "tls_protocol_version"            // no common protocol version
	FailNotTLS       FailureType = "tls_not_spoken"                  // the answer is no TLS record
	FailTLSMalformed FailureType = "tls_malformed"                   // TLS records that break the protocol
	FailClientCert   FailureType = "tls_client_certificate_required" // refused for want of a client certificate
	FailUntrusted    FailureType = "tls_peer_untrusted"              // a sign-on is not sent to a peer that failed verification

	// Replies.
	FailCutShort      FailureType = "reply_cut_short"      // the stream ended or stalled inside a reply
	FailLength        FailureType = "reply_length_wrong"   // the length prefix cannot be true
	FailNotISO8583    FailureType = "reply_not_iso8583"    // bytes that are no message of this dialect
	FailMessageType   FailureType = "reply_message_type"   // a message, but not the answer to ours
	FailOtherTerminal FailureType = "reply_other_terminal" // an answer for another terminal
	FailUnexpected    FailureType = "reply_unexpected"     // text that does not match the expected pattern
	FailNotHTTP       FailureType = "reply_not_http"       // no HTTP answer where one is due
	FailHTTPStatus    FailureType = "reply_http_status"    // an HTTP answer with another status than the good ones

	// The device's own lists and files.
	FailNotFound     FailureType = "not_found"     // ENOENT
	FailNotSupported FailureType = "not_supported" // this system has no such thing
	FailIO           FailureType = "io_error"      // EIO and kin
	FailMalformed    FailureType = "malformed"     // content that cannot be read

	// FailUnknown is everything the classifier has no word for; Detail says more.
	FailUnknown FailureType = "unknown"
)

// FailureTypes lists every FailureType, for the JSON Schema and for validation.
func FailureTypes() []FailureType {
	return []FailureType{
		FailDeadline, FailKernelTimeout, FailCancelled,
		FailRefused, FailReset, FailAborted, FailClosed, FailNetUnreach, FailHostUnreach, FailNetDown,
		FailMessageSize, FailNoAddress, FailNoPorts, FailNoDescriptor, FailNoBuffers,
		FailNotPermitted, FailAccess, FailCapability,
		FailNXDomain, FailNoData, FailServFail, FailDNSRefused, FailDNSFormat, FailDNSNotImpl, FailDNSOther,
		FailDNSTruncated, FailDNSMalformed,
		FailTLSAlert, FailTLSVersion, FailNotTLS, FailTLSMalformed, FailClientCert, FailUntrusted,
		FailCutShort, FailLength, FailNotISO8583, FailMessageType, FailOtherTerminal, FailUnexpected, FailNotHTTP, FailHTTPStatus,
		FailNotFound, FailNotSupported, FailIO, FailMalformed, FailUnknown,
	}
}

// Is reports whether f has one of the given types; a nil failure has none.
func (f *Failure) Is(types ...FailureType) bool {
	if f == nil {
		return false
	}
	for _, t := range types {
		if f.Type == t {
			return true
		}
	}
	return false
}
