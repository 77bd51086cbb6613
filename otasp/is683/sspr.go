package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// SSPRConfigurationRequest asks for the dimensions of the preferred roaming list,
// or for a segment of it (message type 0x07). Offset and MaxSize are mandatory
// for the segment, SSPRSegment, and absent otherwise.
//
//	8:BLOCK_ID [16:REQUEST_OFFSET 8:REQUEST_MAX_SIZE]
type SSPRConfigurationRequest struct {
	BlockID uint8
	Offset  uint16 // octets from the start of the list
	MaxSize uint8  // octets
}

// Type is TypeSSPRConfiguration.
func (m *SSPRConfigurationRequest) Type() MessageType { return TypeSSPRConfiguration }

// Decode fills m from b, one whole message.
func (m *SSPRConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSSPRConfiguration)
	m.read(&c)
	return c.End()
}

func (m *SSPRConfigurationRequest) read(c *wire.Cursor) {
	m.Offset, m.MaxSize = 0, 0
	if m.BlockID = readBlockID(c, TypeSSPRConfiguration); m.BlockID == SSPRSegment {
		m.Offset = c.U16("REQUEST_OFFSET")
		m.MaxSize = c.U8("REQUEST_MAX_SIZE")
	}
}

// Append appends m in wire form to dst.
func (m *SSPRConfigurationRequest) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeSSPRConfiguration), m.BlockID)
	if m.BlockID == SSPRSegment {
		dst = append(dst, byte(m.Offset>>8), byte(m.Offset), m.MaxSize)
	}
	return dst, nil
}

// SSPRConfigurationResponse carries dimensions or a segment (message type 0x07):
// [PRLDimensions], [ExtendedPRLDimensions], [PRLSegment]. A handset that holds an
// extended list refuses SSPRDimensions with PRLFormatMismatch. Fresh is optional
// on receipt.
//
//	8:BLOCK_ID 8:RESULT_CODE 8:BLOCK_LEN data FRESH
type SSPRConfigurationResponse struct {
	BlockID uint8
	Result  ResultCode
	Data    wire.Hex // at most 255 octets
	Fresh   Fresh
}

// Type is TypeSSPRConfiguration.
func (m *SSPRConfigurationResponse) Type() MessageType { return TypeSSPRConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *SSPRConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSSPRConfiguration)
	m.read(&c)
	return c.End()
}

func (m *SSPRConfigurationResponse) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypeSSPRConfiguration)
	m.Result = readResult(c)
	m.Data = readBlockData(c, TypeSSPRConfiguration, m.BlockID)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *SSPRConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, byte(TypeSSPRConfiguration), m.BlockID, byte(m.Result))
	if dst, err = appendData(dst, m.Data, "BLOCK_LEN"); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *SSPRConfigurationResponse) Clone() *SSPRConfigurationResponse {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}
