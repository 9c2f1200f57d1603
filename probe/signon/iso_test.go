package signon

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"posprobe/report"
)

// Requests in characters can be read by eye.
func TestNetworkRequests(t *testing.T) {
	at := time.Date(2026, 12, 1, 1, 30, 12, 0, time.UTC)
	base := Config{Protocol: ProtocolISO1987, Stan: 77, Time: at}
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string
		keys   bool
	}{
		{"echo of 1987", func(*Config) {}, "\x00\x370800" + "8220000000000000" + "0400000000000000" + "1201013012" + "000077" + "301", false},
		{"sign-on of 1987", func(c *Config) { c.Message = MessageSignOn },
			"\x00\x370800" + "8220000000000000" + "0400000000000000" + "1201013012" + "000077" + "001", true},
		{"0820, with a terminal, TPDU and header", func(c *Config) {
			c.MTI, c.Fields, c.Terminal, c.TPDU, c.Header = "0820", []int{41}, "99999906", []byte("TPDU5"), []byte("ISO026000050")
		}, "\x00\x40TPDU5ISO026000050" + "0820" + "8000000000800000" + "0400000000000000" + "99999906" + "301", false},
		{"no code but a processing code", func(c *Config) {
			c.NetworkCode, c.Values = NoNetworkCode, map[int]string{3: "990000", 24: "003"}
		}, "\x00\x2d0800" + "2220010000000000" + "990000" + "1201013012" + "000077" + "003", true},
		{"a private field beside the code", func(c *Config) { c.Values = map[int]string{63: "01"} },
			"\x00\x3c0800" + "8220000000000002" + "0400000000000000" + "1201013012" + "000077" + "00201" + "301", true},
		{"a key change", func(c *Config) { c.NetworkCode = "161" }, "", false},
		{"another one", func(c *Config) { c.NetworkCode = "071" }, "\x00\x370800" + "8220000000000000" + "0400000000000000" + "1201013012" + "000077" + "071", true},
		{"in another zone", func(c *Config) { c.Fields, c.Zone = []int{12, 13}, time.FixedZone("", -4*3600) },
			"\x00\x310800" + "8018000000000000" + "0400000000000000" + "213012" + "1130" + "301", false},
		{"packed", func(c *Config) { c.Encoding = "bcd" }, "\x00\x1c\x08\x00\x82\x20\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x12\x01\x01\x30\x12\x00\x00\x77\x03\x01", false},
		{"a binary bitmap", func(c *Config) { c.Encoding = "binary" }, "\x00\x270800\x82\x20\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x001201013012000077301", false},
		{"echo of 1993", func(c *Config) { c.Protocol = ProtocolISO1993 }, "\x00\x291804" + "0030010000000000" + "000077" + "261201093012" + "831", false},
		{"sign-on of 1993", func(c *Config) { c.Protocol, c.Message = ProtocolISO1993, MessageSignOn },
			"\x00\x291804" + "0030010000000000" + "000077" + "261201093012" + "801", true},
		{"packed 1993", func(c *Config) { c.Protocol, c.Encoding = ProtocolISO1993, "bcd" },
			"\x00\x15\x18\x04\x00\x30\x01\x00\x00\x00\x00\x00\x00\x00\x77\x26\x12\x01\x09\x30\x12\x08\x31", false},
		{"another framing", func(c *Config) { c.Framing = "4-ascii" }, "00550800" + "8220000000000000" + "0400000000000000" + "1201013012" + "000077" + "301", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := base
			c.change(&config)
			d, err := New(config)
			if c.want == "" {
				if err == nil {
					t.Fatal("accepted")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := string(d.Request()); got != c.want {
				t.Errorf("packed\n%q, want\n%q", got, c.want)
			}
			if d.KeysComeBack() != c.keys || d.Repeatable() == c.keys || config.Encoding != "bcd" && !strings.Contains(c.want, d.MessageType()) {
				t.Errorf("keys %t, type %s", d.KeysComeBack(), d.MessageType())
			}
		})
	}
}

