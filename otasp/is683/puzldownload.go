package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// PUZLDownloadRequest changes the preferred user zone list (message type 0x0C).
// The blocks are opaque. Fresh is optional on receipt.
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN FRESH
type PUZLDownloadRequest struct {
	Blocks []Block
	Fresh  Fresh
}

// Type is TypePUZLDownload.
func (m *PUZLDownloadRequest) Type() MessageType { return TypePUZLDownload }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *PUZLDownloadRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypePUZLDownload)
	m.read(&c)
	return c.End()
}

func (m *PUZLDownloadRequest) read(c *wire.Cursor) {
	m.Blocks = readBlocks(c, TypePUZLDownload, m.Blocks)
	m.Fresh.read(c)
}

// Append appends m in wire form to dst.
func (m *PUZLDownloadRequest) Append(dst []byte) (_ []byte, err error) {
	if dst, err = appendBlocks(append(dst, byte(TypePUZLDownload)), m.Blocks); err != nil {
		return dst, err
	}
	return m.Fresh.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *PUZLDownloadRequest) Clone() *PUZLDownloadRequest {
	n := *m
	n.Blocks = cloneBlocks(m.Blocks)
	return &n
}

// PUZLResult is the verdict on one block and, when Identified, the user zone
// that it is about.
type PUZLResult struct {
	ID         uint8
	Result     ResultCode
	Identified bool
	UZID       uint16
	UZSID      uint16 // 15 bits
}

// PUZLDownloadResponse is the verdict on each block (message type 0x0C).
//
//	8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE 1:IDENTIFIERS_PRESENT
//	then 16:UZ_ID 15:UZ_SID if 1, else 7:reserved}xN
type PUZLDownloadResponse struct {
	Results []PUZLResult
}

// Type is TypePUZLDownload.
func (m *PUZLDownloadResponse) Type() MessageType { return TypePUZLDownload }

// Decode fills m from b, one whole message.
func (m *PUZLDownloadResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypePUZLDownload)
	m.read(&c)
	return c.End()
}

func (m *PUZLDownloadResponse) read(c *wire.Cursor) {
	n := c.Count(int(c.U8("NUM_BLOCKS")), 3, "NUM_BLOCKS")
	m.Results = slices.Grow(m.Results[:0], n)
	for range n {
		m.Results = append(m.Results, readPUZLResult(c))
	}
}

// Append appends m in wire form to dst.
func (m *PUZLDownloadResponse) Append(dst []byte) (_ []byte, err error) {
	if len(m.Results) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	dst = append(dst, byte(TypePUZLDownload), byte(len(m.Results)))
	for i := range m.Results {
		if dst, err = m.Results[i].append(dst); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// Clone returns a copy that borrows nothing.
func (m *PUZLDownloadResponse) Clone() *PUZLDownloadResponse {
	n := *m
	n.Results = slices.Clone(m.Results)
	return &n
}

func readPUZLResult(c *wire.Cursor) PUZLResult {
	p := PUZLResult{ID: readBlockID(c, TypePUZLDownload)}
	p.Result = readResult(c)
	size := 1
	if first, ok := c.Peek(); ok && first&0x80 != 0 {
		size = 4
	}
	r := c.Bits(min(size, c.Len()), "IDENTIFIERS_PRESENT")
	if p.Identified = r.Flag("IDENTIFIERS_PRESENT"); p.Identified {
		p.UZID = uint16(r.U(16, "UZ_ID"))
		p.UZSID = uint16(r.U(15, "UZ_SID"))
	} else {
		reserved(&r, 7)
	}
	c.Adopt(r.Err())
	return p
}

func (p *PUZLResult) append(dst []byte) ([]byte, error) {
	w := newPacker(append(dst, p.ID, byte(p.Result)))
	w.flag(p.Identified)
	if p.Identified {
		w.u(16, uint64(p.UZID), "UZ_ID")
		w.u(15, uint64(p.UZSID), "UZ_SID")
	}
	return w.end()
}
