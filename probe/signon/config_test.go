package signon

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		keys   []string
	}{
		{"nothing at all", func(c *Config) { *c = Config{} }, []string{keyProtocol}},
		{"unknown protocol", func(c *Config) { c.Protocol = "x25" }, []string{keyProtocol}},
		{"unionpay alone", func(c *Config) { *c = Config{Protocol: ProtocolUnionPay} },
			[]string{keyTerminal, keyMerchant, keyTPDU, keyHeader}},
		{"unknown message", func(c *Config) { c.Message = "sale" }, []string{keyMessage}},
		{"terminal id too short", func(c *Config) { c.Terminal = "9999990" }, []string{keyTerminal}},
		{"terminal id of 8 bytes that are no ASCII", func(c *Config) { c.Terminal = "终端99" }, []string{keyTerminal}},
		{"merchant id too long", func(c *Config) { c.Merchant += "0" }, []string{keyMerchant}},
		{"short TPDU", func(c *Config) { c.TPDU = c.TPDU[1:] }, []string{keyTPDU}},
		{"long header", func(c *Config) { c.Header = make([]byte, 129) }, []string{keyHeader}},
		{"financial message", func(c *Config) { c.MTI = "0200" }, []string{keyMTI}},
		{"1993 message", func(c *Config) { c.MTI = "1804" }, []string{keyMTI}},
		{"card number", func(c *Config) { c.Fields = []int{2, 41, 60} }, []string{keyFields}},
		{"keys", func(c *Config) { c.Fields = []int{41, 60, 62} }, []string{keyFields}},
		{"every secret field", func(c *Config) { c.Fields = []int{2, 14, 35, 36, 45, 48, 52, 53, 55, 59, 61, 62, 64} },
			slices.Repeat([]string{keyFields}, 13)},
		{"amount", func(c *Config) { c.Fields = []int{4} }, []string{keyFields}},
		{"field out of range", func(c *Config) { c.Fields = []int{-1, 0, 65} }, []string{keyFields, keyFields, keyFields}},
		{"field twice", func(c *Config) { c.Fields = []int{41, 41} }, []string{keyFields}},
		{"no field", func(c *Config) { c.Fields = []int{} }, []string{keyFields}},
		{"type", func(c *Config) { c.Type = "0" }, []string{keyType}},
		{"batch", func(c *Config) { c.Batch = "00000x" }, []string{keyBatch}},
		{"code", func(c *Config) { c.Code = "+31" }, []string{keyCode}},
		{"no trace number", func(c *Config) { c.Message = MessageSignOn }, []string{keyStan}},
		{"trace number of 7 digits", func(c *Config) { c.Message, c.Stan = MessageSignOn, 1000000 }, []string{keyStan}},
		{"operator", func(c *Config) { c.Fields, c.Operator = []int{41, 63}, "终" }, []string{keyOperator}},
		{"a sign-on called echo", func(c *Config) { c.Code = "003" }, []string{keyCode}},
		{"a sign-off called echo", func(c *Config) { c.Code = "002" }, []string{keyCode}},
		{"an echo called sign-on", func(c *Config) { c.Message, c.Stan, c.Code = MessageSignOn, 1, "301" }, []string{keyCode}},
		{"a master key download called sign-on", func(c *Config) { c.Message, c.Stan, c.Code = MessageSignOn, 1, "401" }, []string{keyCode}},
		{"a bad pattern", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Expect: "("} }, []string{keyExpect}},
		{"bad bytes", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Expect: "hex:abc"} }, []string{keyExpect}},
		{"no bytes", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Expect: "hex:"} }, []string{keyExpect}},
		{"a long pattern", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Expect: strings.Repeat("x", 513)} }, []string{keyExpect}},
		{"a long message", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Send: make([]byte, 2049)} }, []string{keySend}},
		{"a framed message by way of tcp", func(c *Config) {
			*c = Config{Protocol: ProtocolTCP, Send: framed([]byte{0x60, 0, 0, 0, 0}, "0200", map[int]string{3: "000000"})}
		}, []string{keySend}},
		{"a framed message in another framing", func(c *Config) {
			*c = Config{Protocol: ProtocolHTTP, Send: framingOf(t, "4-ascii").pack([]byte("0200" + strings.Repeat("0", 32)))}
		}, []string{keySend}},
		{"a framed message in a step", func(c *Config) {
			*c = Config{Protocol: ProtocolTCP, Steps: []Step{{}, {Send: framed([]byte{0x60, 0, 0, 0, 0}, "0200", map[int]string{3: "000000"})}}}
		}, []string{"acquirer.sign_on.steps[1].send"}},
		{"bad steps", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Steps: []Step{{Expect: "("}, {Expect: "hex:"}}} },
			[]string{"acquirer.sign_on.steps[0].expect", "acquirer.sign_on.steps[1].expect"}},
		{"many steps", func(c *Config) { *c = Config{Protocol: ProtocolTCP, Steps: make([]Step, 9)} }, []string{keySteps}},

		{"unknown framing", func(c *Config) { c.Framing = "3-byte" }, []string{keyFraming}},
		{"a gateway that is asked by GET", func(c *Config) { c.HTTP = &HTTP{Method: "GET"} }, []string{keyMethod}},
		{"a gateway's body", func(c *Config) { c.HTTP = &HTTP{Body: "x", JSONPath: "a", JSONValue: "b"} }, []string{keyBody, keyJSONPath, keyJSONValue}},

		{"1987: nothing", func(c *Config) { *c = Config{Protocol: ProtocolISO1987} }, []string{keyStan, keyTime}},
		{"1987: every secret field", func(c *Config) { *c = isoConfig(); c.Fields = slices.Clone(secretFields) }, slices.Repeat([]string{keyFields}, len(secretFields))},
		{"1987: every secret value", func(c *Config) {
			*c = isoConfig()
			for _, f := range secretFields {
				c.Values[f] = "1"
			}
		}, secretKeys()},
		{"1987: financial", func(c *Config) { *c = isoConfig(); c.MTI = "0100" }, []string{keyMTI}},
		{"1987: of 1993", func(c *Config) { *c = isoConfig(); c.MTI = "1804" }, []string{keyMTI}},
		{"1993: of 1987", func(c *Config) { *c = isoConfig(); c.Protocol, c.MTI = ProtocolISO1993, "0800" }, []string{keyMTI}},
		{"1987: encoding", func(c *Config) { *c = isoConfig(); c.Encoding = "ebcdic" }, []string{keyEncoding}},
		{"1987: TPDU and header", func(c *Config) { *c = isoConfig(); c.TPDU, c.Header = []byte{0x60}, make([]byte, 129) }, []string{keyTPDU, keyHeader}},
		{"1987: message", func(c *Config) { *c = isoConfig(); c.Message = "sale" }, []string{keyMessage}},
		{"1987: ids", func(c *Config) { *c = isoConfig(); c.Fields = []int{41, 42} }, []string{keyTerminal, keyMerchant}},
		{"1987: no field", func(c *Config) { *c = isoConfig(); c.Fields = []int{} }, []string{keyFields}},
		{"1987: a value in fields", func(c *Config) { *c = isoConfig(); c.Fields = []int{3} }, []string{keyFields}},
		{"1987: a sign-on called echo", func(c *Config) { *c = isoConfig(); c.NetworkCode = "001" }, []string{keyNetworkCode}},
		{"1987: an echo called sign-on", func(c *Config) { *c = isoConfig(); c.Message, c.NetworkCode = MessageSignOn, "301" }, []string{keyNetworkCode}},
		{"1987: sign-off", func(c *Config) { *c = isoConfig(); c.NetworkCode = "002" }, []string{keyNetworkCode}},
		{"1987: key change", func(c *Config) { *c = isoConfig(); c.Message, c.NetworkCode = MessageSignOn, "101" }, []string{keyNetworkCode}},
		{"1987: cutover", func(c *Config) { *c = isoConfig(); c.NetworkCode = "201" }, []string{keyNetworkCode}},
		{"1987: no code", func(c *Config) { *c = isoConfig(); c.NetworkCode = "3x1" }, []string{keyNetworkCode}},
		{"1987: nothing that says what is asked", func(c *Config) { *c = isoConfig(); c.NetworkCode = NoNetworkCode }, []string{keyNetworkCode}},
		{"1993: no function code", func(c *Config) { *c = isoConfig(); c.Protocol, c.NetworkCode = ProtocolISO1993, NoNetworkCode }, []string{keyNetworkCode}},
		{"1993: another class", func(c *Config) { *c = isoConfig(); c.Protocol, c.NetworkCode = ProtocolISO1993, "200" }, []string{keyNetworkCode}},
		{"1993: date of expiry", func(c *Config) { *c = isoConfig(); c.Protocol, c.Fields = ProtocolISO1993, []int{13} }, []string{keyFields}},
		{"1987: values", func(c *Config) {
			*c = isoConfig()
			c.Values = map[int]string{0: "1", 3: "99000", 7: "1201013012", 18: "59x9", 28: "D00000000", 32: "", 33: strings.Repeat("1", 12), 65: "1", 70: "301", 98: "终端" + strings.Repeat(" ", 19), 129: "1"}
		}, valueKeys(0, 3, 7, 18, 28, 32, 33, 65, 70, 98, 129)},
		{"1987: more than fits", func(c *Config) {
			*c = isoConfig()
			c.Values = map[int]string{46: strings.Repeat("x", 999), 47: strings.Repeat("x", 999), 60: strings.Repeat("x", 99)}
		}, []string{keyValues}},

		{"http: method", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Method = "DELETE" }) }, []string{keyMethod}},
		{"http: a body with GET", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Method = "GET" }); c.Send = []byte("x") }, []string{keyMethod}},
		{"http: a body from HEAD", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Method, h.Body = "HEAD", "x" }) }, []string{keyMethod}},
		{"http: path", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Path = "health" }) }, []string{keyPath}},
		{"http: a second request", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Path = "/ HTTP/1.1\r\nEvil: 1" }) }, []string{keyPath}},
		{"http: host", func(c *Config) { *c = httpConfig(func(*HTTP) {}); c.Host = "a\r\nEvil: 1" }, []string{keyHost}},
		{"http: headers", func(c *Config) {
			*c = httpConfig(func(h *HTTP) {
				h.Headers = []string{"no colon", "X Y: z", "X-Token: a\r\nEvil: 1", "Content-Length: 5", "transfer-encoding: chunked", "HOST: x"}
			})
		}, slices.Repeat([]string{keyHeaders}, 6)},
		{"http: long headers", func(c *Config) {
			*c = httpConfig(func(h *HTTP) { h.Headers = []string{"X: " + strings.Repeat("y", 8192)} })
		}, []string{keyHeaders}},
		{"http: status", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Status = []int{200, 99, 600} }) }, []string{keyStatus, keyStatus}},
		{"http: pattern", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Body = "(" }) }, []string{keyBody}},
		{"http: a long pattern", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.Body = strings.Repeat("x", 513) }) }, []string{keyBody}},
		{"http: half of path and value", func(c *Config) { *c = httpConfig(func(h *HTTP) { h.JSONPath = "a" }) }, []string{keyJSONPath}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := echoConfig()
			c.change(&config)
			d, err := New(config)
			var errs ConfigErrors
			if d != nil || !errors.As(err, &errs) {
				t.Fatalf("New returned %v, %v", d, err)
			}
			var keys []string
			for _, e := range errs {
				keys = append(keys, e.Key)
				if e.Problem == "" || e.Remedy == "" || !strings.Contains(err.Error(), e.Remedy) {
					t.Errorf("incomplete: %+v", e)
				}
			}
			if !slices.Equal(keys, c.keys) {
				t.Errorf("complaints about %q, want %q:\n%v", keys, c.keys, err)
			}
			var one *ConfigError
			if !errors.As(err, &one) {
				t.Error("no single ConfigError to be had")
			}
		})
	}
}

