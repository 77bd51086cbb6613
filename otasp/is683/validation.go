package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// ValidationRequest proves to the handset that it may be programmed, or changes
// the code that proves it (message type 0x09): [SPC], [SPASM]. All fields are
// mandatory.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN
type ValidationRequest struct {
	Blocks []Block
}

// Type is TypeValidation.
func (m *ValidationRequest) Type() MessageType { return TypeValidation }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ValidationRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeValidation)
	m.read(&c)
	return c.End()
}

func (m *ValidationRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypeValidation, m.Blocks)
}

// Append appends m in wire form to dst.
func (m *ValidationRequest) Append(dst []byte) ([]byte, error) {
	return appendBlocks(append(dst, byte(TypeValidation)), m.Blocks)
}

// Clone returns a copy that borrows nothing.
func (m *ValidationRequest) Clone() *ValidationRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// ValidationResponse is the verdict on each block (message type 0x09). After
// InvalidSPC never retry by itself: many handsets lock for good.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN
type ValidationResponse struct {
	Results []BlockResult
}

// Type is TypeValidation.
func (m *ValidationResponse) Type() MessageType { return TypeValidation }

// Decode fills m from b, one whole message.
func (m *ValidationResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeValidation)
	m.read(&c)
	return c.End()
}

func (m *ValidationResponse) read(c *wire.Cursor) {
	m.Results = readResults(c, TypeValidation, m.Results)
}

// Append appends m in wire form to dst.
func (m *ValidationResponse) Append(dst []byte) ([]byte, error) {
	return appendResults(dst, TypeValidation, m.Results)
}

// Clone returns a copy that borrows nothing.
func (m *ValidationResponse) Clone() *ValidationResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}
