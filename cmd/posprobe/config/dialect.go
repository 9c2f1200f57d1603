package config

import (
	"encoding/hex"
	"net"
	"slices"
	"strings"
	"time"

	"posprobe/probe/signon"
)

// Dialect returns the sign-on message that is configured for endpoint i, with stan as
// field 11 where that is sent (1 to 999999, from a range that the payment application does
// not use). It is nil without an error for protocol none. The error is Mistakes. It panics
// when there is no endpoint i.
func (c *Config) Dialect(i int, stan uint32) (signon.Dialect, error) {
	m, wrong := c.message(stan)
	m.Host = c.Acquirer.Endpoints[i].authority()
	d, err := signon.New(m)
	if err != nil {
		wrong = append(wrong, c.translate(err)...)
	}
	if len(wrong) > 0 || err != nil {
		// What translate leaves out is known since the file or the flag was read.
		return nil, slices.Concat(c.mistakes, wrong).ordered()
	}
	return d, nil
}

// message is the configuration in the terms of package signon, for no endpoint yet. The
// mistakes are in the file that it names.
func (c *Config) message(stan uint32) (signon.Config, Mistakes) {
	s := c.Acquirer.SignOn
	header := s.Header
	if header == nil && s.Protocol == signon.ProtocolUnionPay {
		header, _ = hex.DecodeString(DefaultHeader)
	}
	m := signon.Config{
		Protocol:    s.Protocol,
		Message:     s.Message,
		Terminal:    c.Terminal.ID,
		Merchant:    c.Terminal.Merchant,
		TPDU:        s.TPDU,
		Header:      header,
		MTI:         s.MTI,
		Type:        s.Field60.Type,
		Batch:       s.Field60.Batch,
		Code:        s.Field60.Code,
		Fields:      s.Fields,
		Stan:        stan,
		Operator:    s.Operator,
		Framing:     s.Framing,
		Encoding:    s.Encoding,
		NetworkCode: s.NetworkCode,
		Values:      s.Values,
		Time:        time.Now(), // whether it is right is known after the round only
		Zone:        c.Acquirer.Location(),
		Send:        bytesOf(s.Send),
		Expect:      s.Expect,
	}
	for _, step := range s.Steps {
		m.Steps = append(m.Steps, signon.Step{Send: bytesOf(step.Send), Expect: step.Expect})
	}
	var wrong Mistakes
	if s.HTTP != nil {
		m.HTTP, wrong = c.request(s.HTTP)
	}
	return m, wrong
}

// request is the HTTP request in the terms of package signon.
func (c *Config) request(h *HTTP) (*signon.HTTP, Mistakes) {
	r := &signon.HTTP{
		Method:    h.Method,
		Path:      h.Path,
		Status:    h.Status,
		Body:      h.Body,
		JSONPath:  h.JSON.Path,
		JSONValue: h.JSON.Value,
	}
	if h.Headers == "" {
		return r, nil
	}
	lines, f := readSecret(c.path(keyHeaders, h.Headers), headersCap)
	if f != nil {
		return r, Mistakes{c.at(keyHeaders, *f)}
	}
	defer clear(lines)
	for line := range strings.Lines(string(lines)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			r.Headers = append(r.Headers, line)
		}
	}
	return r, nil
}

// headersCap is the largest file of headers, in bytes: servers commonly accept no more
// (8 KiB in nginx, large_client_header_buffers).
const headersCap = 8 << 10

// authority names whom an HTTP request is for (RFC 9110 section 7.2): without the port
// where it is the scheme's own.
func (e Endpoint) authority() string {
	host, port, err := net.SplitHostPort(e.Address)
	if err != nil {
		return ""
	}
	own := "80"
	if e.TLS != nil {
		own = "443"
		if e.TLS.ServerName != "" {
			host = e.TLS.ServerName
		}
	}
	at := net.JoinHostPort(host, port)
	if port == own {
		at = strings.TrimSuffix(at, ":"+port)
	}
	return at
}

// NeedsConsent is true when the configured message may replace the terminal's working
// keys, and nothing says that the terminal id is posprobe's own. Check refuses that in
// a file. When the command line asks for it, whoever runs the command must have agreed
// that the payment application has to sign on again.
func (c *Config) NeedsConsent() bool {
	s := c.Acquirer.SignOn
	if s.DedicatedTerminal {
		return false
	}
	if s.Message == signon.MessageSignOn {
		return used(keyMessage, s.Protocol)
	}
	m, _ := c.message(anySTAN)
	d, err := signon.New(m)
	return err == nil && d != nil && d.KeysComeBack()
}

// anySTAN stands for field 11 where nothing is sent.
const anySTAN = 1
