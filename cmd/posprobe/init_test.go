package main

import (
	"bytes"
	"encoding/hex"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// initArgs are the arguments of init for a host of the practice acquirer.
func initArgs(address string, more ...string) []string {
	return append([]string{"init", "--endpoint", address, "--protocol", "unionpay", "--terminal", testTerminal,
		"--merchant", testMerchant, "--tpdu", "6000030000"}, more...)
}

// TestInitFromFlags: the file says what the flags said, is commented in the language that
// was asked for, and a check works with it.
func TestInitFromFlags(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	path := filepath.Join(t.TempDir(), "etc", "posprobe.yaml")
	o := run(t, nil, initArgs(host.Addr(), "--config", path, "--name", "Example Acquirer", "--zone", "+08:00", "--hours", "00:00-24:00", "--header", "", "--lang", "zh")...)
	if o.exit != 0 || o.stdout != "" || !strings.Contains(o.stderr, path) || host.Connections() != 0 {
		t.Fatalf("%+v, %d connections", o, host.Connections())
	}
	c, err := config.Load(path)
	if err != nil || c.Check() != nil {
		t.Fatalf("%v, %v", err, c.Check())
	}
	if c.Acquirer.Name != "Example Acquirer" || c.Acquirer.Zone != "+08:00" || c.Terminal.ID != testTerminal || c.Acquirer.SignOn.Header == nil || len(c.Acquirer.SignOn.Header) != 0 {
		t.Errorf("%+v", c)
	}
	text, _ := os.ReadFile(path)
	if want := c.Commented(report.ZH); !bytes.Equal(text, want) {
		t.Errorf("the file is not in Chinese, or not what it says:\n%s", text)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if o := run(t, nil, "check", "--config", path, "--header", config.DefaultHeader, "--format", "json"); o.exit != 0 || host.Requests() != 1 {
		t.Errorf("%+v", o)
	}
	if o := run(t, nil, initArgs(host.Addr(), "--config", "-")...); o.exit != 0 || o.stderr != "" || !strings.Contains(o.stdout, "\n  protocol: unionpay\n") && !strings.Contains(o.stdout, "protocol: unionpay") {
		t.Errorf("on standard output: %+v", o)
	}
}

// TestInitKeepsFiles: what is there is replaced with --force alone, then at once, and its
// readers stay; links lead to their files, and nothing is left when it goes wrong.
func TestInitKeepsFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "posprobe.yaml")
	writeFile(t, path, "# mine\n")
	if o := run(t, nil, initArgs("127.0.0.1:1", "--config", path)...); o.exit != 2 || !strings.Contains(o.stderr, "is there already; add --force") {
		t.Errorf("%+v", o)
	}
	if text, _ := os.ReadFile(path); string(text) != "# mine\n" {
		t.Errorf("replaced without --force: %s", text)
	}
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.yaml")
	if err := os.Symlink(path, link); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	if o := run(t, nil, initArgs("127.0.0.1:1", "--config", link, "--force")...); o.exit != 0 {
		t.Fatalf("%+v", o)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Size() < 1000 || runtime.GOOS != "windows" && info.Mode() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	for name, want := range map[string]string{dir: "is no regular file", filepath.Join(path, "below"): "name another file with --config"} {
		if o := run(t, nil, initArgs("127.0.0.1:1", "--config", name, "--force")...); o.exit != 2 || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".posprobe-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestInitNamesWhatIsMissing: without questions, everything that is missing or wrong is
// told at once, and nothing is written.
func TestInitNamesWhatIsMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	for _, c := range []struct {
		args string
		want []string
	}{
		{"", []string{"acquirer.endpoints: is empty", "--endpoint HOST:PORT"}},
		{"--yes --protocol unionpay --endpoint 127.0.0.1:1", []string{"or give --terminal", "or give --merchant", "or give --tpdu"}},
		{"--endpoint nowhere --hours 6-23", []string{`--endpoint "nowhere": has no port`, `--hours "6-23": is no service time`}},
		{"--endpoint 127.0.0.1:1 --zone Mars/Olympus", []string{`--zone "Mars/Olympus": is no time zone`}},
		{"--endpoint 127.0.0.1:1 --wait 90s", []string{`--wait "90s": is too long`}},
		{"--endpoint 127.0.0.1:1 --ca /nonexistent.pem", []string{`--ca "/nonexistent.pem": cannot be used: `}},
		{"--endpoint 127.0.0.1:1 --lang fr", []string{`--lang "fr"`}},
		{"--endpoint 127.0.0.1:1 --protocol unionpay --message sign-on --terminal 99999906 --merchant 001430170119999 --tpdu 6000030000", []string{"--message sign-on", "replaces the terminal's working keys"}},
		{"--endpoint 127.0.0.1:1 --learn --protocol unionpay", []string{"or give --terminal"}},
	} {
		o := run(t, nil, append([]string{"init", "--config", path}, strings.Fields(c.args)...)...)
		for _, want := range c.want {
			if o.exit != 2 || o.stdout != "" || !strings.Contains(o.stderr, want) {
				t.Errorf("init %s: exit %d, want %q\n%s", c.args, o.exit, want, o.stderr)
			}
		}
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("init %s wrote the file", c.args)
		}
	}
}

// picky is a host that answers one TPDU and header alone, and is silent to all others.
type picky struct {
	net.Listener
	tpdu, header string // in hexadecimal
	asked, other atomic.Int64
}

// echoReply is an answer to an echo from terminal 99999906, without length, TPDU and
// header.
const echoReply = "08300018000002c00010" + "101112" + "1123" + "3030" + "3939393939393036" + "303031343330313730313139393939" + "0011" + "000000003010"

func startPicky(t *testing.T, tpdu, header string) *picky {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &picky{Listener: l, tpdu: tpdu, header: header}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *picky) serve(c net.Conn) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	var length [2]byte
	if _, err := io.ReadFull(c, length[:]); err != nil {
		return // it was looked whether the port answers
	}
	frame := make([]byte, int(length[0])<<8|int(length[1]))
	if _, err := io.ReadFull(c, frame); err != nil {
		return
	}
	p.asked.Add(1)
	text := hex.EncodeToString(frame)
	if !strings.Contains(text, "08200000000000c00010") { // anything but an echo
		p.other.Add(1)
	}
	if !strings.HasPrefix(text, strings.ToLower(p.tpdu+p.header)+"0820") {
		io.Copy(io.Discard, c) // until the other side has enough
		return
	}
	reply, _ := hex.DecodeString(p.tpdu + p.header + echoReply)
	c.Write(append([]byte{byte(len(reply) >> 8), byte(len(reply))}, reply...))
}

