package signontest

import (
	"encoding/hex"
	"io"
	"strings"
	"testing"
)

// question is a request as the wire has it, and the pattern of its reply (see match).
type question struct {
	name    string
	options Options
	wire    []byte
	want    string
}

// inHex is text in hexadecimal; ? is any character.
func inHex(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		if c == '?' {
			out.WriteString("..")
		} else {
			out.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	return out.String()
}

// chars is the same of text in which spaces are there for the reader.
func chars(s string) string { return inHex(strings.ReplaceAll(s, " ", "")) }

// questions are one for each framing, encoding and protocol, put together by hand.
func questions() []question {
	const id = "3939393939393036" // 99999906
	iso := func(protocol, encoding, framing string) Options {
		return Options{Protocol: protocol, Encoding: encoding, Framing: framing}
	}
	ask := func(name string, o Options, request, want string) question {
		b, err := hex.DecodeString(strings.ReplaceAll(request, " ", ""))
		if err != nil {
			panic(name + ": " + err.Error())
		}
		return question{name, o, b, want}
	}
	unionPayEcho, unionPayReply := echo("99999906")[4:], goodEcho("99999906", "3030")[5:]
	post := "POST " + DefaultPath + " HTTP/1.1\r\nHost: pos.acquirer.example\r\nContent-Length: 54\r\n\r\n"
	return []question{
		ask("unionpay", Options{}, "0034"+unionPayEcho, "003b"+unionPayReply),
		ask("unionpay inclusive", Options{Framing: "2-byte-inclusive"}, "0036"+unionPayEcho, "003d"+unionPayReply),
		ask("unionpay bcd", Options{Framing: "2-byte-bcd"}, "0052"+unionPayEcho, "0059"+unionPayReply),
		ask("unionpay stx", Options{Framing: "stx"}, "020034"+unionPayEcho, "02003b"+unionPayReply),
		ask("unionpay after a poll", Options{Framing: "visa"}, "00000000"+"00340000"+unionPayEcho, "003b0000"+unionPayReply),
		ask("unionpay in HTTP", Options{HTTP: &HTTP{}}, inHex(post)+"0034"+unionPayEcho,
			inHex("HTTP/1.1 200 OK\r\nDate: ????????????????????????? GMT\r\nConnection: close\r\n"+
				"Server: Access-Guard-1000-Software/1.0\r\nContent-Type: x-ISO-TPDU/x-auth\r\nContent-Length: 61\r\n\r\n")+"003b"+unionPayReply),

		ask("1987 characters", iso(iso1987, "", "4-ascii"),
			chars("0063 0800 8220000000800000 0400000000000000 1123101112 000007 99999906 301"),
			chars("0075 0810 8238000002800000 0400000000000000 1123101112 000007 ?????????? 00 99999906 301")),
		ask("1987 small hexadecimal digits, and nothing asked", iso(iso1987, "ascii", "2-byte"),
			"0031"+chars("0800 0020000000c00000 000007 99999906 001430170119999"),
			"003d"+chars("0810 0038000002C00000 000007 ?????????? 40 99999906 001430170119999")),
		ask("1987 packed, a header in front, a trailer behind", iso(iso1987, "bcd", "base24"),
			"0031"+chars("ISO026000050")+"0800 8220000000800000 0400000000000000 1123101112 000007"+id+"0301 03",
			"0038"+chars("ISO026000050")+"0810 8238000002800000 0400000000000000 1123101112 000007 .... .. .... 3030"+id+"0301 03"),
		ask("1987 with field 3 and a TPDU", iso(iso1987, "bcd", ""),
			"002e 6000120000 0800 2020010000c00000 990000 000007 0012"+id+merchant,
			"0033 6000000012 0810 2038000002c00000 990000 000007 ...... .... 3030"+id+merchant),
		ask("1987 with a binary bitmap", iso(iso1987, "binary", "vmlh"),
			"001d0000"+chars("0820")+"8020000000000000 0400000000000000"+chars("000007 001"),
			"00290000"+chars("0830")+"8038000002000000 0400000000000000"+chars("000007 ?????????? 00 001")),
		ask("1993 with a binary bitmap", iso(iso1993, "binary", "4-hex"),
			chars("001d1804")+"0020010000800000"+chars("000007 831 99999906"),
			chars("002c1814")+"0030010002800000"+chars("000007 ???????????? 831 800 99999906")),
		ask("1993 aligned to the left", iso(iso1993, "bcd", "gicc"),
			"0000001c 6000030000 1804 0020010000800000 000007 8310"+id,
			"00000024 6000000003 1814 0030010002800000 000007 ............ 8310 8000"+id),
		ask("1993 aligned to the right", iso(iso1993, "bcd", "2-byte"),
			"001c 6000030000 1804 0020010000800000 000007 0831"+id,
			"0024 6000000003 1814 0030010002800000 000007 ............ 0831 0800"+id),
		ask("1993 what it does not know", iso(iso1993, "ascii", "4-hex"),
			chars("0017 1804 0000010000000000 999"),
			chars("0026 1814 0010010002000000 ???????????? 999 115")),

		ask("page", Options{Protocol: page}, inHex("GET /health HTTP/1.1\r\nHost: a.example\r\n\r\n"),
			inHex("HTTP/1.1 200 OK\r\nDate: ????????????????????????? GMT\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 94\r\n\r\n"+
				`{"status":"UP","time":"?????????????????????????","checks":[{"name":"database","state":"UP"}]}`)),
		ask("lines", Options{Protocol: lines}, inHex("HELLO\r\nPING\r\n"), inHex("220 ready\r\nPONG\r\n")),
		ask("lines of another kind", Options{Protocol: lines}, inHex("EHLO there\n"), inHex("500 unknown\r\n")),
	}
}

func TestQuestions(t *testing.T) {
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			s := start(t, q.options)
			c := dial(t, s)
			if _, err := c.Write(q.wire); err != nil {
				t.Fatal(err)
			}
			c.CloseWrite()
			b, err := io.ReadAll(c)
			if err != nil {
				t.Fatal(err)
			}
			match(t, hex.EncodeToString(b), q.want)
		})
	}
}
