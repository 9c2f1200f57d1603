package signontest

import (
	"fmt"
	"slices"
	"strings"
)

// Behaviour is one way in which the practice acquirer can behave.
type Behaviour struct {
	Name string
	// Argument is what stands behind "=" in Options.Behaviour, "" when nothing does.
	// Default is taken when it is left out; without a default it must be given.
	Argument, Default string
	// TerminalID chooses the behaviour from the terminal id of a request. Capitals stand
	// for themselves, n for a digit, x for a letter or digit, s for P (plus) or M
	// (minus), _ for anything. "" when the request comes too late to choose.
	TerminalID string
	// Imitates is what it is like in the field.
	Imitates string
	// Hostile: it is what an attacker does, to cost the client memory, time or data, or
	// to get into its output.
	Hostile bool

	stage stage
	needs feature
	// goesOn: what comes after its reply is answered as by a host in good order, in
	// protocol tcp, which has several steps.
	goesOn bool
	// fromID turns what n, x and s stood for into an argument; nil when it is one.
	fromID func(captured string) string
	make   func(d dialect, argument string) (action, error)
}

// Needs says what a dialect must have for the behaviour, "" for nothing.
func (b Behaviour) Needs() string {
	var out []string
	for f := feature(1); f <= b.needs; f <<= 1 {
		if b.needs&f != 0 {
			out = append(out, words[f])
		}
	}
	return strings.Join(out, " and ")
}

// stage is when a behaviour begins.
type stage int

const (
	onRequest stage = iota // a request was read
	onAccept               // a connection was accepted
	onListen               // the listening socket was made
)

// Behaviours lists every behaviour, the good ones first. A name stands twice where the
// argument differs between dialects; no dialect has both.
func Behaviours() []Behaviour {
	return slices.Concat(answers(), httpAnswers(), delays(), endings(), malformed(), httpFaults(), sockets(), hostile(), hostileHTTP())
}

// BehavioursFor lists the behaviours that a server with such options can have.
func BehavioursFor(o Options) ([]Behaviour, error) {
	d, err := o.dialect()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(Behaviours(), func(b Behaviour) bool { return !b.fits(d) }), nil
}

// fits reports whether a dialect has what the behaviour needs.
func (b Behaviour) fits(d dialect) bool { return b.needs&^d.has() == 0 }

// chosen is a behaviour with its argument.
type chosen struct {
	Behaviour
	argument string
	act      action
}

// String returns the choice as Options.Behaviour has it.
func (c chosen) String() string {
	if c.argument == "" {
		return c.Name
	}
	return c.Name + "=" + c.argument
}

// choose reads NAME or NAME=ARGUMENT.
func (d dialect) choose(text string) (chosen, error) {
	name, argument, given := strings.Cut(text, "=")
	err := fmt.Errorf("no behaviour %q", name)
	for _, b := range Behaviours() {
		if b.Name != name {
			continue
		}
		if !b.fits(d) {
			err = fmt.Errorf("behaviour %s needs %s", name, b.Needs())
			continue
		}
		if !given {
			argument = b.Default
		}
		switch {
		case b.Argument == "" && given:
			return chosen{}, fmt.Errorf("behaviour %s takes no argument", name)
		case b.Argument != "" && argument == "":
			return chosen{}, fmt.Errorf("behaviour %s needs an argument: %s=%s", name, name, b.Argument)
		}
		act, err := b.make(d, argument)
		if err != nil {
			return chosen{}, fmt.Errorf("behaviour %s: %w", name, err)
		}
		return chosen{b, argument, act}, nil
	}
	return chosen{}, err
}

// chooseByID returns the behaviour that a terminal id asks for.
func (d dialect) chooseByID(id string) (chosen, bool) {
	for _, b := range Behaviours() {
		captured, ok := matchID(b.TerminalID, id)
		if !ok || !b.fits(d) {
			continue
		}
		argument := captured
		if b.fromID != nil {
			argument = b.fromID(captured)
		}
		if argument == "" {
			argument = b.Default
		}
		if act, err := b.make(d, argument); err == nil {
			return chosen{b, argument, act}, true
		}
	}
	return chosen{}, false
}

// matchID compares a terminal id with a pattern and returns what n, x and s stood for.
func matchID(pattern, id string) (captured string, ok bool) {
	if pattern == "" || len(id) != len(pattern) {
		return "", false
	}
	for i, c := range []byte(id) {
		digit := '0' <= c && c <= '9'
		letter := 'A' <= c && c <= 'Z'
		switch p := pattern[i]; {
		case p == '_':
		case p == 'n' && digit, p == 'x' && (digit || letter), p == 's' && (c == 'P' || c == 'M'):
			captured += string(c)
		case p != c:
			return "", false
		}
	}
	return captured, true
}

// plain makes the action of a behaviour without an argument.
func plain(act action) func(dialect, string) (action, error) {
	return func(dialect, string) (action, error) { return act, nil }
}

// altered makes an action that changes the good reply and sends it.
func altered(change func(*reply)) func(dialect, string) (action, error) {
	return plain(func(s *session) {
		r := s.answer()
		change(&r)
		s.send(r.wire())
	})
}
