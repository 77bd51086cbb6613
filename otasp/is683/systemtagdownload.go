package is683

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// SystemTagDownloadRequest writes a system tag block (message type 0x14):
// [HomeTag]; the other blocks are opaque.
//
//	8:BLOCK_ID 8:BLOCK_LEN data
type SystemTagDownloadRequest struct {
	BlockID uint8
	Data    wire.Hex // at most 255 octets
}

// Type is TypeSystemTagDownload.
func (m *SystemTagDownloadRequest) Type() MessageType { return TypeSystemTagDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *SystemTagDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSystemTagDownload)
	m.read(&c)
	return c.End()
}

func (m *SystemTagDownloadRequest) read(c *wire.Cursor) {
	m.BlockID = readBlockID(c, TypeSystemTagDownload)
	m.Data = readBlockData(c, TypeSystemTagDownload, m.BlockID)
}

// Append appends m in wire form to dst.
func (m *SystemTagDownloadRequest) Append(dst []byte) ([]byte, error) {
	return appendData(append(dst, byte(TypeSystemTagDownload), m.BlockID), m.Data, "BLOCK_LEN")
}

// Clone returns a copy that borrows nothing.
func (m *SystemTagDownloadRequest) Clone() *SystemTagDownloadRequest {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}

// SystemTagDownloadResponse is the verdict on the block (message type 0x14).
// Offset and Size are mandatory for the three lists and absent otherwise.
//
//	8:BLOCK_ID 8:RESULT_CODE [16:SEGMENT_OFFSET 8:SEGMENT_SIZE]
type SystemTagDownloadResponse struct {
	BlockID uint8
	Result  ResultCode
	Offset  uint16
	Size    uint8
}

// Type is TypeSystemTagDownload.
func (m *SystemTagDownloadResponse) Type() MessageType { return TypeSystemTagDownload }

// Decode fills m from b, one whole message.
func (m *SystemTagDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeSystemTagDownload)
	m.read(&c)
	return c.End()
}

func (m *SystemTagDownloadResponse) read(c *wire.Cursor) {
	m.Offset, m.Size = 0, 0
	m.BlockID = readBlockID(c, TypeSystemTagDownload)
	m.Result = readResult(c)
	if isTagList(m.BlockID) {
		m.Offset = c.U16("SEGMENT_OFFSET")
		m.Size = c.U8("SEGMENT_SIZE")
	}
}

// Append appends m in wire form to dst.
func (m *SystemTagDownloadResponse) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeSystemTagDownload), m.BlockID, byte(m.Result))
	if isTagList(m.BlockID) {
		dst = append(dst, byte(m.Offset>>8), byte(m.Offset), m.Size)
	}
	return dst, nil
}

// isTagList tells the blocks that are downloaded in segments.
func isTagList(id uint8) bool {
	return id >= SystemTagDownloadGroupList && id <= SystemTagDownloadCallPromptList
}