// isoConfig is a configuration of protocol iso8583-1987 that is right.
func isoConfig() Config {
	return Config{Protocol: ProtocolISO1987, Stan: 1, Time: time.Date(2026, 12, 1, 1, 30, 12, 0, time.UTC), Values: map[int]string{}}
}

func valueKeys(fields ...int) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = keyValues + "." + strconv.Itoa(f)
	}
	return keys
}

func secretKeys() []string { return valueKeys(secretFields...) }

// What may be a secret is not repeated.
func TestConfigErrorsKeepSecrets(t *testing.T) {
	config := httpConfig(func(h *HTTP) {
		h.Headers = []string{"X-Token: t0ken\x00", "Content-Length: t0ken", "t0ken", "t 0ken: x"}
	})
	_, err := New(config)
	iso := isoConfig()
	iso.Values[52] = "PINBLOCK"
	_, isoErr := New(iso)
	if err == nil || isoErr == nil || strings.Contains(err.Error()+isoErr.Error(), "0ken") || strings.Contains(isoErr.Error(), "PINBLOCK") {
		t.Errorf("%v\n%v", err, isoErr)
	}
}

func TestWords(t *testing.T) {
	if got := strings.Join(Protocols(), " "); got != "unionpay iso8583-1987 iso8583-1993 http tcp none" {
		t.Errorf("protocols %s", got)
	}
	if got := strings.Join(Encodings(), " "); got != "ascii bcd binary" {
		t.Errorf("encodings %s", got)
	}
	if got := strings.Join(Framings(), " "); got != "2-byte 2-byte-inclusive 2-byte-bcd 4-ascii 4-hex visa gicc base24 vmlh stx" {
		t.Errorf("framings %s", got)
	}
	_, err := New(Config{Protocol: "x25"})
	if err == nil || !strings.Contains(err.Error(), "choose unionpay, iso8583-1987, iso8583-1993, http, tcp or none") {
		t.Errorf("error %v", err)
	}
}

