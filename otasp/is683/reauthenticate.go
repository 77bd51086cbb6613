package is683

import "github.com/otagate/otagate/internal/wire"

// ReAuthenticateRequest makes the handset sign a challenge with its new A-key
// (message type 0x04).
//
//	32:RAND
type ReAuthenticateRequest struct {
	Rand uint32
}

// Type is TypeReAuthenticate.
func (m *ReAuthenticateRequest) Type() MessageType { return TypeReAuthenticate }

// Decode fills m from b, one whole message.
func (m *ReAuthenticateRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeReAuthenticate)
	m.read(&c)
	return c.End()
}

func (m *ReAuthenticateRequest) read(c *wire.Cursor) {
	m.Rand = c.U32("RAND")
}

// Append appends m in wire form to dst.
func (m *ReAuthenticateRequest) Append(dst []byte) ([]byte, error) {
	r := m.Rand
	return append(dst, byte(TypeReAuthenticate), byte(r>>24), byte(r>>16), byte(r>>8), byte(r)), nil
}

// ReAuthenticateResponse is the signature, seven octets (message type 0x04).
//
//	18:AUTHR 8:RANDC 6:COUNT 24:AUTH_DATA
type ReAuthenticateResponse struct {
	AuthR    uint32 // 18 bits
	RandC    uint8
	Count    uint8  // 6 bits
	AuthData uint32 // 24 bits
}

// Type is TypeReAuthenticate.
func (m *ReAuthenticateResponse) Type() MessageType { return TypeReAuthenticate }

// Decode fills m from b, one whole message.
func (m *ReAuthenticateResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeReAuthenticate)
	m.read(&c)
	return c.End()
}

func (m *ReAuthenticateResponse) read(c *wire.Cursor) {
	r := c.Bits(min(7, c.Len()), "AUTHR")
	m.AuthR = uint32(r.U(18, "AUTHR"))
	m.RandC = uint8(r.U(8, "RANDC"))
	m.Count = uint8(r.U(6, "COUNT"))
	m.AuthData = uint32(r.U(24, "AUTH_DATA"))
	c.Adopt(r.Err())
}

// Append appends m in wire form to dst.
func (m *ReAuthenticateResponse) Append(dst []byte) ([]byte, error) {
	w := newPacker(append(dst, byte(TypeReAuthenticate)))
	w.u(18, uint64(m.AuthR), "AUTHR")
	w.u(8, uint64(m.RandC), "RANDC")
	w.u(6, uint64(m.Count), "COUNT")
	w.u(24, uint64(m.AuthData), "AUTH_DATA")
	return w.end()
}
