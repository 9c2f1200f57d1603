package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/term"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/clean"
	"posprobe/probe/signon"
	"posprobe/report"
)

var initOptions = []option{
	{name: "config", value: "FILE", text: report.Text{
		ZH: "写到哪里，缺省为 " + defaultConfig + "；- 表示打印出来",
		EN: "where to write, default " + defaultConfig + "; - prints it",
	}},
	{name: "force", text: report.Text{ZH: "替换已有的文件", EN: "replace a file that is there"}},
	{name: "yes", text: report.Text{
		ZH: "不提问；标准输入不是终端时也不提问",
		EN: "ask nothing; so it is where standard input is no terminal",
	}},
	{name: "learn", text: report.Text{
		ZH: "不提问也试连主机；没有收到应答时再换 TPDU 和报文头试，最多 6 次，每次间隔 2 秒，只发 echo",
		EN: "try the host even without questions, and where it does not answer other TPDUs and headers: at most 6, 2 s apart, echoes alone",
	}},
	{name: "name", value: "NAME", text: report.Text{ZH: "收单机构的名称", EN: "the acquirer's name"}},
	{name: "zone", value: "ZONE", text: report.Text{
		ZH: "收单机构的时区，缺省 Asia/Shanghai",
		EN: "the acquirer's time zone, default Asia/Shanghai",
	}},
	{name: "hours", value: "HOURS", text: report.Text{
		ZH: "每天的服务时间，如 06:00-23:30，缺省全天",
		EN: "when its host answers each day, as in 06:00-23:30, default always",
	}},
}

// setup is one run of posprobe init.
type setup struct {
	app
	lang report.Lang
	// flags are what is known: from the command line, and from answers.
	flags []config.Flag
	// learn: other messages may be tried without asking first.
	learn bool
	in    *bufio.Reader
}

// initConfig writes a commented configuration, from questions or from flags.
func (a app) initConfig(ctx context.Context, args []string) int {
	s := &setup{app: a, in: bufio.NewReader(io.LimitReader(a.stdin, maxAnswers))}
	var force, yes bool
	path, langFlag := defaultConfig, ""
	flags := a.flagSet("init")
	flags.StringVar(&path, "config", path, "")
	flags.BoolVar(&force, "force", false, "")
	flags.BoolVar(&yes, "yes", false, "")
	flags.BoolVar(&s.learn, "learn", false, "")
	flags.StringVar(&langFlag, langOption.name, "", "")
	siteFlags(flags, &s.flags)
	for _, name := range []string{"name", "zone", "hours"} {
		flags.Func(name, "", func(value string) error {
			s.flags = append(s.flags, config.Flag{Name: "--" + name, Value: value})
			return nil
		})
	}
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	var err error
	if s.lang, err = chosenLang(langFlag, a.lang); err != nil {
		return a.misuse("%v", err)
	}
	for _, f := range s.flags {
		if f.Name == "--wait" { // which is for now and not written
			if err := config.Default().Override(f); err != nil {
				return a.misuse("%v", err)
			}
		}
		if f.Name == "--message" && f.Value == signon.MessageSignOn {
			return a.misuse("--message sign-on replaces the terminal's working keys and is not written without more ado; leave it out, and read in the file what message needs")
		}
	}
	path, err = writable(path, force)
	if err != nil {
		return a.misuse("%v", err)
	}
	if _, err := s.with(s.flags); err != nil {
		return a.misuse("%v", err)
	}
	ask := !yes && isTerminal(a.stdin)
	if ask {
		// Signals end what is being tried; while a question stands they end the program.
		s.ask(ctx)
	} else if _, missing := s.result(path); missing == nil && s.learn {
		s.tryAll(ctx)
	}
	text, problem := s.result(path)
	if problem != nil {
		return a.misuse("%v", problem)
	}
	if err := write(a.stdout, path, text); err != nil {
		return a.fail(err)
	}
	if path != stdoutName {
		next := "posprobe check"
		if path != defaultConfig {
			next += " --config " + path
		}
		s.say(report.Text{ZH: "已写入 %s；下一步：%s", EN: "wrote %s; next: %s"}, clean.Text(path), clean.Text(next))
	}
	return exitHealthy
}

// with is the configuration of what flags say, and what is wrong with them.
func (s *setup) with(flags []config.Flag) (*config.Config, error) {
	c := config.Default()
	err := c.Override(slices.DeleteFunc(slices.Clone(flags), func(f config.Flag) bool { return f.Name == "--wait" })...)
	for _, e := range c.Acquirer.Endpoints {
		if e.TLS != nil && e.TLS.CA != "" { // in a file it would start from the file's folder
			if full, err := filepath.Abs(e.TLS.CA); err == nil {
				e.TLS.CA = full
			}
		}
	}
	return c, err
}

// result is the file to be written, or what is missing for it.
func (s *setup) result(path string) ([]byte, error) {
	c, _ := s.with(s.flags)
	if m := c.Check(); m != nil {
		return nil, m
	}
	text := c.Commented(s.lang)
	again, err := config.Parse(path, text)
	if err != nil {
		return nil, err
	}
	if m := again.Check(); m != nil { // what a command may ask for once, and a file may not
		return nil, m
	}
	return text, nil
}

// say writes a line for the person who is asked.
func (s *setup) say(t report.Text, args ...any) {
	fmt.Fprintln(s.stderr, printable(fmt.Sprintf("posprobe: "+t.In(s.lang), args...)))
}

// interruptible ends with the first signal to stop, so that a round can end in order.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

func isTerminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
