// Package signon speaks the languages in which a payment terminal signs on to its
// acquirer, just far enough to ask a host whether it is there: it packs one request
// and reads one reply. It opens no connection, knows no clock and draws no conclusion.
//
// The harmless question is the echo, 0820 with network management code 301. A real
// sign-on (0800) makes the host generate new working keys and overwrite the only copy:
// the payment application's next transaction fails until it signs on again. Such a
// message says so through Dialect.KeysComeBack.
//
// No financial message can be configured, and no card field. Reading is tolerant,
// because acquirers differ and any answer proves line and host alive, but it never
// goes beyond 2 KiB. Fields that can hold keys, card data or a MAC are stepped over;
// the raw bytes are wiped before ReadReply returns, and no Reply or ReplyError contains
// them, a terminal id or a merchant id. A fingerprint holds 8 bits of a hash over the two
// ids and nothing else of them.
//
// Start reading at Config (config.go) and Dialect (dialect.go). A UnionPay request is
// packed in request.go; its reply is read in reply.go, found in locate.go and walked
// through in message.go, by the field formats in fields.go.
package signon
