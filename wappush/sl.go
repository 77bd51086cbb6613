package wappush

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

const protoSL = "sl"

// ServiceLoading is a link that the handset follows (WAP-168, SL 1.0).
//
//	sl  empty; href M, action O
type ServiceLoading struct {
	Href   string `json:"href"`
	Action Action `json:"action,omitempty"`
}

// Tokens of SL 1.0.
const (
	slTag        = 0x05
	slExecuteLow = 0x05 // and the other actions in their order
	slHref       = 0x08 // and those with a prefix
)

// Append appends the binary form. It fails only if s cannot be represented;
// Validate says whether it should be sent.
func (s *ServiceLoading) Append(dst []byte) ([]byte, error) {
	if s.Href == "" {
		return dst, wire.Unencodable(protoSL, "href", wire.ErrMissing)
	}
	if err := representable(protoSL, "href", s.Href); err != nil {
		return dst, err
	}
	if !s.Action.ofSL() {
		return dst, wire.Unencodable(protoSL, "action", wire.ErrValue)
	}
	dst = append(dst, 0x03, 0x06, wbxml.UTF8, 0, slTag|hasAttributes)
	dst = appendURI(dst, slHref, s.Href)
	if s.Action != 0 {
		dst = append(dst, slExecuteLow+byte(s.Action-ExecuteLow))
	}
	return append(dst, wbxml.End), nil
}

// Decode fills s from b, which must be one whole document.
func (s *ServiceLoading) Decode(b []byte) error {
	c := wire.NewCursor(protoSL, b)
	return s.read(&c)
}

// ReadSL reads a Service Loading.
func ReadSL(c *wire.Cursor) (*ServiceLoading, error) {
	s := new(ServiceLoading)
	if err := s.read(c); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *ServiceLoading) read(c *wire.Cursor) error {
	*s = ServiceLoading{}
	root := readDocument(c, wbxml.SL, "sl")
	if root == nil {
		return c.Err()
	}
	for i := range root.Attrs {
		a := &root.Attrs[i]
		switch a.Name {
		case "href":
			s.Href = attrText(c, root, a)
		case "action":
			s.Action = action(c, root, a, Action.ofSL)
		}
	}
	if s.Href == "" {
		c.FailAt(root.Offset, "href", wire.ErrMissing)
	}
	return c.Err()
}
