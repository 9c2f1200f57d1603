// Package http1 writes one HTTP/1.1 request and reads one answer (RFC 9112), just far
// enough to ask a server whether it is there. It opens no connection, follows no
// redirection, keeps no cookie and decodes no content coding: a compressed body stays
// the few bytes that it is.
//
// The standard library's client would add a megabyte to the program and its reader alone
// sixty kilobytes, and neither wipes what it has read. Read bounds everything: head,
// body, and what frames the body.
package http1
