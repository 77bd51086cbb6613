package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// ThreeGPDConfigurationRequest asks for packet data parameters (message type
// 0x0D).
//
//	8:NUM_BLOCKS {8:BLOCK_ID}xN
type ThreeGPDConfigurationRequest struct {
	BlockIDs BlockIDs
}

// Type is TypeThreeGPDConfiguration.
func (m *ThreeGPDConfigurationRequest) Type() MessageType { return TypeThreeGPDConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ThreeGPDConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeThreeGPDConfiguration)
	m.read(&c)
	return c.End()
}

func (m *ThreeGPDConfigurationRequest) read(c *wire.Cursor) {
	m.BlockIDs = readIDs(c, TypeThreeGPDConfiguration)
}

// Append appends m in wire form to dst.
func (m *ThreeGPDConfigurationRequest) Append(dst []byte) ([]byte, error) {
	return appendIDs(dst, TypeThreeGPDConfiguration, m.BlockIDs)
}

// Clone returns a copy that borrows nothing.
func (m *ThreeGPDConfigurationRequest) Clone() *ThreeGPDConfigurationRequest {
	n := *m
	n.BlockIDs = bytes.Clone(m.BlockIDs)
	return &n
}

// ThreeGPDConfigurationResponse carries packet data parameters (message type
// 0x0D). Sources differ on where the results stand when there are several
// blocks: decoding takes the reading that fits (ResultsLast), callers should ask
// for one block per message. Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data 8:RESULT_CODE}xN FRESH
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN {8:RESULT_CODE}xN FRESH
type ThreeGPDConfigurationResponse struct {
	Blocks      []ConfiguredBlock
	ResultsLast bool // all results stand after all blocks; where N is 1 it makes no difference
	Fresh       Fresh
}

// Type is TypeThreeGPDConfiguration.
func (m *ThreeGPDConfigurationResponse) Type() MessageType { return TypeThreeGPDConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ThreeGPDConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeThreeGPDConfiguration)
	m.read(&c)
	return c.End()
}

func (m *ThreeGPDConfigurationResponse) read(c *wire.Cursor) {
	m.ResultsLast = resultsLast(c)
	m.Blocks = readConfigured(c, TypeThreeGPDConfiguration, m.Blocks, m.ResultsLast)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *ThreeGPDConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendConfigured(dst, TypeThreeGPDConfiguration, m.Blocks, m.ResultsLast); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *ThreeGPDConfigurationResponse) Clone() *ThreeGPDConfigurationResponse {
	n := *m
	n.Blocks = cloneConfigured(m.Blocks)
	return &n
}
