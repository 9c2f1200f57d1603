package signon

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/moov-io/iso8583"
	moovenc "github.com/moov-io/iso8583/encoding"
	"github.com/moov-io/iso8583/field"
	moovnet "github.com/moov-io/iso8583/network"
	"github.com/moov-io/iso8583/prefix"
)

// What follows checks this package against github.com/moov-io/iso8583, an implementation
// by others: what one packs the other must read. The fields are written down once more,
// in the notation of the standards: n digits, an and ans characters, b bytes, with two or
// three dots for LLVAR and LLLVAR.
const (
	notation1987 = "2 n..19 3 n6 4 n12 7 n10 11 n6 12 n6 13 n4 14 n4 18 n4 19 n3 22 n3 24 n3 25 n2 32 n..11 33 n..11 35 n..37 36 ans...104 " +
		"37 an12 38 an6 39 an2 41 ans8 42 ans15 43 ans40 44 ans..25 45 ans..76 48 ans...999 49 an3 52 b8 53 n16 54 ans...120 55 ans...999 60 ans...999 " +
		"62 ans...999 63 ans...999 64 b8 66 n1 70 n3 71 n4 74 n10 90 n42 93 ans6 94 ans7 95 ans42 96 b16 98 ans25 99 n..11 100 n..11 102 ans..28 104 ans...100 120 ans...999 128 b8"
	notation1993 = "2 n..19 3 n6 4 n12 7 n10 11 n6 12 n12 13 n4 14 n4 15 n6 18 n4 19 n3 22 an12 24 n3 25 n4 26 n4 28 n6 30 n24 31 ans..99 32 n..11 33 n..11 35 ans..37 36 ans...104 " +
		"37 an12 38 an6 39 n3 40 n3 41 ans8 42 ans15 43 ans..99 44 ans..99 45 ans..76 46 ans...204 48 ans...999 49 an3 52 b8 53 b..48 54 ans...120 55 b...255 56 n..35 58 n..11 60 ans...999 " +
		"62 ans...999 63 ans...999 64 b8 72 ans...999 74 n10 93 n..11 94 n..11 95 ans..99 96 b...999 98 ans25 100 n..11 102 ans..28 104 ans...100 109 ans..84 120 ans...999 128 b8"
	notationUnionPay = "2 n..19 3 n6 4 n12 11 n6 12 n6 13 n4 14 n4 15 n4 22 n3 23 n3 25 n2 26 n2 32 n..11 35 n..37 36 n...104 37 an12 38 an6 39 an2 41 ans8 42 ans15 " +
		"44 ans..99 48 n...999 49 an3 52 b8 53 n16 54 ans...120 55 ans...999 56 ans...999 58 ans...999 59 ans...999 60 n...17 61 n...999 62 ans...999 63 ans...999 64 b8"
)

var notation = regexp.MustCompile(`(\d+) (n|ans?|b)(\.*)(\d+)`)

// moovSpec makes a specification of the library from a notation.
func moovSpec(name, fields, encoding string) *iso8583.MessageSpec {
	ascii := prefix.ASCII
	digitsFixed, digitsVar, lengths := moovenc.Encoder(moovenc.ASCII), moovenc.Encoder(moovenc.ASCII), ascii
	octets, octetsFixed := moovenc.Encoder(moovenc.BytesToASCIIHex), ascii.Fixed
	if encoding == "bcd" {
		digitsFixed, digitsVar, lengths = moovenc.BCD, moovenc.LBCD, prefix.BCD
		octets, octetsFixed = moovenc.Binary, prefix.Binary.Fixed
	}
	bitmap := &field.Spec{Length: 8, Enc: moovenc.Binary, Pref: prefix.Binary.Fixed}
	if encoding == "ascii" {
		bitmap.Enc, bitmap.Pref = moovenc.BytesToASCIIHex, prefix.Hex.Fixed
	}
	// UnionPay's terminal messages have one bitmap, whatever its first bit says.
	bitmap.DisableAutoExpand = name == ProtocolUnionPay
	spec := &iso8583.MessageSpec{Name: name, Fields: map[int]field.Field{
		0: field.NewString(&field.Spec{Length: 4, Enc: digitsFixed, Pref: lengths.Fixed}),
		1: field.NewBitmap(bitmap),
	}}
	for _, m := range notation.FindAllStringSubmatch(fields, -1) {
		n, _ := strconv.Atoi(m[1])
		s := &field.Spec{Enc: moovenc.ASCII, Pref: map[int]prefix.Prefixer{0: lengths.Fixed, 2: lengths.LL, 3: lengths.LLL}[len(m[3])]}
		s.Length, _ = strconv.Atoi(m[4])
		switch {
		case m[2] == "b":
			s.Enc = octets
			if m[3] == "" {
				s.Pref = octetsFixed
			}
			spec.Fields[n] = field.NewBinary(s)
			continue
		case m[2] == "n" && m[3] == "":
			s.Enc = digitsFixed
		case m[2] == "n":
			s.Enc = digitsVar
		}
		spec.Fields[n] = field.NewString(s)
	}
	return spec
}

