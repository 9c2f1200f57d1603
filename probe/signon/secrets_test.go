package signon

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"posprobe/probe/signon/signontest"
)

// tap remembers the buffers it was asked to fill: the only way to see whether they were
// wiped.
type tap struct {
	r       *bytes.Reader
	buffers [][]byte
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.r.Read(b)
	t.buffers = append(t.buffers, b[:n])
	return n, err
}

func (t *tap) Write(b []byte) (int, error) { return len(b), nil }

// checkBuffers fails unless all that was read into is wiped, but for the few bytes of a
// length, and none of it has room for more than most bytes.
func (t *tap) checkBuffers(tt testing.TB, most int) {
	tt.Helper()
	for _, b := range t.buffers {
		if cap(b) > most {
			tt.Fatalf("room for %d bytes", cap(b))
		}
		if len(b) > 4 && len(bytes.Trim(b, "\x00")) > 0 {
			tt.Fatalf("a buffer was not wiped: %q", b)
		}
	}
}

func TestSecretsGoNowhere(t *testing.T) {
	planted := map[int]string{
		2: signontest.PlantedPAN, 14: "9912", 35: signontest.PlantedTrack, 36: "99" + signontest.PlantedPAN,
		45: "TRACK-ONE-PLANTED", 48: "8888777766665555", 52: "PINBLOCK", 53: "1234123412341234",
		55: signontest.PlantedChip, 59: "FIFTY-NINE-PLANTED", 61: "777766665555", 62: signontest.PlantedKeys, 64: "MACMACMA",
	}
	replies := map[string]signontest.Message{
		"good":            with(goodEcho(), planted),
		"with texts":      with(with(goodEcho(), planted), map[int]string{44: "declined", 56: "HSM"}),
		"refused":         with(with(goodEcho(), planted), map[int]string{39: "96"}),
		"other terminal":  with(with(goodEcho(), planted), map[int]string{41: "11111111"}),
		"no field 39":     with(with(goodEcho(), planted), map[int]string{39: ""}),
		"other type":      {TPDU: goodEcho().TPDU, Header: goodEcho().Header, MTI: "0210", Fields: with(goodEcho(), planted).Fields},
		"keys in 44":      with(goodEcho(), map[int]string{44: hex.EncodeToString([]byte(signontest.PlantedKeys[:16]))}),
		"longer header":   {TPDU: goodEcho().TPDU, Header: []byte("a-header-of-another-length"), MTI: "0830", Fields: with(goodEcho(), planted).Fields},
		"id in the words": with(goodEcho(), map[int]string{44: "terminal 99999906 merchant 001430170119999"}),
		"card in groups":  with(goodEcho(), map[int]string{44: "card 6222.0212/3456_7890 128"}),
	}
	for name, m := range replies {
		whole := m.Frame()
		// The lengths of fields 2 and 35 counted in bytes, as some hosts do: the walk goes
		// astray among card data.
		astray := bytes.Clone(whole)
		if i := bytes.Index(astray, unhex(t, "28"+signontest.PlantedTrack)); i >= 0 {
			astray[i] = 0x14
		}
		for how, frame := range map[string][]byte{"whole": whole, "cut": whole[:len(whole)-9], "astray": astray} {
			t.Run(name+", "+how, func(t *testing.T) {
				r := &tap{r: bytes.NewReader(frame)}
				reply, err := mustNew(t, echoConfig()).ReadReply(r)
				said := fmt.Sprintf("%+v %#v %v %+v", reply, reply, err, err)
				for _, secret := range append(signontest.PlantedSecrets(), "99999906", "001430170119999", "11111111",
					"PLANTED", "9912", "8888777766665555", "PINBLOCK", "1234123412341234", "777766665555", "MACMACMA", "0212/3456", "7890 128") {
					for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), secret[:min(8, len(secret))]} {
						if strings.Contains(strings.ToLower(said), strings.ToLower(form)) {
							t.Errorf("%q appears in %s", form, said)
						}
					}
				}
				seen := 0
				r.checkBuffers(t, maxFrame)
				for _, b := range r.buffers {
					seen += len(b)
				}
				if seen < len(frame)/2 {
					t.Errorf("only %d of %d bytes were read", seen, len(frame))
				}
			})
		}
	}
}

// A host that counts field 35 in bytes where digits are counted leads the walk into the
// track data; here its digits happen to look like fields 39 and 44. Bytes that are left
// over behind field 56 show that something was counted in another way, too.
func TestTextsOfDoubtfulOriginAreLeftOut(t *testing.T) {
	const head = "600000000360310031100008 30"
	for _, c := range []struct{ name, body, text string }{
		{"astray in 35", head + "0000000022100000" + "10 1111111111 3330 02 3632" + "3030 02 4f4b", ""},
		{"without 35", head + "0000000002100000" + "3030 02 4f4b", "OK"},
		{"rest behind 56", head + "0000000002000100" + "3030 0002 4f4b 01020304", ""},
		{"no rest", head + "0000000002000100" + "3030 0002 4f4b", "OK"},
	} {
		body := unhex(t, c.body)
		got, err := mustNew(t, echoConfig()).ReadReply(hear(bytes.NewReader(append([]byte{0, byte(len(body))}, body...))))
		if err != nil || got.HostText != c.text {
			t.Errorf("%s: text %q, want %q, %v", c.name, got.HostText, c.text, err)
		}
	}
}
