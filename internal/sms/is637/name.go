package is637

import (
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

// nameOf is the name of a code, or its number.
func nameOf(names []string, v uint8) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return strconv.Itoa(int(v))
}

// say notes the name of a value beside the field read last. The name is made
// only when there is a trace.
func say[T wire.Stringer](r *wire.Bits, v T) T {
	if r.Trace() != nil {
		r.Note(v.String())
	}
	return v
}
