package probe

import (
	"context"
	"reflect"
	"sync"
	"time"

	"posprobe/report"
)

// recorder collects the evidence of one round. Its methods may be called from any
// goroutine.
type recorder struct {
	began time.Time // carries the monotonic reading that every AtMs counts from

	mu       sync.Mutex
	evidence report.Evidence
	open     map[string]*asking // tasks begun and not yet finished
}

func newRecorder(site report.Site, memory report.Memory) *recorder {
	return &recorder{
		began:    time.Now(),
		evidence: report.Evidence{Site: site, Memory: memory},
		open:     map[string]*asking{},
	}
}

// asking is a task while it is being asked.
type asking struct {
	rec  *recorder
	task report.Task
}

// fork is a recorder that goes on from here by itself: what it adds, the first one does
// not see, nor the other way round.
func (r *recorder) fork() *recorder {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &recorder{began: r.began, evidence: r.evidence, open: map[string]*asking{}}
	evidence := reflect.ValueOf(&out.evidence).Elem()
	for i := range evidence.NumField() {
		if list := evidence.Field(i); list.Kind() == reflect.Slice {
			list.SetCap(list.Len()) // appending copies
		}
	}
	return out
}

// begin opens a task; end closes it.
func (r *recorder) begin(task report.Task) *asking {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := &asking{rec: r, task: task}
	r.open[task.ID] = a
	return a
}

// saw adds one observation to the evidence and to the task's count. put receives the
// head that the observation must carry; at is when the observation began.
func (a *asking) saw(at time.Time, put func(e *report.Evidence, head report.Observation)) {
	a.rec.mu.Lock()
	defer a.rec.mu.Unlock()
	a.task.Count++
	put(&a.rec.evidence, report.Observation{Task: a.task.ID, AtMs: ms(at.Sub(a.rec.began))})
}

// end closes the task: failed when failure is given, else answered, or empty when it
// observed nothing and was asked for a list.
func (a *asking) end(ctx context.Context, failure *report.Failure) report.Task {
	a.rec.mu.Lock()
	defer a.rec.mu.Unlock()
	a.task.Failure = failure
	switch {
	case failure.Is(report.FailCancelled) || failure != nil && ctx.Err() != nil:
		a.task.Outcome = report.OutcomeCancelled
	case a.task.Outcome != "": // already said
	case failure != nil:
		a.task.Outcome = report.OutcomeFailed
	case a.task.Count == 0 && listKind(a.task.Kind):
		a.task.Outcome = report.OutcomeEmpty
	default:
		a.task.Outcome = report.OutcomeAnswered
	}
	delete(a.rec.open, a.task.ID)
	a.rec.evidence.Tasks = append(a.rec.evidence.Tasks, a.task)
	return a.task
}

// notAsked says before the end why the task was not asked after all.
func (a *asking) notAsked(reason report.Reason) {
	a.rec.mu.Lock()
	defer a.rec.mu.Unlock()
	a.task.Outcome, a.task.Reason = report.OutcomeNotAsked, reason
}

// said reports whether it was said before the end how the task ends.
func (a *asking) said() bool {
	a.rec.mu.Lock()
	defer a.rec.mu.Unlock()
	return a.task.Outcome != ""
}

// listKind reports whether a task of this kind may be asked and find nothing.
func listKind(k report.TaskKind) bool {
	return k != report.TaskDevice && k != report.TaskClock
}

// record adds a task that needs no asking.
func (r *recorder) record(t report.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.evidence.Tasks = append(r.evidence.Tasks, t)
}

// view lets f read the evidence while nobody writes. f keeps no reference to it.
func (r *recorder) view(f func(*report.Evidence)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.evidence)
}

// device lets f fill in a part of the device.
func (r *recorder) device(f func(*report.Device)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.evidence.Device)
}

// ms is a duration in milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// empty says before the end that the task was asked and found nothing, for kinds of
// task of which that cannot be told otherwise.
func (a *asking) empty() {
	a.rec.mu.Lock()
	defer a.rec.mu.Unlock()
	a.task.Outcome = report.OutcomeEmpty
}
