package report

import (
	"strconv"
	"strings"
	"time"
)

// Evidence is everything a verdict may read.
type Evidence struct {
	Site      Site             `json:"site"`
	Memory    Memory           `json:"memory"`
	Given     Given            `json:"given"`
	Device    Device           `json:"device"`
	Tasks     List[Task]       `json:"tasks"`
	Links     List[Link]       `json:"links"`
	Addresses List[Address]    `json:"addresses"`
	Routes    List[Route]      `json:"routes"`
	Neighbors List[Neighbor]   `json:"neighbors"`
	Resolvers List[Resolver]   `json:"resolvers"`
	Hosts     List[HostsEntry] `json:"hosts"`
	Lookups   List[Lookup]     `json:"lookups"`
	Pings     List[Ping]       `json:"pings"`
	Connects  List[Connect]    `json:"connects"`
	TLS       List[Handshake]  `json:"handshakes"`
	SignOns   List[SignOn]     `json:"sign_ons"`
	Hops      List[Hop]        `json:"hops"`
	Portals   List[Portal]     `json:"portals"`
	Claims    List[Claim]      `json:"claims"`
	Clocks    List[Clock]      `json:"clocks"`
	Flows     List[Flow]       `json:"flows"`
}

// Site is what this site expects of itself: configuration, resolved to values that
// need no further reading. Nothing in it was observed.
type Site struct {
	Profile  Profile `json:"profile"`
	OnDemand bool    `json:"on_demand"`
	// Zone is the time zone in which the acquirer's host reads its clock as the site
	// states it, "" where it states none and one was assumed.
	Zone string `json:"zone"`
	// Endpoints are in the terminal's own order: main first, then the backups.
	Endpoints List[Endpoint] `json:"endpoints"`
	// Interfaces are the links this terminal is meant to have; empty: not stated.
	Interfaces List[string] `json:"interfaces"`
	// ExpectAddresses are the prefixes the acquirer's name may resolve to; empty: not stated.
	ExpectAddresses List[string] `json:"expect_addresses"`
	// Windows are the announced absences of the host that touch the round.
	Windows List[Window] `json:"windows"`
	Limits  Limits       `json:"limits"`
	// ResponseCodes overrides the class of single response codes for this acquirer.
	ResponseCodes List[CodeClass] `json:"response_codes"`
	// References are independent TCP targets, address:port, that are reached when the
	// access works; empty: not stated.
	References List[string] `json:"references"`
	// IndependentResolver is a name server, address:port, that is nobody's on the way,
	// and Portal a page that answers 204 unless somebody stands in between; "": not stated.
	IndependentResolver string `json:"independent_resolver"`
	Portal              string `json:"portal"`
	// TimeServer is an NTP server, host or address with port; "": not stated.
	TimeServer string `json:"time_server"`
	// Processes are the names of programs that must run on this terminal; empty: not stated.
	Processes List[string] `json:"processes"`
	// SoftwareMinimum is the oldest version of the payment application that the acquirer
	// still serves, "" where none is stated.
	SoftwareMinimum string `json:"software_minimum"`
}

// Given is what somebody in front of the terminal said when asking for the round. It was
// not observed, and no rule about device, network or host rests on a prompt.
type Given struct {
	// Prompt is the id of the prompt on the screen, such as P3; "" when none was given.
	Prompt string `json:"prompt"`
	// ResponseCode is the code that the screen shows after a refused transaction, "" when
	// none was given.
	ResponseCode string `json:"response_code"`
}

// Profile says what kind of network the site has.
type Profile string

// The profiles. On a private APN the absence of public DNS, ping and web is no fault.
const (
	ProfileInternet   Profile = "internet"
	ProfilePrivateAPN Profile = "private_apn"
)

// Profiles lists every Profile.
func Profiles() []Profile { return []Profile{ProfileInternet, ProfilePrivateAPN} }

// Step is how far an exchange with an endpoint goes.
type Step string

// The steps, in the order in which they happen.
const (
	StepResolve Step = "resolve"
	StepConnect Step = "connect"
	StepTLS     Step = "tls"
	StepSignOn  Step = "sign_on"
)

// Steps lists every Step in order.
func Steps() []Step { return []Step{StepResolve, StepConnect, StepTLS, StepSignOn} }

