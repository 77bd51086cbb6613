package ansi41

import "strconv"

// ErrorCode is the private error code of a RETURN ERROR (tag D4).
type ErrorCode uint8

// The error codes. They have one public source only.
const (
	UnrecognizedMIN            ErrorCode = 0x81
	UnrecognizedESN            ErrorCode = 0x82
	MINHLRMismatch             ErrorCode = 0x83
	OperationSequenceProblem   ErrorCode = 0x84
	ResourceShortage           ErrorCode = 0x85
	OperationNotSupported      ErrorCode = 0x86
	TrunkUnavailable           ErrorCode = 0x87
	ParameterError             ErrorCode = 0x88
	SystemFailure              ErrorCode = 0x89
	UnrecognizedParameterValue ErrorCode = 0x8a
	FeatureInactive            ErrorCode = 0x8b
	MissingParameter           ErrorCode = 0x8c
)

var errorCodes = [...]string{
	"UnrecognizedMIN", "UnrecognizedESN", "MIN/HLRMismatch", "OperationSequenceProblem",
	"ResourceShortage", "OperationNotSupported", "TrunkUnavailable", "ParameterError",
	"SystemFailure", "UnrecognizedParameterValue", "FeatureInactive", "MissingParameter",
}

// String is the name of the error, or its number when it has none.
func (v ErrorCode) String() string {
	if v >= UnrecognizedMIN && int(v-UnrecognizedMIN) < len(errorCodes) {
		return errorCodes[v-UnrecognizedMIN]
	}
	return strconv.Itoa(int(v))
}
