package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"posprobe/cmd/posprobe/config"
)

// secretKeys are the keys that name a file with a secret, each with a file that is right
// and one that is not.
var secretKeys = []struct{ key, settings, good, bad string }{
	{"acquirer.sign_on.http.headers", "acquirer: {endpoints: [{address: 203.0.113.20:80}], sign_on: {protocol: http, http: {headers: FILE}}}",
		"# of the gateway\nAuthorization: Bearer geheim\n\n", "Authorization Bearer geheim\n"},
	{"ship[0].token", "acquirer: {endpoints: [{address: 203.0.113.20:80}]}\nship: [{to: 'https://logs.example/', token: FILE}]",
		"geheim-0123.~+/==\n", "Bearer geheim\n"},
	{"ship[0].proxy_credentials", "acquirer: {endpoints: [{address: 203.0.113.20:80}]}\nship: [{to: 'https://logs.example/', proxy: 'http://proxy.example:3128', proxy_credentials: FILE}]",
		"till:geheim\n", "geheim\n"},
	{"ship[0].reference_key", "acquirer: {endpoints: [{address: 203.0.113.20:80}]}\nship: [{to: 'https://logs.example/', terminal: reference, reference_key: FILE}]",
		"geheim-geheim-01", "geheim"},
}

// TestSecretFiles: a file with a secret is looked for where the configuration is, must be
// its owner's alone, small, and what it is taken for; nothing that is in it is told.
func TestSecretFiles(t *testing.T) {
	for _, s := range secretKeys {
		for _, c := range []struct {
			name, content string
			mode          os.FileMode
			want          string // "" for no mistake
		}{
			{"good", s.good, 0o600, ""},
			{"read-only", s.good, 0o400, ""},
			{"readable by the group", s.good, 0o640, "has the rights 0640: others than its owner can get at what is in it; run chmod 600 on it"},
			{"readable by others", s.good, 0o604, "has the rights 0604: "},
			{"empty", "", 0o600, "-"},
			{"wrong", s.bad, 0o600, s.key},
			{"too large", strings.Repeat("geheim", 5000), 0o600, "cannot be used: is too large"},
			{"missing", "-", 0o600, "cannot be used: "},
		} {
			if s.key == "acquirer.sign_on.http.headers" && c.name == "empty" {
				continue // that is no header, and no mistake
			}
			if runtime.GOOS == "windows" && strings.Contains(c.want, "rights") {
				continue
			}
			t.Run(s.key+"/"+c.name, func(t *testing.T) {
				path := writeConfig(t, strings.Replace(s.settings, "FILE", "secret.txt", 1))
				secret := filepath.Join(filepath.Dir(path), "secret.txt")
				if c.content != "-" {
					write(t, secret, []byte(c.content))
					if err := os.Chmod(secret, c.mode); err != nil {
						t.Fatal(err)
					}
				}
				got := complaints(t, path)
				want := c.want
				if want == "-" {
					want = s.key
				}
				if !strings.Contains(got, want) || (got == "") != (want == "") || strings.Count(got, "\n") > 1 || got != "" && !strings.Contains(got, s.key+`: "secret.txt": `) {
					t.Errorf("got  %q\nwant %q", got, want)
				}
				if strings.Contains(got, "geheim") {
					t.Errorf("the content is told: %s", got)
				}
			})
		}
	}
}

// TestSecretPipes: a pipe in the place of a secret's file is not waited for.
func TestSecretPipes(t *testing.T) {
	for _, s := range secretKeys {
		path := writeConfig(t, strings.Replace(s.settings, "FILE", "pipe", 1))
		makePipe(t, filepath.Join(filepath.Dir(path), "pipe"))
		if got := complaints(t, path); !strings.Contains(got, "is no regular file") {
			t.Errorf("%s: %q", s.key, got)
		}
	}
}

// TestHeadersAreSent: the lines of the file are in the request, once, with the host's
// name, and neither they nor their secret change the fingerprint.
func TestHeadersAreSent(t *testing.T) {
	prints := map[string]bool{}
	for _, secret := range []string{"geheim1", "geheim2"} {
		path := writeConfig(t, "acquirer: {endpoints: [{address: 203.0.113.20:80}, {address: 203.0.113.21:8080}, {address: 203.0.113.22:443, tls: {server_name: api.acquirer.example}}], sign_on: {protocol: http, http: {path: /up, headers: own.txt}}}")
		write(t, filepath.Join(filepath.Dir(path), "own.txt"), []byte("# token\nX-Token: "+secret+"\r\n"))
		c, err := config.Load(path)
		if err != nil || c.Check() != nil {
			t.Fatal(err, c.Check())
		}
		for i, host := range []string{"203.0.113.20", "203.0.113.21:8080", "api.acquirer.example"} {
			d, err := c.Dialect(i, 1)
			if err != nil {
				t.Fatal(err)
			}
			request := string(d.Request())
			if strings.Count(request, "X-Token: "+secret+"\r\n") != 1 || !strings.Contains(request, "\r\nHost: "+host+"\r\n") || strings.Contains(request, "#") {
				t.Errorf("%q", request)
			}
			prints[d.Fingerprint()] = true
		}
	}
	if len(prints) != 1 {
		t.Errorf("fingerprints %v", prints)
	}
}
