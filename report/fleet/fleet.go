package fleet

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"posprobe/report"
)

// Options bound what a Fleet looks at and keeps. The zero value of each field stands for
// its default.
type Options struct {
	// Now is when the question is asked; what terminals dated more than ten minutes later
	// is counted and passed over. Zero: the records' own times are believed.
	Now time.Time
	// Last is how long before the newest record the look goes: 10 min to 7 days, by
	// default 24 hours.
	Last time.Duration
	// Terminals is how many are told apart, by default 100,000; more are counted and
	// passed over. A terminal takes 0.3 kB, at worst 2 kB.
	Terminals int
	// Names is how many terminals are named in each group, by default 20.
	Names int
	// Terminal narrows the summary to the groups of one terminal, by its name; "" is all.
	Terminal string
}

func (o Options) withDefaults() Options {
	o.Last = min(max(cmp.Or(o.Last, 24*time.Hour), 10*time.Minute), 7*24*time.Hour)
	o.Terminals = cmp.Or(o.Terminals, 100_000)
	o.Names = cmp.Or(o.Names, 20)
	return o
}

// Fleet gathers records. It is for one goroutine.
type Fleet struct {
	options   Options
	lines     Lines
	seen      window
	number    map[string]int32
	terminals []terminal

	codes, endpoints, providers, groups *names
	// together are the pairs of endpoints that some terminal has both of.
	together map[[2]int32]bool
	newest   minute
}

// Lines counts what was read.
type Lines struct {
	// Reports are reports that were taken; Records what else was of use.
	Reports int64 `json:"reports"`
	Records int64 `json:"records"`
	// Repeated came more than once, by their ids.
	Repeated int64 `json:"repeated"`
	// Broken are neither reports nor records, or cut short; Long longer than MaxLine.
	Broken int64 `json:"broken"`
	Long   int64 `json:"long"`
	// Unnamed name no terminal, Misdated lie in the future or have no time.
	Unnamed  int64 `json:"unnamed"`
	Misdated int64 `json:"misdated"`
	// TooMany are of terminals beyond Options.Terminals; Forgotten is how many old states
	// of single terminals gave way to newer ones.
	TooMany   int64 `json:"too_many"`
	Forgotten int64 `json:"forgotten"`
}

// New returns a Fleet without terminals.
func New(o Options) *Fleet {
	return &Fleet{options: o.withDefaults(), number: map[string]int32{},
		codes: newNames(2000), endpoints: newNames(20_000), providers: newNames(100_000), groups: newNames(20_000),
		together: map[[2]int32]bool{}}
}

// AddLine decodes a line and adds it. source names the terminal where the line does not,
// "" for nothing.
func (f *Fleet) AddLine(line []byte, source string) {
	r, err := Decode(line)
	if err != nil {
		f.lines.Broken++
		return
	}
	r.Terminal = cmp.Or(r.Terminal, source)
	f.Add(r)
}

// AddLong counts lines that were too long to be read.
func (f *Fleet) AddLong(n int64) { f.lines.Long += n }

// Add adds a record, in whatever order they come.
func (f *Fleet) Add(r Record) {
	at := minuteOf(r.At)
	switch {
	case r.ID != "" && f.seen.again(r.ID):
		f.lines.Repeated++
		return
	case r.Terminal == "":
		f.lines.Unnamed++
		return
	case at == 0 || !f.options.Now.IsZero() && at > minuteOf(f.options.Now)+slot:
		f.lines.Misdated++
		return
	}
	t := f.terminal(r.Terminal)
	if t == nil {
		f.lines.TooMany++
		return
	}
	if r.Kind == "" {
		f.lines.Reports++
	} else {
		f.lines.Records++
	}
	f.newest = max(f.newest, at)
	f.learn(t, &r)
	switch {
	case r.Ended:
		for i := range t.runs {
			if t.runs[i].to <= at {
				t.runs[i].open = false
			}
		}
	case r.Verdict != "":
		if t.add(f.run(t, &r, at)) {
			f.lines.Forgotten++
		}
	}
}

func (f *Fleet) terminal(name string) *terminal {
	i, ok := f.number[name]
	if !ok {
		if len(f.terminals) >= f.options.Terminals {
			return nil
		}
		i = int32(len(f.terminals))
		f.number[name] = i
		f.terminals = append(f.terminals, terminal{name: name})
	}
	return &f.terminals[i]
}

// learn keeps what a record says of the terminal beside its state.
func (f *Fleet) learn(t *terminal, r *Record) {
	for _, p := range r.Providers {
		if n := f.providers.of(p); n != 0 && !slices.Contains(t.providers, n) && len(t.providers) < maxProviders {
			t.providers = append(t.providers, n)
		}
	}
	t.version = cmp.Or(f.groups.of(prefixed("version ", r.Version)), t.version)
	t.model = cmp.Or(f.groups.of(prefixed("model ", r.Model)), t.model)
	t.region = cmp.Or(f.groups.of(prefixed("region ", r.Region)), t.region)
}

// prefixed puts kind in front of a text that is not empty.
func prefixed(kind, s string) string {
	if s == "" {
		return ""
	}
	return kind + s
}

// domains gives a domain a small number.
var domains = report.Domains()

// run makes a run of a record.
func (f *Fleet) run(t *terminal, r *Record, at minute) run {
	n := run{from: minuteOf(r.From), to: at, sick: r.Verdict != report.VerdictHealthy, planned: r.Planned != "", carried: r.Carried, open: r.Open}
	// A beginning long ago may be a clock that was set.
	if n.from > n.to || n.to-n.from > 7*24*60 {
		n.from = n.to
	}
	if n.sick {
		n.code, n.local = f.codes.of(string(r.Code)), local(r.Code, r.Domain)
		n.domain = uint8(max(slices.Index(domains, r.Domain), 0))
	}
	for _, e := range r.Endpoints {
		number := f.endpoints.of(e.Address)
		i := slices.Index(t.endpoints, number)
		if number == 0 || i < 0 && len(t.endpoints) == maxEndpoints {
			continue
		}
		if i < 0 {
			i = len(t.endpoints)
			for _, other := range t.endpoints {
				if len(f.together) < 100_000 {
					f.together[[2]int32{number, other}], f.together[[2]int32{other, number}] = true, true
				}
			}
			t.endpoints = append(t.endpoints, number)
		}
		switch bit := uint8(1) << i; e.State {
		case Good:
			n.good |= bit
		case Bad:
			n.bad |= bit
		}
	}
	return n
}

// each calls f with the endpoints whose bits are set.
func (t *terminal) each(set uint8, f func(endpoint int32)) {
	for ; set != 0; set &= set - 1 {
		f(t.endpoints[bits.TrailingZeros8(set)])
	}
}