// TestInitLearns: where the host does not answer, other TPDUs and headers are tried, and
// the one that it answers is what is written.
func TestInitLearns(t *testing.T) {
	for name, test := range map[string]struct {
		tpdu, header string // what the host answers
		given        string // the TPDU on the command line
		asked        int64
	}{
		"as given":     {"6000030000", config.DefaultHeader, "6000030000", 1},
		"swapped":      {"6000000003", config.DefaultHeader, "6000030000", 2},
		"no header":    {"6000030000", "", "6000030000", 3},
		"another one":  {"6000030000", "602200000000", "6000030000", 5},
		"none of them": {"6099999999", config.DefaultHeader, "6000030007", 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := startPicky(t, test.tpdu, test.header)
			path := filepath.Join(t.TempDir(), "posprobe.yaml")
			o := run(t, nil, initArgs(host.Addr().String(), "--config", path, "--tpdu", test.given, "--wait", "1s", "--learn")...)
			c, err := config.Load(path)
			if o.exit != 0 || err != nil {
				t.Fatalf("%+v, %v", o, err)
			}
			learnt := hex.EncodeToString(c.Acquirer.SignOn.TPDU) == test.tpdu
			if test.asked < 7 != learnt || learnt && test.asked > 1 && hex.EncodeToString(c.Acquirer.SignOn.Header) != test.header {
				t.Errorf("wrote %x %x\n%s", c.Acquirer.SignOn.TPDU, c.Acquirer.SignOn.Header, o.stderr)
			}
			if host.asked.Load() != test.asked || host.other.Load() != 0 {
				t.Errorf("asked %d times, want %d; %d were no echo\n%s", host.asked.Load(), test.asked, host.other.Load(), o.stderr)
			}
			if wait := time.Duration(test.asked-1) * betweenVariations; o.took < wait {
				t.Errorf("%d messages in %v", test.asked, o.took)
			}
		})
	}
}

