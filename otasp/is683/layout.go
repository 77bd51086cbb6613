package is683

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Layout describes the data of a block whose layout this package does not
// vouch for. It is data: callers may use the tables of this package, correct
// them, or write their own.
type Layout struct {
	Name   string
	Fields []LayoutField
}

// LayoutKind is what a field of a Layout is.
type LayoutKind uint8

// The kinds of fields.
const (
	LayoutNumber   LayoutKind = iota // Bits wide
	LayoutReserved                   // Bits wide, zero
	LayoutOctets                     // a length of Bits bits, then so many octets
	LayoutList                       // a count of Bits bits, then Fields so many times
	LayoutOptional                   // a flag of Bits bits, then Fields when it is not zero
)

// LayoutField is one field. Secret hides its octets in a trace.
type LayoutField struct {
	Kind   LayoutKind
	Name   string
	Bits   int // at most 32
	Secret bool
	Fields []LayoutField
}

// LayoutValue is the value of one field: Number, Octets or Items, as its kind
// says. A list has an item for each element, an optional part one or none.
type LayoutValue struct {
	Number uint64
	Octets wire.Hex
	Items  [][]LayoutValue
}

// Format hides the octets from every verb: only the layout knows which are secret.
func (v LayoutValue) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{%d, %d octets, %v}", v.Number, len(v.Octets), v.Items)
}

// Decode reads b, the data of one block. The values borrow nothing. There is
// one value for each field, reserved ones included.
func (l *Layout) Decode(b []byte) ([]LayoutValue, error) {
	return l.Trace(b, 0, nil)
}

// Trace is Decode for data that starts base octets into the outermost
// message, recording into tr when that is not nil.
func (l *Layout) Trace(b []byte, base int, tr *wire.Trace) ([]LayoutValue, error) {
	r := wire.NewBits(proto, b, base, tr)
	v := readLayout(&r, l.Fields)
	if err := r.End(); err != nil {
		return nil, err
	}
	return v, nil
}

func readLayout(r *wire.Bits, fields []LayoutField) []LayoutValue {
	out := make([]LayoutValue, 0, len(fields))
	for i := range fields {
		f := &fields[i]
		var v LayoutValue
		switch f.Kind {
		case LayoutReserved:
			reserved(r, f.Bits)
		case LayoutOctets:
			v.Octets = r.AppendOctets(nil, int(r.U(f.Bits, f.Name+"_LENGTH")), f.Name)
			if f.Secret {
				r.Secret()
			}
		case LayoutList:
			v.Items = readItems(r, f, r.U(f.Bits, f.Name))
		case LayoutOptional:
			v.Items = readItems(r, f, min(r.U(f.Bits, f.Name), 1))
		default:
			v.Number = r.U(f.Bits, f.Name)
		}
		if r.Err() != nil {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// readItems reads n times the fields of f. An item of no bits would make n
// items out of nothing and is refused.
func readItems(r *wire.Bits, f *LayoutField, n uint64) (items [][]LayoutValue) {
	for range n {
		before := r.Len()
		item := readLayout(r, f.Fields)
		if r.Err() == nil && r.Len() == before {
			r.Fail(f.Name, wire.ErrUnsupported)
		}
		if r.Err() != nil {
			return nil
		}
		items = append(items, item)
	}
	return items
}

// Append appends the data of a block with the given values, one for each field
// of the layout.
func (l *Layout) Append(dst []byte, values []LayoutValue) ([]byte, error) {
	p := newPacker(dst)
	packLayout(&p, l.Fields, values, l.Name)
	return p.end()
}

func packLayout(p *packer, fields []LayoutField, values []LayoutValue, name string) {
	if len(fields) != len(values) {
		p.adopt(wire.Unencodable(proto, name, wire.ErrLength))
		return
	}
	for i := range fields {
		f, v := &fields[i], &values[i]
		switch f.Kind {
		case LayoutReserved:
			p.u(f.Bits, 0, f.Name)
		case LayoutOctets:
			p.counted(f.Bits, v.Octets, f.Name)
		case LayoutList:
			p.count(f.Bits, len(v.Items), f.Name)
			packItems(p, f, v.Items)
		case LayoutOptional:
			p.count(1, len(v.Items), f.Name)
			packItems(p, f, v.Items)
		default:
			p.u(f.Bits, v.Number, f.Name)
		}
	}
}

func packItems(p *packer, f *LayoutField, items [][]LayoutValue) {
	for _, item := range items {
		packLayout(p, f.Fields, item, f.Name)
	}
}
