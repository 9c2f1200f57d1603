//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posprobe/probe/signon/signontest"
)

// column is one dialect of the matrix: what the practice acquirer speaks and what the
// configuration says of it.
type column struct {
	name    string
	options signontest.Options
	signOn  string // acquirer.sign_on, in YAML's flow style
	// only are the behaviours looked at; nil is all that the dialect can have.
	only []string
	// brief: of the arguments of a behaviour the first two are tried.
	brief bool
}

// columns are the dialects. Each framing and each encoding is in one of them.
func columns() []column {
	frames := strings.Fields("good keep slow silent close reset cut stall length-long length-short length-zero garbage http tls banner mirror poll")
	overHTTP := append(slices.Clone(frames), "empty-500", "html", "chunked")
	const iso026 = `header: "49534F303236303030303530", ` // ISO026000050, as base24 has it
	const unionpay = `protocol: unionpay, tpdu: "6000030000"`
	return []column{
		{name: "unionpay", signOn: unionpay},
		{name: "unionpay-http", signOn: unionpay + `, http: {path: ` + signontest.DefaultPath + `}`, brief: true,
			options: signontest.Options{HTTP: &signontest.HTTP{}}},
		{name: "unionpay-stx", signOn: unionpay + `, framing: stx`, only: frames, options: signontest.Options{Framing: "stx"}},
		{name: "unionpay-inclusive", signOn: unionpay + `, framing: 2-byte-inclusive`, only: frames,
			options: signontest.Options{Framing: "2-byte-inclusive"}},
		{name: "unionpay-vmlh", signOn: unionpay + `, framing: vmlh`, only: frames, options: signontest.Options{Framing: "vmlh"}},
		{name: "1987-ascii", signOn: `protocol: iso8583-1987, framing: 4-ascii`, brief: true,
			options: signontest.Options{Protocol: "iso8583-1987", Framing: "4-ascii"}},
		{name: "1987-bcd", signOn: `protocol: iso8583-1987, encoding: bcd, framing: base24, ` + iso026 + `fields: [7, 11, 12, 13, 41, 42]`, brief: true,
			options: signontest.Options{Protocol: "iso8583-1987", Encoding: "bcd", Framing: "base24"}},
		{name: "1987-binary", signOn: `protocol: iso8583-1987, encoding: binary, framing: visa`, only: frames,
			options: signontest.Options{Protocol: "iso8583-1987", Encoding: "binary", Framing: "visa"}},
		{name: "1993-ascii", signOn: `protocol: iso8583-1993, framing: 4-hex`,
			options: signontest.Options{Protocol: "iso8583-1993", Framing: "4-hex"}},
		{name: "1993-bcd", signOn: `protocol: iso8583-1993, encoding: bcd, framing: gicc, tpdu: "6000030000"`, only: frames,
			options: signontest.Options{Protocol: "iso8583-1993", Encoding: "bcd", Framing: "gicc"}},
		{name: "1993-binary-http", signOn: `protocol: iso8583-1993, encoding: binary, framing: 2-byte-bcd, http: {path: /iso}`, only: overHTTP,
			options: signontest.Options{Protocol: "iso8583-1993", Encoding: "binary", Framing: "2-byte-bcd", HTTP: &signontest.HTTP{Path: "/iso"}}},
		{name: "http", signOn: `protocol: http, http: {path: /health, json: {path: status, value: UP}}`,
			options: signontest.Options{Protocol: "http", HTTP: &signontest.HTTP{Path: "/health"}}},
		{name: "unionpay-tls", signOn: unionpay, only: frames, options: signontest.Options{TLS: "good"}},
		{name: "https", signOn: `protocol: http, http: {path: /health, json: {path: status, value: UP}}`, only: overHTTP,
			options: signontest.Options{Protocol: "http", HTTP: &signontest.HTTP{Path: "/health"}, TLS: "good"}},
		{name: "tcp", signOn: `protocol: tcp, send: "HELLO\r\n", expect: "^220 ready", steps: [{send: "PING\r\n", expect: "PONG"}]`,
			options: signontest.Options{Protocol: "tcp"}},
	}
}

// arguments are what a behaviour that takes an argument is tried with.
var arguments = map[string][]string{
	"code":        {"96", "97", "03", "12", "40", "58", "77", "89", "90", "91"},
	"action":      {"909", "109", "000", "115", "904", "906", "907", "911", "999"},
	"slow":        {"500ms"},
	"requirement": {"3", "0"},
	"clock":       {"8h", "-10m", "-24h"},
	"only":        {"6000030000", "6000040000"},
	"status":      {"204", "401", "404", "500", "503"},
	"mti":         {"0210", "1210"},
	"then":        {"silent", "close", "reset", "cut", "stall", "garbage", "gbk", "tls"},
	"trickle":     {"1ms", "1s"},
}

// behaviours are those of a column, as the practice acquirer is told them.
func (c column) behaviours(t *testing.T) []string {
	t.Helper()
	list, err := signontest.BehavioursFor(c.options)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range list {
		key := b.Name
		if key == "code" && c.options.Protocol == "iso8583-1993" {
			key = "action"
		}
		switch {
		case b.Hostile, c.only != nil && !slices.Contains(c.only, b.Name):
		case b.Name == "backlog": // its own connections are taken for a payment; the fault lab has it
		case b.Argument == "" || b.Default != "" && arguments[key] == nil:
			out = append(out, b.Name)
		default:
			if len(arguments[key]) == 0 {
				t.Errorf("%s has no argument to be tried with", b.Name)
			}
			for i, a := range arguments[key] {
				if !c.brief || i < 2 {
					out = append(out, b.Name+"="+a)
				}
			}
		}
	}
	return out
}

// The ids that the matrix sends: such as no number in a report is by chance, and as
// choose no behaviour.
const (
	matrixTerminal = "TML9K7Q2"
	matrixMerchant = "MERCHANT9K7Q2X1"
)

// configure writes the configuration of a terminal that asks an acquirer.
func (c column) configure(t *testing.T, s *signontest.Server) string {
	t.Helper()
	dir := t.TempDir()
	endpoint := fmt.Sprintf("address: %q", s.Addr())
	if s.Authority() != nil {
		writeFile(t, filepath.Join(dir, "ca.pem"), string(s.Authority().PEM()))
		endpoint += ", tls: {ca: ca.pem}"
	}
	path := filepath.Join(dir, "posprobe.yaml")
	writeFile(t, path, fmt.Sprintf(`terminal: {id: %q, merchant: %q}
acquirer:
  zone: "+08:00"
  endpoints: [{%s}]
  sign_on: {%s}
`, matrixTerminal, matrixMerchant, endpoint, c.signOn))
	return path
}
