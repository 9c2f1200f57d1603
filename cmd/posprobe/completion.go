package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"posprobe/probe/clean"
	"posprobe/report"
)

// shells are those that a completion can be printed for.
var shells = []string{"bash", "zsh", "fish"}

// completion prints a script that completes commands, flags and the values that flags
// can have, from the table of commands.
func (a app) completion(_ context.Context, args []string) int {
	lang, others, status, ok := a.langOnly("completion", args, 1)
	if !ok {
		return status
	}
	script := map[string]func(report.Lang) string{"bash": completeBash, "zsh": completeZsh, "fish": completeFish}[others[0]]
	if script == nil {
		return a.misuse("completion %q: no such shell; write %s", clean.Text(others[0]), strings.Join(shells, ", "))
	}
	fmt.Fprint(a.stdout, script(lang))
	return exitHealthy
}

// completed are the commands as shells see them: one for each first word, with all that
// can follow it.
func completed() []command {
	var list []command
	for _, c := range commands() {
		first, second, two := strings.Cut(c.name, " ")
		c.options = slices.Clone(c.all())
		c.name, c.site = first, false
		if two {
			c.words = []string{second}
		}
		i := slices.IndexFunc(list, func(o command) bool { return o.name == first })
		if i < 0 {
			list = append(list, c)
			continue
		}
		list[i].words = append(list[i].words, c.words...)
		for _, o := range c.options {
			if !slices.ContainsFunc(list[i].options, func(k option) bool { return k.name == o.name }) {
				list[i].options = append(list[i].options, o)
			}
		}
	}
	for i := range list {
		if list[i].name == "help" {
			list[i].words = names(list)
		}
	}
	return list
}

func names(list []command) []string {
	var words []string
	for _, c := range list {
		words = append(words, c.name)
	}
	return words
}

// takesFile is true for values that are file names.
func takesFile(value string) bool { return strings.HasPrefix(value, "FILE") }

func completeBash(report.Lang) string {
	var b strings.Builder
	b.WriteString(`# bash completion of posprobe: posprobe completion bash >/etc/bash_completion.d/posprobe
_posprobe() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= files=
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='` + strings.Join(names(completed()), " ") + `'
	else
		case ${COMP_WORDS[1]}$prev in
`)
	for _, c := range completed() {
		var silent, files []string
		for _, o := range c.options {
			pattern := c.name + "--" + o.name
			switch {
			case o.words != nil:
				fmt.Fprintf(&b, "\t\t%s) words='%s' ;;\n", pattern, strings.Join(o.words, " "))
			case takesFile(o.value):
				files = append(files, pattern)
			case o.value != "":
				silent = append(silent, pattern)
			}
		}
		if files != nil {
			fmt.Fprintf(&b, "\t\t%s) files=1 ;;\n", strings.Join(files, "|"))
		}
		if silent != nil {
			fmt.Fprintf(&b, "\t\t%s) ;;\n", strings.Join(silent, "|"))
		}
	}
	b.WriteString("\t\t*)\n\t\t\tcase ${COMP_WORDS[1]} in\n")
	for _, c := range completed() {
		words := slices.Clone(c.words)
		for _, o := range c.options {
			words = append(words, "--"+o.name)
		}
		files := ""
		if takesFile(c.args) {
			files = " files=1"
		}
		fmt.Fprintf(&b, "\t\t\t%s) words='%s'%s ;;\n", c.name, strings.Join(words, " "), files)
	}
	b.WriteString(`			esac ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	if [ -n "$files" ]; then
		compopt -o filenames
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
	fi
}
complete -F _posprobe posprobe
`)
	return b.String()
}

func completeZsh(lang report.Lang) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	escape := strings.NewReplacer(`\`, `\\`, ":", `\:`, "[", `\[`, "]", `\]`)
	var b strings.Builder
	b.WriteString(`#compdef posprobe
# zsh completion of posprobe: posprobe completion zsh >"${fpath[1]}/_posprobe"
_posprobe() {
	local -a list
	if (( CURRENT == 2 )); then
		list=(
`)
	for _, c := range completed() {
		fmt.Fprintf(&b, "\t\t\t%s\n", quote(c.name+":"+escape.Replace(c.text.In(lang))))
	}
	b.WriteString(`		)
		_describe command list
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
`)
	for _, c := range completed() {
		fmt.Fprintf(&b, "\t%s) _arguments", c.name)
		for _, o := range c.options {
			spec := "--" + o.name + "[" + escape.Replace(o.text.In(lang)) + "]"
			if o.value != "" {
				spec = "*" + spec + ":" + o.value + ":"
				spec = strings.Replace(spec, "HOST:PORT:", `HOST\:PORT:`, 1)
			}
			switch {
			case o.words != nil:
				spec += "(" + strings.Join(o.words, " ") + ")"
			case takesFile(o.value):
				spec += "_files"
			}
			b.WriteString(" \\\n\t\t" + quote(spec))
		}
		switch words := c.words; {
		case words != nil:
			b.WriteString(" \\\n\t\t" + quote("1:"+c.name+":("+strings.Join(words, " ")+")"))
		case takesFile(c.args):
			b.WriteString(" \\\n\t\t'*:FILE:_files'")
		case c.args != "":
			b.WriteString(" \\\n\t\t" + quote("1:"+c.args+":"))
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("\tesac\n}\nif [ \"$funcstack[1]\" = _posprobe ]; then\n\t_posprobe \"$@\"\nelse\n\tcompdef _posprobe posprobe\nfi\n")
	return b.String()
}

func completeFish(lang report.Lang) string {
	quote := func(s string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
	}
	var b strings.Builder
	b.WriteString(`# fish completion of posprobe: posprobe completion fish >~/.config/fish/completions/posprobe.fish
function __posprobe_in
	set -l words (commandline -opc)
	test (count $words) -gt 1; and test "$words[2]" = $argv[1]
end
complete -c posprobe -f
`)
	for _, c := range completed() {
		in := "-n '__posprobe_in " + c.name + "'"
		fmt.Fprintf(&b, "complete -c posprobe -n 'test (count (commandline -opc)) -eq 1' -a %s -d %s\n", c.name, quote(c.text.In(lang)))
		if words := c.words; words != nil {
			fmt.Fprintf(&b, "complete -c posprobe %s -a %s\n", in, quote(strings.Join(words, " ")))
		}
		if takesFile(c.args) {
			fmt.Fprintf(&b, "complete -c posprobe %s -F\n", in)
		}
		for _, o := range c.options {
			takes := ""
			switch {
			case o.words != nil:
				takes = " -x -a " + quote(strings.Join(o.words, " "))
			case takesFile(o.value):
				takes = " -r -F"
			case o.value != "":
				takes = " -x"
			}
			fmt.Fprintf(&b, "complete -c posprobe %s -l %s%s -d %s\n", in, o.name, takes, quote(o.text.In(lang)))
		}
	}
	return b.String()
}
