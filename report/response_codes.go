package report

// Class is what an ISO 8583 response code (field 39) is about.
type Class string

// The classes of response code.
const (
	ClassOK            Class = "ok"
	ClassRegistration  Class = "registration"   // the merchant's or terminal's record at the acquirer
	ClassAcquirerHost  Class = "acquirer_host"  // a fault at the acquirer's host
	ClassUpstream      Class = "upstream"       // a fault behind the acquirer
	ClassMessage       Class = "message"        // the host does not take this message or its form
	ClassTerminalState Class = "terminal_state" // keys, batch or sequence out of step
	ClassCard          Class = "card"
	ClassIssuer        Class = "issuer"
	ClassOperator      Class = "operator"
	ClassOffline       Class = "offline" // set by the terminal itself, which could not go online: no host sends it
	ClassUnknown       Class = "unknown"
)

// Classes lists every Class.
func Classes() []Class {
	return []Class{ClassOK, ClassRegistration, ClassAcquirerHost, ClassUpstream, ClassMessage, ClassTerminalState,
		ClassCard, ClassIssuer, ClassOperator, ClassOffline, ClassUnknown}
}

// CodeClass gives a response code another class than the table does: acquirers differ.
type CodeClass struct {
	Code  string `json:"code"`
	Class Class  `json:"class"`
}

// ResponseCode is a row of the tables of response codes.
type ResponseCode struct {
	// Code is two letters or digits, or the three digits of an ISO 8583:1993 action code.
	Code  string
	Class Class
	// Handling is how UnionPay terminals treat the code: 'A' success, 'B' failed and may be
	// tried again, 'C' failed and not to be tried again, 'D' for the operator to handle,
	// 'E' a fault of the system, not to be tried again; 0 where the tables do not say.
	Handling byte
	Name     Text
	Screen   Screen
}

// Screen is what a UnionPay terminal shows for a code, in the wording of the older and of
// the newer specification; "" where the tables give none.
type Screen struct{ Old, New string }

// FindResponseCode returns the row of a code, and whether a table has it. Upper and
// lower case are different codes.
func FindResponseCode(code string) (ResponseCode, bool) {
	for _, table := range [][]ResponseCode{codes1987, codes1993} {
		for _, r := range table {
			if r.Code == code {
				return r, true
			}
		}
	}
	return rangeCode(code)
}

// rangeCode returns the row of a code that lies in a range whose meaning the tables give
// as a whole: 80 to 89, which each acquirer defines; and of the action codes (ISO
// 8583:1993, annex A) 000 to 099 approved, 100 to 199 denied, 200 to 299 denied and the
// card to be kept.
func rangeCode(code string) (ResponseCode, bool) {
	r := ResponseCode{Code: code}
	switch {
	case len(code) == 2 && code[0] == '8' && digits(code):
		r.Class, r.Name = ClassUnknown, Text{"收单机构自定义", "Defined by the acquirer"}
	case len(code) != 3 || !digits(code):
		return r, false
	case code[0] == '0':
		r.Class, r.Name = ClassOK, Text{"批准（自定义）", "Approved (private use)"}
	case code[0] == '1':
		r.Class, r.Name = ClassIssuer, Text{"拒绝（自定义）", "Denied (private use)"}
	case code[0] == '2':
		r.Class, r.Name = ClassCard, Text{"拒绝并没收卡（自定义）", "Denied, pick up card (private use)"}
	default:
		return r, false
	}
	return r, true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// LookupResponseCode returns the row of a code; an unlisted code is ClassUnknown.
func LookupResponseCode(code string) ResponseCode {
	if r, ok := FindResponseCode(code); ok {
		return r
	}
	return ResponseCode{Code: code, Class: ClassUnknown, Name: Text{ZH: "未列入表中的应答码", EN: "Code not in the table"}}
}

// ResponseCodes returns the rows of both tables. Callers must not change them.
func ResponseCodes() [][]ResponseCode { return [][]ResponseCode{codes1987, codes1993} }

// class returns the class of a code at this site: the site's own table comes first.
func (s Site) class(code string) Class {
	for _, o := range s.ResponseCodes {
		if o.Code == code {
			return o.Class
		}
	}
	return LookupResponseCode(code).Class
}

// cutoverCode reports whether a code says that the host is changing its date. 915 and 921
// are not among them: they are about reconciliation and about a security module.
func cutoverCode(code string) bool { return code == "90" || code == "906" }

// merchantCode reports whether a code of class registration is about the merchant rather
// than about the terminal.
func merchantCode(code string) bool { return code == "03" || code == "C2" || code == "109" }

// riskCode reports whether a code of class card comes from limits and risk rules: 34 and 59
// suspected fraud, 57 not permitted to the cardholder, 61 and 65 limits of amount and
// frequency, and the action codes of the same meanings.
func riskCode(code string) bool {
	switch code {
	case "34", "57", "59", "61", "65", "102", "119", "121", "123", "202":
		return true
	}
	return false
}