// theirs packs a message with the library.
func theirs(t testing.TB, spec *iso8583.MessageSpec, mti string, values map[int]string) []byte {
	t.Helper()
	m := iso8583.NewMessage(spec)
	m.MTI(mti)
	for f, v := range values {
		// The library's left-aligning encoder writes behind the slice that it is given.
		if err := m.BinaryField(f, slices.Clip([]byte(v))); err != nil {
			t.Fatal(err)
		}
	}
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// read reads a message with the library and packs it again, which must give the same.
func read(t testing.TB, spec *iso8583.MessageSpec, raw []byte) (mti string, values map[int]string) {
	t.Helper()
	m := iso8583.NewMessage(spec)
	if err := m.Unpack(bytes.Clone(raw)); err != nil {
		t.Fatalf("%x: %v", raw, err)
	}
	values = map[int]string{}
	for f := range m.GetFields() {
		if f > 1 {
			values[f], _ = m.GetString(f)
		}
	}
	mti, _ = m.GetMTI()
	if again := theirs(t, spec, mti, values); !bytes.Equal(again, raw) {
		t.Errorf("packed again\n%x, was\n%x", again, raw)
	}
	return mti, values
}

var crossTime = time.Date(2026, 12, 1, 1, 30, 12, 0, time.UTC)

// network1987Config and network1993Config send all that can be sent.
func network1987Config(encoding string) Config {
	return Config{
		Protocol: ProtocolISO1987, Encoding: encoding, Terminal: "99999906", Merchant: "001430170119999",
		Fields: []int{7, 11, 12, 13, 41, 42}, Stan: 77, Time: crossTime,
		Values: map[int]string{18: "5999", 24: "003", 32: "48020", 33: "123456", 43: strings.Repeat("x", 40), 100: "9"},
	}
}

func network1993Config(encoding string) Config {
	c := network1987Config(encoding)
	c.Protocol, c.Fields = ProtocolISO1993, []int{7, 11, 12, 41, 42}
	c.Values = map[int]string{18: "5999", 32: "48020", 43: "POS 1>Shanghai", 93: "123", 94: "4"}
	return c
}

func TestTheyReadOurRequests(t *testing.T) {
	for _, encoding := range Encodings() {
		for _, c := range []struct {
			config   Config
			notation string
			mti      string
			more     map[int]string
		}{
			{network1987Config(encoding), notation1987, "0800", map[int]string{
				7: "1201013012", 11: "000077", 12: "093012", 13: "1201", 41: "99999906", 42: "001430170119999", 70: "301"}},
			{network1993Config(encoding), notation1993, "1804", map[int]string{
				7: "1201013012", 11: "000077", 12: "261201093012", 24: "831", 41: "99999906", 42: "001430170119999"}},
		} {
			t.Run(c.config.Protocol+" "+encoding, func(t *testing.T) {
				d := mustNew(t, c.config)
				if d.KeysComeBack() {
					t.Error("no echo")
				}
				request := d.Request()
				h := moovnet.NewBinary2BytesHeader()
				if n, err := h.ReadFrom(bytes.NewReader(request)); err != nil || h.Length() != len(request)-n {
					t.Fatalf("length %d of %d, %v", h.Length(), len(request), err)
				}
				mti, values := read(t, moovSpec(c.config.Protocol, c.notation, encoding), request[2:])
				want := maps.Clone(c.config.Values)
				maps.Copy(want, c.more)
				if mti != c.mti || !maps.Equal(values, want) {
					t.Errorf("they read %s %v, want %v", mti, values, want)
				}
			})
		}
	}
	for _, c := range []Config{echoConfig(), signOnConfig()} {
		raw := mustNew(t, c).Request()
		mti, values := read(t, moovSpec(ProtocolUnionPay, notationUnionPay, "bcd"), raw[2+5+6:])
		if d := mustNew(t, c); mti != d.MessageType() || values[41] != c.Terminal || len(values[60]) != 11 {
			t.Errorf("they read %s %v", mti, values)
		}
	}
}

// Their replies, with everything in them that a host could add, are understood.
func TestWeReadTheirReplies(t *testing.T) {
	secrets := map[int]string{2: "6222021234567890128", 14: "3012", 35: "62220212345678901284912", 36: "996222021234567890", 45: "TRACK ONE",
		48: "123456", 52: "PINBLOCK", 53: "1234567890123456", 55: "CHIP", 62: "KEYS KEYS KEYS", 64: "MACMACMA", 96: "KEYMANAGEMENT123", 102: "ACCOUNT", 128: "MACMACMA"}
	base := map[int]string{3: "990000", 7: "1201013013", 11: "000077", 32: "12345", 37: "101112000001", 39: "96", 41: "99999906", 42: "001430170119999", 44: "HSM down", 63: "CUP", 70: "301", 120: "more"}
	for _, encoding := range Encodings() {
		for protocol, c := range map[string]struct {
			notation, mti string
			own           map[int]string
			want          Reply
		}{
			ProtocolISO1987:  {notation1987, "0810", map[int]string{12: "093013", 13: "1201", 24: "003"}, Reply{MessageType: "0810", ResponseCode: "96", HostTime: "1201093013", HostText: "HSM down"}},
			ProtocolISO1993:  {notation1993, "1814", map[int]string{12: "261201093013", 24: "831", 39: "909"}, Reply{MessageType: "1814", ResponseCode: "909", HostTime: "261201093013", HostText: "HSM down"}},
			ProtocolUnionPay: {notationUnionPay, "0830", map[int]string{12: "093013", 13: "1201", 60: "00000001301"}, Reply{MessageType: "0830", ResponseCode: "96", HostTime: "1201093013", HostText: "HSM down", Requirement: "0"}},
		} {
			if protocol == ProtocolUnionPay && encoding != "bcd" {
				continue
			}
			config := map[string]func(string) Config{ProtocolISO1987: network1987Config, ProtocolISO1993: network1993Config,
				ProtocolUnionPay: func(string) Config { return echoConfig() }}[protocol](encoding)
			spec := moovSpec(protocol, c.notation, encoding)
			for name, with := range map[string]map[int]string{"plain": {}, "with secrets": secrets} {
				t.Run(fmt.Sprint(protocol, " ", encoding, " ", name), func(t *testing.T) {
					values := maps.Clone(base)
					maps.Copy(values, with)
					maps.Copy(values, c.own)
					maps.DeleteFunc(values, func(f int, _ string) bool { return spec.Fields[f] == nil })
					if protocol == ProtocolISO1993 && values[53] != "" {
						values[53] = "CONTROL"
					}
					lead := slices.Concat(config.TPDU, config.Header)
					raw := append(lead, theirs(t, spec, c.mti, values)...)
					c.want.Bytes = 2 + len(raw)
					got, err := mustNew(t, config).ReadReply(hear(bytes.NewReader(framings[0].pack(raw))))
					if err != nil || got != c.want {
						t.Errorf("read\n%+v, %v, want\n%+v\nfrom %q", got, err, c.want, raw)
					}
				})
			}
		}
	}
}

// The framings that the library has as well are written alike.
func TestFramingsOfTheLibrary(t *testing.T) {
	for _, n := range []int{1, 9, 255, 256, 999, 2048} {
		binary2, ascii4, bcd2, vmlh := moovnet.NewBinary2BytesHeader(), moovnet.NewASCII4BytesHeader(), moovnet.NewBCD2BytesHeader(), moovnet.NewVMLHeader()
		binary2.SetLength(n)
		ascii4.SetLength(n)
		bcd2.SetLength(n)
		vmlh.SetLength(n)
		for word, write := range map[string]func(*bytes.Buffer) (int, error){
			"2-byte":     func(b *bytes.Buffer) (int, error) { return binary2.WriteTo(b) },
			"4-ascii":    func(b *bytes.Buffer) (int, error) { return ascii4.WriteTo(b) },
			"2-byte-bcd": func(b *bytes.Buffer) (int, error) { return bcd2.WriteTo(b) },
			"vmlh":       func(b *bytes.Buffer) (int, error) { return vmlh.WriteTo(b) },
		} {
			var theirs bytes.Buffer
			if _, err := write(&theirs); err != nil {
				t.Fatal(err)
			}
			if ours := framingOf(t, word).pack(make([]byte, n))[:theirs.Len()]; !bytes.Equal(ours, theirs.Bytes()) {
				t.Errorf("%s of %d: ours %x, theirs %x", word, n, ours, theirs.Bytes())
			}
		}
	}
}
