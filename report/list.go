package report

import "encoding/json"

// List is a slice that is written as [] when it is empty, never as null: in a report
// an empty list is a statement and its absence would be another.
type List[T any] []T

// MarshalJSON writes the elements, and [] for a nil list.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}
