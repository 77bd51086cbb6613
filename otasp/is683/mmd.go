package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// MMDConfigurationRequest asks for multimedia domain parameters (message type
// 0x11).
//
//	8:NUM_BLOCKS {8:BLOCK_ID}xN
type MMDConfigurationRequest struct {
	BlockIDs BlockIDs
}

// Type is TypeMMDConfiguration.
func (m *MMDConfigurationRequest) Type() MessageType { return TypeMMDConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMDConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMDConfiguration)
	m.read(&c)
	return c.End()
}

func (m *MMDConfigurationRequest) read(c *wire.Cursor) {
	m.BlockIDs = readIDs(c, TypeMMDConfiguration)
}

// Append appends m in wire form to dst.
func (m *MMDConfigurationRequest) Append(dst []byte) ([]byte, error) {
	return appendIDs(dst, TypeMMDConfiguration, m.BlockIDs)
}

// Clone returns a copy that borrows nothing.
func (m *MMDConfigurationRequest) Clone() *MMDConfigurationRequest {
	n := *m
	n.BlockIDs = bytes.Clone(m.BlockIDs)
	return &n
}

// MMDConfigurationResponse carries multimedia domain parameters, opaque (message
// type 0x11). Sources differ on where the results stand when there are several
// blocks: decoding takes the reading that fits (ResultsLast), callers should ask
// for one block per message. Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data 8:RESULT_CODE}xN FRESH
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN {8:RESULT_CODE}xN FRESH
type MMDConfigurationResponse struct {
	Blocks      []ConfiguredBlock
	ResultsLast bool // all results stand after all blocks; where N is 1 it makes no difference
	Fresh       Fresh
}

// Type is TypeMMDConfiguration.
func (m *MMDConfigurationResponse) Type() MessageType { return TypeMMDConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMDConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMDConfiguration)
	m.read(&c)
	return c.End()
}

func (m *MMDConfigurationResponse) read(c *wire.Cursor) {
	m.ResultsLast = resultsLast(c)
	m.Blocks = readConfigured(c, TypeMMDConfiguration, m.Blocks, m.ResultsLast)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *MMDConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendConfigured(dst, TypeMMDConfiguration, m.Blocks, m.ResultsLast); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *MMDConfigurationResponse) Clone() *MMDConfigurationResponse {
	n := *m
	n.Blocks = cloneConfigured(m.Blocks)
	return &n
}
