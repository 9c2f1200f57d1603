package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/signon"
	"posprobe/report"
)

// maxAnswers bounds what is read for all questions together, in bytes, and maxTries how
// often one is asked again.
const (
	maxAnswers = 64 << 10
	maxTries   = 3
)

// A question is asked when none of its flags was given.
type question struct {
	flags []string
	text  report.Text
	// usual is what an empty answer stands for.
	usual func(*config.Config) string
	// needed: an empty answer does not do.
	needed bool
	// only is true for the protocols that use the answer; nil for all.
	only func(protocol string) bool
	// parts turns an answer into flags; nil for one that goes to its flag as it is.
	parts func(answer string) []config.Flag
	// then is what the host is asked after it.
	then func(*setup, context.Context)
}

// questions are asked in this order, at most six of them for any protocol.
var questions = []question{
	{
		flags: []string{"--endpoint"}, needed: true,
		text: report.Text{
			ZH: "收单主机的地址，写成 HOST:PORT；有多个时用空格分开，主用在前",
			EN: "Address of the acquirer's host, HOST:PORT; several with spaces between, main first",
		},
		parts: func(answer string) []config.Flag {
			var out []config.Flag
			for address := range strings.FieldsSeq(answer) {
				out = append(out, config.Flag{Name: "--endpoint", Value: address})
			}
			return out
		},
		then: (*setup).tryConnect,
	},
	{
		flags: []string{"--tls", "--ca", "--pin"},
		text:  report.Text{ZH: "主机使用 TLS 吗？y/n", EN: "Does the host speak TLS? y/n"},
		usual: func(c *config.Config) string {
			for _, e := range c.Acquirer.Endpoints {
				if strings.HasSuffix(e.Address, "443") {
					return "y"
				}
			}
			return "n"
		},
		parts: func(answer string) []config.Flag {
			value := answer
			switch strings.ToLower(answer) {
			case "y", "yes", "是":
				value = "true"
			case "n", "no", "否":
				value = "false"
			}
			return []config.Flag{{Name: "--tls", Value: value}}
		},
		then: func(s *setup, ctx context.Context) {
			if c, _ := s.with(s.flags); len(c.Acquirer.Endpoints) > 0 && c.Acquirer.Endpoints[0].TLS != nil {
				s.tryConnect(ctx)
			}
		},
	},
	{
		flags: []string{"--protocol"},
		text: report.Text{
			ZH: "协议：" + strings.Join(config.Protocols(), "、") + "；none 只测连接",
			EN: "Protocol: " + strings.Join(config.Protocols(), ", ") + "; none tests the connection alone",
		},
		usual: func(*config.Config) string { return signon.ProtocolUnionPay },
	},
	{
		flags: []string{"--terminal", "--merchant"}, needed: true,
		text: report.Text{
			ZH: "终端号和商户号（见签购单），中间空格",
			EN: "Terminal id and merchant id, as on a receipt, with a space between",
		},
		only:  isUnionPay,
		parts: words("--terminal", "--merchant"),
	},
	{
		flags: []string{"--terminal", "--merchant"},
		text: report.Text{
			ZH: "终端号和商户号（见签购单），中间空格；报文不发送它们时直接回车",
			EN: "Terminal id and merchant id, as on a receipt, with a space between; nothing where the message has none",
		},
		only:  isPlainISO,
		parts: words("--terminal", "--merchant"),
	},
	{
		flags: []string{"--tpdu", "--header"}, needed: true,
		text: report.Text{
			ZH: "TPDU 和报文头（十六进制，见支付应用的设置），中间空格；报文头不写为 " + config.DefaultHeader + "，- 表示没有",
			EN: "TPDU and header in hexadecimal, from the payment application's settings, with a space between; without a header it is " + config.DefaultHeader + ", - stands for none",
		},
		only: isUnionPay,
		parts: func(answer string) []config.Flag {
			out := words("--tpdu", "--header")(answer)
			for i := range out {
				if out[i].Value == "-" {
					out[i].Value = ""
				}
			}
			return out
		},
		then: (*setup).tryMessage,
	},
	{
		flags: []string{"--tpdu", "--header"},
		text: report.Text{
			ZH: "TPDU 和报文头（十六进制，见支付应用的设置），中间空格；没有时直接回车",
			EN: "TPDU and header in hexadecimal, from the payment application's settings, with a space between; nothing where there is none",
		},
		only:  isPlainISO,
		parts: words("--tpdu", "--header"),
		then:  (*setup).tryMessage,
	},
	{
		flags: []string{"--hours"},
		text: report.Text{
			ZH: "主机每天的服务时间，如 06:00-23:30；直接回车为全天",
			EN: "When the host answers each day, as in 06:00-23:30; nothing for always",
		},
		usual: func(c *config.Config) string { return c.Acquirer.ServiceHours.Daily },
	},
}

