package is637

import (
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

// TransportType is SMS_MSG_TYPE, the first octet of a transport message.
type TransportType uint8

// The transport messages.
const (
	PointToPoint TransportType = 0
	Broadcast    TransportType = 1
	Acknowledge  TransportType = 2
)

var transportTypes = [...]string{"point-to-point", "broadcast", "acknowledge"}

func (t TransportType) String() string { return nameOf(transportTypes[:], uint8(t)) }

// ParameterID is PARAMETER_ID of the transport layer.
type ParameterID uint8

// The parameters.
const (
	ParamTeleservice           ParameterID = 0x00
	ParamServiceCategory       ParameterID = 0x01
	ParamOriginatingAddress    ParameterID = 0x02
	ParamOriginatingSubaddress ParameterID = 0x03
	ParamDestinationAddress    ParameterID = 0x04
	ParamDestinationSubaddress ParameterID = 0x05
	ParamBearerReplyOption     ParameterID = 0x06
	ParamCauseCodes            ParameterID = 0x07
	ParamBearerData            ParameterID = 0x08
)

var parameters = [...]string{
	"teleservice identifier", "service category", "originating address", "originating subaddress",
	"destination address", "destination subaddress", "bearer reply option", "cause codes", "bearer data",
}

func (p ParameterID) String() string { return nameOf(parameters[:], uint8(p)) }

// Parameter is one that stays octets.
type Parameter struct {
	ID   ParameterID `json:"parameter_id"`
	Data wire.Hex    `json:"data"`
}

// Teleservice is the teleservice identifier: what the bearer data is for.
type Teleservice uint16

// The teleservices.
const (
	TeleserviceCMT91 Teleservice = 4096 // IS-91 extended protocol
	TeleserviceWPT   Teleservice = 4097 // paging, CPT-95
	TeleserviceWMT   Teleservice = 4098 // text, CMT-95
	TeleserviceVMN   Teleservice = 4099 // voice mail notification
	TeleserviceWAP   Teleservice = 4100 // datagrams, see WDP
	TeleserviceWEMT  Teleservice = 4101 // enhanced messages, with a user data header
	TeleserviceSCPT  Teleservice = 4102 // service category programming
	TeleserviceCATPT Teleservice = 4103 // card application toolkit

	// Of carriers, not of the standard.
	TeleserviceCTWAP          Teleservice = 65002 // China Telecom: bearer data in bearer data, see WDPOf
	TeleserviceCTRegistration Teleservice = 65009
)

var teleservices = [...]string{"CMT-91", "WPT", "WMT", "VMN", "WAP", "WEMT", "SCPT", "CATPT"}

func (t Teleservice) String() string {
	switch {
	case t >= TeleserviceCMT91 && t <= TeleserviceCATPT:
		return teleservices[t-TeleserviceCMT91]
	case t == TeleserviceCTWAP:
		return "China Telecom WAP"
	case t == TeleserviceCTRegistration:
		return "China Telecom registration"
	}
	return strconv.Itoa(int(t))
}

// CarriesBearer tells whether messages of t are known to hold bearer data of
// IS-637.
func (t Teleservice) CarriesBearer() bool {
	return t >= TeleserviceWPT && t <= TeleserviceCATPT || t == TeleserviceCTWAP
}

// ServiceCategory says what a broadcast is about.
type ServiceCategory uint16

func (s ServiceCategory) String() string { return strconv.Itoa(int(s)) }

// ReplySequence is REPLY_SEQ, six bits: an acknowledgement repeats that of the
// message.
type ReplySequence uint8

const maxReplySequence = 0x3f
