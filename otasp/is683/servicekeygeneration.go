package is683

import "github.com/otagate/otagate/internal/wire"

// KeyID is the bitmap of keys to generate.
type KeyID uint16

// The bits of KEY_ID; the others are reserved.
const (
	KeyIMSRoot KeyID = 0x8000
	KeyBCMCS   KeyID = 0x4000
	KeyWLAN    KeyID = 0x2000
)

// String lists the keys.
func (k KeyID) String() string {
	return listBits(uint8(k>>8), [8]string{"IMS root key", "BCMCS root key", "WLAN root key"})
}

// ServiceKeyGenerationRequest makes the handset derive service keys (message type
// 0x15).
//
//	16:KEY_ID
type ServiceKeyGenerationRequest struct {
	KeyID KeyID
}

// Type is TypeServiceKeyGeneration.
func (m *ServiceKeyGenerationRequest) Type() MessageType { return TypeServiceKeyGeneration }

// Decode fills m from b, one whole message.
func (m *ServiceKeyGenerationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeServiceKeyGeneration)
	m.read(&c)
	return c.End()
}

func (m *ServiceKeyGenerationRequest) read(c *wire.Cursor) {
	m.KeyID = wire.Say(c, KeyID(c.U16("KEY_ID")))
}

// Append appends m in wire form to dst.
func (m *ServiceKeyGenerationRequest) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeServiceKeyGeneration), byte(m.KeyID>>8), byte(m.KeyID)), nil
}

// ServiceKeyGenerationResponse says whether the keys were derived (message type
// 0x15).
//
//	8:RESULT_CODE
type ServiceKeyGenerationResponse struct {
	Result ResultCode
}

// Type is TypeServiceKeyGeneration.
func (m *ServiceKeyGenerationResponse) Type() MessageType { return TypeServiceKeyGeneration }

// Decode fills m from b, one whole message.
func (m *ServiceKeyGenerationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeServiceKeyGeneration)
	m.read(&c)
	return c.End()
}

func (m *ServiceKeyGenerationResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
}

// Append appends m in wire form to dst.
func (m *ServiceKeyGenerationResponse) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeServiceKeyGeneration), byte(m.Result)), nil
}
