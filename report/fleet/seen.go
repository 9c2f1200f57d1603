package fleet

// windowSize is how many ids are remembered. Shipping repeats a batch at most, so that
// repetitions stand close to each other; one that comes later changes nothing but the
// count of lines, because states are not added up.
const windowSize = 1 << 16

// window remembers the last ids, by a 64-bit hash of each.
type window struct {
	known map[uint64]struct{}
	ring  []uint64
	next  int
}

// again reports whether an id is among the last ones, and remembers it.
func (w *window) again(id string) bool {
	if w.known == nil {
		w.known, w.ring = map[uint64]struct{}{}, make([]uint64, 0, 1024)
	}
	h := hash(id)
	if _, ok := w.known[h]; ok {
		return true
	}
	if len(w.ring) < windowSize {
		w.ring = append(w.ring, h)
	} else {
		delete(w.known, w.ring[w.next])
		w.ring[w.next] = h
		w.next = (w.next + 1) % windowSize
	}
	w.known[h] = struct{}{}
	return false
}

// hash is FNV-1a in 64 bits (RFC 9923).
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// names gives numbers to texts: 0 to "", then 1, 2, 3 ... up to a limit, from which on
// every new text is 0 as well.
type names struct {
	number map[string]int32
	text   []string
	limit  int
}

func newNames(limit int) *names {
	return &names{number: map[string]int32{"": 0}, text: []string{""}, limit: limit}
}

func (n *names) of(s string) int32 {
	i, ok := n.number[s]
	if !ok && len(n.text) < n.limit {
		i = int32(len(n.text))
		n.number[s], n.text = i, append(n.text, s)
	}
	return i
}
