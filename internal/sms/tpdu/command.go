package tpdu

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// CommandType is TP-Command-Type (9.2.3.19).
type CommandType uint8

// The commands; those from E0 on are the service centre's own.
const (
	CommandEnquiry             CommandType = 0
	CommandCancelStatusReport  CommandType = 1
	CommandDelete              CommandType = 2
	CommandEnableStatusReport  CommandType = 3
	firstServiceCentresCommand CommandType = 0xe0
)

func (t CommandType) String() string {
	switch t {
	case CommandEnquiry:
		return "enquiry"
	case CommandCancelStatusReport:
		return "cancel status report request"
	case CommandDelete:
		return "delete"
	case CommandEnableStatusReport:
		return "enable status report request"
	}
	if t >= firstServiceCentresCommand {
		return fmt.Sprintf("SC specific command %#02x", uint8(t))
	}
	return fmt.Sprintf("command %#02x", uint8(t))
}

// Command is SMS-COMMAND (9.2.2.4): the mobile has the service centre do
// something to a message that it submitted. All is mandatory; the data are
// octets and often none.
//
//	1:0 1:TP-UDHI 1:TP-SRR 3:0 2:TP-MTI=10
//	8:TP-MR  8:TP-PID  8:TP-CT  8:TP-MN  TP-DA  8:TP-CDL  TP-CD
type Command struct {
	StatusReportRequest bool
	Reference           uint8 // TP-MR of this command
	PID                 PID
	CommandType         CommandType
	MessageNumber       uint8 // TP-MR of the message
	Destination         Address
	Data                UserData
}

// Type is TypeCommand.
func (m *Command) Type() Type { return TypeCommand }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *Command) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *Command) read(c *wire.Cursor) {
	m.Data.reset()
	b := begin(c, TypeCommand)
	b.U(1, "reserved")
	m.Data.HasHeader = b.Flag("TP-UDHI")
	m.StatusReportRequest = b.Flag("TP-SRR")
	b.U(3, "reserved")
	end(c, &b, TypeCommand)
	m.Reference = c.U8("TP-MR")
	m.PID.read(c)
	m.CommandType = wire.Say(c, CommandType(c.U8("TP-CT")))
	m.MessageNumber = c.U8("TP-MN")
	m.Destination.read(c, "TP-DA")
	m.Data.read(c, DCSOctets, maxReportData, commandData)
}

// Append appends m in wire form to dst.
func (m *Command) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, TypeCommand.MTI()|bit(5, m.StatusReportRequest)|bit(6, m.Data.HasHeader),
		m.Reference, byte(m.PID), byte(m.CommandType), m.MessageNumber)
	if dst, err = m.Destination.append(dst, "TP-DA"); err != nil {
		return dst, err
	}
	return m.Data.append(dst, DCSOctets, maxReportData, commandData)
}

// Clone returns a copy that borrows nothing.
func (m *Command) Clone() *Command {
	n := *m
	n.Data = m.Data.clone()
	return &n
}
