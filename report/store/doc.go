// Package store keeps reports on disk: bounded, append-only, and through power cuts.
//
// A store is a directory of segments, files of JSON lines that are only ever appended to.
// Each line is a report exactly as report.Encode writes it, or a record: an object with a
// "kind" (a report has none). So cat, jq, tail and every log shipper read it.
//
//	failures-0000000000.ndjson   reports of bad rounds, and what became of incidents
//	failures-0000000412.ndjson   ... the number says how many lines of the stream came before
//	healthy-0000000096.ndjson    hourly summaries, healthy samples, what the store says of itself
//	check-0000000003.ndjson      one saved check each, written without the daemon's lock
//	state-0000001204.ndjson      small states by name, of which the newest counts
//	lock                         held by the one process that writes the rest
//
// Each stream has its own share of the space, so that failures outlive successes. Whole
// segments are dropped, the oldest first, never the newest failure. As a segment's name
// counts the lines before it, what is missing shows, whoever dropped it.
//
// What Append acknowledges was synchronised (fsync, and that of the directory after a
// new name in it) and is there after a power cut. Nothing is rewritten in place: on flash
// that costs several times an append, and an append already costs more than 20 kB of an
// ext4 in 4 KiB blocks. Hence AppendLater, for everything that may wait for company. What
// is dropped is gone for good before anything takes its place.
//
// A power cut costs what waits in memory: lines handed to AppendLater for up to
// Options.LaterEvery and an hour, if nothing was appended since, which would have taken
// them along; states for Options.StateEvery; and what the disk does not take, of which
// Health tells. RESULTS.md says how often this was tried.
//
// One goroutine writes. Who appends waits for it a bounded time; while the disk is full,
// broken, read-only, slow or not there at all, lines stay in memory, within a bound, the
// newest failures longest. The disk is tried again and again, and what was lost counted.
//
// A Reader follows the streams while the store, in this process or another, writes.
package store
