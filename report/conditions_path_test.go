package report

import "testing"

// lostAll is a request that was lost, and then everything; first (nil: nothing) is what else
// the terminal talked to before.
func lostAll(first func(*world)) func() *world {
	return func() *world {
		w := shop()
		if first != nil {
			first(w)
		}
		w.endpoint(mainAddr, StepSignOn)
		w.exchange(mainAddr, mainAddr)
		remembered(w)
		w.noReply(FailDeadline, unacked)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.trace(mainAddr, mainAddr, gatewayIP, "*", "*").companion(TaskReference, "", reference, FailDeadline).
			trace("", reference, gatewayIP, "*", "*").independentAnswer(FailDeadline)
	}
}

// also is an exchange with another endpoint that worked.
func also(address string) func(*world) {
	return func(w *world) {
		w.endpoint(address, StepSignOn)
		w.exchange(address, address)
	}
}

// darker is dark with two more that are silent: a resolver, and another endpoint.
func darker() *world {
	w := dark()
	w.endpoint(backupAddr, StepSignOn)
	w.exchange(backupAddr, backupAddr)
	w.noConnect(FailDeadline)
	l := w.lookup("pos.acquirer.example", resolverB)
	l.Failure = &Failure{Operation: OpResolve, Type: FailDeadline}
	return w
}

// distant is an endpoint two seconds of a round trip away.
func distant() *world { return healthy().far(2000) }

// resolves is distant, and a resolver answers at once.
func resolves(resolver string) func() *world {
	return func() *world {
		w := distant()
		w.lookup("pos.acquirer.example", resolver, mainHost)
		return w
	}
}

// notThere is a handshake that got no answer, without a gateway on its way.
func notThere(own bool) func() *world {
	return func() *world {
		w := healthy()
		c := w.noConnect(FailHostUnreach, ICMPError{From: "192.168.1.23", Own: own, Type: 3, Code: 1})
		c.Gateway = ""
		return w
	}
}

