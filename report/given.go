package report

// givenAt points at the code that somebody read off the screen.
const givenAt = "/evidence/given/response_code"

// GivenCode is the row of the catalogue that a response code of a class leads to when
// the screen showed it after a refused transaction.
func GivenCode(code string, c Class) Code {
	switch c {
	case ClassOK:
		return "note.given_accepted"
	case ClassTerminalState:
		return "device.sign_on_needed"
	case ClassCard:
		if riskCode(code) {
			return "account.risk"
		}
		return "outside.card"
	case ClassIssuer:
		return "outside.issuer"
	case ClassOperator:
		return "outside.operator"
	case ClassMessage:
		return "outside.message"
	case ClassOffline:
		return "note.given_offline"
	}
	if row := ReplyCode(code, c); row != "note.unknown_code" {
		return row
	}
	return "outside.unknown_code"
}

// ReplyCode is the row that a response code of a class leads to in the answer to
// posprobe's own message, "" for one that needs no word.
func ReplyCode(code string, c Class) Code {
	switch c {
	case ClassOK:
		return ""
	case ClassRegistration:
		if merchantCode(code) {
			return "account.merchant"
		}
		return "account.terminal"
	case ClassAcquirerHost, ClassUpstream:
		if cutoverCode(code) {
			return "host.cutover"
		}
		return "host.system_error"
	case ClassMessage:
		return "note.message_unsupported"
	case ClassTerminalState:
		return "note.terminal_state"
	case ClassCard, ClassIssuer, ClassOperator:
		return "note.other_code"
	}
	return "note.unknown_code"
}

// onScreen finds the row in the code on the screen. It is hearsay, and of an earlier moment:
// never proven, and no more than possible while this round's own exchanges found
// something wrong. What it says it says of that transaction; it explains nothing that
// was observed.
func (f *facts) onScreen(row Code) []sighting {
	code := f.Given.ResponseCode
	if code == "" || GivenCode(code, f.Site.class(code)) != row {
		return nil
	}
	s := sighting{confidence: Possible, because: []string{givenAt}}
	if f.well() {
		s.confidence = Likely
	}
	if row == "host.cutover" {
		s.planned = PlannedCutover
	}
	return []sighting{s}
}

// orGiven is what a row saw for itself or, if that is nothing, what the code on the
// screen says: fresh evidence goes before hearsay.
func (f *facts) orGiven(own []sighting, row Code) []sighting {
	if len(own) > 0 {
		return own
	}
	return f.onScreen(row)
}

// well reports whether every endpoint worked in this round and nothing of it is missing.
func (f *facts) well() bool {
	for _, e := range f.Site.Endpoints {
		if !f.anyOK(e.Address) {
			return false
		}
	}
	return len(f.Site.Endpoints) > 0 && len(f.lost) == 0
}

// fromHost reports whether the code on the screen came over the line. Y1, Y3, Z1 and Z3
// are what a terminal itself sets when it decides offline (EMV Book 4, annex A).
func (f *facts) fromHost() bool {
	switch f.Given.ResponseCode {
	case "", "Y1", "Y3", "Z1", "Z3":
		return false
	}
	return f.Site.class(f.Given.ResponseCode) != ClassOffline
}
