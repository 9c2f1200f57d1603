package report

// Layer orders the catalogue: a lower layer carries the ones above it.
type Layer int

// The layers, lowest first.
const (
	LayerDevice   Layer = iota // processor, memory, clock
	LayerLink                  // cable, radio
	LayerAddress               // IP address
	LayerRoute                 // routes
	LayerNeighbor              // the gateway on the local link
	LayerResolver              // name resolution
	LayerAccess                // the provider's network
	LayerPath                  // the way to this acquirer
	LayerTCP                   // the endpoint's transport
	LayerTLS                   // the endpoint's TLS
	LayerSignOn                // the acquirer's application
	LayerAccount               // the acquirer's records
)

// Row is one line of the catalogue: a fault or a note that evidence can show.
type Row struct {
	// Code is permanent; a released code is never reused.
	Code   Code
	Kind   Kind
	Layer  Layer
	Domain Domain // "" for a note
	Party  Party  // "" for a note
	// MaskedBy are the codes of rows that may explain this one: they do where they
	// account for every observation that it explains.
	MaskedBy []Code
	// Wants are the questions whose answers would raise the confidence.
	Wants []Question
	// Source is where the rule comes from: an RFC section, a kernel header, a
	// measurement in the repository.
	Source string
	// Title says what is wrong, Advice what to do first.
	Title  Text
	Advice Text
	// test finds the row in the evidence: one finding for each resource it is seen on.
	test func(*facts) []sighting
}

// LookupRow returns the catalogue's row for a code, and whether there is one.
func LookupRow(code Code) (Row, bool) {
	for _, r := range Catalogue() {
		if r.Code == code {
			return r, true
		}
	}
	return Row{}, false
}
