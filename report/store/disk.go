package store

import (
	"errors"
	"io"
	"io/fs"
	"time"
)

// disk is the directory as the goroutine that writes knows it; nobody else touches it.
// After an error it is looked at anew: what a failed attempt left behind is cut off as
// what a power cut leaves.
type disk struct {
	options  *Options
	files    files
	lock     io.Closer
	attached bool
	segments map[Stream][]*segment
	// spoilt are segments that are not appended to again: after a failed fsync nobody
	// knows what of them is on the disk, whatever the next one says (fsync(2), errors).
	spoilt map[string]bool
	// found are the states that were on the disk when it was first read.
	found []*content
	read  bool
	// notes are what the disk has to say, to be stored in its turn.
	notes []note
	// removed is whether names were removed that a power cut could bring back.
	removed bool
	// looked is when segments were last dropped for their age.
	looked   time.Time
	unshared error
	torn     int64 // lines cut off
}

// errChanged: somebody else wrote, cut or removed what this store writes.
var errChanged = errors.New("the segment was changed by somebody else")

// ready attaches the directory unless it is.
func (d *disk) ready() error {
	if d.attached {
		return nil
	}
	return d.attach()
}

// attach takes possession of the directory and repairs what was left unfinished there.
func (d *disk) attach() error {
	d.detach()
	if err := d.files.Prepare(); err != nil {
		return err
	}
	d.unshared = d.files.Share()
	// A read-only disk may have no file to lock; it is read all the same.
	var locked error
	d.lock, locked = d.files.Lock()
	if errors.Is(locked, ErrLocked) {
		return locked
	}
	infos, err := d.files.List()
	if err != nil {
		return errors.Join(err, locked)
	}
	d.segments = segmentsOf(infos)
	if !d.read {
		d.found, d.read = d.readStates(), true
	}
	if locked != nil {
		return locked
	}
	if len(infos) > 0 && !d.options.noSync {
		// Of a process that was killed there may be names that are not on the disk yet.
		if err := d.files.SyncDir(); err != nil {
			return err
		}
	}
	d.attached = true
	for _, s := range []Stream{Failures, States, Healthy} {
		d.repair(s)
	}
	for _, s := range Streams() {
		d.makeRoom(s, 0)
	}
	d.expire()
	return nil
}

func (d *disk) detach() {
	d.attached = false
	if d.lock != nil {
		d.lock.Close()
		d.lock = nil
	}
}

// repair looks at the newest segment of a stream, which alone can be unfinished, and cuts
// off a line without an end.
func (d *disk) repair(s Stream) {
	last := d.last(s)
	if last == nil {
		return
	}
	t := d.look(last)
	if t == nil {
		last.ours = false
		return
	}
	if t.torn == 0 || !last.ours || d.spoilt[last.name()] {
		return
	}
	n := d.tornNote(last)
	if err := d.files.Truncate(last.name(), t.whole); err != nil {
		last.ours = false // what cannot be cut is not added to
		return
	}
	last.size, t.torn = t.whole, 0
	d.torn++
	d.notes = append(d.notes, n)
}

// last is the newest segment of a stream, nil if it has none.
func (d *disk) last(s Stream) *segment {
	list := d.segments[s]
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// look counts what a segment holds, nil if it cannot be read.
func (d *disk) look(seg *segment) *tally {
	if seg.tally != nil || !seg.regular {
		return seg.tally
	}
	src, err := d.files.Open(seg.name())
	if err == nil {
		seg.tally, err = count(src)
		src.Close()
	}
	if seg.unreadable = err != nil; seg.unreadable {
		seg.tally = nil
	}
	return seg.tally
}

// write stores what a batch holds, failures first, and marks in it what is done.
func (d *disk) write(b *batch) error {
	err := d.try(b)
	if errors.Is(err, errChanged) || errors.Is(err, fs.ErrNotExist) {
		err = d.try(b) // somebody cleaned up: begin again at once
	}
	return err
}

func (d *disk) try(b *batch) error {
	if err := d.ready(); err != nil {
		return err
	}
	if time.Since(d.looked) > 24*time.Hour {
		d.expire()
	}
	roomMade := false
	for _, s := range []Stream{Failures, States, Healthy} {
		for len(b.todo(s)) > 0 {
			n, err := d.append(s, b)
			b.done[s] += n
			if full(err) && !roomMade && d.dropOldest(Healthy, ReasonFull) {
				roomMade = true
				continue
			}
			if err != nil {
				d.attached = false
				return err
			}
		}
	}
	return nil
}
