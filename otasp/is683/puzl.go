package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// PUZLConfigurationRequest asks for a part of the preferred user zone list
// (message type 0x0B). What follows the BLOCK_ID depends on the block and is not
// public: Data is opaque and may be empty.
//
//	8:BLOCK_ID data
type PUZLConfigurationRequest struct {
	BlockID uint8
	Data    wire.Hex
}

// Type is TypePUZLConfiguration.
func (m *PUZLConfigurationRequest) Type() MessageType { return TypePUZLConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *PUZLConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypePUZLConfiguration)
	m.read(&c)
	return c.End()
}

func (m *PUZLConfigurationRequest) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypePUZLConfiguration)
	m.Data = nil
	if c.More() {
		m.Data = c.Rest("PARAM_DATA")
	}
}

// Append appends m in wire form to dst.
func (m *PUZLConfigurationRequest) Append(dst []byte) ([]byte, error) {
	return append(append(dst, byte(TypePUZLConfiguration), m.BlockID), m.Data...), nil
}

// Clone returns a copy that borrows nothing.
func (m *PUZLConfigurationRequest) Clone() *PUZLConfigurationRequest {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}

// PUZLConfigurationResponse carries the part that was asked for, opaque (message
// type 0x0B). Fresh is optional on receipt.
//
//	8:BLOCK_ID 8:RESULT_CODE 8:BLOCK_LEN data FRESH
type PUZLConfigurationResponse struct {
	BlockID uint8
	Result  ResultCode
	Data    wire.Hex // at most 255 octets
	Fresh   Fresh
}

// Type is TypePUZLConfiguration.
func (m *PUZLConfigurationResponse) Type() MessageType { return TypePUZLConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *PUZLConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypePUZLConfiguration)
	m.read(&c)
	return c.End()
}

func (m *PUZLConfigurationResponse) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypePUZLConfiguration)
	m.Result = readResult(c)
	m.Data = readBlockData(c, TypePUZLConfiguration, m.BlockID)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *PUZLConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, byte(TypePUZLConfiguration), m.BlockID, byte(m.Result))
	if dst, err = appendData(dst, m.Data, "BLOCK_LEN"); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *PUZLConfigurationResponse) Clone() *PUZLConfigurationResponse {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}
