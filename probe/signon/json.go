package signon

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// jsonValue returns the value at a path in a JSON text (RFC 8259): names of members and,
// in arrays, indices from 0, with dots between them. Strings are returned without their
// quotes, everything else as it is written; ok is false for objects, arrays and what is
// not there. Of members with the same name the first one counts.
//
// It reads token by token: a hostile depth costs a few bytes a level, and encoding/json
// gives up at the depth of 10000.
func jsonValue(text []byte, path string) (value string, ok bool) {
	if !json.Valid(text) {
		return "", false
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	for step := range strings.SplitSeq(path, ".") {
		if !enter(in, step) {
			return "", false
		}
	}
	token, err := in.Token()
	if err != nil {
		return "", false
	}
	switch v := token.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case nil:
		return "null", true
	}
	return "", false
}

// enter moves on to a member of the object, or an element of the array, that comes next.
func enter(in *json.Decoder, step string) bool {
	token, err := in.Token()
	if err != nil || token != json.Delim('{') && token != json.Delim('[') {
		return false
	}
	for i := 0; in.More(); i++ {
		name := strconv.Itoa(i)
		if token == json.Delim('{') {
			key, err := in.Token()
			if err != nil {
				return false
			}
			name, _ = key.(string)
		}
		if name == step {
			return true
		}
		if skip(in) != nil {
			return false
		}
	}
	return false
}

// skip passes over the next value.
func skip(in *json.Decoder) error {
	for depth := 0; ; {
		token, err := in.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
