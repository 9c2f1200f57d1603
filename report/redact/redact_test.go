package redact

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/report"
)

func TestText(t *testing.T) {
	r := Redactor{Secrets: []string{"99999906", "001430170119999", "Lotus Cafe", "abc"}}
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"read tcp 192.168.1.20:43522->203.0.113.9:5500: i/o timeout", ""},
		{"dial tcp [2001:db8::7]:5500: connect: no route to host", ""},
		{"2001:0DB8:0000:0000:0000:0000:1428:57ab", ""},
		{"2026-12-01T09:30:12.345+08:00", ""},
		{"x509: invalid basic constraints, not yet valid: current time 2026-11-23T21:29:00Z", ""},
		{"Linux 6.18.44 #1 SMP; abc", ""},
		{"CN=pos.acquirer.example,O=Example", ""},
		{"参考号 123456789012", ""}, // twelve digits without a right check digit
		{"Bearer of bad news", ""},

		{"终端号99999906无效", "终端号" + Mask + "无效"},
		{"merchant 001430170119999/99999906", "merchant " + Mask + "/" + Mask},
		{"joined lotus CAFE, left LOTUS cafe", "joined " + Mask + ", left " + Mask},

		{"card 4111111111111111 refused", "card " + Mask + " refused"},
		{"4111 1111 1111 1111", Mask},
		{"4111-1111-1111-1111.", Mask + "."},
		{"卡号４１１１１１１１１１１１１１１１", "卡号" + Mask},
		{";4111111111111111=25121010000000000?", ";" + Mask + "?"},
		{"no check digit 4111111111111112", "no check digit " + Mask},
		{"short card 501800000009", "short card " + Mask},
		{"iccid89860012345678901234", "iccid" + Mask},

		{"from 00:11:22:33:44:55 to aA-bB-cC-dD-eE-fF", "from " + Mask + " to " + Mask},
		{"addr:00:11:22:33:44:55, 0011.22aa.4455, 001122aabbcc", "addr:" + Mask + ", " + Mask + ", " + Mask},
		{"00:11:22:33:44:5", ""},
		{"fe80::211:22ff:fe33:4455%eth0 fe80::211:22ff:fe33:4455 fe80::a11:22ff:fe33:4455",
			"fe80::211:22ff:fe00:1%eth0 fe80::211:22ff:fe00:1 fe80::a11:22ff:fe00:2"},

		{"https://shop:secret@proxy.example:8080/x", "https://" + Mask + "@proxy.example:8080/x"},
		{`password=hunter2;user: "Joe Doe", x`, `password=` + Mask + `;user: ` + Mask + `, x`},
		{"ssid My-Net lost, IMSI=460001, imei: 35", "ssid " + Mask + " lost, IMSI=" + Mask + ", imei: " + Mask},
		{`{"psk":"p w","ok":"yes"}`, `{"psk":` + Mask + `,"ok":"yes"}`},
		{"Authorization: Bearer eyJhbGci.x-y_z=, Proxy-Authorization: Basic dTpw", "Authorization: Bearer " + Mask + ", Proxy-Authorization: Basic " + Mask},
		{"sent Basic dTpwMQ==", "sent Basic " + Mask},
		{"apn_password = x", "apn_password = " + Mask},
		{"broken: yes", ""},
	} {
		if c.want == "" {
			c.want = c.in
		}
		got := r.Text(c.in)
		if got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
		if again := r.Text(got); again != got {
			t.Errorf("%q: cleaned again it is %q", got, again)
		}
	}
}