// pathCases are what network rules ask for before they name anybody.
var pathCases = []condition{
	{"nothing beyond the router answers", darker, nil, "network.access.down", Likely},
	{"an answer to a ping may have got lost", darker, func(e *Evidence) { e.Pings = e.Pings[:1] }, "network.access.down", absent},
	{"an answer of a resolver may have got lost", darker, func(e *Evidence) { e.Lookups = e.Lookups[:1] }, "network.access.down", absent},
	{"a connection may have got lost", darker, func(e *Evidence) { e.Connects = e.Connects[:1] }, "network.access.down", absent},
	{"nobody heard the router", darker, func(e *Evidence) {
		e.Neighbors[0].State, e.Pings[0].Received, e.Pings[0].MinRTTMs = "stale", 0, nil
	}, "network.access.down", absent},
	{"the router was heard by ping alone", darker, func(e *Evidence) { e.Neighbors[0].State = "stale" }, "network.access.down", Likely},
	{"the router was heard by ARP alone", darker, func(e *Evidence) { e.Pings[0].Received, e.Pings[0].MinRTTMs = 0, nil }, "network.access.down", Possible},
	{"packets came in that reached nobody", darker, func(e *Evidence) { e.Device.Undelivered = ptr(int64(3)) }, "network.access.down", Possible},

	{"a request is lost, and then everything", lostAll(nil), nil, "network.path.lost", Likely},
	{"the same, and another host answered before", lostAll(also(backupAddr)), nil, "network.path.lost", Likely},
	{"the same host answered another connection", lostAll(also("203.0.113.20:5501")), nil, "network.path.lost", Possible},
	{"what another connection brought is missing", lostAll(also(backupAddr)), func(e *Evidence) { e.SignOns = e.SignOns[1:] }, "network.path.lost", Possible},
	{"a kernel that counts no segments", lostAll(nil), func(e *Evidence) { e.SignOns[0].TCP.SegsIn = nil }, "network.path.lost", Possible},
	{"the device kept packets back", lostAll(nil), func(e *Evidence) { e.Device.Undelivered = ptr(int64(3)) }, "network.path.lost", Possible},
	{"the reference answers", lostAll(nil), func(e *Evidence) {
		for i := range e.Connects {
			if e.Connects[i].Address == reference {
				e.Connects[i].Failure = nil
			}
		}
	}, "network.path.lost", Possible},

	{"keepalives were answered", silent(alive), nil, "network.path.interrupted", absent},
	{"keepalives could not be sent", silent(alive), func(e *Evidence) { e.SignOns[0].KeepaliveMs = nil }, "network.path.interrupted", Possible},
	{"the same, on the terminal itself", atHome(silent(alive)), func(e *Evidence) { e.SignOns[0].KeepaliveMs = nil }, "network.path.interrupted", absent},
	{"a torn reply, and no word of the kernel's", torn, func(e *Evidence) { e.SignOns[0].TCP = nil }, "network.path.interrupted", Possible},
	{"a torn reply, by the kernel's word an end", torn, nil, "network.path.interrupted", absent},
	{"another failure, and no word of the kernel's", broken(FailClosed, closedTCP), func(e *Evidence) { e.SignOns[0].TCP = nil }, "network.path.interrupted", absent},

	{"no reply", silent(alive), nil, "network.path.reply_lost", Possible},
	{"no reply, and no keepalives", silent(alive), func(e *Evidence) { e.SignOns[0].KeepaliveMs = nil }, "network.path.reply_lost", Possible},
	{"no reply of the terminal itself", atHome(silent(alive)), nil, "network.path.reply_lost", absent},
	{"a reset of the terminal itself", atHome(broken(FailReset, resetTCP)), nil, "network.path.reset", absent},
	{"a strange answer of the terminal itself", atHome(broken(FailNotISO8583, alive)), nil, "network.path.interception", absent},
	{"a strange answer", broken(FailNotISO8583, alive), nil, "network.path.interception", Possible},
	{"an end by the terminal itself", atHome(broken(FailClosed, closedTCP)), nil, "network.access.proxy", absent},
	{"its own message comes back", broken(FailMessageType, alive), func(e *Evidence) { e.SignOns[0].ReplyType = "0820" }, "network.path.interception", Possible},
	{"a message of another type", broken(FailMessageType, alive), func(e *Evidence) { e.SignOns[0].ReplyType = "0210" }, "network.path.interception", absent},
	{"a web page where a message is due", broken(FailLength, alive), func(e *Evidence) { e.SignOns[0].HTTPStatus = ptr(int64(200)) }, "network.path.interception", Possible},
	{"a wrong length", broken(FailLength, alive), nil, "network.path.interception", absent},

	{"something came in answer to the SYN", syn, func(e *Evidence) { e.Connects[0].TCP.SegsIn = ptr(int64(1)) }, "network.path.silent", absent},
	{"the kernel says nothing of the SYN", syn, func(e *Evidence) { e.Connects[0].TCP = nil }, "network.path.silent", Possible},
	{"the endpoint should be a neighbour, and is not", notThere(true), nil, "network.path.silent", Possible},
	{"somebody else says that it is not there", notThere(false), nil, "network.path.silent", absent},
	{"the kernel gave up on the gateway", notThere(true), func(e *Evidence) { e.Connects[0].Gateway = gatewayIP }, "network.path.silent", absent},
	{"the gateway does not answer", goneGateway, nil, "network.path.silent", absent},
	{"the gateway has not answered yet", goneGateway, func(e *Evidence) { e.Neighbors[0].State = "incomplete" }, "network.path.silent", absent},
	{"the gateway's entry is of before", goneGateway, func(e *Evidence) { e.Neighbors[0].State = "stale" }, "network.path.silent", Possible},

	{"reset at the SYN", syn, func(e *Evidence) { e.Connects[0].Failure.Type = FailReset }, "host.session_lost", Possible},
	{"reset with something unacknowledged", broken(FailReset, earlyTCP), nil, "host.session_lost", Possible},
	{"the same, by an old kernel", broken(FailReset, earlyTCP), func(e *Evidence) { e.SignOns[0].TCP.OutQueue = nil }, "host.session_lost", Possible},
	{"reset after all was acknowledged, by an old kernel", broken(FailReset, resetTCP), func(e *Evidence) { e.SignOns[0].TCP.OutQueue = nil }, "host.session_lost", absent},
	{"the same, by an older one", broken(FailReset, resetTCP), func(e *Evidence) {
		e.SignOns[0].TCP.OutQueue, e.SignOns[0].TCP.BytesAcked = nil, nil
	}, "host.session_lost", Possible},
	{"reset, and the kernel says nothing", broken(FailReset, resetTCP), func(e *Evidence) { e.SignOns[0].TCP = nil }, "host.session_lost", Possible},
	{"reset over TLS, by an old kernel, which cannot tell the request from the hello", func() *world {
		w := secure(StepSignOn)
		w.noReply(FailReset, resetTCP)
		return w
	}, func(e *Evidence) { e.SignOns[0].TCP.OutQueue = nil }, "host.session_lost", Possible},
	{"reset during the handshake, by an old kernel", tlsFails(FailReset, resetTCP), func(e *Evidence) { e.TLS[0].TCP.OutQueue = nil }, "host.session_lost", Possible},

	{"two seconds", distant, nil, "network.access.slow", Likely},
	{"two seconds, and no limit", distant, func(e *Evidence) { e.Site.Limits.RTTMs = 0 }, "network.access.slow", absent},
	{"two seconds, and a resolver beyond the gateway answers at once", resolves(resolverA), nil, "network.path.slow", Likely},
	{"two seconds, and the terminal's own resolver answers at once", resolves("127.0.0.53:53"), nil, "network.access.slow", Likely},
	{"two seconds, and the router's resolver answers at once", resolves(gatewayIP + ":53"), nil, "network.access.slow", Likely},
	{"two seconds, and a look-up fails at once", resolves(resolverA), func(e *Evidence) {
		e.Lookups[0].Failure = &Failure{Operation: OpResolve, Type: FailNetUnreach}
	}, "network.access.slow", Likely},
	{"two seconds, and the SYN was sent again, as it must be", distant, func(e *Evidence) { e.Connects[0].TCP.TotalRetrans = ptr(int64(1)) }, "network.access.slow", Likely},
	{"the same, and no reply shows that it was no loss", func() *world { return connected().far(2000) },
		func(e *Evidence) { e.Connects[0].TCP.TotalRetrans = ptr(int64(1)) }, "network.access.slow", absent},
	{"the same, and no data came", distant, func(e *Evidence) {
		e.Connects[0].TCP.TotalRetrans, e.SignOns[0].TCP.DataSegsIn = ptr(int64(1)), nil
	}, "network.access.slow", absent},
	{"no word of the kernel's on the handshake", distant, func(e *Evidence) { e.Connects[0].TCP = nil }, "network.access.slow", Likely},
}

func TestPathConditions(t *testing.T) { checkConditions(t, pathCases) }
