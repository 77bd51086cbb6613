package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// MMSConfigurationRequest asks for MMS parameters (message type 0x16).
//
//	8:NUM_BLOCKS {8:BLOCK_ID}xN
type MMSConfigurationRequest struct {
	BlockIDs BlockIDs
}

// Type is TypeMMSConfiguration.
func (m *MMSConfigurationRequest) Type() MessageType { return TypeMMSConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMSConfigurationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMSConfiguration)
	m.read(&c)
	return c.End()
}

func (m *MMSConfigurationRequest) read(c *wire.Cursor) {
	m.BlockIDs = readIDs(c, TypeMMSConfiguration)
}

// Append appends m in wire form to dst.
func (m *MMSConfigurationRequest) Append(dst []byte) ([]byte, error) {
	return appendIDs(dst, TypeMMSConfiguration, m.BlockIDs)
}

// Clone returns a copy that borrows nothing.
func (m *MMSConfigurationRequest) Clone() *MMSConfigurationRequest {
	n := *m
	n.BlockIDs = bytes.Clone(m.BlockIDs)
	return &n
}

// MMSConfigurationResponse carries MMS parameters (message type 0x16): [MMSURI],
// [MMSURICapability]. Sources differ on where the results stand when there are several
// blocks: decoding takes the reading that fits (ResultsLast), callers should ask
// for one block per message. Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data 8:RESULT_CODE}xN FRESH
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN {8:RESULT_CODE}xN FRESH
type MMSConfigurationResponse struct {
	Blocks      []ConfiguredBlock
	ResultsLast bool // all results stand after all blocks; where N is 1 it makes no difference
	Fresh       Fresh
}

// Type is TypeMMSConfiguration.
func (m *MMSConfigurationResponse) Type() MessageType { return TypeMMSConfiguration }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMSConfigurationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMSConfiguration)
	m.read(&c)
	return c.End()
}

func (m *MMSConfigurationResponse) read(c *wire.Cursor) {
	m.ResultsLast = resultsLast(c)
	m.Blocks = readConfigured(c, TypeMMSConfiguration, m.Blocks, m.ResultsLast)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *MMSConfigurationResponse) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendConfigured(dst, TypeMMSConfiguration, m.Blocks, m.ResultsLast); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *MMSConfigurationResponse) Clone() *MMSConfigurationResponse {
	n := *m
	n.Blocks = cloneConfigured(m.Blocks)
	return &n
}