// TestVariations: no message twice, at most six, and for a host without UnionPay's headers
// none of those.
func TestVariations(t *testing.T) {
	text := func(s config.SignOn) string {
		var out []string
		for _, v := range variations(s) {
			out = append(out, v.TPDU()+"/"+v.Header())
		}
		return strings.Join(out, " ")
	}
	tpdu, other := []byte{0x60, 0, 3, 0, 7}, []byte{0x61, 0x31}
	for _, c := range []struct {
		given config.SignOn
		want  string
	}{
		{config.SignOn{Protocol: "unionpay", TPDU: tpdu}, "6000070003/603100311000 6000030007/ 6000030000/603100311000 6000000000/603100311000 6000030007/602200000000 6000030007/613100311000"},
		{config.SignOn{Protocol: "unionpay", TPDU: tpdu, Header: other}, "6000070003/6131 6000030007/ 6000030007/603100311000 6000030000/6131 6000000000/6131 6000030007/602200000000"},
		{config.SignOn{Protocol: "unionpay", TPDU: []byte{0x60, 0, 0, 0, 0}, Header: []byte{}}, "6000000000/603100311000 6000000000/602200000000 6000000000/613100311000"},
		{config.SignOn{Protocol: "iso8583-1987", TPDU: tpdu}, "6000070003/ 6000030000/ 6000000000/ /"},
		{config.SignOn{Protocol: "iso8583-1987", Header: other}, "/"},
		{config.SignOn{Protocol: "iso8583-1987"}, ""},
	} {
		if got := text(c.given); got != c.want {
			t.Errorf("%x %x: %s\nwant %s", c.given.TPDU, c.given.Header, got, c.want)
		}
	}
}

// TestInitTries: with --learn a line says what was seen, whatever there is to be seen.
func TestInitTries(t *testing.T) {
	good, secure := acquirer(t, signontest.Options{}), acquirer(t, signontest.Options{TLS: "unknown-ca"})
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"echo":        {initArgs(good.Addr(), "--learn"), []string{good.Addr() + ": connected in ", "answered in ", "response code 00"}},
		"connection":  {[]string{"init", "--learn", "--endpoint", good.Addr()}, []string{good.Addr() + ": connected in "}},
		"refused":     {[]string{"init", "--learn", "--endpoint", closedPort(t)}, []string{": connection refused"}},
		"certificate": {[]string{"init", "--learn", "--endpoint", secure.Addr(), "--tls"}, []string{"TLS 1.", "did not pass verification", "--pin sha256/"}},
		"in Chinese":  {initArgs(good.Addr(), "--learn", "--lang", "zh"), []string{"连上", "答复", "应答码 00"}},
		"no resolver": {[]string{"init", "--learn", "--endpoint", "pos.acquirer.example:5500", "--resolver", "127.0.0.1:9"}, []string{"pos.acquirer.example:5500: "}},
	} {
		o := run(t, nil, append(c.args, "--config", "-")...)
		for _, want := range c.want {
			if o.exit != 0 || !strings.Contains(o.stderr, want) {
				t.Errorf("%s: exit %d, want %q\n%s", name, o.exit, want, o.stderr)
			}
		}
		if strings.Contains(o.stderr, testTerminal) || strings.Contains(o.stderr, testMerchant) {
			t.Errorf("%s: the ids are told: %s", name, o.stderr)
		}
	}
}
