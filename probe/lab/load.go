//go:build linux

package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// LoadScenarios reads every scenario below a directory, in the order of their names, and
// says all that is wrong with them.
func LoadScenarios(dir string) ([]*Scenario, error) {
	var list []*Scenario
	var errs []error
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		s, err := ParseScenario(strings.TrimSuffix(filepath.ToSlash(relative), ".yaml"), text)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		list = append(list, s)
		return nil
	})
	errs = append(errs, err)
	for _, s := range list {
		errs = append(errs, checkTwin(s, list))
	}
	return list, errors.Join(errs...)
}

// ParseScenario reads one scenario; the twin is not looked for.
func ParseScenario(name string, text []byte) (*Scenario, error) {
	s := &Scenario{Name: name}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func checkTwin(s *Scenario, list []*Scenario) error {
	if s.Twin == "" {
		return nil
	}
	i := slices.IndexFunc(list, func(x *Scenario) bool { return x.Name == s.Twin })
	switch {
	case i < 0:
		return fmt.Errorf("%s: twin %q does not exist", s.Name, s.Twin)
	case slices.Equal(slices.Sorted(slices.Values(s.Truth)), slices.Sorted(slices.Values(list[i].Truth))):
		return fmt.Errorf("%s: twin %q has the same truth", s.Name, s.Twin)
	}
	return nil
}

// UnmarshalYAML reads "- verb" and "- verb: {argument: value}".
func (s *Step) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		s.Verb = node.Value
		return nil
	}
	if node.Kind != yaml.MappingNode || len(node.Content) != 2 {
		return fmt.Errorf("line %d: a step is a verb, or one verb with its arguments", node.Line)
	}
	s.Verb = node.Content[0].Value
	args := node.Content[1]
	if args.Tag == "!!null" {
		return nil
	}
	if args.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: the arguments of %s are not {name: value, ...}", args.Line, s.Verb)
	}
	return args.Decode(&s.Args)
}

// action looks the verb up and reads its arguments.
func (s Step) action() (action, error) {
	v, ok := verbs[s.Verb]
	if !ok {
		return nil, fmt.Errorf("unknown verb %q", s.Verb)
	}
	a, err := v(s.Args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Verb, err)
	}
	return a, nil
}

// decode reads arguments into a struct, which has a field for each of them.
func decode(args map[string]any, into any) error {
	if len(args) == 0 {
		return nil
	}
	text, err := yaml.Marshal(args)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return errors.New(withoutLines(err))
	}
	return nil
}

// withoutLines makes an error of the YAML package fit for text that nobody has seen.
func withoutLines(err error) string {
	var list *yaml.TypeError
	if !errors.As(err, &list) {
		return err.Error()
	}
	var said []string
	for _, e := range list.Errors {
		if _, rest, ok := strings.Cut(e, ": "); ok {
			e = rest
		}
		if name, _, ok := strings.Cut(strings.TrimPrefix(e, "field "), " not found in type"); ok {
			e = fmt.Sprintf("unknown argument %q", name)
		}
		said = append(said, e)
	}
	return strings.Join(said, "; ")
}
