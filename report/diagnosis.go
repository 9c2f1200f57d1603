package report

// RulesVersion rises when the catalogue or the way of reaching a verdict changes.
const RulesVersion = 1

// Diagnosis is what follows from Evidence.
type Diagnosis struct {
	Rules   int     `json:"rules"`
	Verdict Verdict `json:"verdict"`
	// Domain, Code, Confidence and Party are the headline finding's; "" when the
	// verdict is healthy or inconclusive (Party is "nobody" when healthy).
	Domain     Domain     `json:"domain"`
	Code       Code       `json:"code"`
	Confidence Confidence `json:"confidence"`
	Planned    Planned    `json:"planned"`
	Party      Party      `json:"party"`

	Findings List[Finding] `json:"findings"`
	// Unexplained are pointers to failed observations that no row explains.
	Unexplained List[string] `json:"unexplained"`
	// Untested are the configured steps that were reached at no endpoint.
	Untested List[Step] `json:"untested"`
	// Remaining are the domains that the evidence leaves open besides Domain.
	Remaining List[Domain] `json:"remaining"`
	// Wants are the questions whose answers would decide.
	Wants List[Question] `json:"wants"`
}

// Verdict is the answer in one word.
type Verdict string

// The verdicts: see Diagnose for when each is given.
const (
	VerdictHealthy      Verdict = "healthy"
	VerdictDegraded     Verdict = "degraded"
	VerdictFault        Verdict = "fault"
	VerdictInconclusive Verdict = "inconclusive"
)

// Verdicts lists every Verdict.
func Verdicts() []Verdict {
	return []Verdict{VerdictHealthy, VerdictDegraded, VerdictFault, VerdictInconclusive}
}

// Domain is whose fault it is. The border between them is drawn in the catalogue.
type Domain string

// The domains; "" is none.
const (
	DomainDevice  Domain = "device"
	DomainNetwork Domain = "network"
	DomainHost    Domain = "host"
	DomainAccount Domain = "account"
)

// Domains lists every Domain, "" among them.
func Domains() []Domain { return []Domain{"", DomainDevice, DomainNetwork, DomainHost, DomainAccount} }

// Code is the permanent name of a row of the catalogue. A released code is never reused.
type Code string

// Confidence is how sure a finding is.
type Confidence string

// The confidences. Proven: kernel or protocol evidence excludes the other domains.
// Likely: it fits and nothing contradicts. Possible (written ""): it cannot be
// excluded; it names nobody.
const (
	Possible Confidence = ""
	Likely   Confidence = "likely"
	Proven   Confidence = "proven"
)

// Confidences lists every Confidence.
func Confidences() []Confidence { return []Confidence{Possible, Likely, Proven} }

// rank orders confidences; higher is surer.
func (c Confidence) rank() int {
	switch c {
	case Proven:
		return 2
	case Likely:
		return 1
	}
	return 0
}

// Planned is the kind of announced absence that a host finding falls into.
type Planned string

// The kinds; "" is none.
const (
	PlannedMaintenance  Planned = "maintenance"
	PlannedServiceHours Planned = "service_hours"
	PlannedCutover      Planned = "cutover"
)

// Plans lists every Planned, "" among them.
func Plans() []Planned {
	return []Planned{"", PlannedMaintenance, PlannedServiceHours, PlannedCutover}
}

// Party is who should act.
type Party string

// The parties; "" is written when nobody can be named.
const (
	PartyMerchant        Party = "merchant"
	PartyNetworkProvider Party = "network_provider"
	PartyAcquirer        Party = "acquirer"
	PartyTerminalService Party = "terminal_service"
	PartyNobody          Party = "nobody"
)

// Parties lists every Party, "" among them.
func Parties() []Party {
	return []Party{"", PartyMerchant, PartyNetworkProvider, PartyAcquirer, PartyTerminalService, PartyNobody}
}

// Kind tells a fault from a note: a note explains a failed observation that is no
// fault, and never sets domain or exit status.
type Kind string

// The kinds of row.
const (
	KindFault Kind = "fault"
	KindNote  Kind = "note"
)

// Kinds lists every Kind.
func Kinds() []Kind { return []Kind{KindFault, KindNote} }

// Question is something that, were it asked, could decide between findings.
type Question string

// The questions.
const (
	AskTrace               Question = "trace"                // where does the path to the acquirer's port end?
	AskSmallSegments       Question = "small_segments"       // does it work with small segments?
	AskOtherFamily         Question = "other_family"         // does it work over the other IP version?
	AskClosedPort          Question = "closed_port"          // does another port of that address answer?
	AskOtherEndpoint       Question = "other_endpoint"       // does another endpoint of the acquirer answer?
	AskReference           Question = "reference"            // is an independent target reached?
	AskIndependentResolver Question = "independent_resolver" // what does another resolver say?
	AskPortal              Question = "portal"               // is there a captive portal?
	AskSecondExchange      Question = "second_exchange"      // does it happen again?
	AskEarlyEnd            Question = "early_end"            // what does the host do when the terminal closes at once?
	AskClock               Question = "clock"                // what time is it really?
	AskMessage             Question = "message"              // do TPDU, header and message fit this host?
	AskOtherUplink         Question = "other_uplink"         // does it work over another link?
	AskNeighbor            Question = "neighbor"             // is the gateway still there?
	AskDuplicateAddress    Question = "duplicate_address"    // does somebody else use the terminal's address?
)

// Questions lists every Question, those first that decide most and cost least.
func Questions() []Question {
	return []Question{AskEarlyEnd, AskReference, AskTrace, AskClosedPort, AskSecondExchange, AskIndependentResolver, AskPortal,
		AskSmallSegments, AskOtherFamily, AskOtherEndpoint, AskClock, AskMessage, AskOtherUplink, AskNeighbor, AskDuplicateAddress}
}

// Finding is a row of the catalogue that is present or cannot be excluded.
type Finding struct {
	Kind       Kind       `json:"kind"`
	Code       Code       `json:"code"`
	Domain     Domain     `json:"domain"`
	Confidence Confidence `json:"confidence"`
	// MaskedBy is the code of the finding that explains this one, "" when none does.
	MaskedBy Code `json:"masked_by"`
	// Resource is which link, endpoint or resolver it is about.
	Resource string `json:"resource"`
	// Because and Explains are RFC 6901 pointers into the report. Because: the
	// observations that say so. Explains: the failed ones that this, by itself, would
	// have caused; what is itself an answer (a refusal, a wrong reply) arrived, and no
	// fault on the way explains it.
	Because  List[string] `json:"because"`
	Explains List[string] `json:"explains"`
}
