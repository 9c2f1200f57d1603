package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Flag is a command line flag that was given.
type Flag struct {
	Name  string // with its dashes, as in --tpdu
	Value string // "true" or "false" for --tls
}

const (
	flagEndpoint = "--endpoint"
	flagResolver = "--resolver"
	flagTLS      = "--tls"
	flagCA       = "--ca"
	flagPin      = "--pin"
	flagWait     = "--wait"
)

// flagKeys are the flags that replace the value of one key.
var flagKeys = map[string]string{
	"--protocol": "acquirer.sign_on.protocol",
	"--message":  keyMessage,
	"--tpdu":     "acquirer.sign_on.tpdu",
	"--header":   "acquirer.sign_on.header",
	"--terminal": "terminal.id",
	"--merchant": "terminal.merchant",
	flagWait:     "limits.reply",
	"--name":     "acquirer.name",
	"--zone":     "acquirer.zone",
	"--hours":    "acquirer.service_hours.daily",
}

// tlsFields are the flags that replace a value in every endpoint's TLS.
var tlsFields = map[string]string{flagCA: "CA", flagPin: "Pin"}

// waitTag is narrower than the key's own range: nobody stands in a shop for longer.
const waitTag = `range:"1s,60s"`

// flagOf returns the flag that gives a key its value, "" when there is none.
func flagOf(key string) string {
	for flag, k := range flagKeys {
		if k == key {
			return flag
		}
	}
	return ""
}

// Override puts the values of command line flags in the place of the file's. The
// error is Mistakes; Check tells them again with all others.
//
// The order of different flags does not matter. --endpoint replaces all endpoints, and
// may be repeated; one that the file has under the same address keeps its TLS
// settings. --tls, --ca and --pin apply to every endpoint; --ca and --pin imply --tls,
// and --tls with the value false takes TLS away. --resolver replaces all resolvers and
// may be repeated. --protocol, --message, --tpdu, --header, --terminal, --merchant,
// --wait, --name, --zone and --hours replace single values. It panics on any other flag.
func (c *Config) Override(flags ...Flag) error {
	before := len(c.mistakes)
	c.replaceEndpoints(valuesOf(flags, flagEndpoint))
	c.replaceResolvers(valuesOf(flags, flagResolver))
	for _, name := range []string{flagTLS, flagCA, flagPin} { // the others imply the first
		for _, value := range valuesOf(flags, name) {
			for i := range c.Acquirer.Endpoints {
				c.overrideTLS(i, name, value)
			}
		}
	}
	for _, f := range flags {
		switch key, single := flagKeys[f.Name]; {
		case single:
			c.overrideKey(f, key)
		case !slices.Contains([]string{flagEndpoint, flagResolver, flagTLS, flagCA, flagPin}, f.Name):
			panic("config: no such flag: " + f.Name)
		}
	}
	return c.mistakes[before:].ordered().err()
}

