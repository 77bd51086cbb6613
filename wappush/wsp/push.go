package wsp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// PDUType says which PDU of WSP it is (WAP-230 table 34).
type PDUType uint8

// The two pushes. A PDUType of 0 is appended as TypePush.
const (
	TypePush          PDUType = 0x06
	TypeConfirmedPush PDUType = 0x07
)

// String is the standard's name.
func (t PDUType) String() string {
	switch t {
	case TypePush:
		return "Push"
	case TypeConfirmedPush:
		return "ConfirmedPush"
	}
	return "unknown"
}

// MaxHeaders and MaxParameters bound what one PDU may hold.
const (
	MaxHeaders    = 64
	MaxParameters = 32
)

// Push is a connectionless push (WAP-230 8.2.4.1).
type Push struct {
	TID         uint8
	Type        PDUType
	ContentType ContentType
	Headers     []Header
	Body        []byte
}

// Append appends p in wire form to dst. It fails only if p cannot be represented.
func (p *Push) Append(dst []byte) ([]byte, error) {
	begin, t := len(dst), p.Type
	if t == 0 {
		t = TypePush
	}
	if t != TypePush && t != TypeConfirmedPush {
		return dst, wire.Unencodable(proto, "PDU type", wire.ErrUnsupported)
	}
	if len(p.Headers) > MaxHeaders {
		return dst, wire.Unencodable(proto, "headers", wire.ErrTooLong)
	}
	dst = append(dst, p.TID, byte(t), 0)
	at := len(dst) - 1
	dst, err := p.ContentType.append(dst)
	for i := 0; err == nil && i < len(p.Headers); i++ {
		dst, err = p.Headers[i].append(dst)
	}
	if err != nil {
		return dst[:begin], err
	}
	return append(closeUintvar(dst, at), p.Body...), nil
}

// Decode fills p from b, which must be one whole PDU. p borrows b; use Clone to
// keep it. It reuses the room of headers and parameters.
func (p *Push) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	p.read(&c)
	return c.End()
}

// Read decodes one whole PDU from c.
func Read(c *wire.Cursor) (*Push, error) {
	p := new(Push)
	p.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Push) read(c *wire.Cursor) {
	p.TID = c.U8("TID")
	at := c.Off()
	p.Type = wire.Say(c, PDUType(c.U8("PDU type")))
	if p.Type != TypePush && p.Type != TypeConfirmedPush {
		c.FailAt(at, "PDU type", wire.ErrUnsupported)
	}
	l := c.Enter(int(c.Uintvar("HeadersLen")), "headers")
	p.ContentType.read(c)
	p.Headers = p.Headers[:0]
	for c.More() {
		p.header(c)
	}
	c.Leave(l)
	p.Body = c.Rest("data")
}

// header reads one header, or passes over a shift to another code page.
func (p *Push) header(c *wire.Cursor) {
	switch o, _ := c.Peek(); {
	case o == textQuote:
		c.U8("shift-delimiter")
		c.U8("page-identity")
	case o > 0 && o <= lengthQuote:
		c.U8("short-cut-shift-delimiter")
	case len(p.Headers) == MaxHeaders:
		c.Fail("headers", wire.ErrTooLong)
	default:
		p.Headers = append(p.Headers, Header{})
		p.Headers[len(p.Headers)-1].read(c)
	}
}

// Clone is a copy that borrows nothing.
func (p *Push) Clone() *Push {
	q := *p
	q.ContentType = p.ContentType.clone()
	q.Headers = make([]Header, len(p.Headers))
	for i, h := range p.Headers {
		q.Headers[i] = Header{h.Code, bytes.Clone(h.Name), h.Value.clone()}
	}
	q.Body = bytes.Clone(p.Body)
	return &q
}

// Header is the first header of that number, nil when there is none. A header
// that came as text counts too.
func (p *Push) Header(code HeaderCode) *Header {
	for i := range p.Headers {
		if p.Headers[i].is(code) {
			return &p.Headers[i]
		}
	}
	return nil
}

// ApplicationID is the application that the push is for. ok is false when there
// is no such header or its application is not registered: then the header has
// what there is.
func (p *Push) ApplicationID() (id ApplicationID, ok bool) {
	h := p.Header(HeaderApplicationID)
	if h == nil {
		return 0, false
	}
	if n, is := h.Value.Number(); is {
		return ApplicationID(n), true
	}
	s, _ := h.Value.Text()
	return ParseApplicationID(string(s))
}
