package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"posprobe/report"
	"posprobe/report/store"
)

// otherRecords says how many lines of a store were passed over.
var otherRecords = report.Text{ZH: "%s：跳过 %d 条不是报告的记录", EN: "%s: %d records that are no reports were passed over"}

// diagnose draws the verdict again from saved reports: one, or a file of many such as a
// segment of the store, whose other records are passed over and counted. The exit status
// is that of the last report.
func (a app) diagnose(_ context.Context, args []string) int {
	var out output
	flags := a.flagSet("diagnose")
	out.flags(flags, a.lang)
	names, status, ok := a.parse(flags, args, 1, 1)
	if !ok {
		return status
	}
	if err := out.check(); err != nil {
		return a.misuse("%v", err)
	}
	name, in := names[0], a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return a.misuse("%v; name a file that posprobe check --format json wrote", err)
		}
		defer f.Close()
		in = f
	}
	status, count, others := exitInconclusive, 0, 0
	reader := &capped{in: in}
	decoder := json.NewDecoder(reader)
	for {
		reader.left = 2 * report.MaxBytes // the decoder reads ahead
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) && count+others > 0 {
			if others > 0 {
				a.complain(fmt.Sprintf(otherRecords.In(out.lang), name, others))
			}
			if count == 0 {
				return a.misuse("%s: there is no report in it; name a file that has one", name)
			}
			return status
		}
		if err == nil && isRecord(raw) {
			others++
			continue
		}
		var r report.Report
		if err == nil {
			r, err = report.Decode(raw)
		} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: it ends too early", report.ErrNoReport)
		} else if !errors.Is(err, report.ErrTooLarge) {
			err = fmt.Errorf("%w: %w", report.ErrNoReport, err)
		}
		if err != nil {
			return a.misuse("%s: report %d: %v", name, count+1, err)
		}
		count++
		if count > 1 && out.format == "text" {
			fmt.Fprintln(a.stdout)
		}
		r.Diagnosis = report.Diagnose(r.Evidence)
		if err := out.write(a.stdout, r); err != nil {
			return a.misuse("%s: report %d: %v", name, count, err)
		}
		status = exitStatus(r.Diagnosis)
	}
}

// isRecord reports whether a line of a store is something else than a report: it says what
// kind of record it is.
func isRecord(line []byte) bool {
	var r struct {
		Kind store.Kind `json:"kind"`
	}
	return json.Unmarshal(line, &r) == nil && r.Kind != ""
}

// capped ends with report.ErrTooLarge when more is read than left says.
type capped struct {
	in   io.Reader
	left int
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, report.ErrTooLarge
	}
	n, err := c.in.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
