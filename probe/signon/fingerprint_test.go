package signon

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"
)

// fingerprintOf is the fingerprint of a sign-on configuration that change has altered.
func fingerprintOf(t *testing.T, change func(*Config)) string {
	t.Helper()
	c := signOnConfig()
	change(&c)
	return mustNew(t, c).Fingerprint()
}

func TestFingerprint(t *testing.T) {
	base := mustNew(t, signOnConfig()).Fingerprint()
	if len(base) != 10 || strings.Trim(base, "0123456789abcdef") != "" {
		t.Errorf("fingerprint %q is not 10 hexadecimal digits", base)
	}
	if got := fingerprintOf(t, func(c *Config) { c.Stan = 999999 }); got != base {
		t.Error("another trace number makes another fingerprint")
	}
	seen := map[string]string{base: "nothing"}
	for name, f := range map[string]func(*Config){
		"terminal": func(c *Config) { c.Terminal = "99999907" },
		"merchant": func(c *Config) { c.Merchant = "001430170119998" },
		"tpdu":     func(c *Config) { c.TPDU = []byte{0x60, 5, 2, 0, 0} },
		"header":   func(c *Config) { c.Header = append(c.Header, 0) },
		"no head":  func(c *Config) { c.Header = []byte{} },
		"mti":      func(c *Config) { c.MTI = "0820" },
		"type":     func(c *Config) { c.Type = "01" },
		"batch":    func(c *Config) { c.Batch = "000777" },
		"code":     func(c *Config) { c.Code = "004" },
		"fields":   func(c *Config) { c.Fields = []int{11, 41, 42, 60} },
		"operator": func(c *Config) { c.Operator = "02" },
		"message":  func(c *Config) { c.Message = MessageEcho },
		"protocol": func(c *Config) { *c = Config{Protocol: ProtocolTCP} },
		"send":     func(c *Config) { *c = Config{Protocol: ProtocolTCP, Send: []byte("x")} },
		"expect":   func(c *Config) { *c = Config{Protocol: ProtocolTCP, Expect: "x"} },
		"step":     func(c *Config) { *c = Config{Protocol: ProtocolTCP, Steps: []Step{{Send: []byte("x")}}} },
		"step's":   func(c *Config) { *c = Config{Protocol: ProtocolTCP, Steps: []Step{{Expect: "x"}}} },
		"framing":  func(c *Config) { c.Framing = "visa" },
		"post":     func(c *Config) { c.HTTP = &HTTP{} },
		"path":     func(c *Config) { c.HTTP = &HTTP{Path: "/x"} },
		"field":    func(c *Config) { c.HTTP = &HTTP{Headers: []string{"X-Y: z"}} },
		"content":  func(c *Config) { c.HTTP = &HTTP{Headers: []string{"Content-Type: application/octet-stream"}} },
		"http":     func(c *Config) { *c = Config{Protocol: ProtocolHTTP} },
		"method":   func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Method = "HEAD" }) },
		"status":   func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Status = []int{204} }) },
		"body":     func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Body = "x" }) },
		"json":     func(c *Config) { *c = httpConfig(func(h *HTTP) { h.JSONPath, h.JSONValue = "a", "b" }) },
		"value":    func(c *Config) { *c = httpConfig(func(h *HTTP) { h.JSONPath, h.JSONValue = "a", "c" }) },
		"1987":     func(c *Config) { *c = isoConfig() },
		"1993":     func(c *Config) { *c = isoConfig(); c.Protocol = ProtocolISO1993 },
		"encoding": func(c *Config) { *c = isoConfig(); c.Encoding = "bcd" },
		"network":  func(c *Config) { *c = isoConfig(); c.NetworkCode = "270" },
		"values":   func(c *Config) { *c = isoConfig(); c.Values[3] = "990000" },
		"1987's":   func(c *Config) { *c = isoConfig(); c.Fields = []int{11} },
	} {
		got := fingerprintOf(t, f)
		if other, ok := seen[got]; ok {
			t.Errorf("changing %s and changing %s make the same fingerprint", name, other)
		}
		seen[got] = name
	}
}

