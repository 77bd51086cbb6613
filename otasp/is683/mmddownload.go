package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// MMDDownloadRequest writes multimedia domain parameters, opaque (message type
// 0x12). Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN FRESH
type MMDDownloadRequest struct {
	Blocks []Block
	Fresh  Fresh
}

// Type is TypeMMDDownload.
func (m *MMDDownloadRequest) Type() MessageType { return TypeMMDDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMDDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMDDownload)
	m.read(&c)
	return c.End()
}

func (m *MMDDownloadRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypeMMDDownload, m.Blocks)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *MMDDownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendBlocks(append(dst, byte(TypeMMDDownload)), m.Blocks); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *MMDDownloadRequest) Clone() *MMDDownloadRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// MMDDownloadResponse is the verdict on each block (message type 0x12).
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN
type MMDDownloadResponse struct {
	Results []BlockResult
}

// Type is TypeMMDDownload.
func (m *MMDDownloadResponse) Type() MessageType { return TypeMMDDownload }

// Decode fills m from b, one whole message.
func (m *MMDDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMDDownload)
	m.read(&c)
	return c.End()
}

func (m *MMDDownloadResponse) read(c *wire.Cursor) {
	m.Results = readResults(c, TypeMMDDownload, m.Results)
}

// Append appends m in wire form to dst.
func (m *MMDDownloadResponse) Append(dst []byte) ([]byte, error) {
	return appendResults(dst, TypeMMDDownload, m.Results)
}

// Clone returns a copy that borrows nothing.
func (m *MMDDownloadResponse) Clone() *MMDDownloadResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}
