package signon

import (
	"bytes"
	"encoding/hex"
	"io"
	"strings"
	"testing"
)

// Network management messages that public code and articles show, with the test
// terminals and test keys of their authors. Spaces separate length, TPDU, header, type,
// bitmap and fields.
const (
	// github.com/yangyongzhen/Easy8583Ans, README.md: a sign-on with field 62 in the
	// request, and a reply recorded from another terminal's sign-on to a test host.
	frameSignOn = "0057 6005010000 613100311108 0800 0020000000C00016 000001 3939393939393036" +
		"303031343330313730313139393939 0011000000000030 002553657175656E6365204E6F31323330363039393939393930360003303031"
	frameSignOnReply = "0079 6000000138 613100311108 0810 003800010AC00014 500211 221301 0720 0800085500" +
		"323231333031343931333239 3030 3939393939393036 303031343330313730313139393939 0011000005190030" +
		"0040 46F161A743497B32EAC760DF5EA57DF5900ECCE3977731A7EA402DDF0000000000000000CFF1592A"
	// cnblogs.com/utank/p/11935792.html: without field 62, letters in the terminal id.
	frameSignOnShort = "003B 6000060000 602200000000 0800 0020000000C00012 001247 3538443031313135" +
		"383837353844303438313635353535 0011000000010030 00023031"
	// blog.csdn.net/nocodelife/article/details/8454627.
	frameSignOnCSDN = "005A 6005250000 603100311001 0800 0020000000C00016 000027 3838383838383838" +
		"313030303030303030303030303031 0011000000010030 002853657175656E6365204E6F31353331333533" +
		"32302D3031372D363837 0003303120"
	// Built from the field tables of public terminal code: no public dump of an echo is
	// known.
	frameEcho = "0034 6000030000 603100311000 0820 0000000000C00010 3939393939393036" +
		"303031343330313730313139393939 0011000000003010"
	frameEchoReply = "003B 6000000003 603100311000 0830 0018000002C00010 101112 1123 3030 3939393939393036" +
		"303031343330313730313139393939 0011000000003010"
)

// unhex turns one of the frames above into bytes.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// echoConfig is the configuration that makes frameEcho.
func echoConfig() Config {
	return Config{
		Protocol: ProtocolUnionPay,
		Terminal: "99999906", Merchant: "001430170119999",
		TPDU: []byte{0x60, 0, 3, 0, 0}, Header: []byte{0x60, 0x31, 0, 0x31, 0x10, 0},
		Batch: "000000",
	}
}

// signOnConfig is the configuration of frameSignOn's terminal, without field 62.
func signOnConfig() Config {
	c := echoConfig()
	c.Message = MessageSignOn
	c.TPDU, c.Header = []byte{0x60, 5, 1, 0, 0}, []byte{0x61, 0x31, 0, 0x31, 0x11, 8}
	c.Stan = 1
	return c
}

func mustNew(t testing.TB, c Config) Dialect {
	t.Helper()
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRequestsAreThePublicFrames(t *testing.T) {
	short := Config{
		Protocol: ProtocolUnionPay, Message: MessageSignOn,
		Terminal: "58D01115", Merchant: "88758D048165555",
		TPDU: []byte{0x60, 0, 6, 0, 0}, Header: []byte{0x60, 0x22, 0, 0, 0, 0},
		Batch: "000001", Stan: 1247, Operator: "01",
	}
	for _, c := range []struct {
		name, mti, frame string
		config           Config
		keys             bool
	}{
		{"echo", "0820", frameEcho, echoConfig(), false},
		{"sign-on", "0800", frameSignOnShort, short, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustNew(t, c.config)
			if got, want := d.Request(), unhex(t, c.frame); !bytes.Equal(got, want) {
				t.Errorf("packed\n%x, want\n%x", got, want)
			}
			if d.MessageType() != c.mti || d.KeysComeBack() != c.keys {
				t.Errorf("type %s, keys %t", d.MessageType(), d.KeysComeBack())
			}
		})
	}
}

// framed is a UnionPay message in a frame.
func framed(lead []byte, mti string, values map[int]string) []byte {
	return framings[0].pack(unionPay.pack(lead, mti, values))
}

// The packer can do field 62, which other terminals send; the configuration cannot.
func TestPackWithField62(t *testing.T) {
	for _, c := range []struct {
		name, frame, tpdu, header string
		values                    map[int]string
	}{
		{"sign-on", frameSignOn, "6005010000", "613100311108", map[int]string{
			11: "000001", 41: "99999906", 42: "001430170119999", 60: "00000000003",
			62: "Sequence No12306099999906", 63: "001",
		}},
		{"sign-on, sequence with hyphens", frameSignOnCSDN, "6005250000", "603100311001", map[int]string{
			11: "000027", 41: "88888888", 42: "100000000000001", 60: "00000001003",
			62: "Sequence No15313532" + "0-017-687", 63: "01 ",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := framed(unhex(t, c.tpdu+c.header), "0800", c.values)
			if want := unhex(t, c.frame); !bytes.Equal(got, want) {
				t.Errorf("packed\n%x, want\n%x", got, want)
			}
		})
	}
}

func TestPublicReplies(t *testing.T) {
	for _, c := range []struct {
		name, frame string
		config      Config
		want        Reply
	}{
		{"echo", frameEchoReply, echoConfig(), Reply{
			Bytes: 61, MessageType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "1123101112",
		}},
		{"sign-on", frameSignOnReply, signOnConfig(), Reply{
			Bytes: 123, MessageType: "0810", ResponseCode: "00", Requirement: "0", HostTime: "0720221301",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mustNew(t, c.config).ReadReply(hear(bytes.NewReader(unhex(t, c.frame))))
			if err != nil || got != c.want {
				t.Errorf("read\n%+v, %v, want\n%+v", got, err, c.want)
			}
		})
	}
}

// hear is a connection that only brings bytes: what is written to it gets lost.
func hear(r io.Reader) io.ReadWriter { return oneWay{r} }

type oneWay struct{ io.Reader }

func (oneWay) Write(b []byte) (int, error) { return len(b), nil }
