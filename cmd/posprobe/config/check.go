package config

import (
	"slices"
	"strconv"
	"strings"
)

// Check returns everything that is wrong with the configuration as it now stands, in
// the order of the file and with the flags last: the mistakes found on reading, and
// what no single value shows, such as values that are missing or contradict each
// other and files that cannot be used. It reads the certificate and key files. Nil
// means that Site, Dialect and TLS will work.
func (c *Config) Check() Mistakes {
	all := slices.Clone(c.mistakes)
	if !c.unread {
		all = slices.Concat(all, c.checkEndpoints(), c.checkSignOn(), c.checkHours(),
			c.checkDevice(), c.checkLimits(), c.checkSchedule(), c.checkShip())
	}
	if len(all) == 0 {
		return nil
	}
	return all.ordered()
}

func (c *Config) checkEndpoints() Mistakes {
	const key = "acquirer.endpoints"
	if len(c.Acquirer.Endpoints) == 0 {
		if c.faulty(key) {
			return nil
		}
		return Mistakes{c.at(key, fault{
			"is empty, so there is nothing to ask",
			"write the acquirer's HOST:PORT as an address below it, or give " + flagEndpoint + " HOST:PORT",
		})}
	}
	var out Mistakes
	first := map[string]int{}
	for i, e := range c.Acquirer.Endpoints {
		at := key + index(i) + ".address"
		switch before, twice := first[strings.ToLower(e.Address)]; {
		case e.Address == "" && c.faulty(at):
		case e.Address == "":
			out = append(out, c.at(at, fault{"is missing", "write HOST:PORT"}))
		case twice:
			out = append(out, c.at(at, fault{"is the address of " + key + index(before) + " as well", "keep one of the two"}))
		default:
			first[strings.ToLower(e.Address)] = i
		}
		if e.TLS != nil {
			_, wrong := c.loadTLS(i)
			out = append(out, wrong...)
		}
	}
	return out
}

// at makes a mistake of a fault: in the flag that gave the key, else on the key's
// line, else on the line of the closest key above it.
func (c *Config) at(key string, f fault) Mistake {
	m := Mistake{File: c.file, Key: clean(key), Problem: f.problem, Remedy: f.remedy}
	if p, ok := c.places[key]; ok {
		m.File, m.Line, m.Value = p.file, p.line, p.text
		return m
	}
	for above := parent(key); above != ""; above = parent(above) {
		if p, ok := c.places[above]; ok {
			// A missing value belongs to what lacks it, a flag's endpoint for example.
			m.File, m.Line = p.file, p.line
			return m
		}
	}
	if c.file != "" {
		m.Line = 1
	}
	return m
}

// parent returns the path without its last key or index.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// faulty is true when a mistake is already known of the key, of a key below it, or of
// what it stands in: then it is not missed as well.
func (c *Config) faulty(key string) bool {
	for _, m := range c.mistakes {
		if m.Key == key || within(m.Key, key) || m.Key != "" && within(key, m.Key) {
			return true
		}
	}
	return false
}

// within is true for a path below another.
func within(path, above string) bool {
	return strings.HasPrefix(path, above+".") || strings.HasPrefix(path, above+"[")
}

// fromFlag is true when the key's value came from the command line.
func (c *Config) fromFlag(key string) bool {
	return strings.HasPrefix(c.places[key].file, "--")
}

// firstGiven returns the first of the keys that the file or a flag gave, else the last.
func (c *Config) firstGiven(keys ...string) string {
	for _, k := range keys {
		if _, ok := c.places[k]; ok {
			return k
		}
	}
	return keys[len(keys)-1]
}
