package report

import "time"

// web is a shop whose message goes in an HTTP POST through an access gateway, which
// answers with a status and as many bytes of a body.
func web(protocol string, status, body int64) func() *world {
	return func() *world {
		w := shop()
		w.endpoint(mainAddr, StepSignOn).Protocol = protocol
		w.exchange(mainAddr, mainAddr)
		s := w.noReply(FailHTTPStatus, alive)
		s.HTTPStatus, s.HTTPBodyBytes = &status, &body
		return w
	}
}

func known(w func() *world) func() *world { return func() *world { return w().worked() } }

// installed is a healthy shop whose payment application has a version.
func installed(version, least string) func() *world {
	return func() *world {
		w := healthy()
		w.e.Device.Software, w.e.Site.SoftwareMinimum = &Software{version}, least
		return w
	}
}

// runs is a healthy shop with what was seen of its payment application.
func runs(running *bool) func() *world {
	return func() *world {
		w := healthy()
		w.e.Site.Processes = List[string]{"payapp"}
		w.e.Device.Processes = List[Process]{{Name: "payapp", Running: running}}
		return w
	}
}

// updating is a shop whose processor is too busy to wait for a reply in time.
func updating(running bool) func() *world {
	return func() *world {
		w := silent(alive)()
		w.e.Device.Scheduling = &Scheduling{Samples: 9, MaxMs: 1400, TotalMs: 5200, RoundMs: 8100}
		w.e.Device.SelfTest = &SelfTest{Running: running}
		if running {
			w.e.Device.SelfTest.Sign = "/run/update.lock"
		}
		return w
	}
}

// away is a silent host while maintenance is announced, with the kernel's word on the
// terminal's clock.
func away(synchronized *bool) func() *world {
	return func() *world {
		w := syn()
		w.e.Clocks[1].Synchronized = synchronized
		w.e.Site.Windows = List[Window]{{Planned: PlannedMaintenance, From: w.e.Clocks[0].Wall.Add(-time.Hour), Until: w.e.Clocks[0].Wall.Add(time.Hour)}}
		return w
	}
}

func requires(digit string) func() *world {
	return func() *world { w := healthy(); w.e.SignOns[0].Requirement = digit; return w }
}

// expectedCases: what the site expects of the terminal, and HTTP.
var expectedCases = []rowCase{
	{"device.storage_read_only", func() *world {
		w := healthy()
		w.e.Device.Disks[0].ReadOnly, w.e.Device.Disks[0].TurnedReadOnly = true, true
		return w
	}, func() *world { w := healthy(); w.e.Device.Disks[0].ReadOnly = true; return w }}, // made so on purpose
	{"device.app_down", runs(ptr(false)), runs(nil)},
	{"device.software_outdated", installed("3.9.4", "3.10"), installed("3.10", "3.10.0")},
	{"device.self_test", updating(true), updating(false)},
	{"host.reply_not_http", broken(FailNotHTTP, alive), broken(FailNotISO8583, alive)},
	{"host.gateway_500", known(web("unionpay", 500, 0)), known(web("unionpay", 500, 162))},
	{"host.http_status", known(web("http", 503, 0)), known(web("http", 511, 40))},
	{"device.config.http", web("http", 404, 20), known(web("http", 503, 20))},
	{"note.planned_unconfirmed", away(ptr(false)), away(ptr(true))},
	{"note.software_unclear", installed("trial build", "3.10"), installed("3.11", "3.10")},

	{"note.requirement.card_parameters", requires("1"), requires("0")},
	{"note.requirement.status", requires("2"), requires("1")},
	{"note.requirement.sign_on", requires("3"), requires("0")},
	{"note.requirement.public_keys", requires("4"), requires("3")},
	{"note.requirement.chip_parameters", requires("5"), requires("1")},
	{"note.requirement.tms", requires("6"), requires("5")},
	{"note.requirement.card_blacklist", requires("7"), requires("c")},
	{"note.requirement.rates", requires("8"), requires("9")},
	{"note.requirement.contactless_parameters", requires("9"), requires("5")},
	{"note.requirement.no_pin_cards", requires("b"), requires("c")},
	{"note.requirement.no_pin_blacklist", requires("c"), requires("b")},
	{"note.requirement.other", requires("a"), requires("")},
}
