package signon

import "fmt"

// identity is what every dialect says of itself. It is all that is printed of one: the
// rest of it holds ids, and headers that may be secret.
type identity struct{ protocol, fingerprint string }

func (i identity) Protocol() string    { return i.protocol }
func (i identity) Fingerprint() string { return i.fingerprint }

// Format prints a dialect, whatever the verb.
func (i identity) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "signon[%s %s]", i.protocol, i.fingerprint)
}

// Format prints a configuration without its content, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "signon.Config[%s]", c.Protocol) }

// Format prints a request without its content, whatever the verb.
func (h HTTP) Format(f fmt.State, _ rune) { fmt.Fprint(f, "signon.HTTP[…]") }

// Format prints a step without its content, whatever the verb.
func (s Step) Format(f fmt.State, _ rune) { fmt.Fprint(f, "signon.Step[…]") }
