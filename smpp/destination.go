package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// DestFlag says what a destination of submit_multi is (SMPP 3.4 section 5.2.25).
type DestFlag uint8

// The two kinds.
const (
	DestFlagSME              DestFlag = 1
	DestFlagDistributionList DestFlag = 2
)

// String is what it is.
func (f DestFlag) String() string {
	switch f {
	case DestFlagSME:
		return "SME address"
	case DestFlagDistributionList:
		return "distribution list"
	}
	return "reserved"
}

// minDestination is the shortest: a distribution list without a name.
const minDestination = 2

// Destination is one dest_address of submit_multi: an SME, or a distribution
// list that the message centre keeps.
//
//	dest_flag            1 octet                             M
//	dest_addr_ton, _npi  1 octet each                        dest_flag 1
//	destination_addr     C-octet string, 21 octets with NUL  dest_flag 1
//	dl_name              C-octet string, 21                  dest_flag 2
type Destination struct {
	DestFlag        DestFlag
	DestAddrTON     uint8
	DestAddrNPI     uint8
	DestinationAddr []byte
	DLName          []byte
}

func (d *Destination) append(a *appender) {
	a.octets(byte(d.DestFlag))
	switch {
	case a.err != nil:
	case d.DestFlag == DestFlagSME:
		a.octets(d.DestAddrTON, d.DestAddrNPI)
		a.text(d.DestinationAddr, 21, "destination_addr")
	case d.DestFlag == DestFlagDistributionList:
		a.text(d.DLName, 21, "dl_name")
	default:
		a.err = wire.Unencodable(proto, "dest_flag", wire.ErrValue)
	}
}

func (d *Destination) read(c *wire.Cursor) {
	c.Group("dest_address")
	at := c.Off()
	d.DestFlag = DestFlag(c.U8("dest_flag"))
	wire.Say(c, d.DestFlag)
	switch d.DestFlag {
	case DestFlagSME:
		d.DestAddrTON = c.U8("dest_addr_ton")
		d.DestAddrNPI = c.U8("dest_addr_npi")
		d.DestinationAddr = c.CString(21, "destination_addr")
	case DestFlagDistributionList:
		d.DLName = c.CString(21, "dl_name")
	default: // what it is followed by, nobody knows
		c.FailAt(at, "dest_flag", wire.ErrValue)
	}
	c.EndGroup()
}

func cloneDestinations(ds []Destination) []Destination {
	if ds == nil {
		return nil
	}
	out := make([]Destination, len(ds))
	for i := range ds {
		out[i] = ds[i]
		out[i].DestinationAddr, out[i].DLName = bytes.Clone(ds[i].DestinationAddr), bytes.Clone(ds[i].DLName)
	}
	return out
}
