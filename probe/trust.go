package probe

import (
	"slices"

	"posprobe/probe/signon"
	"posprobe/report"
)

// strange are the problems that make a peer somebody else than it should be, as far as
// can be told. Dates are not among them: they may be the fault of the device's clock.
var strange = []report.CertificateProblem{
	report.CertUnknownIssuer, report.CertWrongName, report.CertPinMismatch, report.CertInvalid,
}

// impostor reports whether the peer may be somebody else.
func (x *exchange) impostor() bool {
	return slices.ContainsFunc(x.problems, func(p report.CertificateProblem) bool { return slices.Contains(strange, p) })
}

// maySend reports whether the peer may be sent a message. A message for which keys come
// back goes to a verified peer only; a weak certificate is a remark, the peer is still
// who it says it is. An echo names the terminal and its merchant, and goes to anybody
// only where the site has not said whom it trusts (see TLS.Pin).
func (x *exchange) maySend(d signon.Dialect) bool {
	if x.to.TLS == nil {
		return true
	}
	if d.KeysComeBack() {
		return !slices.ContainsFunc(x.problems, func(p report.CertificateProblem) bool { return p != report.CertWeak })
	}
	told := x.to.TLS.Roots != nil || x.to.TLS.Pin != ""
	return !told || !x.impostor()
}
