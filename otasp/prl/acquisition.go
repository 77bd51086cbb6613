package prl

import "github.com/otagate/otagate/internal/wire"

// AcquisitionRecord says where the handset looks for a carrier. Which fields
// count depends on Type:
//
//	1, 4    cellular                      2:A_B
//	2, 7    standard channels             2:A_B 2:PRI_SEC
//	3, 6, 8, 9  channels                  5:NUM_CHANS {11:CHAN}
//	5       PCS blocks                    3:NUM_BLOCKS {3:BLOCK}
//	10, 11  generic (extended only)       {5:BAND_CLASS 11:CHANNEL_NUMBER}
//
// A classic list puts 4:ACQ_TYPE in front, an extended one 8:ACQ_TYPE 8:LENGTH
// and pads the body to LENGTH octets. An extended record of any other type is
// kept in Extra.
type AcquisitionRecord struct {
	Type     AcqType
	AB       AB
	PriSec   PriSec
	Channels []uint16
	Blocks   []Block
	Bands    []BandChannel

	// Extra are whole octets behind the body of an extended record, or the
	// whole body of an unknown type.
	Extra wire.Hex
}

const (
	maxChannels = 1<<5 - 1
	maxBlocks   = 1<<3 - 1
	maxChannel  = 1<<11 - 1
)

// readClassic reads a record of a classic list. It cannot step over a type it
// does not know, because there is no length.
func (a *AcquisitionRecord) readClassic(r *wire.Bits) {
	a.Type = say(r, AcqType(r.U(4, "ACQ_TYPE")))
	if r.Err() == nil && !a.Type.classic() {
		r.Fail("ACQ_TYPE", wire.ErrUnsupported)
		return
	}
	a.readBody(r)
}

// readExtended reads a record of an extended list from c.
func (a *AcquisitionRecord) readExtended(c *wire.Cursor) (oddPadding bool) {
	a.Type = wire.Say(c, AcqType(c.U8("ACQ_TYPE")))
	n := int(c.U8("LENGTH"))
	r := c.Bits(n, "LENGTH")
	a.readBody(&r)
	oddPadding = r.Pad()
	if r.Len() > 0 {
		a.Extra = r.AppendOctets(nil, r.Len()/8, "extra")
	}
	c.Adopt(r.Err())
	return oddPadding
}

func (t AcqType) classic() bool { return t >= CellularAnalog && t <= IMT2000CDMAChannels }

func (a *AcquisitionRecord) readBody(r *wire.Bits) {
	switch a.Type {
	case CellularAnalog, CellularCDMAPreferred:
		a.AB = say(r, AB(r.U(2, "A_B")))
	case CellularCDMAStandard, JTACSCDMAStandard:
		a.AB = say(r, AB(r.U(2, "A_B")))
		a.PriSec = say(r, PriSec(r.U(2, "PRI_SEC")))
	case CellularCDMACustom, PCSCDMAChannels, JTACSCDMACustom, IMT2000CDMAChannels:
		a.readChannels(r)
	case PCSCDMABlocks:
		a.readBlocks(r)
	case Generic1x, GenericHRPD:
		a.readBands(r)
	}
}

func (a *AcquisitionRecord) readChannels(r *wire.Bits) {
	n := int(r.U(5, "NUM_CHANS"))
	if !fits(r, n, 11, "NUM_CHANS") {
		return
	}
	a.Channels = make([]uint16, n)
	for i := range a.Channels {
		a.Channels[i] = uint16(r.U(11, "CHAN"))
	}
}

func (a *AcquisitionRecord) readBlocks(r *wire.Bits) {
	n := int(r.U(3, "NUM_BLOCKS"))
	if !fits(r, n, 3, "NUM_BLOCKS") {
		return
	}
	a.Blocks = make([]Block, n)
	for i := range a.Blocks {
		a.Blocks[i] = say(r, Block(r.U(3, "BLOCK")))
	}
}

func (a *AcquisitionRecord) readBands(r *wire.Bits) {
	n := r.Len() / 16
	if n == 0 {
		return
	}
	a.Bands = make([]BandChannel, n)
	for i := range a.Bands {
		a.Bands[i].Band = say(r, BandClass(r.U(5, "BAND_CLASS")))
		a.Bands[i].Channel = uint16(r.U(11, "CHANNEL_NUMBER"))
	}
}

// fits reports whether n records of at least size bits can be left, before
// anybody makes room for them. Nothing is to be made for none.
func fits(r *wire.Bits, n, size int, field string) bool {
	if n*size > r.Len() {
		r.Fail(field, wire.ErrLength)
	}
	return n > 0 && r.Err() == nil
}

func say[T wire.Stringer](r *wire.Bits, v T) T {
	if r.Trace() != nil && r.Err() == nil {
		r.Note(v.String())
	}
	return v
}
