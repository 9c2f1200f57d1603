// Package signon speaks the languages in which a payment terminal signs on to its
// acquirer, just far enough to ask a host whether it is there: it packs one request
// and reads one reply. It opens no connection, knows no clock and draws no conclusion.
//
// The harmless question is the echo: 0820 with network management code 301 of UnionPay's
// terminals, 0800 with field 70 = 301, 1804 with field 24 = 831. A real sign-on makes the
// host generate new working keys and overwrite the only copy: the payment application's
// next transaction fails until it signs on again. Such a message, and each that is not
// surely an echo, says so through Dialect.KeysComeBack.
//
// No financial message can be configured, and no card field. Reading is tolerant,
// because acquirers differ and any answer proves line and host alive, but everything is
// bounded. Fields that can hold keys, card data or a MAC are stepped over; the raw bytes
// are wiped before ReadReply returns, and no Reply or ReplyError contains them, a terminal
// id or a merchant id. A fingerprint holds 8 bits of a hash over the two ids and nothing
// else of them. Neither a Config nor a Dialect can be printed.
//
// # The way through it
//
// Start reading at Config and the table of protocols (config.go), and at Dialect
// (dialect.go). A message passes through four layers, each of which knows only the one
// below it:
//
//	protocol   what is said: unionpay.go, iso1987.go and iso1993.go over network.go; http.go; sendexpect.go
//	message    type, bitmap, fields: message.go by the formats of fields.go; a reply is found by locate.go
//	encoding   how fields stand on the wire: encoding.go, bcd.go
//	carrier    how a message travels: framing.go (table) and framing_read.go, and around it the POST of web.go
//
// The three dialects of ISO 8583 share the type iso (iso.go packs, reply.go reads,
// host_time.go tells whose clock a time is of). HTTP itself is in package http1. What may
// be configured is checked in check*.go, in the words of the configuration file.
//
// A new framing or encoding is a row in its table; a new protocol is a file with a
// constructor and a row in protocols.
package signon
