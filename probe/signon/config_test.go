package signon

import (
	"errors"
	"slices"
	"strings"
	"testing"
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
			*c = Config{Protocol: ProtocolTCP, Send: pack([]byte{0x60, 0, 0, 0, 0}, nil, "0200", map[int]string{3: "000000"})}
		}, []string{keySend}},
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
