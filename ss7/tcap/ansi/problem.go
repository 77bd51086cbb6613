package ansi

import (
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// Problem is the problem code of a REJECT, D5 02 | type | specifier: the type in
// the high octet. Types: 1 general, 2 invoke, 3 return result, 4 return error,
// 5 transaction portion (1988 edition).
type Problem uint16

// The problems of T1.114.3 §4 that this side sends or looks for.
const (
	UnrecognizedComponentType     Problem = 0x0101
	IncorrectComponentPortion     Problem = 0x0102
	BadlyStructuredComponent      Problem = 0x0103
	IncorrectComponentCoding      Problem = 0x0104
	DuplicateInvokeID             Problem = 0x0201
	UnrecognizedOperation         Problem = 0x0202
	IncorrectInvokeParameter      Problem = 0x0203
	UnrecognizedCorrelationID     Problem = 0x0204
	ResultUnrecognizedCorrelation Problem = 0x0301
	UnexpectedReturnResult        Problem = 0x0302
	IncorrectResultParameter      Problem = 0x0303
	ErrorUnrecognizedCorrelation  Problem = 0x0401
	UnexpectedReturnError         Problem = 0x0402
	UnrecognizedError             Problem = 0x0403
	UnexpectedError               Problem = 0x0404
	IncorrectErrorParameter       Problem = 0x0405
)

// Type is the first octet.
func (p Problem) Type() uint8 { return uint8(p >> 8) }

// Specifier is the second octet.
func (p Problem) Specifier() uint8 { return uint8(p) }

var problemNames = map[Problem]string{
	0x0101: "unrecognized component type",
	0x0102: "incorrect component portion",
	0x0103: "badly structured component portion",
	0x0104: "incorrect component coding",
	0x0201: "invoke: duplicate invoke id",
	0x0202: "invoke: unrecognized operation code",
	0x0203: "invoke: incorrect parameter",
	0x0204: "invoke: unrecognized correlation id",
	0x0301: "return result: unrecognized correlation id",
	0x0302: "return result: unexpected return result",
	0x0303: "return result: incorrect parameter",
	0x0401: "return error: unrecognized correlation id",
	0x0402: "return error: unexpected return error",
	0x0403: "return error: unrecognized error",
	0x0404: "return error: unexpected error",
	0x0405: "return error: incorrect parameter",
	0x0501: "transaction portion: unrecognized package type",
	0x0502: "transaction portion: incorrect transaction portion",
	0x0503: "transaction portion: badly structured",
	0x0504: "transaction portion: unrecognized transaction id",
	0x0505: "transaction portion: permission to release",
	0x0506: "transaction portion: resource unavailable",
}

func (p Problem) String() string {
	if s, ok := problemNames[p]; ok {
		return s
	}
	return "problem " + strconv.Itoa(int(p.Type())) + "/" + strconv.Itoa(int(p.Specifier()))
}

func (p *Problem) read(c *wire.Cursor) {
	at := c.Off()
	l := ber.Expect(c, tagProblem, "problem code")
	if c.Err() == nil && c.Len() != 2 {
		c.FailAt(at, "problem code", wire.ErrLength)
	}
	*p = wire.Say(c, Problem(c.U16("problem code")))
	c.Leave(l)
}
