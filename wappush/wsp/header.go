package wsp

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// HeaderCode is a well-known header (WAP-230 table 39), without the bit 80 that
// it has on the wire.
type HeaderCode uint8

// The headers that pushes have.
const (
	HeaderContentLength   HeaderCode = 0x0d // integer-value
	HeaderContentLocation HeaderCode = 0x0e // text
	HeaderDate            HeaderCode = 0x12 // date-value
	HeaderExpires         HeaderCode = 0x14 // date-value
	HeaderHost            HeaderCode = 0x16 // text
	HeaderApplicationID   HeaderCode = 0x2f // integer-value or text
	HeaderContentURI      HeaderCode = 0x30 // text
	HeaderInitiatorURI    HeaderCode = 0x31 // text
	HeaderPushFlag        HeaderCode = 0x34 // short-integer of bits
	HeaderTod             HeaderCode = 0x3f // date-value
	HeaderEncodingVersion HeaderCode = 0x43 // version-value
)

var headerNames = [...]struct {
	code HeaderCode
	name string
}{
	{HeaderContentLength, "Content-Length"},
	{HeaderContentLocation, "Content-Location"},
	{HeaderDate, "Date"},
	{HeaderExpires, "Expires"},
	{HeaderHost, "Host"},
	{HeaderApplicationID, "X-Wap-Application-Id"},
	{HeaderContentURI, "X-Wap-Content-URI"},
	{HeaderInitiatorURI, "X-Wap-Initiator-URI"},
	{HeaderPushFlag, "Push-Flag"},
	{HeaderTod, "X-Wap-Tod"},
	{HeaderEncodingVersion, "Encoding-Version"},
}

// known is the name of the header, empty when this package has none.
func (h HeaderCode) known() string {
	for i := range headerNames {
		if headerNames[i].code == h {
			return headerNames[i].name
		}
	}
	return ""
}

// String is the name of the header, or its number.
func (h HeaderCode) String() string {
	if s := h.known(); s != "" {
		return s
	}
	return fmt.Sprintf("0x%02x", uint8(h))
}

// ParseHeaderCode is the reverse of String for headers that have a name, in
// any case.
func ParseHeaderCode(name string) (HeaderCode, bool) {
	for i := range headerNames {
		if strings.EqualFold(headerNames[i].name, name) {
			return headerNames[i].code, true
		}
	}
	return 0, false
}

// Header is one header: well-known, or with a Name in text where Name is not
// nil.
type Header struct {
	Code  HeaderCode
	Name  []byte
	Value Value
}

// PushFlag are the bits of Push-Flag (WAP-230 8.4.2.64).
type PushFlag uint8

// The bits.
const (
	InitiatorAuthenticated PushFlag = 1
	ContentTrusted         PushFlag = 2
	LastPush               PushFlag = 4
)

// String lists the bits that are set.
func (f PushFlag) String() string {
	var set []string
	for i, name := range [...]string{"initiator authenticated", "content trusted", "last push"} {
		if f>>i&1 != 0 {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return "none"
	}
	return strings.Join(set, ", ")
}

// PushFlagHeader is a Push-Flag of these bits.
func PushFlagHeader(f PushFlag) Header {
	return Header{Code: HeaderPushFlag, Value: Value{Kind: Short, N: uint32(f)}}
}

// EncodingVersionHeader is an Encoding-Version, 1.3 being 93. The version-value
// has a short form only.
func EncodingVersionHeader(major, minor uint8) Header {
	return Header{Code: HeaderEncodingVersion, Value: Value{Kind: Short, N: uint32(major)<<4 | uint32(minor&0x0f)}}
}

// ApplicationHeader is an X-Wap-Application-Id by number.
func ApplicationHeader(id ApplicationID) Header {
	return Header{Code: HeaderApplicationID, Value: Integer(uint32(id))}
}

// is tells whether h is that header, by number or by name.
func (h *Header) is(code HeaderCode) bool {
	if h.Name == nil {
		return h.Code == code
	}
	return strings.EqualFold(string(h.Name), code.known())
}

func (h *Header) append(dst []byte) ([]byte, error) {
	switch {
	case h.Name == nil && h.Code > 0x7f:
		return dst, wire.Unencodable(proto, "header", wire.ErrValue)
	case h.Name == nil:
		dst = append(dst, byte(h.Code)|shortInteger)
	case len(h.Name) == 0 || h.Name[0] <= lengthQuote || h.Name[0] >= textQuote || bytes.IndexByte(h.Name, 0) >= 0:
		return dst, wire.Unencodable(proto, "header name", wire.ErrValue)
	default:
		dst = append(append(dst, h.Name...), 0)
	}
	return h.Value.append(dst, "header value")
}

func (h *Header) read(c *wire.Cursor) {
	*h = Header{}
	o, _ := c.Peek()
	field := "header value"
	switch {
	case o >= 0x80:
		h.Code = HeaderCode(c.U8("header") &^ shortInteger)
		c.Hexadecimal()
		wire.Say(c, h.Code)
		if s := h.Code.known(); s != "" {
			field = s
		}
	case o <= lengthQuote:
		c.Fail("header", wire.ErrValue)
	default:
		h.Name = c.CString(c.Len()+1, "header name")
	}
	h.Value.read(c, field)
	if c.Trace() != nil {
		h.describe(c)
	}
}

// describe says what the value means beside its octets.
func (h *Header) describe(c *wire.Cursor) {
	n, ok := h.Value.Number()
	if !ok || h.Name != nil {
		return
	}
	switch h.Code {
	case HeaderApplicationID:
		wire.Say(c, ApplicationID(n))
	case HeaderPushFlag:
		wire.Say(c, PushFlag(n))
	case HeaderContentLength:
		note(c, uint64(n))
	case HeaderEncodingVersion:
		c.Note(fmt.Sprintf("%d.%d", n>>4, n&0x0f))
	case HeaderDate, HeaderExpires, HeaderTod:
		t, _ := h.Value.Time()
		c.Note(t.Format("2006-01-02T15:04:05Z"))
	}
}
