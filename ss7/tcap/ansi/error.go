package ansi

import (
	"fmt"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// ErrorCode is the code of a RETURN ERROR: private (D4, ANSI-41) in one octet,
// national (D3) in one octet or, Wide, in two.
type ErrorCode struct {
	National bool   `json:"national,omitempty"`
	Wide     bool   `json:"wide,omitempty"`
	Code     uint16 `json:"code"`
}

// PrivateError is the private error with the given code.
func PrivateError(code uint8) ErrorCode { return ErrorCode{Code: uint16(code)} }

func (e ErrorCode) String() string {
	if e.National {
		return fmt.Sprintf("national error %d", e.Code)
	}
	return fmt.Sprintf("private error %d", e.Code)
}

func (e ErrorCode) append(dst []byte) ([]byte, error) {
	tag := byte(tagPrivateError)
	if e.National {
		tag = byte(tagNationalError)
	}
	if e.Wide {
		return append(dst, tag, 2, byte(e.Code>>8), byte(e.Code)), nil
	}
	if e.Code > 0xff {
		return dst, wire.Unencodable(proto, "error code", wire.ErrTooLong)
	}
	return append(dst, tag, 1, byte(e.Code)), nil
}

func (e *ErrorCode) read(c *wire.Cursor) {
	at := c.Off()
	tag, n := ber.Header(c)
	if c.Err() != nil {
		return
	}
	if tag != tagNationalError && tag != tagPrivateError {
		c.FailAt(at, "error code", wire.ErrMissing)
		return
	}
	e.National = tag == tagNationalError
	switch n {
	case 1:
		e.Code = uint16(c.U8("error code"))
	case 2:
		e.Wide, e.Code = true, c.U16("error code")
	default:
		c.FailAt(at, "error code", wire.ErrLength)
	}
	wire.Say(c, *e)
}
