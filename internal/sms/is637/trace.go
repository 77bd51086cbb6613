package is637

import "github.com/otagate/otagate/internal/wire"

// mark is a place in a trace. Characters are read one by one, and shown as one
// field.
type mark struct{ at int }

func markTrace(r *wire.Bits) mark {
	if r.Trace() == nil {
		return mark{}
	}
	return mark{len(r.Trace().Fields)}
}

// join makes the fields since the mark one, of n bits. value is called only
// when there is a trace.
func (m mark) join(r *wire.Bits, n int, value func() string) {
	tr := r.Trace()
	if tr == nil || len(tr.Fields) <= m.at {
		return
	}
	f := tr.Fields[m.at]
	f.Bits, f.Len = n, (f.Bit+n+7)/8
	tr.Fields = tr.Fields[:m.at]
	if r.Err() == nil {
		f.Value = value()
		tr.Fields = append(tr.Fields, f)
	}
}
