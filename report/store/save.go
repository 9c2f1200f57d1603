package store

import (
	"errors"
	"io/fs"

	"posprobe/report"
)

// Save stores a check that somebody made, in a segment of its own, which needs no lock:
// the daemon may write meanwhile. Of saved checks the oldest are dropped when there are
// more than a hundred or they exceed their share of the space; the numbers of the segments
// show how many. It returns the segment's name once it is safe. The errors are those of
// ReportLine and of the disk.
func Save(dir string, r report.Report, o Options) (segment string, err error) {
	l, err := ReportLine(r)
	if err != nil {
		return "", err
	}
	o = o.withDefaults()
	if o.files == nil {
		o.files = directory{path: dir, group: o.Group}
	}
	if int64(len(l.text)) > o.lineLimit(Checks) {
		return "", ErrTooLong
	}
	d := &disk{options: &o, files: o.files, spoilt: map[string]bool{}}
	if err := d.files.Prepare(); err != nil {
		return "", err
	}
	d.files.Share() // a check is worth saving although a log shipper cannot read it
	for range 10 {  // somebody else may save this moment
		var infos []fs.FileInfo
		if infos, err = d.files.List(); err != nil {
			return "", err
		}
		d.segments = segmentsOf(infos)
		seg := newSegment(Checks)
		if last := d.last(Checks); last != nil {
			seg.first = last.first + 1
		}
		d.makeRoom(Checks, int64(len(l.text)))
		if err = d.put(seg, true, l.text); err == nil {
			return seg.name(), nil
		}
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return "", err
}
