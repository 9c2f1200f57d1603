package probe

import (
	"context"
	"errors"
	"io/fs"

	"posprobe/report"
)

// survey reads what the device knows without sending a packet.
func (r *round) survey() {
	r.links("links")
	r.addresses()
	r.routes()
	r.resolvers()
	r.hosts()
	r.device()
	r.kernelClock()
}

// ask runs one task of the survey, in which an error stands for what could not be
// seen. ok says of an error that the system merely has no such thing.
func (r *round) ask(kind report.TaskKind, id, target string, look func(*asking) error) {
	task := report.Task{ID: id, Kind: kind, Target: target}
	r.req.Progress(task)
	a := r.rec.begin(task)
	err := guarded(func() error { return look(a) })
	if reason := whyNotAsked(err); reason != "" {
		a.notAsked(reason)
	}
	r.req.Progress(a.end(context.Background(), failure(report.OpSurvey, err)))
}

// whyNotAsked tells an error that means "this cannot be asked here" from a failure.
func whyNotAsked(err error) report.Reason {
	if err == nil {
		return ""
	}
	switch classify(err) {
	case report.FailNotSupported:
		return report.ReasonUnsupported
	case report.FailNotPermitted, report.FailAccess:
		return report.ReasonNotPermitted
	}
	return ""
}

// optional turns "no such file" into "no such thing on this system": kernels without
// the feature have no such file.
func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.Join(errors.ErrUnsupported, err)
	}
	return err
}

// list is a kernel list that this system may not have.
func list[T any](get func() ([]T, error)) ([]T, error) {
	if get == nil {
		return nil, errors.ErrUnsupported
	}
	return get()
}

func (r *round) addresses() {
	r.ask(report.TaskAddresses, "addresses", "", func(a *asking) error {
		addresses, err := list(r.sys.Lists.Addresses)
		for _, v := range addresses {
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				v.Observation = head
				e.Addresses = append(e.Addresses, v)
			})
		}
		return err
	})
}

func (r *round) routes() {
	r.ask(report.TaskRoutes, "routes", "", func(a *asking) error {
		routes, err := list(r.sys.Lists.Routes)
		for _, v := range routes {
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				v.Observation = head
				e.Routes = append(e.Routes, v)
			})
		}
		return err
	})
}

// neighbors reads the entries of the gateways that this round's packets went through;
// the other entries of the table are nobody's business.
func (r *round) neighbors() {
	r.ask(report.TaskNeighbors, "neighbors", "", func(a *asking) error {
		var wanted []gatewayOn
		r.rec.view(func(e *report.Evidence) { wanted = gatewaysUsed(e, &r.req) })
		if len(wanted) == 0 {
			return nil
		}
		table, err := list(r.sys.Lists.Neighbors)
		if err != nil {
			return err // an entry that an incomplete table lacks is not "none"
		}
		for _, w := range wanted {
			state := "none"
			for _, n := range table {
				if n.Address == w.address && n.Link == w.link {
					state = n.State
				}
			}
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				e.Neighbors = append(e.Neighbors, report.Neighbor{
					Observation: head, Address: w.address, Link: w.link, State: state,
				})
			})
		}
		return nil
	})
}
