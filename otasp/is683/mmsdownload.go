package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// MMSDownloadRequest writes MMS parameters (message type 0x17): [MMSURI]. Fresh is
// optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN FRESH
type MMSDownloadRequest struct {
	Blocks []Block
	Fresh  Fresh
}

// Type is TypeMMSDownload.
func (m *MMSDownloadRequest) Type() MessageType { return TypeMMSDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *MMSDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMSDownload)
	m.read(&c)
	return c.End()
}

func (m *MMSDownloadRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypeMMSDownload, m.Blocks)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *MMSDownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendBlocks(append(dst, byte(TypeMMSDownload)), m.Blocks); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *MMSDownloadRequest) Clone() *MMSDownloadRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// MMSDownloadResponse is the verdict on each block (message type 0x17).
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN
type MMSDownloadResponse struct {
	Results []BlockResult
}

// Type is TypeMMSDownload.
func (m *MMSDownloadResponse) Type() MessageType { return TypeMMSDownload }

// Decode fills m from b, one whole message.
func (m *MMSDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeMMSDownload)
	m.read(&c)
	return c.End()
}

func (m *MMSDownloadResponse) read(c *wire.Cursor) {
	m.Results = readResults(c, TypeMMSDownload, m.Results)
}

// Append appends m in wire form to dst.
func (m *MMSDownloadResponse) Append(dst []byte) ([]byte, error) {
	return appendResults(dst, TypeMMSDownload, m.Results)
}

// Clone returns a copy that borrows nothing.
func (m *MMSDownloadResponse) Clone() *MMSDownloadResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}
