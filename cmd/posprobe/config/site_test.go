package config_test

import (
	"reflect"
	"testing"
	"time"

	"posprobe/report"
)

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The zone of most terminals is known without a time zone table on the device.
func TestShanghaiWithoutZoneTable(t *testing.T) {
	t.Setenv("ZONEINFO", "/nonexistent")
	loc := parsed(t, endpointOnly+"zone: Asia/Shanghai}").Acquirer.Location()
	if _, seconds := moment(t, "2026-07-01T00:00:00Z").In(loc).Zone(); seconds != 8*3600 || loc.String() != "Asia/Shanghai" {
		t.Errorf("%s is %d s east", loc, seconds)
	}
}

func TestSite(t *testing.T) {
	c := parsed(t, `
terminal: {id: "99999906", merchant: "001430170119999"}
acquirer:
  endpoints:
    - {address: pos.acquirer.example:5500, tls: {}}
    - {address: 203.0.113.20:5500, tls: {pin: sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=}}
    - {address: "[2001:db8::20]:5500"}
  sign_on: {protocol: unionpay, tpdu: "6000030000", response_codes: {97: operator, "06": acquirer_host}}
network: {profile: private-apn, on_demand: true, expect_addresses: [203.0.113.0/24, 198.51.100.7],
  references: [192.0.2.80:443, "[2001:db8::80]:443"], independent_resolver: 198.51.100.53, portal_url: "http://[2001:db8::80]:8080/generate_204"}
device: {interfaces: [eth0, wlan0]}
limits: {connect: 3s, reply: 40s, reply_warn: 2.5s, rtt: 800ms, resolve: 1s, clock_skew: 2m, follow_up: 0s, gateway_loss: 10%}
`)
	if all := c.Check(); len(all) > 0 {
		t.Fatal(all)
	}
	now := moment(t, "2026-12-01T12:00:00+08:00")
	got := c.Site(now, 0)
	fingerprint := got.Endpoints[0].Fingerprint
	if len(fingerprint) != 10 {
		t.Errorf("fingerprint %q", fingerprint)
	}
	endpoint := func(address string, tls, pinned bool, roots string) report.Endpoint {
		return report.Endpoint{Address: address, Goal: report.StepSignOn, TLS: tls, Pinned: pinned, Roots: roots, Protocol: "unionpay", Fingerprint: fingerprint}
	}
	want := report.Site{
		Profile:  report.ProfilePrivateAPN,
		OnDemand: true,
		Endpoints: report.List[report.Endpoint]{
			endpoint("pos.acquirer.example:5500", true, false, "system"),
			endpoint("203.0.113.20:5500", true, true, ""),
			endpoint("[2001:db8::20]:5500", false, false, ""),
		},
		Interfaces:      report.List[string]{"eth0", "wlan0"},
		ExpectAddresses: report.List[string]{"203.0.113.0/24", "198.51.100.7/32"},
		References:      report.List[string]{"192.0.2.80:443", "[2001:db8::80]:443"},

		IndependentResolver: "198.51.100.53:53",
		Portal:              "http://[2001:db8::80]:8080/generate_204",

		Limits:        report.Limits{ConnectMs: 3000, ReplyMs: 40000, ReplyWarnMs: 2500, RTTMs: 800, ResolveMs: 1000, ClockSkewMs: 120000, GatewayLossPercent: 10},
		ResponseCodes: report.List[report.CodeClass]{{Code: "06", Class: report.ClassAcquirerHost}, {Code: "97", Class: report.ClassOperator}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestGoalsWithoutSignOn(t *testing.T) {
	c := parsed(t, "acquirer: {endpoints: [{address: 203.0.113.20:5500}, {address: 203.0.113.21:5500, tls: {ca: ca.pem}}]}")
	site := c.Site(moment(t, "2026-12-01T12:00:00Z"), 0)
	plain, tls := site.Endpoints[0], site.Endpoints[1]
	if plain.Goal != report.StepConnect || tls.Goal != report.StepTLS || tls.Roots != "file" || plain.Protocol != "none" {
		t.Errorf("%+v\n%+v", plain, tls)
	}
	if site.Profile != report.ProfileInternet || site.Limits != report.DefaultLimits() {
		t.Errorf("defaults: %+v", site)
	}
	if d, err := c.Dialect(0, 1); d != nil || err != nil {
		t.Errorf("dialect of protocol none: %v, %v", d, err)
	}
}
