package ship

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		d    Destination
		says string // "" for a good one
	}{
		{Destination{To: "https://logs.example/in?a=b"}, ""},
		{Destination{To: "https://[2001:db8::1]:8443/", Format: OTLP}, ""},
		{Destination{To: "http://127.0.0.1:1/", Token: "f"}, ""},
		{Destination{To: "http://localhost/"}, ""},
		{Destination{To: "http://logs.example/", Insecure: true}, ""},
		{Destination{To: "syslog+tls://logs.example"}, ""},
		{Destination{To: "syslog+tcp://[::1]:514/"}, ""},
		{Destination{To: "https://logs.example/", Proxy: "http://proxy.example:3128"}, ""},
		{Destination{To: "http://logs.example/"}, "without TLS"},
		{Destination{To: "syslog+tcp://logs.example"}, "without TLS"},
		{Destination{To: "https://a:secret@logs.example/"}, "credentials"},
		{Destination{To: "https://"}, "no host"},
		{Destination{To: "https://日志.example/"}, "ASCII"},
		{Destination{To: "ftp://logs.example/"}, "scheme"},
		{Destination{To: "https://logs.example/\x7f"}, "cannot be read"},
		{Destination{To: "syslog+tls://logs.example/path"}, "more than"},
		{Destination{To: "https://logs.example/", Format: Syslog}, "format"},
		{Destination{To: "syslog+tls://logs.example", Format: OTLP}, "format"},
		{Destination{To: "https://logs.example/", Format: "xml"}, "format"},
		{Destination{To: "http://logs.example/", Insecure: true, Token: "f"}, "token"},
		{Destination{To: "syslog+tls://logs.example", Token: "f"}, "token"},
		{Destination{To: "https://logs.example/", Certificate: "f"}, "together"},
		{Destination{To: "https://logs.example/", Proxy: "proxy.example:1"}, "proxy"},
		{Destination{To: "https://logs.example/", Proxy: "http://u:secret@proxy.example:1"}, "proxy"},
		{Destination{To: "https://logs.example/", Proxy: "http://proxy.example"}, "proxy"},
	} {
		err := c.d.Check()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.d.To, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
	if _, err := Start(Config{}, []Destination{{To: "https://a.example/"}, {To: "https://a.example/"}}); err == nil {
		t.Error("two destinations of one name")
	}
}
