// Package fleet says, from the reports of many terminals and without a server, what
// they have in common: is it the acquirer, a provider, or this shop?
//
// A Reader takes lines of JSON from a stream (lines.go), Decode makes a Record of each
// (record.go, provider.go), Fleet.Add keeps of it what is needed (terminal.go), in any
// order and in bounded memory, and Fleet.Summary weighs (weigh.go) and tells (summary.go).
//
// # What is weighed
//
// Time is cut into slots of ten minutes. In each, a terminal that was heard is bad or
// good at each endpoint that it uses. A report counts for its own moment and, where it
// belongs to an incident, from its opening on; an hourly summary without a bad round is
// good for its hour. A bad state holds for 20 minutes, or for 70 while an incident is
// open, unless something else is heard: a long incident is reported once an hour. Who was
// good within two hours and is silent since is presumed good: that speaks against a
// common cause, and never for anything. What a report itself lays on the device or the
// shop's own network (device, network.local) says nothing about endpoint and provider.
//
// Terminals of one provider are told by what every report holds: a public name server
// that is not anybody's, the public network of the terminal's own address, a public
// gateway; on a private APN also the private ones (provider.go). The routers that a trace
// found are left alone: only failed rounds trace, so that a router would be blamed for
// being looked at.
//
// # What is said
//
//   - acquirer: of the terminals heard at an endpoint, Few or more and Most of them are
//     bad in the slot, those presumed good counted against it, at no provider it works for
//     Witnesses, and at two or more providers of the bad ones other endpoints work, or
//     reports got through at once. That leaves nothing that they share but the endpoint. With one such provider, or with
//     none known and 20 others of other endpoints good, only if Most of the reports, each
//     by its own evidence, name the host as well.
//   - provider: Few or more of a provider's terminals and Most of them reach no endpoint
//     and got no report through at once, and elsewhere an endpoint that they use works.
//     If it is one acquirer's endpoint alone, then only if Most of the reports name access
//     or name servers; else it may be the way between the two.
//   - path: a provider's terminals do not reach an endpoint that others reach, and that
//     it is the provider as a whole does not show. Who is to act cannot be told: the way
//     between, or an acquirer that refuses that provider.
//   - shop: a terminal's own report lays it on device or shop; or the endpoint works for
//     Witnesses other terminals. If its provider does not, too, that remains possible.
//   - unknown: everything else. Too few terminals, or nobody who could bear witness.
//
// Separately, a cause (a code of the catalogue) is shared by a version, a model or a
// region when Few or more and a fifth of its terminals show it, and of at least 20 others
// not a tenth as many.
package fleet
