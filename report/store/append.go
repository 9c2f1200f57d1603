package store

import (
	"errors"
	"io/fs"
	"slices"
	"time"
)

// append writes as many lines of a batch as go into one segment, and returns how many are
// safe.
func (d *disk) append(s Stream, b *batch) (n int, err error) {
	todo := b.todo(s)
	seg, isNew := d.target(s, int64(len(todo[0].line.text)))
	var data []byte
	added := *seg.tally
	if isNew && s == States {
		// A new segment of states begins with all of them, so that the older ones can go;
		// and with those just removed, as an older one may return when power fails.
		for _, l := range b.states {
			data = append(data, l.text...)
			added.lines++
		}
		for _, p := range todo {
			if p.line.removes() {
				data = append(data, p.line.text...)
				added.lines++
			}
		}
		n = len(todo)
	} else {
		for n < len(todo) {
			l := todo[n].line // the rest is not this goroutine's
			if n > 0 && seg.size+int64(len(data)+len(l.text)) > d.options.segmentSize(s) {
				break
			}
			data = append(data, l.text...)
			added.lines++
			if l.report {
				added.reports++
			}
			n++
		}
	}
	if err := d.put(seg, isNew, data); err != nil {
		return 0, err
	}
	now, _ := d.options.Now()
	added.span(now)
	added.whole += int64(len(data))
	*seg.tally = added
	seg.size, seg.modified = added.whole, now
	if isNew {
		d.segments[s] = append(d.segments[s], seg)
		if s == States {
			d.compact()
		}
	}
	return n, nil
}

// target is the segment that the next line goes to.
func (d *disk) target(s Stream, need int64) (seg *segment, isNew bool) {
	last := d.last(s)
	if last != nil && last.ours && !d.spoilt[last.name()] && !d.old(last) && (last.size == 0 || last.size+need <= d.options.segmentSize(s)) {
		return last, false
	}
	d.makeRoom(s, max(need, d.options.segmentSize(s)))
	seg = newSegment(s)
	if last != nil {
		lines := last.size // of one that cannot be read there are fewer
		if last.tally != nil {
			lines = last.tally.lines
		}
		seg.first = last.first + max(lines, 1)
	}
	return seg, true
}

// old is whether a segment has been written for so long that it gets a successor, lest
// its age never comes.
func (d *disk) old(seg *segment) bool {
	if d.options.MaxAge <= 0 || seg.stream == States || seg.tally == nil || !plausible(seg.tally.from) {
		return false
	}
	now, sure := d.options.Now()
	return sure && now.Sub(seg.tally.from) > d.options.MaxAge/4
}

// put writes to a segment and synchronises; when it returns nil the data is safe. Else it
// tries to leave the segment as it was.
func (d *disk) put(seg *segment, isNew bool, data []byte) error {
	if err := d.settle(); err != nil {
		return err
	}
	f, err := d.files.Append(seg.name(), isNew)
	if err != nil {
		d.spoilt[seg.name()] = !errors.Is(err, fs.ErrNotExist)
		return err
	}
	size, err := f.Size()
	if err == nil && size != seg.size {
		err = errChanged
	}
	untouched, synced := err != nil, true
	if err == nil {
		if from, n := d.reservation(seg, int64(len(data))); n > 0 {
			f.Reserve(from, n)
		}
		_, err = f.Write(data)
	}
	if err == nil && !d.options.noSync {
		err = f.Sync()
		synced = err == nil
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && isNew && !d.options.noSync {
		err = d.files.SyncDir()
	}
	switch {
	case err == nil:
		delete(d.spoilt, seg.name()) // of an earlier file of that name
	case isNew:
		d.spoilt[seg.name()] = d.remove(seg.name()) != nil
	case !untouched:
		cut := d.files.Truncate(seg.name(), seg.size) == nil
		d.spoilt[seg.name()] = !cut || !synced || !full(err)
	}
	return err
}

// reserved is how much of a segment is allocated at once: an append that allocates nothing
// changes less of the file system, and costs some 22 kB of an ext4 where others cost 27.
const reserved = 128 << 10

// reservation is what to allocate before n bytes are appended: up to the end of the piece
// that they reach into, but not beyond the segment's.
func (d *disk) reservation(seg *segment, n int64) (from, size int64) {
	end := seg.size + n
	if seg.stream == Checks || seg.size > 0 && seg.size/reserved == end/reserved {
		return 0, 0
	}
	return seg.size, min((end/reserved+1)*reserved, max(d.options.segmentSize(seg.stream), end)) - seg.size
}

// compact removes the segments of states before the newest. If that fails the newest wins
// all the same; one that cannot be read stays, as nobody knows what is in it.
func (d *disk) compact() {
	newest := d.last(States)
	d.segments[States] = slices.DeleteFunc(d.segments[States], func(seg *segment) bool {
		return seg != newest && d.look(seg) != nil && d.remove(seg.name()) == nil
	})
}

// expire drops what is too old, if the clock is to be relied on.
func (d *disk) expire() {
	d.looked = time.Now()
	if infos, err := d.files.List(); err == nil {
		d.segments[Checks] = segmentsOf(infos)[Checks] // others save them
	}
	now, sure := d.options.Now()
	if d.options.MaxAge <= 0 || !sure {
		return
	}
	for _, s := range []Stream{Healthy, Checks, Failures} {
		for _, seg := range d.droppable(s) {
			if plausible(seg.modified) && now.Sub(seg.modified) > d.options.MaxAge {
				d.drop(seg, ReasonAge)
			}
		}
	}
}
