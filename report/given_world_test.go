package report

// onScreen is a world in which the screen showed a response code before.
func onScreen(code string, make func() *world) func() *world {
	return func() *world {
		w := make()
		w.e.Given.ResponseCode = code
		return w
	}
}

// givenCases are the rows that a response code on the screen leads to.
var givenCases = []rowCase{
	{"device.sign_on_needed", onScreen("77", healthy), onScreen("58", healthy)},
	{"device.application_ids", onScreen("97", healthy), onScreen("97", syn)},
	{"account.risk", onScreen("61", healthy), onScreen("51", healthy)},
	{"outside.card", onScreen("51", healthy), onScreen("65", healthy)},
	{"outside.issuer", onScreen("05", healthy), onScreen("51", healthy)},
	{"outside.operator", onScreen("13", healthy), onScreen("00", healthy)},
	{"outside.message", onScreen("30", healthy), func() *world { return coded("30") }},
	{"outside.unknown_code", onScreen("86", healthy), func() *world { return coded("86") }},
	{"note.given_accepted", onScreen("00", healthy), healthy},
	{"note.given_offline", onScreen("Z3", healthy), onScreen("Z1", healthy)},
	{"note.given_earlier", onScreen("96", syn), onScreen("Z3", syn)},
}
