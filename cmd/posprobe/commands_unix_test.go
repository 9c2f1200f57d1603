//go:build unix

package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestManualIsSound: the page passes the checks of mandoc and of groff, and shows every
// flag in a way that can be searched for.
func TestManualIsSound(t *testing.T) {
	if _, err := time.Parse(time.DateOnly, manDate); err != nil {
		t.Error(err)
	}
	for _, lang := range []string{"en", "zh"} {
		page := run(t, nil, "man", "--lang", lang)
		if page.exit != 0 || page.stderr != "" {
			t.Fatalf("%+v", page)
		}
		for _, line := range strings.Split(page.stdout, "\n") {
			if strings.HasPrefix(line, "'") || strings.HasSuffix(line, " ") {
				t.Errorf("%q", line)
			}
		}
		path := filepath.Join(t.TempDir(), "posprobe.8")
		writeFile(t, path, page.stdout)
		t.Run("mandoc "+lang, func(t *testing.T) {
			need(t, false, "mandoc")
			out, err := exec.Command("mandoc", "-Kutf-8", "-Tlint", "-Wwarning", path).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%v\n%s", err, out)
			}
			text, err := exec.Command("mandoc", "-Kutf-8", "-Tutf8", path).Output()
			shown := regexp.MustCompile(`.\x08`).ReplaceAllString(string(text), "")
			for _, c := range commands() {
				for _, o := range c.all() {
					if !strings.Contains(shown, "--"+o.name) && !slices.ContainsFunc(siteOptions, func(s option) bool { return s.name == o.name }) {
						t.Errorf("%s --%s is not shown: %v", c.name, o.name, err)
					}
				}
			}
		})
		t.Run("man "+lang, func(t *testing.T) {
			need(t, false, "man", "groff")
			cmd := exec.Command("man", "--warnings", "-l", path)
			cmd.Env = append(cmd.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80")
			var complaints bytes.Buffer
			cmd.Stderr = &complaints
			if out, err := cmd.Output(); err != nil || complaints.Len() > 0 || !strings.Contains(string(out), "POSPROBE(8)") {
				t.Errorf("%v\n%s", err, complaints.String())
			}
		})
	}
}

// TestCompletions: the shells themselves take the scripts and complete with them.
func TestCompletions(t *testing.T) {
	dir := t.TempDir()
	script := func(shell string) string {
		o := run(t, nil, "completion", shell)
		if o.exit != 0 || o.stderr != "" {
			t.Fatalf("%+v", o)
		}
		path := filepath.Join(dir, "_posprobe."+shell)
		writeFile(t, path, o.stdout)
		return path
	}
	writeFile(t, filepath.Join(dir, "some report.json"), "")
	cases := []struct {
		line string // what was typed; the last word is completed
		want string
	}{
		{"posprobe ch", "check"}, {"posprobe co", "completion config"}, {"posprobe config ", "--config check"},
		{"posprobe check --prot", "--protocol"}, {"posprobe check --protocol iso", "iso8583-1987 iso8583-1993"},
		{"posprobe check --format ", "json text"}, {"posprobe completion ", "--lang bash fish zsh"},
		{"posprobe pause --l", "--lang"}, {"posprobe check --endpoint x", ""}, {"posprobe diagnose some", "some report.json"},
		{"posprobe help resu", "resume"},
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	t.Run("bash", func(t *testing.T) {
		need(t, false, "bash")
		path := script("bash")
		for _, c := range cases {
			ask := `source "$1"; cd "$2"; IFS=' ' read -ra COMP_WORDS <<<"$3"; [[ $3 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }; _posprobe; printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '`
			out, err := exec.CommandContext(ctx, "bash", "-uc", ask, "bash", path, dir, c.line).CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
				t.Errorf("%q: %q, want %q (%v)", c.line, got, c.want, err)
			}
		}
	})
	t.Run("fish", func(t *testing.T) {
		need(t, false, "fish")
		path := script("fish")
		for _, c := range cases {
			cmd := exec.CommandContext(ctx, "fish", "--no-config", "-c", `source $argv[1]; cd $argv[2]; complete -C $argv[3]`, path, dir, c.line)
			cmd.Env = append(cmd.Environ(), "HOME="+dir)
			out, err := cmd.CombinedOutput()
			var got []string
			for line := range strings.Lines(string(out)) {
				word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
				got = append(got, strings.ReplaceAll(word, `\ `, " "))
			}
			slices.Sort(got)
			want := strings.TrimPrefix(strings.TrimPrefix(c.want, "--config "), "--lang ") // flags need a dash here
			if strings.Join(got, " ") != want && strings.Join(got, " ") != c.want {
				t.Errorf("%q: %q, want %q (%v)", c.line, got, want, err)
			}
		}
	})
	t.Run("zsh", func(t *testing.T) {
		need(t, false, "zsh")
		path := script("zsh")
		// A shell on a pseudo terminal lists what the Tab key gives.
		ask := `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z "PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -D -u; zstyle ':completion:*' list-colors ''; LISTMAX=1000; source '$1'; cd '$2'; echo REA''DY"
zpty -r -m z chunk '*READY*'; sleep 0.3
zpty -w -n z "$3"$'\t\t'
for i in {1..80}; do
  sleep 0.25; while zpty -r -t z chunk; do out+=$chunk; done
  missing=; for w in ${=4}; do [[ $out == *$w* ]] || missing=$w; done
  [[ -z $missing ]] && break
done
zpty -d z; print -r -- "$missing"`
		for _, c := range cases[:5] {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				cmd := exec.CommandContext(ctx, "zsh", "-fc", ask, "zsh", path, dir, c.line, c.want)
				cmd.Env = append(cmd.Environ(), "HOME="+dir, "TERM=dumb", "LC_ALL=C.UTF-8")
				if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "" {
					t.Errorf("%q: no %q (%v)", c.line, out, err)
				}
			})
		}
	})
	if o := run(t, nil, "completion", "tcsh"); o.exit != 2 || !strings.Contains(o.stderr, `"tcsh": no such shell; write bash, zsh, fish`) {
		t.Errorf("%+v", o)
	}
}
