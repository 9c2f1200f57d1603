package probe

// What follow-ups cost at the worst, in bytes of IP packets both ways. Retransmissions
// are those of a path that carries nothing back within the time that a task has.
const (
	// packet is a TCP segment without data at its largest: 40 bytes of IPv6 header, 20
	// of TCP, and as many of options (the SYN's).
	packet = 80
	// priceHandshake: SYN and SYN-ACK three times (0, 1 and 2 s), the acknowledgements,
	// and both FINs with theirs.
	priceHandshake = 12 * packet
	// errorPacket is an ICMPv6 error with the whole SYN in it, padded to 128 bytes (RFC
	// 4884 section 5.1).
	errorPacket = 40 + 8 + 128
	// priceHops: of twelve SYNs each is sent twice, and answered by one error at the
	// most: that ends the connection.
	priceHops = hopsAtOnce * (2*packet + errorPacket)
	// priceLookup: a question over UDP twice, with an answer of ednsSize each time, and
	// once over TCP.
	priceLookup = 3*(ednsSize+48) + 2*300 + priceHandshake
	// pricePortal: what is read of the answer, the request, headers of 12 segments, and
	// a look-up at two resolvers.
	pricePortal = priceHandshake + maxPortalHead + maxPortalBody + 400 + 12*packet + 2*2*300
	// priceTime: a question to a time server twice, with an answer each, and a look-up at
	// two resolvers.
	priceTime = 2*2*(sntpSize+48) + 2*2*300
	// priceSegments is what small segments add in headers.
	priceSegments = 16 * packet
)

// priceExchange is what an exchange costs. The answer of a TLS server is not ours to
// bound: 5000 bytes hold a chain of three certificates.
func priceExchange(e Endpoint) int {
	const keepalives, retransmissions = 6, 4
	price := priceHandshake + keepalives*packet
	if e.TLS != nil {
		hello := 250
		if e.TLS.LargeHello {
			hello = 1600
		}
		price += retransmissions*(hello+packet) + 5000 + 8*packet
	}
	if e.Dialect != nil {
		price += retransmissions*(len(e.Dialect.Request())+packet) + 2048 + 4*packet
	}
	return price
}
