package ansi

import (
	"bytes"
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// ComponentType is the identifier of a component.
type ComponentType uint8

// The component types of T1.114.3 §4.
const (
	InvokeLast          ComponentType = 0xe9
	ReturnResultLast    ComponentType = 0xea
	ReturnError         ComponentType = 0xeb
	Reject              ComponentType = 0xec
	InvokeNotLast       ComponentType = 0xed
	ReturnResultNotLast ComponentType = 0xee
)

func (t ComponentType) String() string {
	switch t {
	case InvokeLast:
		return "INVOKE (Last)"
	case ReturnResultLast:
		return "RETURN RESULT (Last)"
	case ReturnError:
		return "RETURN ERROR"
	case Reject:
		return "REJECT"
	case InvokeNotLast:
		return "INVOKE (Not Last)"
	case ReturnResultNotLast:
		return "RETURN RESULT (Not Last)"
	}
	return "component type " + strconv.Itoa(int(t))
}

// IsInvoke reports whether t is one of the two INVOKEs.
func (t ComponentType) IsInvoke() bool { return t == InvokeLast || t == InvokeNotLast }

func (t ComponentType) known() bool { return t >= InvokeLast && t <= ReturnResultNotLast }

// ParameterTag is the form of a component's parameters.
type ParameterTag uint8

// The forms. Zero is encoded as a set, which is what ANSI-41 uses.
const (
	ParameterSet      ParameterTag = 0xf2
	ParameterSequence ParameterTag = 0xf0
	UniversalSequence ParameterTag = 0x30
)

func (t ParameterTag) String() string {
	switch t {
	case ParameterSet, 0:
		return "parameter set"
	case ParameterSequence:
		return "parameter sequence"
	case UniversalSequence:
		return "universal sequence"
	}
	return "parameter tag " + strconv.Itoa(int(t))
}

// Component is one element of the component sequence (T1.114.3 §4).
//
//	INVOKE         CF [invoke id [correlation id]] | D0 or D1 operation | parameters
//	RETURN RESULT  CF correlation id               | parameters
//	RETURN ERROR   CF correlation id               | D3 or D4 error     | parameters
//	REJECT         CF [correlation id]             | D5 problem         | parameters, empty
//
// A correlation id is the invoke id of what is answered. Parameters that a
// peer left out altogether read as an empty set.
type Component struct {
	Type             ComponentType `json:"component_type"`
	HasInvokeID      bool          `json:"has_invoke_id,omitempty"`
	InvokeID         uint8         `json:"invoke_id,omitempty"`
	HasCorrelationID bool          `json:"has_correlation_id,omitempty"`
	CorrelationID    uint8         `json:"correlation_id,omitempty"`
	Operation        Operation     `json:"operation,omitzero"`
	Error            ErrorCode     `json:"error,omitzero"`
	Problem          Problem       `json:"problem,omitempty"`
	ParameterTag     ParameterTag  `json:"parameter_tag,omitempty"`
	Parameters       wire.Hex      `json:"parameters,omitempty"`
}

// Clone copies what the component borrows.
func (k *Component) Clone() Component {
	n := *k
	n.Parameters = bytes.Clone(k.Parameters)
	return n
}

// Append appends k in wire form to dst.
func (k *Component) Append(dst []byte) ([]byte, error) {
	if short, ok := k.appendShort(dst); ok {
		return short, nil
	}
	return k.appendAny(dst)
}

func (k *Component) appendAny(dst []byte) ([]byte, error) {
	if !k.Type.known() {
		return dst, wire.Unencodable(proto, "component type", wire.ErrValue)
	}
	dst, at := ber.Open(dst, ber.Tag(k.Type))
	dst, err := k.appendID(dst)
	if err != nil {
		return dst, err
	}
	switch k.Type {
	case InvokeLast, InvokeNotLast:
		dst, err = k.Operation.append(dst)
	case ReturnError:
		dst, err = k.Error.append(dst)
	case Reject:
		dst = append(dst, byte(tagProblem), 2, k.Problem.Type(), k.Problem.Specifier())
	}
	if err != nil {
		return dst, err
	}
	tag := k.ParameterTag
	switch tag {
	case 0:
		tag = ParameterSet
	case ParameterSet, ParameterSequence, UniversalSequence:
	default:
		return dst, wire.Unencodable(proto, "parameters", wire.ErrValue)
	}
	dst = ber.AppendElement(dst, ber.Tag(tag), k.Parameters)
	return ber.Close(dst, at), nil
}

func (k *Component) appendID(dst []byte) ([]byte, error) {
	dst, at := ber.Open(dst, tagComponentID)
	if k.Type.IsInvoke() {
		if k.HasInvokeID {
			dst = append(dst, k.InvokeID)
		}
		if k.HasCorrelationID && !k.HasInvokeID {
			// A single octet would be taken for an invoke id.
			return dst, wire.Unencodable(proto, "invoke id", wire.ErrMissing)
		}
	} else if k.HasInvokeID || !k.HasCorrelationID && k.Type != Reject {
		return dst, wire.Unencodable(proto, "correlation id", wire.ErrMissing)
	}
	if k.HasCorrelationID {
		dst = append(dst, k.CorrelationID)
	}
	return ber.Close(dst, at), nil
}

// Decode fills k from b, which must be one whole component. k borrows b.
func (k *Component) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	k.read(&c)
	return c.End()
}

func (k *Component) read(c *wire.Cursor) {
	at := c.Off()
	tag, n := ber.Header(c)
	*k = Component{Type: ComponentType(tag)}
	if c.Err() == nil && (tag > 0xff || !k.Type.known()) {
		c.FailAt(at, "component type", wire.ErrValue)
		return
	}
	l := c.Enter(n, componentName(c, k.Type))
	k.readID(c)
	switch k.Type {
	case InvokeLast, InvokeNotLast:
		k.Operation.read(c)
	case ReturnError:
		k.Error.read(c)
	case Reject:
		k.Problem.read(c)
	}
	k.readParameters(c)
	c.Leave(l)
}

func componentName(c *wire.Cursor, t ComponentType) string {
	if c.Trace() == nil {
		return "component"
	}
	return t.String()
}

func (k *Component) readID(c *wire.Cursor) {
	at := c.Off()
	l := ber.Expect(c, tagComponentID, "component id")
	n := c.Len()
	if k.Type.IsInvoke() {
		if k.HasInvokeID = n > 0; k.HasInvokeID {
			k.InvokeID = c.U8("invoke id")
		}
		k.HasCorrelationID = n > 1
	} else {
		k.HasCorrelationID = n > 0
		if n == 0 && k.Type != Reject && c.Err() == nil {
			c.FailAt(at, "component id", wire.ErrLength)
		}
	}
	if k.HasCorrelationID {
		k.CorrelationID = c.U8("correlation id")
	}
	if c.More() {
		c.FailAt(at, "component id", wire.ErrLength)
	}
	c.Leave(l)
}

func (k *Component) readParameters(c *wire.Cursor) {
	k.ParameterTag = ParameterSet
	if !c.More() {
		return
	}
	at := c.Off()
	tag, n := ber.Header(c)
	switch ParameterTag(tag) {
	case ParameterSet, ParameterSequence, UniversalSequence:
		k.ParameterTag = ParameterTag(tag)
	default:
		c.FailAt(at, "parameters", wire.ErrValue)
	}
	if v := c.Bytes(n, parametersName(c, k.ParameterTag)); len(v) > 0 {
		k.Parameters = v
	}
}

func parametersName(c *wire.Cursor, t ParameterTag) string {
	if c.Trace() == nil {
		return "parameters"
	}
	return t.String()
}
