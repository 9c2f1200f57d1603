package config

import (
	"reflect"
	"time"
)

// Default returns the configuration of a site that says nothing. It has no endpoint:
// Check refuses it until there is one.
func Default() *Config {
	c := &Config{places: map[string]place{}}
	setDefaults(reflectConfig(c))
	return c
}

// setDefaults gives the fields of a struct, and of those in it, the values of their tag
// "default". What stands behind a pointer or in a list has its own when it is made.
func setDefaults(v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if text, has := f.Tag.Lookup("default"); has {
			if f := assign(v.Field(i), text, f.Tag); f != nil {
				panic("config: the default of " + t.Name() + " " + f.problem) // seen by every test
			}
		} else if f.Type.Kind() == reflect.Struct && !scalar(f.Type) {
			setDefaults(v.Field(i))
		}
	}
}

// newTLS returns the TLS settings of an endpoint that has none of its own.
func newTLS() *TLS {
	t := new(TLS)
	setDefaults(reflect.ValueOf(t).Elem())
	return t
}

// DefaultHeader is the header of a UnionPay message where the file gives none, in hex:
// magnetic card payment (60), software version 31, normal state, no requirement. It is
// the one that is seen most; a host may want its own.
const DefaultHeader = "603100311000"

// The words of the configuration that the code asks about.
const (
	profilePrivateAPN = "private-apn"

	helloLarge = "large"

	formatSyslog = "syslog"

	shipReference = "reference"
)

// inMs is a duration in the reports' unit.
func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
