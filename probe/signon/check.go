package signon

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// checkIDs complains about the ids that are sent.
func (c *Config) checkIDs(errs *ConfigErrors) {
	if slices.Contains(c.Fields, 41) {
		checkID(errs, keyTerminal, c.Terminal, 8, "the 8 characters of the terminal id that the acquirer issued")
	}
	if slices.Contains(c.Fields, 42) {
		checkID(errs, keyMerchant, c.Merchant, 15, "the 15 characters of the merchant id that the acquirer issued")
	}
}

// checkID complains about an id that is missing or has the wrong form.
func checkID(errs *ConfigErrors, key, value string, size int, what string) {
	switch {
	case value == "":
		errs.add(key, "", "is missing", "give "+what)
	case len(value) != size || !isPrintable(value):
		errs.add(key, value, "has not the right form", "give "+what)
	}
}

func (c *Config) checkHeaderLength(errs *ConfigErrors) {
	if len(c.Header) > maxHeader {
		errs.add(keyHeader, hex.EncodeToString(c.Header), "is longer than 128 bytes", "give the header alone, without TPDU and message")
	}
}

// checkFields accepts the fields that can be filled.
func (c *Config) checkFields(errs *ConfigErrors, can []int) {
	remedy := "choose from " + list(can)
	if len(c.Fields) == 0 {
		errs.add(keyFields, "[]", "names no field", remedy)
	}
	for i, f := range c.Fields {
		value := strconv.Itoa(f)
		switch {
		case isSecret(f):
			errs.add(keyFields, value, "can hold card data or keys and is never sent", remedy)
		case !slices.Contains(can, f):
			errs.add(keyFields, value, "is a field that cannot be filled", remedy)
		case i > 0 && c.Fields[i-1] == f:
			errs.add(keyFields, value, "is named twice", "name each field once")
		}
	}
}

// checkStan complains about a trace number that is sent.
func (c *Config) checkStan(errs *ConfigErrors) {
	if slices.Contains(c.Fields, 11) && (c.Stan < 1 || c.Stan > 999999) {
		errs.add(keyStan, strconv.FormatUint(uint64(c.Stan), 10), "is no trace number", "give 1 to 999999")
	}
}

// list tells numbers, as in 11, 41 and 42.
func list(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
