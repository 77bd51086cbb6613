package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// ConfigurationRequest asks the handset for blocks of its NAM (message type 0x00).
// All fields are mandatory.
//
//	8:NUM_BLOCKS {8:BLOCK_ID}xN
type ConfigurationRequest struct {
	BlockIDs BlockIDs
}

// Type is TypeConfiguration.
func (m *ConfigurationRequest) Type() MessageType { return TypeConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeConfiguration)
	m.read(&c)
	return c.End()
}

func (m *ConfigurationRequest) read(c *wire.Cursor) {
	m.BlockIDs = readIDs(c, TypeConfiguration)
}

// Append appends m in wire form to dst.
func (m *ConfigurationRequest) Append(dst []byte) ([]byte, error) {
	return appendIDs(dst, TypeConfiguration, m.BlockIDs)
}

// Clone returns a copy that borrows nothing.
func (m *ConfigurationRequest) Clone() *ConfigurationRequest {
	n := *m
	n.BlockIDs = bytes.Clone(m.BlockIDs)
	return &n
}

// ConfigurationResponse carries the blocks that were asked for (message type
// 0x00). All results stand after all blocks; Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN {8:RESULT_CODE}xN FRESH
type ConfigurationResponse struct {
	Blocks []ConfiguredBlock
	Fresh  Fresh
}

// Type is TypeConfiguration.
func (m *ConfigurationResponse) Type() MessageType { return TypeConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeConfiguration)
	m.read(&c)
	return c.End()
}

func (m *ConfigurationResponse) read(c *wire.Cursor) {
	m.Blocks = readConfigured(c, TypeConfiguration, m.Blocks, true)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *ConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendConfigured(dst, TypeConfiguration, m.Blocks, true); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *ConfigurationResponse) Clone() *ConfigurationResponse {
	n := *m
	n.Blocks = cloneConfigured(m.Blocks)
	return &n
}
