// Package probe turns the state of a terminal and its network into observations
// (report.Evidence). It knows no faults and no verdicts, and has no wording.
//
// Start reading at Round (round.go): the survey reads what the device knows without
// sending a packet (survey.go), plan says which questions follow from what is known
// (plan.go), and the asking is done in lookup.go, ping.go and exchange.go. An exchange
// is a TCP connection (connect.go), perhaps TLS (tls.go), perhaps a sign-on
// (sign_on.go).
//
// Everything read from outside is capped in size and bounded in time, and every error
// becomes a report.Failure in one place (failure.go).
package probe