func TestLine(t *testing.T) {
	r := Redactor{Ref: "0123456789abcdef", Secrets: []string{"99999906"}}
	for _, c := range []struct{ name, in, want string }{
		{"a report", `{"schema":1,"id":"01J00000000000000000000000","n":1.50,"terminal":{"ref":"old","serial":"1234567890123456","site":"shop 99999906"}}`,
			`{"schema":1,"id":"01J00000000000000000000000","n":1.50,"terminal":{"ref":"0123456789abcdef","serial":"1234567890123456","site":"shop [redacted]"}}`},
		{"a record", `{"kind":"x","id":"9999990699999906","body":[1,true,null,{"k":"card 4111111111111111"}]}`,
			`{"kind":"x","id":"9999990699999906","body":[1,true,null,{"k":"card [redacted]"}],"terminal":{"ref":"0123456789abcdef"}}`},
		{"nothing", ` {} `, `{"terminal":{"ref":"0123456789abcdef"}}`},
		{"fields that a later version adds", `{"evidence":{"wifi":{"ssid":"Lotus","Bssid":"00:11","note":"near lotus"},"modem":{"imsi":460001234567890,"apn":{"name":"cmnet","user":"u","password":""}},"lost":["lotus"]}}`,
			`{"evidence":{"wifi":{"ssid":"[redacted]","Bssid":"[redacted]","note":"near [redacted]"},"modem":{"imsi":null,"apn":{"name":"cmnet","user":"[redacted]","password":""}},"lost":["[redacted]"]},"terminal":{"ref":"0123456789abcdef"}}`},
		{"a secret as a name", `{"99999906":{"a":1}}`, `{"[redacted]":{"a":1},"terminal":{"ref":"0123456789abcdef"}}`},
		{"two terminals", `{"terminal":{"site":"a"},"terminal":{"ref":"b"}}`, `{"terminal":{"ref":"0123456789abcdef","site":"a"}}`},
		{"a terminal that is none", `{"terminal":"99999906"}`, `{"terminal":"[redacted]"}`},
		{"what could steer a screen", "{\"a\":\"\\u202e\\u001b[2J\\u2028\\\"\\\\签\"}", "{\"a\":\"\\u202e\\u001b[2J\\u2028\\\"\\\\签\",\"terminal\":{\"ref\":\"0123456789abcdef\"}}"},
	} {
		got, err := r.Line([]byte(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\n got %s %v\nwant %s", c.name, got, err, c.want)
		}
	}
	for _, bad := range []string{``, `[]`, `"4111111111111111"`, `{`, `{"a":1}{`, `{"a":4111111111111111,}`, strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)} {
		out, err := r.Line([]byte(bad))
		if err == nil || out != nil || strings.Contains(err.Error(), "4111") {
			t.Errorf("%.40q: %q, %v", bad, out, err)
		}
	}
}

// TestReference holds the value that the central side computes as well.
func TestReference(t *testing.T) {
	// printf '99999906|001430170119999' | openssl dgst -sha256 -hmac 0123456789abcdef
	const want = "b79053ddbe4c75c2"
	if got := Reference([]byte("0123456789abcdef"), "99999906", "001430170119999"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// savedReports are what the laboratory saw.
func savedReports(t *testing.T) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("../testdata/lab/*.json")
	if len(files) < 100 {
		t.Fatalf("%d saved reports", len(files))
	}
	out := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = data
	}
	return out
}

// TestVerdictSurvives: from what was shipped support draws the same verdict.
func TestVerdictSurvives(t *testing.T) {
	r := Redactor{Ref: "x", Secrets: []string{"99999906", "001430170119999"}}
	for name, data := range savedReports(t) {
		before, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		line, err := r.Line(data)
		if err != nil {
			t.Fatal(err)
		}
		after, err := report.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(report.Diagnose(before.Evidence))
		b, _ := json.Marshal(report.Diagnose(after.Evidence))
		if !bytes.Equal(a, b) {
			t.Errorf("%s: the verdict was\n%s\nand is\n%s", name, a, b)
		}
		if bytes.Contains(line, []byte(Mask)) {
			t.Errorf("%s: a report without secrets was cut: …%s", name, around(line, Mask))
		}
	}
}

func around(line []byte, what string) []byte {
	i := bytes.Index(line, []byte(what))
	return line[max(0, i-80):min(len(line), i+80)]
}