func TestConfigurationsThatAreRight(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		keys   bool
	}{
		{"no header, said explicitly", func(c *Config) { c.Header = []byte{} }, false},
		{"echo as 0800", func(c *Config) { c.MTI = "0800" }, false},
		{"echo with a trace number, unsorted", func(c *Config) { c.Fields, c.Stan = []int{60, 42, 41, 11}, 1 }, false},
		{"an echo without ids needs none", func(c *Config) { c.Fields, c.Terminal, c.Merchant = []int{60}, "", "" }, false},
		{"an unknown code may be anything", func(c *Config) { c.Code = "777" }, true},
		{"without field 60 it may be anything", func(c *Config) { c.Fields = []int{41, 42} }, true},
		{"sign-on with SM4 keys", func(c *Config) { c.Message, c.Code, c.Stan = MessageSignOn, "005", 7 }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := echoConfig()
			c.change(&config)
			if d := mustNew(t, config); d.KeysComeBack() != c.keys {
				t.Errorf("KeysComeBack() = %t", d.KeysComeBack())
			}
		})
	}
	if d, err := New(Config{Protocol: ProtocolNone}); d != nil || err != nil {
		t.Errorf("protocol none: %v, %v", d, err)
	}
}

func TestRequestIsACopy(t *testing.T) {
	d := mustNew(t, echoConfig())
	clear(d.Request())
	if string(d.Request()) != string(unhex(t, frameEcho)) {
		t.Error("a caller can change the request")
	}
}
