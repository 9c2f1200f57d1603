package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/clean"
	"posprobe/probe/signon"
	"posprobe/report"
	"posprobe/report/render"
)

// tryConnect connects to the host, with TLS where that is set, and says what it saw.
func (s *setup) tryConnect(ctx context.Context) {
	s.try(ctx, append(slices.Clone(s.flags), config.Flag{Name: "--protocol", Value: signon.ProtocolNone}))
}

// tryMessage sends an echo, says what it saw, and looks for a TPDU and header that the
// host answers where it did not answer the given ones.
func (s *setup) tryMessage(ctx context.Context) {
	r, ok := s.try(ctx, s.flags)
	if !ok || !reachedSilent(r) {
		return
	}
	c, _ := s.with(s.flags)
	list := variations(c.Acquirer.SignOn)
	ask := report.Text{
		ZH: "主机没有答复这个报文。要换 %d 种 TPDU 和报文头各发一个 echo 试试吗？每次间隔 2 秒。y/n",
		EN: "The host does not answer this message. Try %d other TPDUs and headers, one echo each, 2 s apart? y/n",
	}
	if len(list) == 0 || !s.learn && !s.confirm(ask, len(list)) {
		return
	}
	s.say(report.Text{ZH: "换 %d 种 TPDU 和报文头各发一个 echo", EN: "trying %d other TPDUs and headers, one echo each"}, len(list))
	for _, v := range list {
		if !pauseFor(ctx, betweenVariations) {
			return
		}
		flags := append(slices.Clone(s.flags), v.flags()...)
		r, ok := s.try(ctx, flags, v.String())
		switch {
		case !ok:
			return
		case answered(r):
			s.flags = flags
			s.say(report.Text{ZH: "主机答复了 %s，就写这一种", EN: "the host answers %s: this is what is written"}, v)
			return
		}
	}
	s.say(report.Text{
		ZH: "都没有答复；写入你给出的参数。请与支付应用的设置核对",
		EN: "none of them is answered; what you gave is written. Compare it with the payment application's settings",
	})
}

// tryAll is tryMessage for a protocol with a message, and tryConnect for others.
func (s *setup) tryAll(ctx context.Context) {
	if c, _ := s.with(s.flags); c.Acquirer.SignOn.Protocol == signon.ProtocolNone {
		s.tryConnect(ctx)
	} else {
		s.tryMessage(ctx)
	}
}

// try runs one round without follow-ups, as check does, and says in a line for each
// endpoint what came of it. It never sends more than an echo. Ok is false when no round
// was run.
func (s *setup) try(ctx context.Context, flags []config.Flag, what ...string) (r report.Report, ok bool) {
	ctx, stop := interruptible(ctx)
	defer stop()
	c, err := s.with(append(slices.Clone(flags), config.Flag{Name: "--message", Value: signon.MessageEcho}))
	if err != nil || c.Check() != nil || c.NeedsConsent() {
		return r, false
	}
	c.Limits.Reply = s.wait()
	progress := newProgress(s.stderr, s.lang)
	r, err = s.look(ctx, c, look{Trigger: report.TriggerManual, Progress: progress.task})
	progress.done()
	if err != nil {
		s.complain(err.Error())
		return r, false
	}
	for _, e := range c.Acquirer.Endpoints {
		name := clean.Text(e.Address)
		for _, w := range what {
			name += ", " + w
		}
		s.say(report.Text{ZH: "%s：%s", EN: "%s: %s"}, name, seen(r.Evidence, e.Address, s.lang))
	}
	return r, ctx.Err() == nil
}

// wait is how long a reply is waited for.
func (s *setup) wait() time.Duration {
	c := config.Default()
	for _, f := range s.flags {
		if f.Name == "--wait" && c.Override(f) == nil {
			return c.Limits.Reply
		}
	}
	return defaultWait
}

// pauseFor waits, and reports whether it was not interrupted.
func pauseFor(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// answered reports whether a message of the round had an answer of any kind.
func answered(r report.Report) bool {
	return slices.ContainsFunc(r.Evidence.SignOns, func(o report.SignOn) bool { return o.Failure == nil })
}

// reachedSilent reports whether messages were sent and none was answered.
func reachedSilent(r report.Report) bool {
	sent := slices.ContainsFunc(r.Evidence.SignOns, func(o report.SignOn) bool {
		return o.RequestBytes > 0 && o.Failure != nil && o.Failure.Type != report.FailCancelled
	})
	return sent && !answered(r)
}

// seen says what the round saw of an endpoint: its deepest step.
func seen(e report.Evidence, endpoint string, lang report.Lang) string {
	out := ""
	add := func(f *report.Failure, t report.Text, args ...any) {
		s := fmt.Sprintf(t.In(lang), args...)
		if f != nil {
			s = render.Failure(f.Type, lang)
		}
		if out != "" {
			out += report.Text{ZH: "；", EN: "; "}.In(lang)
		}
		out += s
	}
	for _, t := range e.Tasks {
		if t.Endpoint == endpoint && t.Kind == report.TaskLookup && t.Failure != nil {
			add(t.Failure, report.Text{})
		}
	}
	for _, o := range e.Connects {
		if o.Endpoint == endpoint {
			add(o.Failure, report.Text{ZH: "%.1f ms 连上", EN: "connected in %.1f ms"}, o.ElapsedMs)
		}
	}
	for _, o := range e.TLS {
		if o.Endpoint != endpoint {
			continue
		}
		add(o.Failure, report.Text{ZH: "TLS %s", EN: "TLS %s"}, o.Version)
		if o.Failure == nil && o.Verified != nil && !*o.Verified && len(o.Certificates) > 0 {
			add(nil, report.Text{
				ZH: "证书未通过验证；若确认是收单机构的，用 --pin %s 信任它",
				EN: "the certificate did not pass verification; if it is the acquirer's, --pin %s trusts it",
			}, o.Certificates[0].SPKI)
		}
	}
	for _, o := range e.SignOns {
		if o.Endpoint != endpoint {
			continue
		}
		add(o.Failure, report.Text{ZH: "%.1f ms 答复", EN: "answered in %.1f ms"}, o.ElapsedMs)
		if o.Failure == nil && o.ResponseCode != "" {
			add(nil, report.Text{ZH: "应答码 %s", EN: "response code %s"}, clean.Text(o.ResponseCode))
		}
	}
	if out == "" {
		for _, t := range e.Tasks {
			if t.Endpoint == endpoint && t.Reason != "" {
				return fmt.Sprintf(report.Text{ZH: "没有尝试（%s）", EN: "not tried (%s)"}.In(lang), t.Reason)
			}
		}
		return report.Text{ZH: "没有尝试", EN: "not tried"}.In(lang)
	}
	return out
}
