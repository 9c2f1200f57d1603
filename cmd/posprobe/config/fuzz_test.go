package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
)

// Whatever stands in the file and after the flags: no panic, an end, messages fit to
// be printed, and a configuration without mistakes that works.
func FuzzConfig(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", packaged} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, "203.0.113.20:5500")
		}
	}
	f.Add([]byte("acquirer: {endpoints: [{address: 203.0.113.20:5500}]}"), "5 sec")
	f.Add([]byte(""), "6000030000")
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte, value string) {
		c, err := config.Parse("posprobe.yaml", data)
		var mistakes config.Mistakes
		if c == nil || err != nil && (!errors.As(err, &mistakes) || len(mistakes) == 0) {
			t.Fatalf("Parse: %v, %v", c, err)
		}
		all := c.Check()
		if len(all) < len(mistakes) {
			t.Errorf("Check told %d of %d mistakes", len(all), len(mistakes))
		}
		presentable(t, all.Error())
		if len(all) == 0 {
			works(t, c, now)
		}
		for _, name := range []string{"--endpoint", "--resolver", "--ca", "--pin", "--protocol", "--message", "--tpdu",
			"--header", "--terminal", "--merchant", "--wait"} {
			if err := c.Override(config.Flag{Name: name, Value: value}); err != nil {
				presentable(t, err.Error())
			}
		}
		presentable(t, c.Check().Error())
	})
}

// works fails for a configuration that was accepted and cannot be used.
func works(t *testing.T, c *config.Config, now time.Time) {
	t.Helper()
	site := c.Site(now, 0)
	if len(site.Endpoints) == 0 {
		t.Error("accepted without an endpoint")
	}
	for i, e := range site.Endpoints {
		if e.Host() == "" || e.Port() == 0 {
			t.Errorf("endpoint %q", e.Address)
		}
		if s, err := c.TLS(i); err != nil || (s == nil) == e.TLS || s != nil && s.ServerName == "" {
			t.Errorf("TLS of %q: %+v, %v", e.Address, s, err)
		}
	}
	for _, w := range site.Windows {
		if !w.Until.After(w.From) {
			t.Errorf("window %v", w)
		}
	}
	if _, err := c.Dialect(1); err != nil {
		t.Errorf("Dialect: %v", err)
	}
}
