package config_test

import (
	"strings"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
)

const fileForFlags = `
terminal: {id: "99999906", merchant: "001430170119999"}
acquirer:
  endpoints:
    - {address: pos.acquirer.example:5500, tls: {server_name: front.acquirer.example}}
    - {address: 203.0.113.20:5500}
  sign_on: {protocol: unionpay, tpdu: "6000030000"}
network: {resolvers: [192.0.2.53]}
`

func parsed(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("posprobe.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFlagsReplaceValues(t *testing.T) {
	c := parsed(t, fileForFlags)
	err := c.Override(
		config.Flag{Name: "--tpdu", Value: "6000040000"},
		config.Flag{Name: "--terminal", Value: "00000001"},
		config.Flag{Name: "--merchant", Value: "000000000000001"},
		config.Flag{Name: "--header", Value: ""},
		config.Flag{Name: "--resolver", Value: "198.51.100.1"},
		config.Flag{Name: "--resolver", Value: "198.51.100.2:5353"},
		config.Flag{Name: "--wait", Value: "3s"},
	)
	if all := c.Check(); err != nil || len(all) > 0 {
		t.Fatalf("%v, %v", err, all)
	}
	s := c.Acquirer.SignOn
	if string(s.TPDU) != "\x60\x00\x04\x00\x00" || s.Header == nil || len(s.Header) != 0 {
		t.Errorf("TPDU %x, header %#v", s.TPDU, s.Header)
	}
	if c.Terminal.ID != "00000001" || c.Terminal.Merchant != "000000000000001" {
		t.Errorf("terminal %+v", c.Terminal)
	}
	if r := c.Network.Resolvers; len(r) != 2 || r[0].String() != "198.51.100.1:53" || r[1].String() != "198.51.100.2:5353" {
		t.Errorf("resolvers %v", r)
	}
	// Shorter than reply_warn, which would be a mistake in a file.
	if c.Limits.Reply != 3*time.Second {
		t.Errorf("reply %s", c.Limits.Reply)
	}
}

func TestEndpointFlagReplacesAllAndKeepsKnownTLS(t *testing.T) {
	c := parsed(t, fileForFlags)
	err := c.Override(
		config.Flag{Name: "--endpoint", Value: "198.51.100.7:5500"},
		config.Flag{Name: "--endpoint", Value: "pos.acquirer.example:5500"},
	)
	if all := c.Check(); err != nil || len(all) > 0 {
		t.Fatalf("%v, %v", err, all)
	}
	e := c.Acquirer.Endpoints
	if len(e) != 2 || e[0].Address != "198.51.100.7:5500" || e[0].TLS != nil {
		t.Fatalf("endpoints %+v", e)
	}
	if e[1].TLS == nil || e[1].TLS.ServerName != "front.acquirer.example" {
		t.Errorf("TLS of the known endpoint: %+v", e[1].TLS)
	}
}

func TestTLSFlagsApplyToEveryEndpoint(t *testing.T) {
	const pin = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	c := parsed(t, fileForFlags)
	if err := c.Override(config.Flag{Name: "--pin", Value: pin}); err != nil {
		t.Fatal(err)
	}
	for i, e := range c.Acquirer.Endpoints {
		if e.TLS == nil || e.TLS.Pin != pin {
			t.Errorf("endpoint %d: %+v", i, e.TLS)
		}
	}
	if err := c.Override(config.Flag{Name: "--tls", Value: "false"}); err != nil {
		t.Fatal(err)
	}
	for i, e := range c.Acquirer.Endpoints {
		if e.TLS != nil {
			t.Errorf("endpoint %d still has TLS", i)
		}
	}
}

func TestFlagsAloneSuffice(t *testing.T) {
	c := config.Default()
	if got := c.Check().Error(); !strings.HasPrefix(got, "acquirer.endpoints: is empty") {
		t.Errorf("without anything: %s", got)
	}
	if err := c.Override(config.Flag{Name: "--endpoint", Value: "203.0.113.20:5500"}); err != nil {
		t.Fatal(err)
	}
	if all := c.Check(); len(all) > 0 {
		t.Errorf("refused: %v", all)
	}
}

func TestMistakesInFlagsNameTheFlag(t *testing.T) {
	many := make([]config.Flag, 9)
	for i := range many {
		many[i] = config.Flag{Name: "--endpoint", Value: "203.0.113.20:5500"}
	}
	for name, test := range map[string]struct {
		flags []config.Flag
		want  string
	}{
		"form":     {[]config.Flag{{Name: "--tpdu", Value: "60"}}, `--tpdu "60": has not 5 bytes; `},
		"hex":      {[]config.Flag{{Name: "--tpdu", Value: "60x"}}, `--tpdu "60x": contains 'x', which is no hexadecimal digit; `},
		"empty":    {[]config.Flag{{Name: "--terminal", Value: ""}}, `--terminal: has no value; `},
		"word":     {[]config.Flag{{Name: "--protocol", Value: "iso"}}, `--protocol "iso": is not one of the words`},
		"wait":     {[]config.Flag{{Name: "--wait", Value: "2m"}}, `--wait "2m": is too long; write a duration from 1s to 60s`},
		"endpoint": {[]config.Flag{{Name: "--endpoint", Value: "host"}}, `--endpoint "host": has no port; `},
		"twice":    {many[:2], `--endpoint "203.0.113.20:5500": is the address of acquirer.endpoints[0] as well; `},
		"many":     {many, `--endpoint: has 9 entries; keep 8 at most`},
		"resolver": {[]config.Flag{{Name: "--resolver", Value: "dns"}}, `--resolver "dns": is no resolver's address; `},
		"pin":      {[]config.Flag{{Name: "--pin", Value: "abc"}}, `--pin "abc": does not begin with sha256/; `},
		"ca":       {[]config.Flag{{Name: "--ca", Value: "testdata/none.pem"}}, `--ca "testdata/none.pem": cannot be used: `},
		"tls":      {[]config.Flag{{Name: "--tls", Value: "on"}}, `--tls "on": is neither true nor false; `},
	} {
		t.Run(name, func(t *testing.T) {
			c := parsed(t, fileForFlags)
			_ = c.Override(test.flags...)
			got := c.Check().Error()
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if strings.Contains(got, "\n") {
				t.Errorf("told more than once:\n%s", got)
			}
		})
	}
}

// Whoever asks for a sign-on at the command line is asked there; a file may not.
func TestSignOnNeedsConsent(t *testing.T) {
	c := parsed(t, fileForFlags)
	if c.NeedsConsent() {
		t.Error("an echo needs consent")
	}
	if err := c.Override(config.Flag{Name: "--message", Value: "sign-on"}); err != nil {
		t.Fatal(err)
	}
	if all := c.Check(); len(all) > 0 || !c.NeedsConsent() {
		t.Errorf("told %v, consent %t", all, c.NeedsConsent())
	}
	for text, needs := range map[string]bool{
		`message: sign-on`:                                 true,
		`message: sign-on, dedicated_terminal: true`:       false,
		`field60: {code: "777"}`:                           true,
		`field60: {code: "777"}, dedicated_terminal: true`: false,
		`fields: [41, 42]`:                                 true,
	} {
		c := parsed(t, strings.Replace(fileForFlags, "protocol: unionpay", "protocol: unionpay, "+text, 1))
		if all := c.Check(); c.NeedsConsent() != needs || (len(all) > 0) != needs {
			t.Errorf("%s: consent %t, told %v", text, c.NeedsConsent(), all)
		}
	}
}

func TestUnknownFlagPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_ = config.Default().Override(config.Flag{Name: "--colour", Value: "blue"})
}
