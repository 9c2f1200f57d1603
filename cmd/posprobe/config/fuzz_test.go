package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/report"
)

// Whatever stands in the file and after the flags: no panic, an end, messages fit to
// be printed, and a configuration without mistakes that works.
func FuzzConfig(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", "../../../packaging/*.yaml"} {
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
			"--header", "--terminal", "--merchant", "--wait", "--name", "--zone", "--hours"} {
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
	if _, err := c.Dialect(0, 1); err != nil {
		t.Errorf("Dialect: %v", err)
	}
	for _, lang := range []report.Lang{report.ZH, report.EN} {
		text := c.Commented(lang)
		again, err := config.Parse("posprobe.yaml", text)
		if err != nil {
			t.Fatalf("it does not read back: %v\n%s", err, text)
		}
		same(t, "read back", again, c)
	}
}

// Whatever hours, zone and moment: the announced absences are intervals in order, those
// outside service hours do not overlap, and all touch the range that they were asked for.
func FuzzWindows(f *testing.F) {
	f.Add("06:00-23:30", "first monday", "22:00-02:00", "Europe/Berlin", int64(1774746000), int64(0))
	f.Add("08:00-12:00, 13:30-22:00", "31", "00:00-24:00", "+14:00", int64(0), int64(1e18))
	f.Add("closed", "day", "02:15-02:45", "Australia/Lord_Howe", int64(-62135596800), int64(-1e18))
	f.Fuzz(func(t *testing.T, hours, every, span, zone string, at, offset int64) {
		c := config.Default()
		c.Override(config.Flag{Name: "--endpoint", Value: "203.0.113.20:5500"}, config.Flag{Name: "--zone", Value: zone}, config.Flag{Name: "--hours", Value: hours})
		if len(c.Check()) > 0 {
			return
		}
		rest, err := config.Parse("", []byte(fmt.Sprintf("acquirer: {maintenance: [{every: %q, hours: %q}]}", every, span)))
		if err == nil {
			c.Acquirer.Maintenance = rest.Acquirer.Maintenance
		}
		now := time.Unix(at%(1<<40), 0)
		windows := c.Site(now, time.Duration(offset)).Windows
		right := now.Add(time.Duration(offset))
		last := time.Time{}
		for i, w := range windows {
			if !w.Until.After(w.From) || i > 0 && w.From.Before(windows[i-1].From) {
				t.Errorf("%v", windows)
			}
			if !w.Until.After(right.Add(-27*time.Hour)) || !w.From.Before(right.Add(27*time.Hour)) {
				t.Errorf("%v is far from %v", w, right)
			}
			if w.Planned == report.PlannedServiceHours {
				if w.From.Before(last) {
					t.Errorf("overlap: %v", windows)
				}
				last = w.Until
			}
		}
	})
}
