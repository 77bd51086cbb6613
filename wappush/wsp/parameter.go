package wsp

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// ParameterCode is a well-known parameter (WAP-230 table 38).
type ParameterCode uint32

// The parameters that pushes have, and Q, whose value has a form of its own.
const (
	ParameterQ       ParameterCode = 0x00
	ParameterCharset ParameterCode = 0x01
	ParameterType    ParameterCode = 0x03 // of multipart/related
	ParameterTypeMR  ParameterCode = 0x09 // the same, constrained-encoding
	ParameterSEC     ParameterCode = 0x11
	ParameterMAC     ParameterCode = 0x12
)

// Character sets by their MIBenum.
const (
	CharsetUSASCII  = 3
	CharsetISO88591 = 4
	CharsetUTF8     = 106
	CharsetUCS2     = 1000
)

var parameterNames = [...]struct {
	code ParameterCode
	name string
}{
	{ParameterQ, "Q"},
	{ParameterCharset, "charset"},
	{ParameterType, "type"},
	{ParameterTypeMR, "type (multipart/related)"},
	{ParameterSEC, "SEC"},
	{ParameterMAC, "MAC"},
}

// known is the name of the parameter, empty when this package has none.
func (p ParameterCode) known() string {
	for i := range parameterNames {
		if parameterNames[i].code == p {
			return parameterNames[i].name
		}
	}
	return ""
}

// String is the name of the parameter, or its number.
func (p ParameterCode) String() string {
	if s := p.known(); s != "" {
		return s
	}
	return fmt.Sprintf("0x%02x", uint32(p))
}

func parseParameterCode(name string) (ParameterCode, bool) {
	for i := range parameterNames {
		if strings.EqualFold(parameterNames[i].name, name) {
			return parameterNames[i].code, true
		}
	}
	return 0, false
}

// Parameter is one parameter of a content type: well-known, or with a Name in
// text where Name is not nil.
type Parameter struct {
	Code  ParameterCode
	Name  []byte
	Value Value
}

// CharsetParameter is a charset by its MIBenum.
func CharsetParameter(mib uint32) Parameter {
	return Parameter{Code: ParameterCharset, Value: Integer(mib)}
}

// SECParameter is the method of a MAC.
func SECParameter(method uint8) Parameter {
	return Parameter{Code: ParameterSEC, Value: Value{Kind: Short, N: uint32(method)}}
}

// MACParameter is a message authentication code: 40 hexadecimal digits.
func MACParameter(digits []byte) Parameter {
	return Parameter{Code: ParameterMAC, Value: Value{Kind: Text, Data: digits}}
}

func (p *Parameter) append(dst []byte) ([]byte, error) {
	switch {
	case p.Name == nil:
		dst = appendInteger(dst, uint32(p.Code))
	case len(p.Name) == 0:
		return dst, wire.Unencodable(proto, "parameter", wire.ErrMissing)
	default:
		var err error
		if dst, err = appendText(dst, p.Name, "parameter"); err != nil {
			return dst, err
		}
	}
	if !p.isQ() {
		return p.Value.append(dst, "parameter value")
	}
	if p.Value.Kind != Uintvar {
		return dst, wire.Unencodable(proto, "Q", wire.ErrValue)
	}
	return wire.AppendUintvar(dst, p.Value.N), nil
}

// isQ tells whether the value is a uintvar, which no other value is.
func (p *Parameter) isQ() bool { return p.Name == nil && p.Code == ParameterQ }

func (p *Parameter) read(c *wire.Cursor) {
	*p = Parameter{}
	field := "parameter value"
	if o, _ := c.Peek(); o <= lengthQuote || o >= 0x80 {
		p.Code = wire.Say(c, ParameterCode(readInteger(c, "parameter")))
		if s := p.Code.known(); s != "" {
			field = s
		}
	} else {
		at := c.Off()
		if p.Name = readText(c, "parameter"); len(p.Name) == 0 {
			c.FailAt(at, "parameter", wire.ErrMissing)
		}
	}
	if p.isQ() {
		p.Value = Value{Kind: Uintvar, N: c.Uintvar(field)}
		return
	}
	p.Value.read(c, field)
	if n, ok := p.Value.Number(); ok && c.Trace() != nil {
		note(c, uint64(n))
	}
}
