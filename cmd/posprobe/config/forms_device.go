package config

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkLink is the kernel's dev_valid_name (net/core/dev.c) where that rules: at most
// 15 bytes (IFNAMSIZ of include/uapi/linux/if.h less the NUL), no slash, colon or space.
func checkLink(s string) *fault {
	if runtime.GOOS == "windows" {
		return checkText(s)
	}
	remedy := "write the name that `ip link` shows, as in eth0"
	switch {
	case len(s) > 15:
		return &fault{"is longer than the 15 characters of an interface name", remedy}
	case s == "." || s == ".." || strings.ContainsAny(s, "/:") || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unprintable(r) }):
		return &fault{"is no interface name", remedy}
	}
	return nil
}

// processCap is the longest name of a program, in characters: that of the file it was
// started from, since the kernel's own name for it (comm) is cut at 15 bytes.
const processCap = 64

func checkProcess(s string) *fault {
	remedy := "write the name that ps shows, as in payapp"
	switch {
	case strings.Contains(s, "/"):
		return &fault{"is a path", "write the program's name alone, as in " + clean(filepath.Base(s))}
	case utf8.RuneCountInString(s) > processCap:
		return &fault{fmt.Sprintf("is longer than %d characters", processCap), remedy}
	case strings.ContainsFunc(s, unprintable) || strings.TrimSpace(s) != s:
		return &fault{"is no program's name", remedy}
	}
	return nil
}

// checkFile accepts a file name that means the same wherever posprobe is started.
func checkFile(s string) *fault {
	if f := checkPath(s); f != nil {
		return f
	}
	if !strings.HasPrefix(s, "/") && !filepath.IsAbs(s) {
		return &fault{"is no full path", "write it from the root on, as in /" + clean(strings.TrimPrefix(s, "./"))}
	}
	return nil
}

// maxNumbers is the most numbers of a version.
const maxNumbers = 8

// checkVersion accepts numbers with dots between them, which can be compared.
func checkVersion(s string) *fault {
	f := &fault{"is no version number", `write numbers with dots between them, in quotes, as in "3.10.2"`}
	numbers := strings.Split(s, ".")
	if len(numbers) > maxNumbers {
		return f
	}
	for _, n := range numbers {
		if n == "" || len(n) > 9 || strings.Trim(n, "0123456789") != "" {
			return f
		}
	}
	return nil
}
