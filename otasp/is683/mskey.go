package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// MSKeyRequest starts the key exchange (message type 0x02). A_KEY_P_REV is 2 for
// the 2G A-key, 3 for A-key and 3G root key, 4 for the root key, 5 for the
// enhanced root key. P and G, the Diffie-Hellman parameters, are mandatory below
// 3 and absent from 3 on.
//
//	8:A_KEY_P_REV [8:PARAM_P_LEN P 8:PARAM_G_LEN G]
type MSKeyRequest struct {
	AKeyPRev uint8
	P        wire.Hex // at most 255 octets
	G        wire.Hex // at most 255 octets
}

// Type is TypeMSKey.
func (m *MSKeyRequest) Type() MessageType { return TypeMSKey }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MSKeyRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMSKey)
	m.read(&c)
	return c.End()
}

func (m *MSKeyRequest) read(c *wire.Cursor) {
	m.AKeyPRev = c.U8("A_KEY_P_REV")
	m.P, m.G = nil, nil
	if m.AKeyPRev < firstWithoutPG {
		m.P = c.Bytes(int(c.U8("PARAM_P_LEN")), "PARAM_P")
		m.G = c.Bytes(int(c.U8("PARAM_G_LEN")), "PARAM_G")
	}
}

// Append appends m in wire form to dst.
func (m *MSKeyRequest) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, byte(TypeMSKey), m.AKeyPRev)
	if m.AKeyPRev >= firstWithoutPG {
		return dst, nil
	}
	if dst, err = appendData(dst, m.P, "PARAM_P_LEN"); err != nil {
		return dst, err
	}
	return appendData(dst, m.G, "PARAM_G_LEN")
}

// Clone returns a copy that borrows nothing.
func (m *MSKeyRequest) Clone() *MSKeyRequest {
	n := *m
	n.P, n.G = bytes.Clone(m.P), bytes.Clone(m.G)
	return &n
}

// firstWithoutPG is the first A_KEY_P_REV whose P and G are fixed.
const firstWithoutPG = 3

// MSKeyResponse says whether the handset can do the key exchange (message type
// 0x02).
//
//	8:RESULT_CODE
type MSKeyResponse struct {
	Result ResultCode
}

// Type is TypeMSKey.
func (m *MSKeyResponse) Type() MessageType { return TypeMSKey }

// Decode fills m from b, one whole message.
func (m *MSKeyResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMSKey)
	m.read(&c)
	return c.End()
}

func (m *MSKeyResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
}

// Append appends m in wire form to dst.
func (m *MSKeyResponse) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeMSKey), byte(m.Result)), nil
}