func isUnionPay(protocol string) bool { return protocol == signon.ProtocolUnionPay }

func isPlainISO(protocol string) bool {
	return protocol == signon.ProtocolISO1987 || protocol == signon.ProtocolISO1993
}

// words gives the words of an answer to flags, in order; what is too much goes to the
// last one, which then tells that it is wrong.
func words(flags ...string) func(string) []config.Flag {
	return func(answer string) []config.Flag {
		var out []config.Flag
		for i, word := range strings.Fields(answer) {
			if i < len(flags) {
				out = append(out, config.Flag{Name: flags[i], Value: word})
			} else {
				out[len(flags)-1].Value += " " + word
			}
		}
		return out
	}
}

// ask puts the questions that no flag has answered, and tries the host as soon as enough
// is known. Answers that nobody gives are found to be missing in the end.
func (s *setup) ask(ctx context.Context) {
	for _, q := range questions {
		c, _ := s.with(s.flags)
		asked := !slices.ContainsFunc(q.flags, func(name string) bool { return given(s.flags, name) })
		if q.only != nil && !q.only(c.Acquirer.SignOn.Protocol) {
			continue
		}
		if asked && !s.answer(q, c) {
			return
		}
		if q.then != nil {
			q.then(s, ctx)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// answer asks one question until the answer can be used; false when there are no more
// answers to be had.
func (s *setup) answer(q question, c *config.Config) bool {
	usual := ""
	if q.usual != nil {
		usual = q.usual(c)
	}
	for range maxTries {
		text, ok := s.read(q.text.In(s.lang), usual)
		if !ok {
			return false
		}
		if text == "" {
			text = usual
		}
		if text == "" && q.needed {
			continue
		}
		var more []config.Flag
		if q.parts != nil {
			more = q.parts(text)
		} else if text != "" {
			more = []config.Flag{{Name: q.flags[0], Value: text}}
		}
		wrong := s.wrong(more)
		if wrong == nil {
			s.flags = append(s.flags, more...)
			return true
		}
		s.complain(wrong.Error())
	}
	return true
}

// wrong is what is wrong with flags, alone or with what they are used for; nil when
// nothing is. What is missing is asked for later.
func (s *setup) wrong(more []config.Flag) error {
	c, err := s.with(append(slices.Clone(s.flags), more...))
	if err != nil {
		return err
	}
	var out config.Mistakes
	for _, m := range c.Check() {
		if m.Value != "" && slices.ContainsFunc(more, func(f config.Flag) bool { return f.Name == m.File }) {
			out = append(out, m)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// read asks for one line; ok is false at the end of the answers.
func (s *setup) read(text, usual string) (line string, ok bool) {
	if usual != "" {
		text += " [" + usual + "]"
	}
	fmt.Fprint(s.stderr, text+report.Text{ZH: "：", EN: ": "}.In(s.lang))
	line, err := s.in.ReadString('\n')
	if err != nil {
		fmt.Fprintln(s.stderr)
	}
	return strings.TrimSpace(line), err == nil || line != ""
}

// confirm asks for a yes.
func (s *setup) confirm(t report.Text, args ...any) bool {
	line, _ := s.read(fmt.Sprintf(t.In(s.lang), args...), "n")
	return slices.Contains([]string{"y", "yes", "是"}, strings.ToLower(line))
}