// Endpoint is one address of the acquirer as configured.
type Endpoint struct {
	// Address is host:port as configured; the host is a name or a literal address.
	Address string `json:"address"`
	// Goal is the deepest step configured: connect, tls or sign_on.
	Goal Step `json:"goal"`
	TLS  bool `json:"tls"`
	// Pinned is true when the configuration names the peer's key; Roots tells where
	// the trusted roots come from ("system", "file" or "").
	Pinned bool   `json:"pinned"`
	Roots  string `json:"roots"`
	// Protocol is the sign-on dialect; Fingerprint identifies the message that is
	// sent; of terminal and merchant id it holds 8 bits and no more. "" without a sign-on.
	Protocol    string `json:"protocol"`
	Fingerprint string `json:"fingerprint"`
}

// Host returns the host part of the endpoint's address, without brackets.
func (e Endpoint) Host() string {
	host, _ := splitHostPort(e.Address)
	return host
}

// Port returns the port of the endpoint's address, 0 when there is none.
func (e Endpoint) Port() int {
	_, port := splitHostPort(e.Address)
	return port
}

// Window is an announced absence of the host as an absolute interval.
type Window struct {
	// Planned is maintenance or service_hours.
	Planned Planned   `json:"planned"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Note    string    `json:"note"`
}

// Limits are the thresholds of this site, times in milliseconds.
type Limits struct {
	ConnectMs float64 `json:"connect_ms"`
	// ReplyMs is how long this round waited for a reply; ReplyWarnMs is the host time
	// from which a reply counts as slow.
	ReplyMs     float64 `json:"reply_ms"`
	ReplyWarnMs float64 `json:"reply_warn_ms"`
	// RTTMs is the round trip from which the network counts as slow; ResolveMs the
	// same for a resolver's answer.
	RTTMs     float64 `json:"rtt_ms"`
	ResolveMs float64 `json:"resolve_ms"`
	// ClockSkewMs is the clock offset from which the device's clock counts as wrong.
	ClockSkewMs float64 `json:"clock_skew_ms"`
	// GatewayLossPercent is the share of lost pings to a gateway that answers others from
	// which the way to it counts as bad, 0 for none.
	GatewayLossPercent float64 `json:"gateway_loss_percent"`
}

// DefaultLimits are the thresholds of a site that configures none. The connect and
// reply limits are those of common terminals (connect 3 to 10 s, reply 60 s).
func DefaultLimits() Limits {
	return Limits{ConnectMs: 5000, ReplyMs: 60000, ReplyWarnMs: 5000, RTTMs: 1500, ResolveMs: 1500, ClockSkewMs: 300000, GatewayLossPercent: 20}
}

// Memory is what earlier rounds on this terminal taught. Its absence costs
// confidence, never correctness.
type Memory struct {
	LastGood List[LastGood] `json:"last_good"`
	// Resolvers (address:port) once served this terminal: their addresses are not set wrongly.
	Resolvers List[string] `json:"resolvers"`
	// References (address:port) once answered: independent targets, and name servers that
	// were asked as such. One that was never heard is no witness when it is silent.
	References List[string] `json:"references"`
	// Baselines are what is usual at this hour of the day.
	Baselines List[Baseline] `json:"baselines"`
	// Boots is nil where nobody kept count.
	Boots *Boots `json:"boots"`
}

// LastGood is the last time an exchange with an endpoint succeeded.
type LastGood struct {
	Endpoint    string    `json:"endpoint"`
	Fingerprint string    `json:"fingerprint"`
	Step        Step      `json:"step"`
	At          time.Time `json:"at"`
	// ReplyMs is how long its reply usually takes, in ms; 0 where that is not known.
	ReplyMs float64 `json:"reply_ms"`
}

// Observation is the head of everything that was seen.
type Observation struct {
	// Task is the ID of the task that asked.
	Task string `json:"task"`
	// AtMs is the monotonic clock when the observation began, in ms since the round
	// began. The round's two clock observations tie it to the wall clock.
	AtMs float64 `json:"at_ms"`
}

// head returns the observation's head; every kind of observation embeds it.
func (o Observation) head() Observation { return o }

// TaskKind is what a task asks.
type TaskKind string

// The kinds of task. The first group sends no packets.
const (
	TaskLinks     TaskKind = "links"
	TaskAddresses TaskKind = "addresses"
	TaskRoutes    TaskKind = "routes"
	TaskNeighbors TaskKind = "neighbors"
	TaskResolvers TaskKind = "resolvers"
	TaskHosts     TaskKind = "hosts"
	TaskDevice    TaskKind = "device"
	TaskClock     TaskKind = "clock"

	TaskLookup   TaskKind = "lookup"
	TaskPing     TaskKind = "ping"
	TaskExchange TaskKind = "exchange"

	// What is asked in answer to a Question, after the round's own tasks.
	TaskTrace       TaskKind = "trace"                // handshakes whose time to live ends on the way
	TaskReference   TaskKind = "reference"            // a handshake with an independent target
	TaskClosedPort  TaskKind = "closed_port"          // a handshake with another port of an endpoint's address
	TaskSecond      TaskKind = "second_exchange"      // an exchange once more
	TaskEarly       TaskKind = "early_end"            // an exchange whose end follows its message at once
	TaskSmall       TaskKind = "small_segments"       // an exchange in small segments
	TaskUplink      TaskKind = "other_uplink"         // an exchange over another link
	TaskIndependent TaskKind = "independent_resolver" // a look-up at a resolver that is nobody's on the way
	TaskPortal      TaskKind = "portal"               // a page that a captive portal would replace
	TaskNeighbor    TaskKind = "neighbor"             // what becomes of the gateway's neighbour entry
	TaskDuplicate   TaskKind = "duplicate_address"    // who else claims the terminal's address
	TaskTime        TaskKind = "time"                 // what time it is, at a time server
)

// TaskKinds lists every TaskKind.
func TaskKinds() []TaskKind {
	return []TaskKind{
		TaskLinks, TaskAddresses, TaskRoutes, TaskNeighbors, TaskResolvers, TaskHosts, TaskDevice, TaskClock,
		TaskLookup, TaskPing, TaskExchange,
		TaskTrace, TaskReference, TaskClosedPort, TaskSecond, TaskEarly, TaskSmall, TaskUplink, TaskIndependent, TaskPortal, TaskNeighbor, TaskDuplicate, TaskTime,
	}
}

// Outcome keeps apart: not asked; asked and empty; asked and failed; answered.
type Outcome string

// The outcomes of a task.
const (
	OutcomeAnswered  Outcome = "answered"
	OutcomeEmpty     Outcome = "empty"
	OutcomeFailed    Outcome = "failed"
	OutcomeNotAsked  Outcome = "not_asked"
	OutcomeCancelled Outcome = "cancelled"
)

// Outcomes lists every Outcome.
func Outcomes() []Outcome {
	return []Outcome{OutcomeAnswered, OutcomeEmpty, OutcomeFailed, OutcomeNotAsked, OutcomeCancelled}
}

// Reason is why a task was not asked; "" when it was.
type Reason string

// The reasons.
const (
	ReasonNotPermitted Reason = "not_permitted"       // the system does not let posprobe ask
	ReasonUnsupported  Reason = "unsupported"         // this system has no such thing
	ReasonPaused       Reason = "paused"              // a pause file stops all packets
	ReasonPayment      Reason = "payment_in_progress" // somebody else is connected to the acquirer
	ReasonUnresolved   Reason = "unresolved"          // the endpoint's name has no known address
	ReasonNoIPv6       Reason = "no_ipv6"             // the terminal has no IPv6 to use
	ReasonOnDemand     Reason = "on_demand"           // the link is down until the application dials
	ReasonTooMany      Reason = "too_many"            // beyond the cap on addresses of one name
	ReasonNotAllowed   Reason = "not_allowed"         // a name server gave an address that posprobe must not contact
	ReasonBudget       Reason = "budget"              // it could cost more bytes or time than were left for follow-ups
	ReasonNotStated    Reason = "not_stated"          // the site names nobody to ask
	ReasonLocal        Reason = "local_round"         // this round looked at the terminal alone
)

// Reasons lists every Reason, "" among them.
func Reasons() []Reason {
	return []Reason{"", ReasonNotPermitted, ReasonUnsupported, ReasonPaused, ReasonPayment, ReasonUnresolved,
		ReasonNoIPv6, ReasonOnDemand, ReasonTooMany, ReasonNotAllowed, ReasonBudget, ReasonNotStated, ReasonLocal}
}

// Task records that something was asked, or why it was not.
type Task struct {
	ID   string   `json:"id"`
	Kind TaskKind `json:"kind"`
	// Endpoint is the configured endpoint the task serves, "" for the survey.
	Endpoint string `json:"endpoint"`
	// Target is what was asked: an address, a resolver, a file.
	Target  string   `json:"target"`
	Outcome Outcome  `json:"outcome"`
	Reason  Reason   `json:"reason"`
	Failure *Failure `json:"failure"`
	// Count is how many observations the task made. Fewer in the evidence mean that
	// some were lost: then nothing may be concluded from what is not there.
	Count int `json:"count"`
}

// splitHostPort splits host:port or [host]:port; the address was checked when the
// configuration was read, so it returns what it can.
func splitHostPort(address string) (string, int) {
	i := strings.LastIndexByte(address, ':')
	if i < 0 {
		return address, 0
	}
	port, err := strconv.Atoi(address[i+1:])
	if err != nil {
		return address, 0
	}
	return strings.Trim(address[:i], "[]"), port
}
