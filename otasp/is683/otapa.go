package is683

import "github.com/otagate/otagate/internal/wire"

// OTAPARequest begins or ends a programming session that the network initiated
// (message type 0x0A).
//
//	1:START_STOP 7:reserved
type OTAPARequest struct {
	Start bool
}

// Type is TypeOTAPA.
func (m *OTAPARequest) Type() MessageType { return TypeOTAPA }

// Decode fills m from b, one whole message.
func (m *OTAPARequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeOTAPA)
	m.read(&c)
	return c.End()
}

func (m *OTAPARequest) read(c *wire.Cursor) {
	r := c.Bits(1, "START_STOP")
	m.Start = r.Flag("START_STOP")
	reserved(&r, 7)
	c.Adopt(r.Err())
}

// Append appends m in wire form to dst.
func (m *OTAPARequest) Append(dst []byte) ([]byte, error) {
	w := newPacker(append(dst, byte(TypeOTAPA)))
	w.flag(m.Start)
	return w.end()
}

// OTAPAResponse says whether the handset goes along and whether its NAM is locked
// (message type 0x0A). RAND_OTAPA, the challenge for the SPASM signature, is
// present when the NAM is locked.
//
//	8:RESULT_CODE 7:reserved 1:NAM_LOCK_IND [32:RAND_OTAPA]
type OTAPAResponse struct {
	Result    ResultCode
	NAMLock   bool
	RandOTAPA uint32 // present when NAMLock
}

// Type is TypeOTAPA.
func (m *OTAPAResponse) Type() MessageType { return TypeOTAPA }

// Decode fills m from b, one whole message.
func (m *OTAPAResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeOTAPA)
	m.read(&c)
	return c.End()
}

func (m *OTAPAResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
	m.RandOTAPA = 0
	r := c.Bits(1, "NAM_LOCK_IND")
	reserved(&r, 7)
	m.NAMLock = r.Flag("NAM_LOCK_IND")
	c.Adopt(r.Err())
	if m.NAMLock {
		m.RandOTAPA = c.U32("RAND_OTAPA")
	}
}

// Append appends m in wire form to dst.
func (m *OTAPAResponse) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeOTAPA), byte(m.Result))
	if !m.NAMLock {
		return append(dst, 0), nil
	}
	r := m.RandOTAPA
	return append(dst, 1, byte(r>>24), byte(r>>16), byte(r>>8), byte(r)), nil
}
