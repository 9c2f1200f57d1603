package render

import (
	"cmp"
	"strings"

	"posprobe/report"
)

// place is a position on the way from the terminal to the acquirer's application.
type place int

const (
	placeNone place = iota - 1
	placeTerminal
	placeLink
	placeGateway
	placeResolver
	placeBeyond
	placeTCP
	placeTLS
	placeSignOn
)

// placeOf is where a row of the catalogue lies on the way.
func placeOf(r report.Row) place {
	switch r.Layer {
	case report.LayerDevice:
		return placeTerminal
	case report.LayerLink, report.LayerAddress:
		return placeLink
	case report.LayerRoute, report.LayerNeighbor:
		return placeGateway
	case report.LayerResolver:
		return placeResolver
	case report.LayerAccess, report.LayerPath:
		if r.Domain == report.DomainHost { // what ends the way may be its far end
			return placeTCP
		}
		return placeBeyond
	case report.LayerTCP:
		return placeTCP
	case report.LayerTLS:
		return placeTLS
	case report.LayerSignOn, report.LayerAccount:
		return placeSignOn
	}
	return placeNone
}

var placeLabels = [...]label{
	placeTerminal: lPlaceTerminal, placeLink: lPlaceLink, placeGateway: lPlaceGateway, placeResolver: lPlaceResolver,
	placeBeyond: lPlaceBeyond, placeTCP: lPlaceTCP, placeTLS: lPlaceTLS, placeSignOn: lEcho,
}

// mark says how a hop stands.
type mark int

const (
	markOK       mark = iota
	markFailed        // seen to fail
	markSlow          // works, but slowly or not each time
	markHeldUp        // failed, explained by a fault further up
	markUntested      // not asked, or what failed is no fault
	markUnseen        // nothing is known
	markCount
)

// The signs have the East Asian width Neutral or Narrow, so that every terminal gives
// them one column (the ASCII signs: at most two).
var (
	markSigns  = [markCount]string{"✓", "✗", "~", "^", "-", "?"}
	markASCII  = [markCount]string{"ok", "X", "~", "^", "-", "?"}
	markStyles = [markCount]style{green, red, yellow, dim, dim, dim}
	markLabels = [markCount]label{lMarkOK, lMarkFailed, lMarkSlow, lMarkHeldUp, lMarkUntested, lMarkUnseen}
)

// hop is one line of the way.
type hop struct {
	place place
	// name is shown in the place's stead: the word for the message exchanged.
	name string
	// via is the link that leads to a gateway, "" where it is not known.
	via string
	// subjects are the names by which findings speak of it: a link, a resolver, an
	// endpoint, the address tried.
	subjects []string
	mark     mark
	parts    []string // what was measured
	broken   string   // what the first part becomes when a fault is found here
	failed   []string // pointers to the failed observations
	blame    []*group // the faults found here, the surest only
}

// stretch is a part of the way: the shop up to the acquirer's edge, or one endpoint.
type stretch struct {
	title string
	hops  []hop
}

// path draws the way to each endpoint, with the broken places marked.
func (v *view) path(p *page, way []stretch) {
	if len(way) == 0 {
		return
	}
	p.head(v.say(lWay))
	column := 0
	for _, l := range placeLabels {
		column = max(column, columns(v.say(l))+1)
	}
	for _, s := range way {
		for _, h := range s.hops {
			column = max(column, columns(h.name)+1)
		}
	}
	var used [markCount]bool
	for _, s := range way {
		indent := 2
		if s.title != "" {
			p.put(2, "", plain, s.title, plain)
			indent = 4
		}
		for _, h := range s.hops {
			used[h.mark] = true
			sign := p.marks[h.mark]
			gap := columns(p.marks[markOK]) - columns(sign) + 1
			lead := strings.Repeat(" ", indent) + sign + strings.Repeat(" ", gap) + v.placeName(h)
			// The columns are the same in all stretches.
			p.put(4+columns(p.marks[markOK])+1+column, lead, markStyles[h.mark], v.measured(h), plain)
		}
	}
	var legend []string
	for m, yes := range used {
		if yes {
			legend = append(legend, p.marks[m]+" "+v.say(markLabels[m]))
		}
	}
	p.unbroken(2, legend, dim)
}

// placeName is the word for the hop's place.
func (v *view) placeName(h hop) string { return cmp.Or(h.name, v.say(placeLabels[h.place])) }

// measured is the text of a hop, with a pointer to whose fault was found there, and
// how sure that is.
func (v *view) measured(h hop) string {
	s := v.join(h.parts...)
	if len(h.blame) == 0 {
		return s
	}
	var domains []report.Domain
	for _, g := range h.blame {
		domains = append(domains, g.Domain)
	}
	return s + " <==" + noBreak + v.or(v.domains(domains)) + v.bracketed(confidenceWords.in(v.lang, h.blame[0].Confidence))
}

// way looks at each hop by itself. It is empty when nothing at all was seen or asked.
func (v *view) way() []stretch {
	if v.evidenceCount() == 0 && len(v.r.Evidence.Tasks) == 0 {
		return nil
	}
	shop := stretch{hops: []hop{v.terminal()}}
	shop.hops = append(shop.hops, v.links()...)
	shop.hops = append(shop.hops, v.gateways()...)
	shop.hops = append(shop.hops, v.resolvers()...)
	shop.hops = append(shop.hops, v.beyond())
	return append([]stretch{shop}, v.endpoints()...)
}
