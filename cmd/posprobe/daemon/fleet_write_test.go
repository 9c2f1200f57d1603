package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// result is how a world went.
type result struct {
	world
	load   load
	steady float64
	window int // in seconds: a minute; more for a small fleet, of which chance makes more
}

func (r result) seconds() int { return int(r.length / time.Second) }

func (r result) splay() int { return int(defaults.Splay / time.Second) }

// first and peak60 are the highest load of a minute, in units of the steady one: before
// the start-up splay has passed, and after it. peak10 is that of ten seconds.
func (r result) first() float64  { return r.load.peak(0, r.splay(), r.window) / r.steady }
func (r result) peak60() float64 { return r.load.peak(r.splay(), r.seconds(), r.window) / r.steady }
func (r result) peak10() float64 { return r.load.peak(r.splay(), r.seconds(), 10) / r.steady }

// syns is the highest number of SYNs a second, repeated ones included, in a minute.
func (r result) syns() float64 {
	all := newLoad(r.length)
	for i := range all.opened {
		all.opened[i] = r.load.opened[i] + r.load.again[i]
	}
	return all.peak(r.splay(), r.seconds(), 60)
}

func (r result) line() string {
	return fmt.Sprintf("%-18s steady %.1f/s; in the splay %.2f, after it %.2f (10 s: %.2f); SYNs up to %.1f/s", r.name, r.steady, r.first(), r.peak60(), r.peak10(), r.syns())
}

func writeFleet(t *testing.T, dir string, terminals int, all []result, faults map[string]*fault) {
	t.Helper()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("FLEET.md", fleetTable(terminals, all, faults))
	write("fleet.tsv", fleetCurves(all))
	write("fleet.svg", fleetDrawing(all))
}

// fleetTable is what a reader sees first.
func fleetTable(terminals int, all []result, faults map[string]*fault) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# What a fleet does to the acquirer\n\n")
	fmt.Fprintf(&b, "Written by `go test ./cmd/posprobe/daemon -run TestFleet -fleet .`: %d,%03d terminals, each with the scheduler and the incident rules that the daemon runs,\n"+
		"at the default schedule, in virtual time. The load is what arrives at the acquirer: connections that are begun (those of traces among them) and echoes,\n"+
		"all of a round's in the second in which it begins. Steady is the mean of the same fleet on a good day, **%.1f a second**; the other figures are multiples of it.\n"+
		"Chance alone makes a highest minute of about 1.1, and as one terminal's follow-ups are up to %d arrivals at once, far more of ten seconds.\n"+
		"The test fails above 1.5 in a minute, once the start-up splay of %g min has passed.\n\n",
		terminals/1000, terminals%1000, all[0].steady, faults["hangs"].followed.sum(), defaults.Splay.Minutes())
	b.WriteString("| world | what happens | in the splay | peak after it, a minute | ten seconds | SYNs a second, with those that kernels repeat |\n|---|---|---|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %s | %.2f | **%.2f** | %.2f | %.0f |\n", r.name, r.about, r.first(), r.peak60(), r.peak10(), r.syns())
	}
	b.WriteString("\n![the load of each world](fleet.svg)\n\nThe curves are in `fleet.tsv`: arrivals in each ten seconds.\n\n" +
		"What a round brings to the acquirer, counted in saved reports of real rounds (a trace counts as three connections: the probe that arrives, and the two by which it overshoots):\n\n" +
		"| the host | full round | with everything that would decide | report |\n|---|---|---|---|\n")
	for _, name := range []string{"refuses", "hangs", "silent"} {
		f := faults[name]
		fmt.Fprintf(&b, "| %s | %s | %s | `%s` |\n", name, f.full, f.followed, f.name)
	}
	b.WriteString("\nA dead machine answers no SYN, and every terminal's kernel repeats each a few times before the first of them can know: that is no load on a host, and the last column\n" +
		"shows it for whoever runs the firewall before it.\n")
	return b.String()
}

func (a arrivals) sum() int { return a.echoes + sumOf(a.opened) }

func sumOf(list []int) (sum int) {
	for _, n := range list {
		sum += n
	}
	return sum
}

func (a arrivals) String() string {
	return fmt.Sprintf("%d connections, %d echoes", a.opened[0], a.echoes)
}

// fleetCurves are the arrivals of all worlds in each ten seconds.
func fleetCurves(all []result) string {
	var b strings.Builder
	b.WriteString("second")
	longest := 0
	for _, r := range all {
		b.WriteString("\t" + strings.ReplaceAll(r.name, " ", "_"))
		longest = max(longest, r.seconds())
	}
	b.WriteByte('\n')
	for s := 0; s < longest; s += 10 {
		fmt.Fprint(&b, s)
		for _, r := range all {
			b.WriteByte('\t')
			if s < r.seconds() {
				fmt.Fprintf(&b, "%.0f", r.load.mean(s, s+10)*10)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// fleetDrawing draws each world as a panel: the load in minutes over hours, in units of
// the steady one.
func fleetDrawing(all []result) string {
	const (
		left, top, width, height = 46, 22, 330, 96
		columns                  = 2
		unit                     = 48.0 // of the steady load
		hour                     = width / 4.0
	)
	rows := (len(all) + columns - 1) / columns
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="9.5">`+"\n", columns*(left+width+20), rows*(height+top+30))
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	for i, r := range all {
		x0, y0 := float64(left+i%columns*(left+width+20)), float64(top+i/columns*(height+top+30)+height)
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f">%s</text>`+"\n", x0, y0-height-6, r.about)
		for _, level := range []float64{0, 1, 1.5} {
			colour := map[bool]string{true: "#c33", false: "#999"}[level == 1.5]
			fmt.Fprintf(&b, `<path d="M%.0f %.1fh%d" stroke="%s" stroke-width="0.7"/><text x="%.0f" y="%.1f" text-anchor="end">%g</text>`+"\n", x0, y0-level*unit, width, colour, x0-4, y0-level*unit+4, level)
		}
		for h := range 5 {
			fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" text-anchor="middle">%d h</text>`+"\n", x0+float64(h)*hour, y0+14, h)
		}
		var points []string
		for s := 0; s+60 <= r.seconds(); s += 60 {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x0+float64(s)/3600*hour, y0-min(r.load.mean(s, s+60)/r.steady, 1.95)*unit))
		}
		for line := range slices.Chunk(points, 400) {
			fmt.Fprintf(&b, `<polyline fill="none" stroke="#236" points="%s"/>`+"\n", strings.Join(line, " "))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}
