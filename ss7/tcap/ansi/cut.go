package ansi

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/ber"
)

// cut is the short way of Decode for a package without a dialogue portion whose
// components are INVOKE and RETURN RESULT: the traffic of ANSI-41, for which a
// cursor that can name each field and fault costs four times as much. Anything
// else is left to read, from the start. A test holds the two together.
func (p *Package) cut(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	t := PackageType(b[0])
	o, r, known := t.transactionIDs()
	if !known || t == Abort {
		return false
	}
	b, rest, ok := cutElement(b, ber.Tag(t))
	if !ok || len(rest) > 0 {
		return false
	}
	id, b, ok := cutElement(b, tagTransactionID)
	if !ok {
		return false
	}
	*p = Package{Type: t, Components: p.Components[:0]}
	if o {
		if len(id) < 4 {
			return false
		}
		p.Originating, id = TransactionID(binary.BigEndian.Uint32(id)), id[4:]
	}
	if r {
		if len(id) < 4 {
			return false
		}
		p.Responding, id = TransactionID(binary.BigEndian.Uint32(id)), id[4:]
	}
	return len(id) == 0 && (len(b) == 0 || p.cutComponents(b))
}

func (p *Package) cutComponents(b []byte) bool {
	b, rest, ok := cutElement(b, tagComponentSequence)
	if !ok || len(rest) > 0 {
		return false
	}
	for len(b) > 0 {
		p.Components = append(p.Components, Component{})
		if b, ok = p.Components[len(p.Components)-1].cut(b); !ok {
			return false
		}
	}
	return true
}

// cut cuts one component off b, which is not empty. k is zero before.
func (k *Component) cut(b []byte) (rest []byte, ok bool) {
	k.Type = ComponentType(b[0])
	b, rest, ok = cutElement(b, ber.Tag(k.Type))
	if !ok {
		return nil, false
	}
	id, b, ok := cutElement(b, tagComponentID)
	if !ok {
		return nil, false
	}
	switch {
	case k.Type.IsInvoke() && len(id) <= 2:
		if k.HasInvokeID = len(id) > 0; k.HasInvokeID {
			k.InvokeID = id[0]
		}
		if k.HasCorrelationID = len(id) > 1; k.HasCorrelationID {
			k.CorrelationID = id[1]
		}
		if b, ok = k.Operation.cut(b); !ok {
			return nil, false
		}
	case (k.Type == ReturnResultLast || k.Type == ReturnResultNotLast) && len(id) == 1:
		k.HasCorrelationID, k.CorrelationID = true, id[0]
	default:
		return nil, false
	}
	return rest, k.cutParameters(b)
}

func (o *Operation) cut(b []byte) (rest []byte, ok bool) {
	switch {
	case len(b) >= 4 && b[0]&^1 == byte(tagNationalOperation) && b[1] == 2:
		o.National, o.Family, o.Specifier = b[0] == byte(tagNationalOperation), b[2], b[3]
		return b[4:], true
	case len(b) >= 3 && b[0]&^1 == byte(tagNationalOperation) && b[1] == 1:
		o.National, o.Short, o.Specifier = b[0] == byte(tagNationalOperation), true, b[2]
		return b[3:], true
	}
	return nil, false
}

// cutParameters takes what is left of a component; nothing reads as an empty set.
func (k *Component) cutParameters(b []byte) bool {
	k.ParameterTag = ParameterSet
	if len(b) == 0 {
		return true
	}
	switch t := ParameterTag(b[0]); t {
	case ParameterSet, ParameterSequence, UniversalSequence:
		k.ParameterTag = t
	default:
		return false
	}
	v, rest, ok := cutElement(b, ber.Tag(b[0]))
	if len(v) > 0 {
		k.Parameters = v
	}
	return ok && len(rest) == 0
}

// cutElement cuts an element with a tag of one octet off the front of b. The
// lengths it knows are those of up to three octets.
func cutElement(b []byte, tag ber.Tag) (v, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != byte(tag) {
		return nil, nil, false
	}
	i, n := 2, int(b[1])
	if n >= 0x80 {
		if i, n = longLength(b); n < 0 {
			return nil, nil, false
		}
	}
	if n > len(b)-i {
		return nil, nil, false
	}
	return b[i : i+n : i+n], b[i+n:], true
}

// longLength reads a length of two or three octets at b[1], and tells where it
// ends; n is negative when it is of another form.
func longLength(b []byte) (i, n int) {
	switch {
	case b[1] == 0x81 && len(b) >= 3:
		return 3, int(b[2])
	case b[1] == 0x82 && len(b) >= 4:
		return 4, int(binary.BigEndian.Uint16(b[2:]))
	}
	return 0, -1
}
