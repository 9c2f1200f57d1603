package signontest

import (
	"strings"
	"testing"
)

// speaking are options for each kind of dialect.
func speaking() map[string]Options {
	return map[string]Options{
		"unionpay":          {},
		"unionpay in HTTP":  {HTTP: &HTTP{}},
		"visa":              {Framing: "visa"},
		"iso8583-1987":      {Protocol: iso1987, Framing: "4-ascii"},
		"iso8583-1987 bcd":  {Protocol: iso1987, Encoding: "bcd", Framing: "base24"},
		"iso8583-1993":      {Protocol: iso1993, Encoding: "binary", Framing: "4-hex"},
		"iso8583-1993 HTTP": {Protocol: iso1993, HTTP: &HTTP{Path: "/iso"}},
		"http":              {Protocol: page},
		"tcp":               {Protocol: lines},
	}
}

func TestNoTwoBehavioursShareATerminalID(t *testing.T) {
	fill := strings.NewReplacer("n", "1", "x", "7", "s", "P", "_", "Q")
	for dialect, o := range speaking() {
		d, err := o.dialect()
		if err != nil {
			t.Fatal(err)
		}
		list, err := BehavioursFor(o)
		if err != nil || len(list) < 20 {
			t.Fatalf("%s: %d behaviours, %v", dialect, len(list), err)
		}
		names := map[string]bool{}
		for _, b := range list {
			if names[b.Name] || b.Imitates == "" {
				t.Errorf("%s: %s: named twice, or without a word on what it imitates", dialect, b.Name)
			}
			names[b.Name] = true
			if b.TerminalID == "" {
				continue
			}
			if len(b.TerminalID) != 8 || b.stage != onRequest {
				t.Errorf("%s: terminal id %q", b.Name, b.TerminalID)
			}
			for _, other := range list {
				if _, ok := matchID(other.TerminalID, fill.Replace(b.TerminalID)); ok != (other.Name == b.Name) {
					t.Errorf("%s: terminal id %s of %s, tried on %s: %t", dialect, b.TerminalID, b.Name, other.Name, ok)
				}
			}
			if got, ok := d.chooseByID(fill.Replace(b.TerminalID)); !ok || got.Name != b.Name {
				t.Errorf("%s: terminal id %s chooses %s, want %s", dialect, b.TerminalID, got.Name, b.Name)
			}
		}
		if got, ok := d.chooseByID("99999906"); ok {
			t.Errorf("a plain number chooses %s", got.Name)
		}
	}
}

// A behaviour that a dialect cannot have is refused, and the reason says what it lacks.
func TestWhatDialectsCannotHave(t *testing.T) {
	for want, o := range map[string]Options{
		"code needs action codes of three digits":                  {Protocol: page, Behaviour: "code=96"},
		"a response code is two letters or digits":                 {Behaviour: "code=909"},
		"an action code is three digits":                           {Protocol: iso1993, Behaviour: "code=96"},
		"poll needs a framing with polls":                          {Behaviour: "poll"},
		"status needs HTTP":                                        {Behaviour: "status=404"},
		"wrong-json needs protocol http":                           {HTTP: &HTTP{}, Behaviour: "wrong-json"},
		"http needs a protocol that is not spoken over HTTP":       {HTTP: &HTTP{}, Behaviour: "http"},
		"requirement needs the header of protocol unionpay":        {Protocol: iso1987, Behaviour: "requirement=3"},
		"clock needs replies that tell the time":                   {Protocol: lines, Behaviour: "clock=1h"},
		"mti needs ISO 8583 messages":                              {Protocol: page, Behaviour: "mti"},
		"then needs protocol tcp":                                  {Protocol: page, Behaviour: "then=close"},
		"same-time needs protocol iso8583-1987 or iso8583-1993":    {Behaviour: "same-time"},
		"length-sign needs a framing whose length is written in ":  {Framing: "stx", Behaviour: "length-sign"},
		"banner cannot be had in a second step":                    {Protocol: lines, Behaviour: "then=banner"},
		"then cannot be had in a second step":                      {Protocol: lines, Behaviour: "then=then=close"},
		`no behaviour "nonsense"`:                                  {Protocol: lines, Behaviour: "then=nonsense"},
		`no protocol "iso8583-2003": there are unionpay, iso8583-`: {Protocol: "iso8583-2003"},
		`no framing "3-byte": there are 2-byte, 2-byte-inclusive`:  {Framing: "3-byte"},
		`no encoding "ebcdic": there are ascii, bcd, binary`:       {Protocol: iso1987, Encoding: "ebcdic"},
		"protocol unionpay has no encoding to choose":              {Encoding: "bcd"},
		"protocol http has no framing":                             {Protocol: page, Framing: "2-byte"},
		"protocol tcp does not go over HTTP":                       {Protocol: lines, HTTP: &HTTP{}},
		"TPDU and header are hexadecimal digits":                   {Behaviour: "only=6g"},
		"a status is 200 to 999":                                   {Protocol: page, Behaviour: "status=100"},
		"a depth is 1 to 10000000":                                 {Protocol: page, Behaviour: "deep-json=0"},
	} {
		err := o.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", o, err, want)
		}
		if s, err := Start(o); err == nil {
			s.Close()
			t.Errorf("%+v was started", o)
		}
	}
}
