package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// assignPercent reads a share such as 20% and holds it to the tag "range".
func assignPercent(p *Percent, text string, tag reflect.StructTag) *fault {
	low, high := rangeOf(tag)
	least, _ := strconv.Atoi(low)
	most, _ := strconv.Atoi(high)
	remedy := fmt.Sprintf("write a whole number from %d%% to %d%%", least, most)
	digits, has := strings.CutSuffix(text, "%")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	inside := err == nil && n >= least && n <= most
	switch {
	case inside && !has:
		return &fault{"has no percent sign", fmt.Sprintf("write %d%%", n)}
	case inside && digits != strconv.Itoa(n):
		return &fault{"is written with a sign, a space or more zeros than needed", fmt.Sprintf("write %d%%", n)}
	case !inside:
		return &fault{"is no share that can stand here", remedy}
	}
	*p = Percent(n)
	return nil
}

const bytesRemedy = "write a number and its unit (kB, MB or GB) without a space, as in 500kB or 16MB"

// assignBytes reads an amount of data with its unit and holds it to the tag "range".
func assignBytes(p *Bytes, text string, tag reflect.StructTag) *fault {
	n, f := parseBytes(text)
	if f != nil {
		return f
	}
	low, high := rangeOf(tag)
	least, _ := parseBytes(low)
	most, _ := parseBytes(high)
	switch {
	case n < least:
		return &fault{"is too little", fmt.Sprintf("write an amount from %s to %s", low, high)}
	case n > most:
		return &fault{"is too much", fmt.Sprintf("write an amount from %s to %s", low, high)}
	}
	*p = n
	return nil
}

// parseBytes says what is wrong with a unit, and what was probably meant. The units are
// the powers of ten of ISO 80000-1, in which data plans and storage are sold.
func parseBytes(text string) (Bytes, *fault) {
	m := numberUnit.FindStringSubmatch(text)
	switch {
	case m == nil:
		return 0, &fault{"is no amount of data", bytesRemedy}
	case m[2] == "":
		return 0, &fault{"has no unit", bytesRemedy}
	}
	for _, u := range amounts {
		switch {
		case text == m[1]+u.unit:
			number, _ := strconv.ParseFloat(m[1], 64)
			return Bytes(math.Round(number * float64(u.size))), nil
		case slices.Contains(u.means, strings.ToLower(m[2])):
			return 0, &fault{"is written with another unit or a space", fmt.Sprintf("write %s%s", m[1], u.unit)}
		}
	}
	return 0, &fault{fmt.Sprintf("has the unit %q, which is none", clean(m[2])), bytesRemedy}
}

// amounts are the units of data, and ways in which people write them.
var amounts = []struct {
	unit  string
	size  Bytes
	means []string
}{
	{"GB", 1e9, []string{"g", "gb", "gbyte", "gbytes", "gigabyte", "gigabytes"}},
	{"MB", 1e6, []string{"m", "mb", "mbyte", "mbytes", "megabyte", "megabytes", "兆", "兆字节"}},
	{"kB", 1e3, []string{"k", "kb", "kbyte", "kbytes", "kilobyte", "kilobytes", "千字节"}},
}
