package main

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe"
	"posprobe/report"
)

// look is one round that is wanted.
type look struct {
	Trigger report.Trigger
	// Light ends with the TCP handshake; Local sends no packet.
	Light, Local bool
	// FollowUps: what would decide is asked too; FollowUpBytes is what that may cost at the
	// most, 0 for the usual.
	FollowUps     bool
	FollowUpBytes int
	// Allow keeps those questions that may be asked now; nil allows all.
	Allow func([]report.Question) []report.Question
	// Memory is what is known from earlier rounds, nil for what the run directory knows.
	Memory *report.Memory
	Given  report.Given
	// Progress hears of each task; it may be nil.
	Progress func(report.Task)
}

// look looks, judges, and makes the report of it.
func (a app) look(ctx context.Context, c *config.Config, l look) (report.Report, error) {
	request, err := request(c, l)
	if err != nil {
		return report.Report{}, err
	}
	dir := runDir(a.env)
	unlock, err := dir.lock(ctx)
	if err != nil {
		return report.Report{}, err
	}
	defer unlock()
	began := time.Now() // waiting for another posprobe took its time
	request.Paused = dir.paused(began)
	known := dir.remembered()
	request.Memory = known
	if l.Memory != nil {
		request.Memory = *l.Memory
	}
	evidence := probe.Round(ctx, probe.Local(), request)
	replan(c, &evidence)
	dir.remember(known, evidence)
	evidence.Given = l.Given
	return report.Report{
		Schema: report.SchemaVersion, ID: newID(began), Agent: thisAgent(), Trigger: l.Trigger,
		ObservedAt: began.Round(time.Millisecond), ElapsedMs: float64(time.Since(began)) / float64(time.Millisecond),
		Terminal: report.Terminal{Model: c.Terminal.Model, Serial: c.Terminal.Serial, Site: c.Terminal.Site, Asset: c.Terminal.Asset},
		Acquirer: report.Acquirer{Name: c.Acquirer.Name},
		Evidence: evidence, Diagnosis: report.Diagnose(evidence),
	}, nil
}

// request is what the configuration asks of a round.
func request(c *config.Config, l look) (probe.Request, error) {
	r := probe.Request{
		Site: c.Site(time.Now(), 0), Resolvers: c.Network.Resolvers,
		Connect: c.Limits.Connect, Reply: c.Limits.Reply, Zone: c.Acquirer.Location(),
		FollowUp: c.Limits.FollowUp, FollowUpBytes: l.FollowUpBytes, References: c.Network.References,
		IndependentResolver: c.Network.IndependentResolver, Portal: c.Network.PortalURL,
		Local: l.Local, DataDir: c.Reports.Dir, Progress: l.Progress,
		SoftwareFile: c.Device.Software.File, SelfTestProcesses: c.Device.SelfTest.Processes, SelfTestFiles: c.Device.SelfTest.Files,
	}
	if c.Limits.FollowUp > 0 && l.FollowUps {
		r.Wants = func(e report.Evidence) []report.Question {
			wants := report.Diagnose(e).Wants
			if l.Allow != nil {
				return l.Allow(wants)
			}
			return wants
		}
	}
	stan := firstSTAN + rand.Uint32N(lastSTAN-firstSTAN+1)
	for i, e := range c.Acquirer.Endpoints {
		target := probe.Endpoint{Address: e.Address}
		if l.Light || l.Local {
			r.Site.Endpoints[i].Goal, r.Site.Endpoints[i].Fingerprint = report.StepConnect, ""
			r.Endpoints = append(r.Endpoints, target)
			continue
		}
		dialect, err := c.Dialect(i, stan)
		if err != nil {
			return probe.Request{}, err
		}
		target.Dialect = dialect
		if i > 0 && dialect != nil && dialect.KeysComeBack() { // it is sent once, to the main endpoint
			connectionOnly(&r.Site.Endpoints[i])
		}
		s, err := c.TLS(i)
		if err != nil {
			return probe.Request{}, err
		}
		if s != nil {
			target.TLS = &probe.TLS{ServerName: s.ServerName, Roots: s.Roots, Certificate: s.Certificate, LargeHello: s.LargeHello}
			if s.Pin != nil {
				target.TLS.Pin = "sha256/" + base64.StdEncoding.EncodeToString(s.Pin)
			}
		}
		r.Endpoints = append(r.Endpoints, target)
	}
	return r, nil
}

// connectionOnly makes an endpoint one whose exchange ends with the connection.
func connectionOnly(e *report.Endpoint) {
	e.Goal, e.Fingerprint = report.StepConnect, ""
	if e.TLS {
		e.Goal = report.StepTLS
	}
}

// System trace audit numbers (field 11): the top of the range, where a payment application
// that counts from 1 and wraps rarely is.
const firstSTAN, lastSTAN = 990000, 999999