// A time counts that the host wrote itself.
func TestHostTimes(t *testing.T) {
	at := time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC) // 04:00 of the next day in the host's zone
	for _, c := range []struct {
		name   string
		fields []int
		reply  map[int]string
		want   string
	}{
		{"its own", nil, map[int]string{12: "040001", 13: "0101"}, "0101040001"},
		{"no date", nil, map[int]string{12: "040001"}, ""},
		{"ours back", []int{12, 13}, map[int]string{12: "040000", 13: "0101"}, ""},
		{"its own though we sent ours", []int{12, 13}, map[int]string{12: "040001", 13: "0101"}, "0101040001"},
		{"the transmission's, in UTC", []int{11}, map[int]string{7: "1231200005"}, "0101040005"},
		{"the transmission's, ours", []int{7}, map[int]string{7: "1231200000"}, ""},
		{"the transmission's though we sent ours", []int{7}, map[int]string{7: "1231200007"}, "0101040007"},
		{"the transmission's, in its own zone", []int{11}, map[int]string{7: "0101040005"}, "0101040005"},
		{"local before transmission", nil, map[int]string{7: "1231200009", 12: "040001", 13: "0101"}, "0101040001"},
		{"transmission when local is ours", []int{12, 13}, map[int]string{7: "1231200009", 12: "040000", 13: "0101"}, "0101040009"},
		{"no such day", nil, map[int]string{12: "040001", 13: "0230"}, ""},
		{"no such transmission", []int{11}, map[int]string{7: "0230040000"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustNew(t, Config{Protocol: ProtocolISO1987, Stan: 1, Time: at, Fields: c.fields})
			values := maps.Clone(c.reply)
			values[39] = "00"
			raw := theirs(t, moovSpec("", notation1987, "ascii"), "0810", values)
			got, err := d.ReadReply(hear(bytes.NewReader(framings[0].pack(raw))))
			if err != nil || got.HostTime != c.want {
				t.Errorf("%q, %v, want %q", got.HostTime, err, c.want)
			}
		})
	}
	// Around the end of a leap February in which some years have no such day.
	leap := mustNew(t, Config{Protocol: ProtocolISO1987, Stan: 1, Time: time.Date(2028, 2, 29, 20, 0, 0, 0, time.UTC), Fields: []int{11}})
	raw := theirs(t, moovSpec("", notation1987, "ascii"), "0810", map[int]string{7: "0229200003", 39: "00"})
	if got, err := leap.ReadReply(hear(bytes.NewReader(framings[0].pack(raw)))); err != nil || got.HostTime != "0301040003" {
		t.Errorf("leap day: %q, %v", got.HostTime, err)
	}
	d := mustNew(t, Config{Protocol: ProtocolISO1993, Stan: 1, Time: at})
	for reply, want := range map[string]string{"270101040000": "", "270101040003": "270101040003", "270001000000": ""} {
		raw := theirs(t, moovSpec("", notation1993, "ascii"), "1814", map[int]string{12: reply, 39: "800"})
		got, err := d.ReadReply(hear(bytes.NewReader(framings[0].pack(raw))))
		if err != nil || got.HostTime != want {
			t.Errorf("1993: %q, %v, want %q", got.HostTime, err, want)
		}
	}
}

// Three digits in two bytes are padded at either end.
func TestActionCodes(t *testing.T) {
	config := network1993Config("bcd")
	for wire, want := range map[string]string{"0800": "800", "8000": "800", "0909": "909", "9090": "909", "0000": "000", "0100": "100", "1234": "", "0a00": ""} {
		raw := unhex(t, "1814 0000000002000000"+wire)
		got, err := mustNew(t, config).ReadReply(hear(bytes.NewReader(framings[0].pack(raw))))
		if got.ResponseCode != want {
			t.Errorf("%s: %q, %v, want %q", wire, got.ResponseCode, err, want)
		}
		if want == "" {
			wantType(t, err, report.FailNotISO8583)
		}
	}
}

// The header of a reply may have another length in these protocols too, and what is no
// answer to the message is told apart.
func TestNetworkReplies(t *testing.T) {
	at := time.Date(2026, 12, 1, 1, 30, 12, 0, time.UTC)
	for _, encoding := range Encodings() {
		config := Config{Protocol: ProtocolISO1987, Encoding: encoding, Fields: []int{7, 41}, Terminal: "99999906", Time: at, Header: []byte("ISO026000050")}
		spec := moovSpec("", notation1987, encoding)
		good := map[int]string{7: "1201013013", 39: "00", 41: "99999906", 70: "301"}
		for _, c := range []struct {
			name, lead, mti string
			values          map[int]string
			cut             int
			want            report.FailureType
		}{
			{"as it should be", "ISO026000050", "0810", good, 0, ""},
			{"no header", "", "0810", good, 0, ""},
			{"a longer header", "ISO0260000508888", "0810", good, 0, ""},
			{"field 39 alone", "ISO026000050", "0810", map[int]string{39: "91"}, 0, ""},
			{"the request", "ISO026000050", "0800", map[int]string{7: "1201013012", 41: "99999906", 70: "301"}, 0, report.FailMessageType},
			{"the reply to another", "ISO026000050", "0830", good, 0, report.FailMessageType},
			{"a financial one", "ISO026000050", "0210", good, 0, report.FailMessageType},
			{"another terminal's", "ISO026000050", "0810", map[int]string{39: "00", 41: "11111111"}, 0, report.FailOtherTerminal},
			{"no field 39", "ISO026000050", "0810", map[int]string{41: "99999906", 70: "301"}, 0, report.FailNotISO8583},
			{"cut in field 41", "ISO026000050", "0810", map[int]string{39: "00", 41: "99999906"}, 3, report.FailLength},
			{"noise", strings.Repeat("\xa5\x5a", 40), "0810", nil, 0, report.FailNotISO8583},
		} {
			raw := []byte(c.lead)
			if c.values != nil {
				raw = append(raw, theirs(t, spec, c.mti, c.values)...)
			}
			frame := framings[0].pack(raw[:len(raw)-c.cut])
			got, err := mustNew(t, config).ReadReply(hear(iotest.OneByteReader(bytes.NewReader(frame))))
			if c.want != "" {
				wantType(t, err, c.want)
			} else if err != nil || got.ResponseCode != c.values[39] {
				t.Errorf("%s %s: %+v, %v", encoding, c.name, got, err)
			}
			if t.Failed() {
				t.Fatalf("%s %s", encoding, c.name)
			}
		}
		// Without field 41 in the request nobody else's terminal is looked at.
		config.Fields, config.Terminal = []int{7}, ""
		raw := theirs(t, spec, "0810", map[int]string{39: "00", 41: "11111111"})
		if _, err := mustNew(t, config).ReadReply(hear(bytes.NewReader(framings[0].pack(raw)))); err != nil {
			t.Errorf("%s: %v", encoding, err)
		}
	}
}
