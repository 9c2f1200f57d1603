package render

import (
	"slices"
	"strings"

	"posprobe/report"
)

// judge puts on the hops, which so far were looked at one by one, what the findings
// say of them.
func (v *view) judge(way []stretch) {
	var hops []*hop
	for i := range way {
		for j := range way[i].hops {
			hops = append(hops, &way[i].hops[j])
		}
	}
	for i := range v.groups {
		if g := &v.groups[i]; g.standing() {
			for _, f := range g.members {
				for _, h := range v.found(hops, g, f) {
					h.accuse(g)
				}
			}
		}
	}
	for _, h := range hops {
		if h.mark == markFailed && (len(h.blame) == 0 || h.blame[0].Confidence == report.Possible) {
			h.mark = v.excuse(h)
		}
	}
}

// accuse marks the hop with a fault; the surest are kept. A fault that can only not
// be excluded leaves the mark as it was seen.
func (h *hop) accuse(g *group) {
	switch {
	case len(h.blame) == 0 || surer(g.Confidence, h.blame[0].Confidence):
		h.blame = []*group{g}
	case g.Confidence == h.blame[0].Confidence && !slices.Contains(h.blame, g):
		h.blame = append(h.blame, g)
	}
	switch {
	case !g.names():
	case !isDelay(g.Code):
		h.mark = markFailed
	case h.mark != markFailed:
		h.mark = markSlow
	}
}

func surer(a, b report.Confidence) bool {
	return slices.Index(report.Confidences(), a) > slices.Index(report.Confidences(), b)
}

// isDelay reports whether a code names something that works badly rather than not at
// all. Codes are permanent, and say so in their last word.
func isDelay(code report.Code) bool {
	last := string(code)[strings.LastIndexByte(string(code), '.')+1:]
	for _, w := range []string{"slow", "lossy", "weak", "congested", "flapping", "errors"} {
		if strings.Contains(last, w) {
			return true
		}
	}
	return false
}

// found returns the hops that a finding is about: those of its place that it names, or
// that hold one of the failed observations it explains; all of its place when it names
// none of them. When some of these failed, the others are not meant.
func (v *view) found(hops []*hop, g *group, f report.Finding) []*hop {
	at := placeOf(g.row)
	here := keep(hops, func(h *hop) bool { return h.place == at })
	meant := keep(here, func(h *hop) bool {
		return slices.ContainsFunc(h.failed, func(p string) bool { return pointsAt(f.Because, p) || pointsAt(f.Explains, p) })
	})
	if len(meant) > 0 {
		return meant
	}
	if meant = keep(here, func(h *hop) bool { return slices.Contains(h.subjects, f.Resource) }); len(meant) == 0 {
		meant = here
	}
	if bad := keep(meant, func(h *hop) bool { return h.mark != markOK }); len(bad) > 0 {
		return bad
	}
	return meant
}

func keep(hops []*hop, want func(*hop) bool) []*hop {
	var out []*hop
	for _, h := range hops {
		if want(h) {
			out = append(out, h)
		}
	}
	return out
}

// excuse returns the mark of a failed hop that no finding names: held up when a fault
// elsewhere explains all that failed, untested when a note does, else failed.
func (v *view) excuse(h *hop) mark {
	if len(h.failed) == 0 {
		return h.mark
	}
	m := markUntested
	for _, p := range h.failed {
		heldUp, noted := false, false
		for i := range v.groups {
			g := &v.groups[i]
			if !slices.ContainsFunc(g.members, func(f report.Finding) bool { return pointsAt(f.Explains, p) }) {
				continue
			}
			switch {
			case g.Kind == report.KindNote:
				noted = true
			case g.MaskedBy != "":
				heldUp = heldUp || v.named(g.MaskedBy)
			default:
				heldUp = heldUp || g.names() && placeOf(g.row) < h.place
			}
		}
		switch {
		case heldUp:
			m = markHeldUp
		case !noted:
			return markFailed
		}
	}
	return m
}

// named reports whether a fault of this code is found with some confidence.
func (v *view) named(code report.Code) bool {
	return slices.ContainsFunc(v.groups, func(g group) bool {
		return g.Kind == report.KindFault && g.Code == code && g.Confidence != report.Possible
	})
}

// pointsAt reports whether one of the pointers is p or lies inside it.
func pointsAt(pointers []string, p string) bool {
	return slices.ContainsFunc(pointers, func(q string) bool {
		rest, ok := strings.CutPrefix(q, p)
		return ok && (rest == "" || rest[0] == '/')
	})
}
