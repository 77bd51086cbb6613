package is637

import "github.com/otagate/otagate/internal/wire"

// ErrorClass tells whether another attempt may succeed.
type ErrorClass uint8

// The error classes; 1 is reserved.
const (
	NoError   ErrorClass = 0
	Temporary ErrorClass = 2
	Permanent ErrorClass = 3
)

var errorClasses = [...]string{0: "no error", 2: "temporary", 3: "permanent"}

func (e ErrorClass) String() string { return nameOf(errorClasses[:], uint8(e)) }

// CauseCode says why a message was not delivered. SMS_CauseCode of ANSI-41 is
// the same list.
type CauseCode uint8

var causeCodes = [...]string{
	0: "address vacant", 1: "address translation failure", 2: "network resource shortage",
	3: "network failure", 4: "invalid teleservice id", 5: "other network problem",
	6: "unsupported network interface", 8: "handset position determination failure",
	9:  "position resources released for a voice service",
	10: "position resources released for a voice service, message acknowledged",
	14: "emergency call precedence", 32: "no page response", 33: "destination busy",
	34: "no acknowledgment", 35: "destination resource shortage", 36: "SMS delivery postponed",
	37: "destination out of service", 38: "destination no longer at this address",
	39: "other terminal problem", 64: "radio interface resource shortage",
	65: "radio interface incompatibility", 66: "other radio interface problem",
	67: "unsupported base station capability", 96: "encoding problem",
	97: "service origination denied", 98: "service termination denied",
	99: "supplementary service not supported", 100: "service not supported",
	102: "missing expected parameter", 103: "missing mandatory parameter",
	104: "unrecognized parameter value", 105: "unexpected parameter value",
	106: "user data size error", 107: "other general problems", 108: "session not active",
	110: "MS disconnect",
}

func (c CauseCode) String() string { return nameOf(causeCodes[:], uint8(c)) }

// CauseCodes is the parameter of an acknowledgement (07). Code is there unless
// Class is NoError.
//
//	6:REPLY_SEQ 2:ERROR_CLASS [8:CAUSE_CODE]
type CauseCodes struct {
	ReplySeq ReplySequence `json:"reply_seq"`
	Class    ErrorClass    `json:"error_class"`
	Code     CauseCode     `json:"cause_code,omitempty"`
}

func (v *CauseCodes) read(r *wire.Bits) {
	v.ReplySeq = ReplySequence(r.U(6, "REPLY_SEQ"))
	v.Class = wire.SayBits(r, ErrorClass(r.U(2, "ERROR_CLASS")))
	if v.Class != NoError {
		v.Code = wire.SayBits(r, CauseCode(r.U(8, "CAUSE_CODE")))
	}
}

func appendCauseCodes(dst []byte, v CauseCodes) ([]byte, error) {
	switch {
	case v.ReplySeq > maxReplySequence:
		return dst, wire.Unencodable(proto, "REPLY_SEQ", wire.ErrTooLong)
	case v.Class > Permanent || v.Class == NoError && v.Code != 0:
		return dst, wire.Unencodable(proto, "ERROR_CLASS", wire.ErrValue)
	}
	dst = append(dst, byte(v.ReplySeq)<<2|byte(v.Class))
	if v.Class != NoError {
		dst = append(dst, byte(v.Code))
	}
	return dst, nil
}

func readReplyOption(r *wire.Bits) ReplySequence {
	v := ReplySequence(r.U(6, "REPLY_SEQ"))
	reserved(r, 2)
	return v
}

func appendReplyOption(dst []byte, v ReplySequence) ([]byte, error) {
	if v > maxReplySequence {
		return dst, wire.Unencodable(proto, "REPLY_SEQ", wire.ErrTooLong)
	}
	return append(dst, byte(v)<<2), nil
}

// reserved reads bits that should be 0.
func reserved(r *wire.Bits, n int) {
	if r.U(n, "RESERVED") != 0 {
		r.Note("not zero")
	}
}
