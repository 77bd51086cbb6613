package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// SSPRDownloadRequest carries one [PRLSegment] of a new list (message type 0x08).
// Segments go in order from offset 0. Fresh is optional on receipt.
//
//	8:BLOCK_ID 8:BLOCK_LEN data FRESH
type SSPRDownloadRequest struct {
	BlockID uint8
	Data    wire.Hex // at most 255 octets
	Fresh   Fresh
}

// Type is TypeSSPRDownload.
func (m *SSPRDownloadRequest) Type() MessageType { return TypeSSPRDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *SSPRDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSSPRDownload)
	m.read(&c)
	return c.End()
}

func (m *SSPRDownloadRequest) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypeSSPRDownload)
	m.Data = readBlockData(c, TypeSSPRDownload, m.BlockID)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *SSPRDownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendData(append(dst, byte(TypeSSPRDownload), m.BlockID), m.Data, "BLOCK_LEN"); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *SSPRDownloadRequest) Clone() *SSPRDownloadRequest {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}

// SSPRDownloadResponse repeats offset and size of the segment, which the sender
// compares with what it sent (message type 0x08). All fields are mandatory.
//
//	8:BLOCK_ID 8:RESULT_CODE 16:SEGMENT_OFFSET 8:SEGMENT_SIZE
type SSPRDownloadResponse struct {
	BlockID uint8
	Result  ResultCode
	Offset  uint16
	Size    uint8
}

// Type is TypeSSPRDownload.
func (m *SSPRDownloadResponse) Type() MessageType { return TypeSSPRDownload }

// Decode fills m from b, one whole message.
func (m *SSPRDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSSPRDownload)
	m.read(&c)
	return c.End()
}

func (m *SSPRDownloadResponse) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypeSSPRDownload)
	m.Result = readResult(c)
	m.Offset = c.U16("SEGMENT_OFFSET")
	m.Size = c.U8("SEGMENT_SIZE")
}

// Append appends m in wire form to dst.
func (m *SSPRDownloadResponse) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeSSPRDownload), m.BlockID, byte(m.Result), byte(m.Offset>>8), byte(m.Offset), m.Size), nil
}
