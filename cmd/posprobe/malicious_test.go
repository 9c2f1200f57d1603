//go:build linux

package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// What a check may hold in memory at the most, whatever it is sent, in kilobytes: 16 MB. Some 10
// MB are the pages of the program's own file; a check that fails and asks further takes
// about 2 MB more than a good one, TLS and its certificates 1 MB, with no peer meaning
// harm. What harm can be done is the rest.
const (
	maxResident    = 16_000_000 / 1024
	maxResidentTLS = 16_000_000 / 1024
)

// hostileArguments are what a hostile behaviour that takes an argument is tried with.
var hostileArguments = map[string][]string{
	"drip":           {"1s", "20ms"},
	"flood":          {"10000000"},
	"poll-drip":      {"200ms"},
	"chunk-size":     {"8000000000000000", "ffffffffffffffff", "1000000000000000a", "-1", "0x10"},
	"content-length": {"9223372036854775808", "9223372036854775807", "-1", "+5", "99999999999999999999"},
	"deep-json":      {"1000000", "30000"},
}

// attacks are what a column is attacked with: the hostile behaviours, and those of
// careless hosts that a check must not repeat.
func (c column) attacks(t *testing.T) []string {
	t.Helper()
	list, err := signontest.BehavioursFor(c.options)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range list {
		switch {
		case !b.Hostile && !slices.Contains([]string{"secrets", "escape", "gbk", "mirror", "huge-headers", "trickle", "stall-body"}, b.Name):
		case b.Argument == "" || hostileArguments[b.Name] == nil:
			out = append(out, b.Name)
		default:
			for _, a := range hostileArguments[b.Name] {
				out = append(out, b.Name+"="+a)
			}
		}
	}
	return out
}

// TestMalicious: a peer that means harm costs neither memory nor time beyond what a
// check may take, gets nothing into its output, and is not followed anywhere.
func TestMalicious(t *testing.T) {
	binary(t)
	var running sync.WaitGroup
	var most, mostTLS atomic.Int64
	places := make(chan struct{}, 12)
	for _, c := range columns() {
		for _, behaviour := range c.attacks(t) {
			running.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				t.Run(c.name+"/"+behaviour, func(t *testing.T) {
					most := &most
					if c.options.TLS != "" {
						most = &mostTLS
					}
					resident := c.attack(t, behaviour)
					for old := most.Load(); resident > old && !most.CompareAndSwap(old, resident); old = most.Load() {
					}
				})
			})
		}
	}
	running.Wait()
	plain, secure := columns()[0], columns()[0]
	secure.options.TLS = "good"
	t.Logf("resident at the most, under attack, with a host that closes, in a good exchange: %d, %d, %d kB; over TLS %d, %d, %d kB",
		most.Load(), plain.attack(t, "close"), plain.attack(t, "good"), mostTLS.Load(), secure.attack(t, "close"), secure.attack(t, "good"))
}

// attack checks one behaviour and returns the memory that it took, in kilobytes.
func (c column) attack(t *testing.T, behaviour string) int64 {
	t.Helper()
	o := c.options
	o.Behaviour = behaviour
	s := acquirer(t, o)
	cmd := exec.Command(binary(t), "check", "--config", c.configure(t, s), "--wait", "2s", "--format", "json")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "POSPROBE_RUN_DIR=" + t.TempDir(), "LANG=C.UTF-8"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	resident := watchMemory(cmd.Process.Pid)
	deadline := time.AfterFunc(60*time.Second, func() { cmd.Process.Kill() })
	cmd.Wait()
	deadline.Stop()
	kilobytes := resident()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	r, err := report.Decode(stdout.Bytes())
	if err != nil || strings.Contains(stderr.String(), "goroutine ") {
		t.Fatalf("%v: %v\n%s\n%s", cmd.ProcessState, err, stdout.String(), stderr.String())
	}
	limit := int64(maxResident)
	if o.TLS != "" {
		limit = maxResidentTLS
	}
	if kilobytes > limit || kilobytes == 0 {
		t.Errorf("%d kB of memory", kilobytes)
	}
	if s.Connections() > 12 {
		t.Errorf("%d connections", s.Connections())
	}
	var text bytes.Buffer
	text.Write(stdout.Bytes())
	for _, lang := range []string{"en", "zh"} {
		shown := runWith(t, stdout.String(), nil, "diagnose", "-", "--lang", lang)
		text.WriteString(shown.stdout + shown.stderr)
	}
	text.Write(stderr.Bytes())
	leaks(t, text.String())
	if text.Len() > 200_000 {
		t.Errorf("%d bytes of output", text.Len())
	}
	if len(r.Evidence.SignOns) > 0 && r.Diagnosis.Confidence == report.Proven && r.Diagnosis.Domain != report.DomainHost {
		t.Errorf("a hostile peer proves that it is the %s: %s", r.Diagnosis.Domain, r.Diagnosis.Code)
	}
	return kilobytes
}

// leaks reports what stands in output that must not: planted secrets in any form, the
// terminal's own ids, and characters that steer a terminal.
func leaks(t *testing.T, text string) {
	t.Helper()
	plain := strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(text))
	for _, secret := range append(signontest.PlantedSecrets(), matrixTerminal, matrixMerchant, signontest.PlantedPAN[:12]) {
		secret = strings.ToLower(secret)
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), strings.ReplaceAll(secret, "-", "")} {
			if strings.Contains(plain, form) {
				t.Errorf("%q in the output: %s", form, around(plain, form))
			}
		}
	}
	for _, r := range text {
		if r != unicode.ReplacementChar && unfit(r) { // what could not be read may be shown as such
			t.Errorf("%q in the output", r)
			break
		}
	}
}

// around returns what stands about a text in another.
func around(all, text string) string {
	at := strings.Index(all, text)
	return all[max(0, at-60):min(len(all), at+len(text)+60)]
}

// watchMemory looks at the greatest resident set that a process has had, again and
// again, since the number that a parent gets at the end counts the parent's own as well
// (vfork). The returned function says in kilobytes what it was.
func watchMemory(pid int) func() int64 {
	var most atomic.Int64
	ended := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err != nil {
				return
			}
			var kilobytes int64
			if _, line, ok := strings.Cut(string(b), "VmHWM:"); ok {
				fmt.Sscan(line, &kilobytes)
				most.Store(max(most.Load(), kilobytes))
			}
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(stop)
		<-ended
		return most.Load()
	}
}
