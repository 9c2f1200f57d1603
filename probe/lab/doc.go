// Package lab is a shop, its provider and an acquirer, built from Linux network
// namespaces, in which a test breaks one thing in a real kernel and watches what the
// terminal can see of it. It is imported by tests only and needs root, ip, nft and
// /dev/net/tun.
//
//	term ── lan ── shop ── isp ── core ─┬─ dns
//	terminal │     router  provider     ├─ ref
//	   │   till                         ├─ gate ── acq ── app
//	   │                                ├─ away
//	   └───────── mobile ───────────────┘
//
// Start reading at New (world.go) and the plan of the network (plan.go). Every link is
// a Cable (cable.go): two TAP devices and a goroutine for each direction that carries
// the frames, which gives each link a delay, a loss and a carrier of its own on kernels
// that have no netem. A fault is a small method in one of the fault_*.go files; it
// returns the function that repairs it. The peers are real programs (peer_*.go).
//
// What happens to a terminal is written down in scenarios/, one file each, whose README
// has the grammar: load.go and check.go read them, steps.go has their verbs, scene.go
// starts everybody, run.go runs posprobe and judge.go says what was wrong with what it
// said.
package lab
