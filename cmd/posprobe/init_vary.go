package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"posprobe/cmd/posprobe/config"
)

// Other TPDUs and headers are tried at most maxVariations times, betweenVariations apart:
// less than what a terminal sends that retries a sign-on by itself.
const (
	maxVariations     = 6
	betweenVariations = 2 * time.Second
)

// commonHeaders are message headers that are seen often: magnetic card and IC card
// payment with software version 31 (2010), and version 22 (2004).
var commonHeaders = []string{config.DefaultHeader, "602200000000", "613100311000"}

// A variation is another TPDU and header for the same message; a nil TPDU is none.
type variation struct{ tpdu, header []byte }

func (v variation) flags() []config.Flag {
	return []config.Flag{{Name: "--tpdu", Value: v.TPDU()}, {Name: "--header", Value: v.Header()}}
}

// TPDU and Header are in hexadecimal.
func (v variation) TPDU() string   { return strings.ToUpper(hex.EncodeToString(v.tpdu)) }
func (v variation) Header() string { return strings.ToUpper(hex.EncodeToString(v.header)) }

// String names a variation as flags do.
func (v variation) String() string {
	return fmt.Sprintf(`--tpdu "%s" --header "%s"`, v.TPDU(), v.Header())
}

// variations are what may be meant by a TPDU and header that the host does not answer,
// the likely ones first: addresses of the TPDU that are swapped or not set, a header that
// is not used, and common headers.
func variations(s config.SignOn) []variation {
	given := variation{s.TPDU, s.Header}
	isUnionPay := isUnionPay(s.Protocol)
	if given.header == nil && isUnionPay {
		given.header = mustHex(config.DefaultHeader)
	}
	var list []variation
	add := func(tpdu, header []byte) {
		same := func(v variation) bool { return bytes.Equal(v.tpdu, tpdu) && bytes.Equal(v.header, header) }
		if !same(given) && !slices.ContainsFunc(list, same) && len(list) < maxVariations {
			list = append(list, variation{tpdu, header})
		}
	}
	t := s.TPDU
	isWhole := len(t) == 5 // 60, destination and source (ISO 8583 over NAC: two bytes each)
	if isWhole {
		add([]byte{t[0], t[3], t[4], t[1], t[2]}, given.header)
	}
	add(t, nil)
	if isUnionPay {
		add(t, mustHex(commonHeaders[0]))
	}
	if isWhole {
		add([]byte{t[0], t[1], t[2], 0, 0}, given.header)
		add([]byte{t[0], 0, 0, 0, 0}, given.header)
	}
	if isUnionPay {
		for _, h := range commonHeaders[1:] {
			add(t, mustHex(h))
		}
	} else { // which needs no TPDU
		add(nil, given.header)
	}
	return list
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // a constant of ours
	}
	return b
}
