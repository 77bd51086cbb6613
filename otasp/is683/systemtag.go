package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// SystemTagConfigurationRequest asks for a system tag block (message type 0x13).
// Blocks that are lists are asked for in segments; which ids these are the
// sources disagree about, so Segment says whether the request has the two fields.
//
//	8:BLOCK_ID [16:REQUEST_OFFSET 8:REQUEST_MAX_SIZE]
type SystemTagConfigurationRequest struct {
	BlockID uint8
	Segment bool   // Offset and MaxSize are present
	Offset  uint16 // octets from the start of the list
	MaxSize uint8  // octets
}

// Type is TypeSystemTagConfiguration.
func (m *SystemTagConfigurationRequest) Type() MessageType { return TypeSystemTagConfiguration }

// Decode fills m from b, one whole message.
func (m *SystemTagConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSystemTagConfiguration)
	m.read(&c)
	return c.End()
}

func (m *SystemTagConfigurationRequest) read(c *wire.Cursor) {
	m.Offset, m.MaxSize = 0, 0
	m.BlockID = readBlockID(c, TypeSystemTagConfiguration)
	if m.Segment = c.More(); m.Segment {
		m.Offset = c.U16("REQUEST_OFFSET")
		m.MaxSize = c.U8("REQUEST_MAX_SIZE")
	}
}

// Append appends m in wire form to dst.
func (m *SystemTagConfigurationRequest) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeSystemTagConfiguration), m.BlockID)
	if m.Segment {
		dst = append(dst, byte(m.Offset>>8), byte(m.Offset), m.MaxSize)
	}
	return dst, nil
}

// SystemTagConfigurationResponse carries a system tag block (message type 0x13):
// [HomeTagResponse]; the other blocks are opaque.
//
//	8:BLOCK_ID 8:RESULT_CODE 8:BLOCK_LEN data
type SystemTagConfigurationResponse struct {
	BlockID uint8
	Result  ResultCode
	Data    wire.Hex // at most 255 octets
}

// Type is TypeSystemTagConfiguration.
func (m *SystemTagConfigurationResponse) Type() MessageType { return TypeSystemTagConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *SystemTagConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSystemTagConfiguration)
	m.read(&c)
	return c.End()
}

func (m *SystemTagConfigurationResponse) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypeSystemTagConfiguration)
	m.Result = readResult(c)
	m.Data = readBlockData(c, TypeSystemTagConfiguration, m.BlockID)
}

// Append appends m in wire form to dst.
func (m *SystemTagConfigurationResponse) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeSystemTagConfiguration), m.BlockID, byte(m.Result))
	return appendData(dst, m.Data, "BLOCK_LEN")
}

// Clone returns a copy that borrows nothing.
func (m *SystemTagConfigurationResponse) Clone() *SystemTagConfigurationResponse {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}