func valuesOf(flags []Flag, name string) []string {
	var values []string
	for _, f := range flags {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

func (c *Config) replaceEndpoints(addresses []string) {
	if len(addresses) == 0 {
		return
	}
	const key = "acquirer.endpoints"
	field := c.field(key)
	old, oldPlaces := c.Acquirer.Endpoints, c.places
	c.Acquirer.Endpoints = nil
	c.places = without(oldPlaces, key)
	if f := tooMany(len(addresses), field.Tag); f != nil {
		c.flagMistake(flagEndpoint, "", key, *f)
		return
	}
	address, _ := reflect.TypeFor[Endpoint]().FieldByName("Address")
	for i, a := range addresses {
		at := key + index(i)
		var e Endpoint
		c.place(at, flagEndpoint, a)
		c.place(at+".address", flagEndpoint, a)
		if f := c.assign(reflect.ValueOf(&e.Address).Elem(), a, address.Tag); f != nil {
			c.flagMistake(flagEndpoint, a, at+".address", *f)
		}
		same := func(o Endpoint) bool { return strings.EqualFold(o.Address, a) }
		if from := slices.IndexFunc(old, same); from >= 0 && old[from].TLS != nil {
			e.TLS = new(*old[from].TLS)
			for p, where := range oldPlaces {
				if rest, below := strings.CutPrefix(p, key+index(from)+".tls"); below {
					c.places[at+".tls"+rest] = where
				}
			}
		}
		c.Acquirer.Endpoints = append(c.Acquirer.Endpoints, e)
	}
}

func (c *Config) replaceResolvers(addresses []string) {
	if len(addresses) == 0 {
		return
	}
	const key = "network.resolvers"
	field := c.field(key)
	c.Network.Resolvers = nil
	c.places = without(c.places, key)
	if f := tooMany(len(addresses), field.Tag); f != nil {
		c.flagMistake(flagResolver, "", key, *f)
		return
	}
	for i, a := range addresses {
		at := key + index(i)
		c.place(at, flagResolver, a)
		resolver, f := parseResolver(a)
		if f != nil {
			c.flagMistake(flagResolver, a, at, *f)
			continue
		}
		c.Network.Resolvers = append(c.Network.Resolvers, resolver)
	}
}

func (c *Config) overrideTLS(i int, name, value string) {
	e := &c.Acquirer.Endpoints[i]
	at := "acquirer.endpoints" + index(i) + ".tls"
	if name == flagTLS {
		on, f := parseBool(value)
		switch {
		case f != nil:
			c.flagMistake(name, value, at, *f)
		case !on:
			e.TLS = nil
			c.places = without(c.places, at)
		case e.TLS == nil:
			e.TLS = newTLS()
			c.place(at, name, "")
		}
		return
	}
	if e.TLS == nil {
		e.TLS = newTLS()
		c.place(at, name, "")
	}
	field, _ := reflect.TypeFor[TLS]().FieldByName(tlsFields[name])
	key := at + "." + field.Tag.Get("yaml")
	c.place(key, name, value)
	if f := c.assign(reflect.ValueOf(e.TLS).Elem().FieldByIndex(field.Index), value, field.Tag); f != nil {
		c.flagMistake(name, value, key, *f)
	}
}

func (c *Config) overrideKey(f Flag, key string) {
	field := c.field(key)
	if f.Name == flagWait {
		field.Tag = waitTag
	}
	c.place(key, f.Name, f.Value)
	if wrong := c.assign(field.Value, f.Value, field.Tag); wrong != nil {
		c.flagMistake(f.Name, f.Value, key, *wrong)
	}
}

// assign is assign for a flag's value, which must say something.
func (c *Config) assign(v reflect.Value, text string, tag reflect.StructTag) *fault {
	if text == "" && v.Kind() != reflect.Slice { // --header "" is a message without header
		return &fault{"has no value", "write the value after the flag, or leave the flag out"}
	}
	return assign(v, text, tag)
}

func (c *Config) place(key, flag, text string) {
	c.places[key] = place{file: flag, text: showable(text)}
}

func (c *Config) flagMistake(flag, value, key string, f fault) {
	c.record(Mistake{File: flag, Key: key, Value: showable(value), Problem: f.problem, Remedy: f.remedy})
}

// without returns the places that are not at the key or below it.
func without(places map[string]place, key string) map[string]place {
	rest := make(map[string]place, len(places))
	for p, where := range places {
		if p != key && !within(p, key) {
			rest[p] = where
		}
	}
	return rest
}

// keyField is a value of the configuration and its grammar.
type keyField struct {
	Value reflect.Value
	Tag   reflect.StructTag
}

// field finds the value of a key by its path. It panics on a path that is not there.
func (c *Config) field(path string) keyField {
	at := keyField{Value: reflectConfig(c)}
	for key := range strings.SplitSeq(path, ".") {
		t, found := at.Value.Type(), false
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("yaml") == key {
				at, found = keyField{at.Value.Field(i), t.Field(i).Tag}, true
				break
			}
		}
		if !found {
			panic(fmt.Sprintf("config: no key %s", strconv.Quote(path)))
		}
	}
	return at
}
