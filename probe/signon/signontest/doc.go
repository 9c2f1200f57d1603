// Package signontest is an acquirer to practise on, as net/http/httptest is a web
// server to practise on: a real listening socket that answers echoes and sign-ons in
// each protocol that posprobe speaks (UnionPay's messages, plain or in an HTTP POST,
// ISO 8583 of 1987 and 1993, a web page, lines of text), and that can be told to fail in
// the ways in which acquirers, the machines in front of them and the networks between
// fail, or to attack whoever asks. It belongs in tests and in the program acquirersim,
// never in posprobe.
//
// What it does is chosen by Options.Behaviour and, for everything that happens after
// the request was read, also by the terminal id in the request, so that one server
// serves a whole script: RC960000 is answered with response code 96, SLOW0030 after
// three seconds. A terminal id that is no such code, a plain number above all, gets the
// server's own behaviour. BehavioursFor lists those that a dialect can have with what
// each imitates, TLSKinds does the same for what can be wrong with TLS.
//
// Packing and parsing are written a second time here, in hexadecimal text, and share
// nothing with package signon: each tests the other.
//
// The way through it: server.go accepts, session.go is one connection, dialect.go says
// what is spoken on it; framing.go, message.go, fields.go, web.go and lines.go are the
// wire; request.go understands, answer.go replies; behaviours_*.go is what may come in
// place of the good reply.
package signontest
