package m3ua

import "fmt"

// Type is a message class and type, class in the high octet.
type Type uint16

// The messages of RFC 4666 §3.1.3, §3.1.2.
const (
	TypeError                  Type = 0x0000
	TypeNotify                 Type = 0x0001
	TypeData                   Type = 0x0101
	TypeDUNA                   Type = 0x0201
	TypeDAVA                   Type = 0x0202
	TypeDAUD                   Type = 0x0203
	TypeSCON                   Type = 0x0204
	TypeDUPU                   Type = 0x0205
	TypeDRST                   Type = 0x0206
	TypeASPUp                  Type = 0x0301
	TypeASPDown                Type = 0x0302
	TypeBeat                   Type = 0x0303
	TypeASPUpAck               Type = 0x0304
	TypeASPDownAck             Type = 0x0305
	TypeBeatAck                Type = 0x0306
	TypeASPActive              Type = 0x0401
	TypeASPInactive            Type = 0x0402
	TypeASPActiveAck           Type = 0x0403
	TypeASPInactiveAck         Type = 0x0404
	TypeRegistrationRequest    Type = 0x0901
	TypeRegistrationResponse   Type = 0x0902
	TypeDeregistrationRequest  Type = 0x0903
	TypeDeregistrationResponse Type = 0x0904
)

// Class is the message class.
func (t Type) Class() uint8 { return uint8(t >> 8) }

// Number is the message type inside the class.
func (t Type) Number() uint8 { return uint8(t) }

// String is the abbreviation of the standard.
func (t Type) String() string {
	for i := range messages {
		if messages[i].Type == t {
			return messages[i].Name
		}
	}
	return fmt.Sprintf("class %d type %d", t.Class(), t.Number())
}

func knownClass(class uint8) bool {
	return class <= 4 || class == 9
}

// messages is the dispatch table: abbreviation and an empty message.
var messages = [...]struct {
	Type Type
	Name string
	New  func() Message
}{
	{TypeError, "ERR", func() Message { return new(Error) }},
	{TypeNotify, "NTFY", func() Message { return new(Notify) }},
	{TypeData, "DATA", func() Message { return new(Data) }},
	{TypeDUNA, "DUNA", func() Message { return new(DUNA) }},
	{TypeDAVA, "DAVA", func() Message { return new(DAVA) }},
	{TypeDAUD, "DAUD", func() Message { return new(DAUD) }},
	{TypeSCON, "SCON", func() Message { return new(SCON) }},
	{TypeDUPU, "DUPU", func() Message { return new(DUPU) }},
	{TypeDRST, "DRST", func() Message { return new(DRST) }},
	{TypeASPUp, "ASPUP", func() Message { return new(ASPUp) }},
	{TypeASPDown, "ASPDN", func() Message { return new(ASPDown) }},
	{TypeBeat, "BEAT", func() Message { return new(Beat) }},
	{TypeASPUpAck, "ASPUP ACK", func() Message { return new(ASPUpAck) }},
	{TypeASPDownAck, "ASPDN ACK", func() Message { return new(ASPDownAck) }},
	{TypeBeatAck, "BEAT ACK", func() Message { return new(BeatAck) }},
	{TypeASPActive, "ASPAC", func() Message { return new(ASPActive) }},
	{TypeASPInactive, "ASPIA", func() Message { return new(ASPInactive) }},
	{TypeASPActiveAck, "ASPAC ACK", func() Message { return new(ASPActiveAck) }},
	{TypeASPInactiveAck, "ASPIA ACK", func() Message { return new(ASPInactiveAck) }},
	{TypeRegistrationRequest, "REG REQ", func() Message { return new(RegistrationRequest) }},
	{TypeRegistrationResponse, "REG RSP", func() Message { return new(RegistrationResponse) }},
	{TypeDeregistrationRequest, "DEREG REQ", func() Message { return new(DeregistrationRequest) }},
	{TypeDeregistrationResponse, "DEREG RSP", func() Message { return new(DeregistrationResponse) }},
}
