package is683

import "github.com/otagate/otagate/internal/wire"

// TypedBlock is the data of a block whose layout is known.
type TypedBlock interface {
	// Append appends the block's data to dst.
	Append(dst []byte) ([]byte, error)
	// Decode fills the value from b, the whole data of one block.
	Decode(b []byte) error

	read(r *wire.Bits)
}

// NewTypedBlock returns an empty value for the data of a block in messages of
// type t, or nil when the layout is not known.
func NewTypedBlock(t MessageType, id uint8) TypedBlock {
	switch t {
	case TypeConfiguration:
		return newNAMBlock(id, true)
	case TypeDownload:
		return newNAMBlock(id, false)
	case TypeValidation:
		return newValidationBlock(id)
	case TypeSSPRConfiguration:
		return newSSPRBlock(id)
	case TypeSSPRDownload:
		if id <= SSPRExtendedPRL {
			return new(PRLSegment)
		}
	case TypeSystemTagConfiguration:
		if id == SystemTagHome {
			return new(HomeTagResponse)
		}
	case TypeSystemTagDownload:
		if id == SystemTagDownloadHome {
			return new(HomeTag)
		}
	case TypeMMSConfiguration:
		if id == MMSBlockURICapability {
			return new(MMSURICapability)
		}
		fallthrough
	case TypeMMSDownload:
		if id == MMSBlockURI {
			return new(MMSURI)
		}
	}
	return nil
}

func newNAMBlock(id uint8, response bool) TypedBlock {
	switch {
	case id == BlockCDMAAnalogNAM && response:
		return new(CDMAAnalogNAMResponse)
	case id == BlockCDMAAnalogNAM:
		return new(CDMAAnalogNAM)
	case id == BlockMDN:
		return new(MDN)
	case id == BlockCDMANAM && response:
		return new(CDMANAMResponse)
	case id == BlockCDMANAM:
		return new(CDMANAM)
	case id == BlockIMSIT:
		return new(IMSIT)
	}
	return nil
}

func newValidationBlock(id uint8) TypedBlock {
	switch id {
	case ValidationVerifySPC, ValidationChangeSPC:
		return new(SPC)
	case ValidationValidateSPASM:
		return new(SPASM)
	}
	return nil
}

func newSSPRBlock(id uint8) TypedBlock {
	switch id {
	case SSPRDimensions:
		return new(PRLDimensions)
	case SSPRSegment:
		return new(PRLSegment)
	case SSPRExtendedDimensions:
		return new(ExtendedPRLDimensions)
	}
	return nil
}

// secretBlock reports whether a block's data must not be shown: service
// programming codes and shared secrets, also when they do not fit their layout.
func secretBlock(t MessageType, id uint8) bool {
	switch t {
	case TypeValidation:
		return id != ValidationValidateSPASM
	case TypeThreeGPDConfiguration:
		return id >= ThreeGPDSimpleIPPAPSecret && id <= ThreeGPDMobileIPSecrets || id == ThreeGPDHRPDCHAPSecret
	case TypeThreeGPDDownload:
		return id >= ThreeGPDDownloadSimpleIPPAP && id <= ThreeGPDDownloadMobileIPSecrets || id == ThreeGPDDownloadHRPDCHAPSecret
	}
	return false
}

// readBlockData reads 8:BLOCK_LEN and the data.
func readBlockData(c *wire.Cursor, t MessageType, id uint8) []byte {
	n := int(c.U8("BLOCK_LEN"))
	if c.Trace() == nil {
		return c.Bytes(n, "PARAM_DATA")
	}
	return traceBlockData(c, t, id, n)
}

// traceBlockData shows the fields of a block under a heading when its layout
// is known and fits, and its octets otherwise.
func traceBlockData(c *wire.Cursor, t MessageType, id uint8, n int) []byte {
	off, tr := c.Off(), c.Mute()
	data := c.Bytes(n, "PARAM_DATA")
	c.Unmute(tr)
	if c.Err() != nil {
		return nil
	}
	block := NewTypedBlock(t, id)
	if block == nil || block.Decode(data) != nil {
		opaque := wire.NewCursorAt(proto, data, off, tr)
		opaque.Rest("PARAM_DATA")
		if secretBlock(t, id) {
			opaque.Secret()
		}
		if block != nil {
			opaque.Note("not the layout of " + BlockName(t, id))
		}
		return data
	}
	tr.Open(off, n, BlockName(t, id))
	r := wire.NewBits(proto, data, off, tr)
	block.read(&r)
	r.Pad()
	tr.Close()
	return data
}
