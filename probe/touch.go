package probe

import (
	"context"

	"posprobe/report"
)

// touch is a TCP handshake with an address that no message is for: a reference, or a
// port of an endpoint's address that nobody serves.
func (r *round) touch(ctx context.Context, a *asking, t task) *report.Failure {
	if ok, f := r.mayAsk(ctx, a, t, report.OpConnect); !ok {
		return f
	}
	x := &exchange{r: r, a: a, task: t, to: Endpoint{Address: t.Endpoint}, tap: newTap()}
	defer x.close()
	defer x.tap.close()
	return x.connect(ctx)
}
