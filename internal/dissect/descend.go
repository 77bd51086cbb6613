package dissect

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// dissection is one message being decoded, or one payload of it.
type dissection struct {
	opt   Options
	trace *wire.Trace
}

// descend decodes the payload that stands in the field at index i of the trace
// and puts the fields of the payload under it. After an error nothing follows
// them: the trace ends at the fault.
func (d *dissection) descend(i int, proto string, payload []byte, read reader) (form, error) {
	var inner wire.Trace
	sub := dissection{opt: d.opt, trace: &inner}
	c := wire.NewCursorAt(proto, payload, d.trace.Fields[i].Off, &inner)
	f, err := read(&sub, &c)
	d.nest(i, proto, inner.Fields)
	if err != nil {
		d.trace.Fields = d.trace.Fields[:i+1+len(inner.Fields)]
	}
	return f, err
}

// attempt is descend where it is not certain what the payload is: if it does
// not read as proto, it stays octets, there is no form, and that is no error.
func (d *dissection) attempt(i int, proto string, payload []byte, read reader) (form, error) {
	var inner wire.Trace
	sub := dissection{opt: d.opt, trace: &inner}
	c := wire.NewCursorAt(proto, payload, d.trace.Fields[i].Off, &inner)
	f, err := read(&sub, &c)
	if err != nil {
		d.leave(i, "")
		return nil, nil
	}
	d.nest(i, proto, inner.Fields)
	return f, nil
}

// nest makes the field at index i a heading for fields.
func (d *dissection) nest(i int, proto string, fields []wire.Field) {
	f := &d.trace.Fields[i]
	f.Value, f.Secret = "", false
	remark(f, proto)
	for k := range fields {
		fields[k].Depth += f.Depth + 1
	}
	d.trace.Fields = slices.Insert(d.trace.Fields, i+1, fields...)
}

// leave keeps the payload at index i as octets. Nobody looked inside, so it may
// hold keys.
func (d *dissection) leave(i int, why string) {
	if i < 0 {
		return
	}
	f := &d.trace.Fields[i]
	if f.Secret = f.Len > 0 && f.Value != ""; why != "" {
		remark(f, why)
	}
}

// conceal is leave for the payloads that nobody looks into: those of a protocol
// alone, and those that an error kept us from.
func (d *dissection) conceal() {
	for i := range d.trace.Fields {
		switch d.trace.Fields[i].Name {
		case "user_data", "data", "parameter set", "parameter sequence", "universal sequence", "SMS_BearerData", "BEARER_DATA":
			d.leave(i, "")
		}
	}
}

func remark(f *wire.Field, s string) {
	if f.Note != "" {
		s = f.Note + ", " + s
	}
	f.Note = s
}

// find is the index of the first field of that name from index i on, -1 when
// there is none.
func (d *dissection) find(i int, name string) int {
	for ; i < len(d.trace.Fields); i++ {
		if d.trace.Fields[i].Name == name {
			return i
		}
	}
	return -1
}
