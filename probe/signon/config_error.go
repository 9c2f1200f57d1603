package signon

import (
	"fmt"
	"strings"
)

// ConfigError is one thing that is wrong with a Config.
type ConfigError struct {
	// Key is the setting as the configuration file spells it, such as
	// "acquirer.sign_on.tpdu".
	Key string
	// Value is what was given, "" when it is missing.
	Value string
	// Problem says what is wrong with it, Remedy what to do.
	Problem string
	Remedy  string
}

// Error returns the whole complaint in one line.
func (e *ConfigError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %s; %s", e.Key, e.Problem, e.Remedy)
	}
	return fmt.Sprintf("%s: %q: %s; %s", e.Key, e.Value, e.Problem, e.Remedy)
}

// ConfigErrors is everything that is wrong with a Config, in the order of its fields.
type ConfigErrors []*ConfigError

// Error returns one complaint a line.
func (e ConfigErrors) Error() string {
	lines := make([]string, len(e))
	for i, c := range e {
		lines[i] = c.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single errors, for errors.As.
func (e ConfigErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, c := range e {
		errs[i] = c
	}
	return errs
}

// add notes a complaint.
func (e *ConfigErrors) add(key, value, problem, remedy string) {
	*e = append(*e, &ConfigError{Key: key, Value: value, Problem: problem, Remedy: remedy})
}

// err returns e as an error, nil when nothing is wrong.
func (e ConfigErrors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// choose tells the words that may stand somewhere.
func choose(words []string) string {
	last := len(words) - 1
	return "choose " + strings.Join(words[:last], ", ") + " or " + words[last]
}
