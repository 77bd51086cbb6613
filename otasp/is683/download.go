package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// DownloadRequest writes blocks of the NAM into the handset's temporary memory
// (message type 0x01); a Commit makes them permanent. Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN FRESH
type DownloadRequest struct {
	Blocks []Block
	Fresh  Fresh
}

// Type is TypeDownload.
func (m *DownloadRequest) Type() MessageType { return TypeDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *DownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeDownload)
	m.read(&c)
	return c.End()
}

func (m *DownloadRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypeDownload, m.Blocks)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *DownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendBlocks(append(dst, byte(TypeDownload)), m.Blocks); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *DownloadRequest) Clone() *DownloadRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// DownloadResponse says block by block what the handset took (message type
// 0x01). All fields are mandatory.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN
type DownloadResponse struct {
	Results []BlockResult
}

// Type is TypeDownload.
func (m *DownloadResponse) Type() MessageType { return TypeDownload }

// Decode fills m from b, one whole message.
func (m *DownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeDownload)
	m.read(&c)
	return c.End()
}

func (m *DownloadResponse) read(c *wire.Cursor) {
	m.Results = readResults(c, TypeDownload, m.Results)
}

// Append appends m in wire form to dst.
func (m *DownloadResponse) Append(dst []byte) ([]byte, error) {
	return appendResults(dst, TypeDownload, m.Results)
}

// Clone returns a copy that borrows nothing.
func (m *DownloadResponse) Clone() *DownloadResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}
