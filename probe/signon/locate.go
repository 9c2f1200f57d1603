package signon

// fit is how well the bytes at an offset fit the reply that is expected, worst first.
type fit int

const (
	fitNothing       fit = iota
	fitOtherType         // a message of another type
	fitUnreadable        // the right type, and no field 39 to be read
	fitCut               // the right type, and the frame ends before field 39, 41 or 42 does
	fitOtherTerminal     // the right reply, for another terminal
	fitNoTerminal        // the right reply, without a field 41 that can be reached
	fitGood              // the right reply, for this terminal
)

// location is where in a frame a message begins.
type location struct {
	fit     fit
	offset  int
	message message
}

// locate finds the message in a frame without its length prefix. It stands behind as many
// bytes of TPDU and header as the request has, if anything readable is there. Hosts that
// answer with a longer or shorter header, or without TPDU, are found by looking for
// the expected message type elsewhere: bytes that look like one by chance are told
// apart by the bitmap, field 39 and field 41 behind them.
func (d *iso) locate(body []byte) location {
	best := d.try(body, len(d.lead))
	for offset := 0; offset <= tpduSize+maxHeader && !best.sure(); offset++ {
		l := d.try(body, offset)
		// Away from the usual place a message has to prove itself. Nothing less than our
		// own terminal id outweighs a message of the right type in the usual place, unless
		// that one is cut short and this one ends where the frame does.
		switch {
		case l.fit == fitGood && (best.fit != fitGood || l.message.even),
			l.fit == best.fit && l.fit >= fitOtherTerminal && l.message.even && !best.message.even,
			l.fit >= fitOtherTerminal && best.fit <= fitUnreadable,
			l.fit >= fitOtherTerminal && best.fit == fitCut && l.message.even:
			best = l
		}
	}
	return best
}

// sure reports whether nothing elsewhere in the frame can be a better reading.
func (l location) sure() bool { return l.fit == fitGood && l.message.even }

// try judges the bytes at an offset as a reply.
func (d *iso) try(body []byte, offset int) location {
	l := location{offset: offset}
	end := offset + d.mtiSize()
	if end > len(body) {
		return l
	}
	mti, ok := d.digits(body[offset:end])
	if !ok || !plausibleType(mti, d.version) {
		return l
	}
	m := d.walk(mti, body[end:])
	l.message = m
	switch {
	case mti != d.replyMTI:
		// Two bytes that look like a type are none without a message behind them.
		if l.message = (message{mti: mti}); m.even || m.readable() {
			l.fit = fitOtherType
		}
	case 0 < m.cutIn && m.cutIn <= 42:
		l.fit = fitCut
	case !m.readable():
		l.fit = fitUnreadable
	case m.terminal == nil || d.terminal == "":
		l.fit = fitNoTerminal
	case string(m.terminal) != d.terminal:
		l.fit = fitOtherTerminal
	default:
		l.fit = fitGood
	}
	return l
}

// plausibleType reports whether four digits are a message type of ISO 8583: its first
// digit is the version, its class is 1 to 8, its function 0 to 5.
func plausibleType(mti string, version byte) bool {
	return mti[0] == version && '1' <= mti[1] && mti[1] <= '8' && mti[2] <= '5'
}
