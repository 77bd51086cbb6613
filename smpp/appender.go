package smpp

import "github.com/otagate/otagate/internal/wire"

// appender appends the fields of a body one after the other and keeps the
// first error, as the cursor does on the other way.
type appender struct {
	b   []byte
	err error
}

// text appends a C-octet string of at most max octets with its NUL.
func (a *appender) text(s []byte, max int, field string) {
	if a.err == nil {
		a.b, a.err = wire.AppendCString(a.b, s, max, proto, field)
	}
}

func (a *appender) octets(o ...byte) {
	if a.err == nil {
		a.b = append(a.b, o...)
	}
}

// counted appends a length octet and v.
func (a *appender) counted(v []byte, max int, field string) {
	switch {
	case a.err != nil:
	case len(v) > max:
		a.err = wire.Unencodable(proto, field, wire.ErrTooLong)
	default:
		a.b = append(append(a.b, byte(len(v))), v...)
	}
}

// end appends the TLVs, which are the last part of every body.
func (a *appender) end(t TLVs) ([]byte, error) {
	if a.err != nil {
		return a.b, a.err
	}
	return t.append(a.b)
}
