// Package ship carries stored reports to central support, over what support already
// runs: lines of JSON over HTTP, OpenTelemetry logs over HTTP, or syslog.
//
// Start begins one goroutine a destination (worker.go). Each has its own cursor in every
// stream of stored lines, its own connection, and its own troubles: what one destination
// refuses goes to the others all the same. A worker collects a batch (collect.go), makes
// every line fit for leaving the terminal (message.go), and settles the batch: sends it,
// and halves it to find what the receiver will not take (settle.go). Failures go at once
// and first; what is healthy waits for company. Then the connection is closed.
//
// Delivery is at least once. A cursor moves when the receiver has answered, so that a
// report may arrive twice, under the same id. Syslog has no answers (RFC 5425 section
// 1, RFC 6587 section 3.1): there a batch counts as delivered when the receiver, told
// that it was all, closes the connection in order. That it has read everything is what
// this proves, and that is as much as syslog can say.
//
// Nothing here blocks whoever probes: Shipper.Stored only leaves a note.
package ship
