package is683

import (
	"bytes"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// KeyGenerationRequest carries the network's half of the key exchange (message
// type 0x03).
//
//	8:BS_RESULT_LEN BS_RESULT
type KeyGenerationRequest struct {
	BSResult wire.Hex // at most 255 octets
}

// Format hides the value from every verb.
func (m KeyGenerationRequest) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{%d octets}", len(m.BSResult))
}

// Type is TypeKeyGeneration.
func (m *KeyGenerationRequest) Type() MessageType { return TypeKeyGeneration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *KeyGenerationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeKeyGeneration)
	m.read(&c)
	return c.End()
}

func (m *KeyGenerationRequest) read(c *wire.Cursor) {
	m.BSResult = c.Bytes(int(c.U8("BS_RESULT_LEN")), "BS_RESULT")
	c.Secret()
}

// Append appends m in wire form to dst.
func (m *KeyGenerationRequest) Append(dst []byte) ([]byte, error) {
	return appendData(append(dst, byte(TypeKeyGeneration)), m.BSResult, "BS_RESULT_LEN")
}

// Clone returns a copy that borrows nothing.
func (m *KeyGenerationRequest) Clone() *KeyGenerationRequest {
	n := *m
	n.BSResult = bytes.Clone(m.BSResult)
	return &n
}

// KeyGenerationResponse carries the handset's half (message type 0x03).
//
//	8:RESULT_CODE 8:MS_RESULT_LEN MS_RESULT
type KeyGenerationResponse struct {
	Result   ResultCode
	MSResult wire.Hex // at most 255 octets
}

// Format hides the value from every verb.
func (m KeyGenerationResponse) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{%s, %d octets}", m.Result, len(m.MSResult))
}

// Type is TypeKeyGeneration.
func (m *KeyGenerationResponse) Type() MessageType { return TypeKeyGeneration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *KeyGenerationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeKeyGeneration)
	m.read(&c)
	return c.End()
}

func (m *KeyGenerationResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
	m.MSResult = c.Bytes(int(c.U8("MS_RESULT_LEN")), "MS_RESULT")
	c.Secret()
}

// Append appends m in wire form to dst.
func (m *KeyGenerationResponse) Append(dst []byte) ([]byte, error) {
	return appendData(append(dst, byte(TypeKeyGeneration), byte(m.Result)), m.MSResult, "MS_RESULT_LEN")
}

// Clone returns a copy that borrows nothing.
func (m *KeyGenerationResponse) Clone() *KeyGenerationResponse {
	n := *m
	n.MSResult = bytes.Clone(m.MSResult)
	return &n
}
