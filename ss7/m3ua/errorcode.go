package m3ua

import (
	"errors"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// ErrorCode is the reason in an ERR message.
type ErrorCode uint32

// The error codes of RFC 4666 §3.8.1.
const (
	InvalidVersion            ErrorCode = 0x01
	UnsupportedMessageClass   ErrorCode = 0x03
	UnsupportedMessageType    ErrorCode = 0x04
	UnsupportedTrafficMode    ErrorCode = 0x05
	UnexpectedMessage         ErrorCode = 0x06
	ProtocolError             ErrorCode = 0x07
	InvalidStreamIdentifier   ErrorCode = 0x09
	RefusedManagementBlocking ErrorCode = 0x0d
	ASPIdentifierRequired     ErrorCode = 0x0e
	InvalidASPIdentifier      ErrorCode = 0x0f
	InvalidParameterValue     ErrorCode = 0x11
	ParameterFieldError       ErrorCode = 0x12
	UnexpectedParameter       ErrorCode = 0x13
	DestinationStatusUnknown  ErrorCode = 0x14
	InvalidNetworkAppearance  ErrorCode = 0x15
	MissingParameter          ErrorCode = 0x16
	InvalidRoutingContext     ErrorCode = 0x19
	NoConfiguredAS            ErrorCode = 0x1a
)

func (e ErrorCode) String() string {
	switch e {
	case InvalidVersion:
		return "invalid version"
	case UnsupportedMessageClass:
		return "unsupported message class"
	case UnsupportedMessageType:
		return "unsupported message type"
	case UnsupportedTrafficMode:
		return "unsupported traffic mode type"
	case UnexpectedMessage:
		return "unexpected message"
	case ProtocolError:
		return "protocol error"
	case InvalidStreamIdentifier:
		return "invalid stream identifier"
	case RefusedManagementBlocking:
		return "refused, management blocking"
	case ASPIdentifierRequired:
		return "ASP identifier required"
	case InvalidASPIdentifier:
		return "invalid ASP identifier"
	case InvalidParameterValue:
		return "invalid parameter value"
	case ParameterFieldError:
		return "parameter field error"
	}
	return e.more()
}

func (e ErrorCode) more() string {
	switch e {
	case UnexpectedParameter:
		return "unexpected parameter"
	case DestinationStatusUnknown:
		return "destination status unknown"
	case InvalidNetworkAppearance:
		return "invalid network appearance"
	case MissingParameter:
		return "missing parameter"
	case InvalidRoutingContext:
		return "invalid routing context"
	case NoConfiguredAS:
		return "no configured AS for ASP"
	}
	return fmt.Sprintf("error code 0x%02x", uint32(e))
}

// errMisplaced says that a parameter has no meaning where it stands.
var errMisplaced = fmt.Errorf("%w: the parameter has no place here", wire.ErrValue)

// CodeOf is the error code with which a message that does not decode is
// answered. A parameter whose length does not fit is a parameter field error;
// a message that cannot be cut into parameters at all is a protocol error.
func CodeOf(err error) ErrorCode {
	var we *wire.Error
	if !errors.As(err, &we) {
		return ProtocolError
	}
	switch {
	case we.Field == "version" && !errors.Is(err, wire.ErrShort):
		return InvalidVersion
	case we.Field == "message_class" && !errors.Is(err, wire.ErrShort):
		return UnsupportedMessageClass
	case we.Field == "message_type" && !errors.Is(err, wire.ErrShort):
		return UnsupportedMessageType
	case we.Offset >= 0 && we.Offset < HeaderLen, we.Field == "parameter_header":
		return ProtocolError
	case errors.Is(err, wire.ErrMissing):
		return MissingParameter
	case errors.Is(err, errMisplaced):
		return UnexpectedParameter
	case errors.Is(err, wire.ErrValue):
		return InvalidParameterValue
	case errors.Is(err, wire.ErrLength), errors.Is(err, wire.ErrShort), errors.Is(err, wire.ErrTrailing):
		return ParameterFieldError
	}
	return ProtocolError
}

// unknownType is the error of a message that RFC 4666 does not define.
func unknownType(o *Other) error {
	if !knownClass(o.MessageClass) {
		return &wire.Error{Proto: proto, Field: "message_class", Offset: 2, Err: wire.ErrUnsupported}
	}
	return &wire.Error{Proto: proto, Field: "message_type", Offset: 3, Err: wire.ErrUnsupported}
}
