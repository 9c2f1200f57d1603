package signon

import (
	"fmt"
	"strings"
	"testing"
)

// However a configuration, a dialect, or what holds one is printed: no id and no header
// appears.
func TestPrinting(t *testing.T) {
	configs := map[string]Config{"unionpay": postConfig(), "1987": network1987Config("ascii"), "1993": network1993Config("bcd"), "tcp": stepsConfig(), "http": httpConfig(func(*HTTP) {})}
	for name, c := range configs {
		if c.HTTP != nil {
			c.HTTP.Headers = []string{"Authorization: Bearer t0ken"}
		}
		if name == "tcp" {
			c.Send = []byte("t0ken")
			c.Steps[0].Send = []byte("99999906 t0ken")
		}
		c.Terminal, c.Merchant = "99999906", "001430170119999"
		d := mustNew(t, c)
		type endpoint struct {
			Address string
			Dialect Dialect
			Config  Config
			HTTP    HTTP
			Pointer *HTTP
		}
		e := endpoint{Address: "x", Dialect: d, Config: c}
		if c.HTTP != nil {
			e.HTTP, e.Pointer = *c.HTTP, c.HTTP
		}
		for _, v := range []any{c, &c, d, e, &e, []Dialect{d}, map[string]Config{"x": c}, e.HTTP, e.Pointer, c.Steps} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
				got := fmt.Sprintf(verb, v)
				for _, secret := range []string{"99999906", "001430170119999", "t0ken", "3939393939393036", "74306b656e", "57 57 57 57", "116 48 107"} {
					if strings.Contains(strings.ToLower(got), secret) {
						t.Errorf("%s: %s of %T shows %s: %s", name, verb, v, secret, got)
					}
				}
			}
		}
		if got := fmt.Sprint(d); got != fmt.Sprintf("signon[%s %s]", d.Protocol(), d.Fingerprint()) {
			t.Errorf("printed %s", got)
		}
	}
}
