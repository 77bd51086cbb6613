package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// ThreeGPDDownloadRequest writes packet data parameters (message type 0x0E). Fresh
// is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN FRESH
type ThreeGPDDownloadRequest struct {
	Blocks []Block
	Fresh  Fresh
}

// Type is TypeThreeGPDDownload.
func (m *ThreeGPDDownloadRequest) Type() MessageType { return TypeThreeGPDDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ThreeGPDDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeThreeGPDDownload)
	m.read(&c)
	return c.End()
}

func (m *ThreeGPDDownloadRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypeThreeGPDDownload, m.Blocks)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *ThreeGPDDownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendBlocks(append(dst, byte(TypeThreeGPDDownload)), m.Blocks); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *ThreeGPDDownloadRequest) Clone() *ThreeGPDDownloadRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// ThreeGPDDownloadResponse is the verdict on each block (message type 0x0E).
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN
type ThreeGPDDownloadResponse struct {
	Results []BlockResult
}

// Type is TypeThreeGPDDownload.
func (m *ThreeGPDDownloadResponse) Type() MessageType { return TypeThreeGPDDownload }

// Decode fills m from b, one whole message.
func (m *ThreeGPDDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeThreeGPDDownload)
	m.read(&c)
	return c.End()
}

func (m *ThreeGPDDownloadResponse) read(c *wire.Cursor) {
	m.Results = readResults(c, TypeThreeGPDDownload, m.Results)
}

// Append appends m in wire form to dst.
func (m *ThreeGPDDownloadResponse) Append(dst []byte) ([]byte, error) {
	return appendResults(dst, TypeThreeGPDDownload, m.Results)
}

// Clone returns a copy that borrows nothing.
func (m *ThreeGPDDownloadResponse) Clone() *ThreeGPDDownloadResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}