// Whoever holds a fingerprint and knows everything about the message but the ids can
// only tell one in 256 of them from the rest.
func TestFingerprintDoesNotGiveIDsBack(t *testing.T) {
	for name, config := range map[string]func(terminal, merchant string) Config{
		"fields": func(terminal, merchant string) Config {
			c := signOnConfig()
			c.Terminal, c.Merchant = terminal, merchant
			return c
		},
		"ids in the header": func(terminal, merchant string) Config {
			c := signOnConfig()
			c.Terminal, c.Merchant = terminal, merchant
			packed, err := hex.DecodeString(terminal)
			if err != nil {
				t.Fatal(err)
			}
			c.Header = append(append(c.Header, packed...), merchant...)
			return c
		},
		"ids of 1987": func(terminal, merchant string) Config {
			c := network1987Config("ascii")
			c.Terminal, c.Merchant = terminal, merchant
			return c
		},
		"ids in a path and a body": func(terminal, merchant string) Config {
			c := httpConfig(func(h *HTTP) { h.Path = "/terminals/" + terminal })
			c.Terminal, c.Merchant, c.Send = terminal, merchant, []byte(merchant)
			return c
		},
		"ids in bytes to send": func(terminal, merchant string) Config {
			return Config{Protocol: ProtocolTCP, Terminal: terminal, Merchant: merchant,
				Send: []byte("HELLO " + terminal + " OF " + merchant), Expect: "^OK " + terminal}
		},
	} {
		messages, tails := map[string]bool{}, map[string]int{}
		const terminals = 2048
		for i := range terminals {
			f := mustNew(t, config(fmt.Sprintf("9%07d", i*37+1), fmt.Sprintf("898%012d", i/8*53+7))).Fingerprint()
			messages[f[:8]] = true
			tails[f[8:]]++
		}
		if len(messages) != 1 {
			t.Errorf("%s: %d different first parts: they tell the ids", name, len(messages))
		}
		if len(tails) < 200 {
			t.Errorf("%s: only %d different last parts for %d terminals", name, len(tails), terminals)
		}
	}
}

// Ids that stand nowhere in the message do not shape it.
func TestFingerprintOfAMessageWithoutIDs(t *testing.T) {
	none := mustNew(t, Config{Protocol: ProtocolTCP, Send: []byte("HELLO")}).Fingerprint()
	some := mustNew(t, Config{Protocol: ProtocolTCP, Send: []byte("HELLO"), Terminal: "99999906", Merchant: "001430170119999"}).Fingerprint()
	empty := sha256.Sum256(nil)
	if none != some || none[8:] != hex.EncodeToString(empty[:1]) {
		t.Errorf("fingerprints %s and %s", none, some)
	}
}

// Neither the time, nor whom a request is for, nor what its headers say, makes another
// message of it.
func TestFingerprintIsStable(t *testing.T) {
	for name, c := range map[string][2]func(*Config){
		"time and STAN": {func(c *Config) { *c = network1987Config("ascii") },
			func(c *Config) { *c = network1987Config("ascii"); c.Time, c.Stan = c.Time.AddDate(0, 1, 3), 999999 }},
		"time and STAN of 1993": {func(c *Config) { *c = network1993Config("bcd") },
			func(c *Config) { *c = network1993Config("bcd"); c.Time, c.Stan = c.Time.AddDate(0, 1, 3), 999999 }},
		"zone":    {func(c *Config) { *c = network1987Config("ascii") }, func(c *Config) { *c = network1987Config("ascii"); c.Zone = time.UTC }},
		"host":    {func(c *Config) { *c = postConfig() }, func(c *Config) { *c = postConfig(); c.Host = "backup.example" }},
		"a token": {func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Headers = []string{"X-Token: a"} }) }, func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Headers = []string{"x-token: b"} }) }},
		"written default": {func(c *Config) { *c = isoConfig() }, func(c *Config) {
			*c = isoConfig()
			c.NetworkCode, c.Framing, c.Encoding, c.MTI = "301", "2-byte", "ascii", "0800"
		}},
	} {
		if one, other := fingerprintOf(t, c[0]), fingerprintOf(t, c[1]); one != other {
			t.Errorf("%s makes %s of %s", name, other, one)
		}
	}
}
