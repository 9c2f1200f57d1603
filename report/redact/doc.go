// Package redact makes stored lines fit for leaving the terminal: a report is sent to
// central support, put into a bundle and printed on a page by people who do not need to
// know the terminal's and the merchant's id, the name of the shop's Wi-Fi or a SIM's
// numbers, and may not see a card number that a host wrote into its answer.
//
// The package is pure. One table (fields.go) says of every text in a report what becomes
// of it; text that the table does not know is treated as text from outside.
package redact
