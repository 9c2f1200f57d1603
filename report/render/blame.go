package render

import (
	"slices"
	"strings"

	"posprobe/report"
)

// verdicts holds what the findings say of the hops. Its indexes keep the work in
// proportion to the report, however many findings and observations a file holds.
type verdicts struct {
	hops      []*hop
	failed    map[string][]*hop    // failed observation: the hops that show it
	explained map[string][]*group  // observation: the groups that explain it
	named     map[report.Code]bool // faults that are found with some confidence
}

// judge puts on the hops, which so far were looked at one by one, what the findings
// say of them: first those that name somebody, then what follows from these, then
// those that can only not be excluded.
func (v *view) judge(way []stretch) {
	j := v.index(way)
	v.each((*group).names, func(g *group, f report.Finding) {
		for _, h := range j.found(g, f) {
			h.accuse(g)
		}
	})
	for _, h := range j.hops {
		if h.mark == markFailed && len(h.blame) == 0 {
			h.mark = j.excuse(h)
		}
	}
	v.each((*group).suspected, func(g *group, f report.Finding) {
		for _, h := range j.suspects(g, f) {
			h.accuse(g)
		}
	})
	for _, h := range j.hops {
		switch {
		case h.mark == markFailed && h.broken != "":
			h.parts[0] = h.broken
		case h.place == placeTerminal && len(h.blame) > 0 && h.blame[0].names():
			h.parts = slices.Insert(h.parts, 0, v.subject(h.blame[0])) // what is read here says nothing of it
		}
	}
}

// each calls do for the findings of the groups that are wanted.
func (v *view) each(want func(*group) bool, do func(*group, report.Finding)) {
	for i := range v.groups {
		if g := &v.groups[i]; want(g) {
			for _, f := range g.members {
				do(g, f)
			}
		}
	}
}

// index looks up hops and findings once.
func (v *view) index(way []stretch) *verdicts {
	j := &verdicts{failed: map[string][]*hop{}, explained: map[string][]*group{}, named: map[report.Code]bool{}}
	for i := range way {
		for k := range way[i].hops {
			h := &way[i].hops[k]
			j.hops = append(j.hops, h)
			for _, p := range h.failed {
				j.failed[p] = append(j.failed[p], h)
			}
		}
	}
	for i := range v.groups {
		g := &v.groups[i]
		if g.Kind == report.KindFault && g.Confidence != report.Possible {
			j.named[g.Code] = true
		}
		for _, f := range g.members {
			for _, p := range f.Explains {
				p = observed(p)
				if list := j.explained[p]; len(list) == 0 || list[len(list)-1] != g {
					j.explained[p] = append(list, g)
				}
			}
		}
	}
	return j
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

// shown returns the hops with a failed observation that f rests on or explains.
func (j *verdicts) shown(f report.Finding) []*hop {
	var out []*hop
	for _, pointers := range [][]string{f.Because, f.Explains} {
		for _, p := range pointers {
			for _, h := range j.failed[observed(p)] {
				if !slices.Contains(out, h) {
					out = append(out, h)
				}
			}
		}
	}
	return out
}

// found returns the hops that a named fault is about: those of its place that show its
// failed observations; at the endpoint the step that failed, for a fault of the host's
// transport may show in the exchange alone. Else those of its place that it names, or
// all of them; of these the ones that were tested, and not the sound ones beside others.
func (j *verdicts) found(g *group, f report.Finding) []*hop {
	if restsOnScreen(f) { // it shows nowhere on the way
		return nil
	}
	at := placeOf(g.row)
	here := func(h *hop) bool { return h.place == at }
	shown := j.shown(f)
	if meant := keep(shown, here); len(meant) > 0 {
		return meant
	}
	if at >= placeTCP {
		if meant := keep(shown, func(h *hop) bool { return h.place >= placeTCP }); len(meant) > 0 {
			return meant
		}
	}
	meant := keep(j.hops, func(h *hop) bool { return here(h) && h.mark != markUntested })
	if named := keep(meant, func(h *hop) bool { return slices.Contains(h.subjects, f.Resource) }); len(named) > 0 {
		meant = named
	}
	if bad := keep(meant, func(h *hop) bool { return h.mark != markOK }); len(bad) > 0 {
		return bad
	}
	return meant
}

// suspects returns the hops that a fault may be about which can only not be excluded.
// They are hops that failed, never sound or untested ones: those of its place, else
// those that show what it would explain.
func (j *verdicts) suspects(g *group, f report.Finding) []*hop {
	at := placeOf(g.row)
	shown := keep(j.shown(f), func(h *hop) bool { return h.mark != markOK && h.mark != markUntested })
	if meant := keep(shown, func(h *hop) bool { return h.place == at }); len(meant) > 0 {
		return meant
	}
	if meant := keep(j.hops, func(h *hop) bool {
		return h.place == at && (h.mark == markFailed || h.mark == markSlow) && slices.Contains(h.subjects, f.Resource)
	}); len(meant) > 0 {
		return meant
	}
	return shown
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
// elsewhere explains all that failed, or the link that leads there is broken; untested
// when a note explains it, else failed.
func (j *verdicts) excuse(h *hop) mark {
	if h.via != "" && slices.ContainsFunc(j.hops, func(l *hop) bool {
		return l.place == placeLink && l.mark == markFailed && slices.Contains(l.subjects, h.via)
	}) {
		return markHeldUp
	}
	if len(h.failed) == 0 {
		return h.mark
	}
	m := markUntested
	for _, p := range h.failed {
		heldUp, noted := false, false
		for _, g := range j.explained[p] {
			switch {
			case g.Kind == report.KindNote:
				noted = true
			case g.MaskedBy != "":
				heldUp = heldUp || j.named[g.MaskedBy]
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

// observed cuts a pointer to the observation that it leads into:
// "/evidence/connects/0/tcp" to "/evidence/connects/0".
func observed(pointer string) string {
	slashes := 0
	for i := range len(pointer) {
		if pointer[i] == '/' {
			if slashes++; slashes == 4 {
				return pointer[:i]
			}
		}
	}
	return pointer
}
