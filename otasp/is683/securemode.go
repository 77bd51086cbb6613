package is683

import "github.com/otagate/otagate/internal/wire"

// SecureModeRequest turns the ciphering of blocks on or off (message type 0x0F).
// Security 0 takes the key from SSD_A and SSD_B, 1 from the 3G root key. RAND_SM
// is present when Start.
//
//	1:START_STOP 4:SECURITY 3:reserved [64:RAND_SM]
type SecureModeRequest struct {
	Start    bool
	Security uint8  // 4 bits
	RandSM   uint64 // present when Start
}

// Type is TypeSecureMode.
func (m *SecureModeRequest) Type() MessageType { return TypeSecureMode }

// Decode fills m from b, one whole message.
func (m *SecureModeRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSecureMode)
	m.read(&c)
	return c.End()
}

func (m *SecureModeRequest) read(c *wire.Cursor) {
	m.RandSM = 0
	r := c.Bits(1, "START_STOP")
	m.Start = r.Flag("START_STOP")
	m.Security = uint8(r.U(4, "SECURITY"))
	reserved(&r, 3)
	c.Adopt(r.Err())
	if m.Start {
		m.RandSM = c.U64("RAND_SM")
	}
}

// Append appends m in wire form to dst.
func (m *SecureModeRequest) Append(dst []byte) ([]byte, error) {
	w := newPacker(append(dst, byte(TypeSecureMode)))
	w.flag(m.Start)
	w.u(4, uint64(m.Security), "SECURITY")
	w.u(3, 0, "reserved")
	if m.Start {
		w.u(64, m.RandSM, "RAND_SM")
	}
	return w.end()
}

// SecureModeResponse says whether the handset goes along (message type 0x0F).
//
//	8:RESULT_CODE
type SecureModeResponse struct {
	Result ResultCode
}

// Type is TypeSecureMode.
func (m *SecureModeResponse) Type() MessageType { return TypeSecureMode }

// Decode fills m from b, one whole message.
func (m *SecureModeResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSecureMode)
	m.read(&c)
	return c.End()
}

func (m *SecureModeResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
}

// Append appends m in wire form to dst.
func (m *SecureModeResponse) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeSecureMode), byte(m.Result)), nil
}
