package store

import (
	"errors"
	"io/fs"
	"slices"
)

// makeRoom drops the oldest segments of a stream until need more bytes fit into its share.
func (d *disk) makeRoom(s Stream, need int64) {
	if s == States {
		return // compact makes room
	}
	for d.size(s)+need > d.options.share(s) || s == Checks && int64(len(d.segments[s]))+min(need, 1) > maxChecks {
		if !d.dropOldest(s, ReasonSpace) {
			return
		}
	}
}

func (d *disk) size(s Stream) (sum int64) {
	for _, seg := range d.segments[s] {
		sum += seg.size
	}
	return sum
}

// droppable are the segments of a stream that may go, oldest first: never the newest,
// which carries the numbers on, and of failures never the newest one with a report in it.
func (d *disk) droppable(s Stream) []*segment {
	list := d.segments[s]
	var keep *segment
	for i := len(list) - 1; s == Failures && keep == nil && i >= 0; i-- {
		if t := d.look(list[i]); t != nil && t.reports > 0 {
			keep = list[i]
		}
	}
	var out []*segment
	for _, seg := range list[:max(len(list)-1, 0)] {
		if seg != keep && seg.regular {
			out = append(out, seg)
		}
	}
	return out
}

// dropOldest drops one segment, and returns false if none could be.
func (d *disk) dropOldest(s Stream, why Reason) bool {
	for _, seg := range d.droppable(s) {
		if d.drop(seg, why) {
			return true
		}
	}
	return false
}

func (d *disk) drop(seg *segment, why Reason) bool {
	t := d.look(seg)
	err := d.remove(seg.name())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	d.segments[seg.stream] = slices.DeleteFunc(d.segments[seg.stream], func(s *segment) bool { return s == seg })
	if err != nil {
		return true // somebody else did
	}
	n := &Dropped{Stream: seg.stream, Segment: seg.name(), Reason: why, Bytes: seg.size}
	if t != nil {
		n.Lines, n.Reports, n.Since, n.Until = t.lines, t.reports, t.from, t.until
	}
	d.notes = append(d.notes, note{kind: KindDropped, id: "dropped-" + seg.name(), body: n, dropped: n})
	return true
}

func (d *disk) remove(name string) error {
	err := d.files.Remove(name)
	d.removed = d.removed || err == nil
	return err
}

// settle makes removals last before anything else is written. Until the directory is
// synchronised a power cut brings the name back, while in data=writeback ext4 may have
// given its blocks to new lines already (ext4_free_blocks, fs/ext4/mballoc.c).
func (d *disk) settle() error {
	if !d.removed || d.options.noSync {
		return nil
	}
	err := d.files.SyncDir()
	d.removed = err != nil
	return err
}
