package ansi41

import (
	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// writer appends parameters and keeps the first error, for the fields that
// can hold what their parameter cannot.
type writer struct {
	dst []byte
	err error
}

func (w *writer) fail(field string, err error) {
	if w.err == nil {
		w.err = wire.Unencodable(proto, field, err)
	}
}

func (w *writer) u24(id ParameterID, o Optional[AuthenticationValue]) {
	if !o.OK {
		return
	}
	if o.V > 0xffffff {
		w.fail(id.String(), wire.ErrValue)
		return
	}
	w.dst = append(appendHeader(w.dst, id, 3), byte(o.V>>16), byte(o.V>>8), byte(o.V))
}

// msid fails when neither of the two identities of a terminal is there.
func (w *writer) msid(there bool) {
	if !there {
		w.fail("MSID", wire.ErrMissing)
	}
}

// octets appends a value if it is there. This wrapper is small enough to be
// inlined: most of the optional parameters are absent.
func (w *writer) octets(id ParameterID, v []byte, there bool) {
	if there {
		w.value(id, v)
	}
}

// value appends a value of a length that the parameter's type can have.
func (w *writer) value(id ParameterID, v []byte) {
	info := &parameters[id]
	if len(v) < info.Min || len(v) > info.Max {
		w.fail(info.Name, wire.ErrLength)
		return
	}
	w.dst = append(appendHeader(w.dst, id, len(v)), v...)
}

// kept appends the parameters that were kept as octets.
func (w *writer) kept(ps []Parameter) {
	for i := range ps {
		if !wellFormed(ps[i].Tag) {
			w.fail("tag", wire.ErrValue)
			return
		}
		w.dst = ber.AppendElement(w.dst, ps[i].Tag, ps[i].Value)
	}
}

// wellFormed reports whether a tag is a complete identifier and nothing more.
func wellFormed(t ber.Tag) bool {
	if t <= 0xff {
		return t&0x1f != 0x1f
	}
	if t&0x80 != 0 {
		return false
	}
	for t >>= 8; t > 0xff; t >>= 8 {
		if t&0x80 == 0 {
			return false
		}
	}
	return t&0x1f == 0x1f
}

func (w *writer) done() ([]byte, error) { return w.dst, w.err }
