package pagelog

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// blockSize is what frames begin at a multiple of, and are padded to: no write
// touches a block of the disk that has something acknowledged in it.
const blockSize = 4096

const (
	frameMarker  = 0x6F74504C // "otPL"
	frameVersion = 1
	headSize     = 4 + 4 + 1 + 1 + 5*8
	sumSize      = 4
	minFrame     = headSize + 4 + sumSize // with no page and no blocks

	// maxFrame is more than any commit has: what is longer was never written.
	maxFrame = 256 << 20

	flagPage = 1
)

// head is where a frame belongs.
type head struct {
	log     uint64 // Mark.Log
	segment uint64 // the number of the first frame of its segment
	size    uint64 // octets of the segment
	prev    uint64 // the last frame that counts before the segment
	number  uint64
}

// frame is one commit as it is read. It borrows the octets.
type frame struct {
	head
	page sessions.Page
}

// frameSize is how long the frame of p is.
func frameSize(p *sessions.Page) int {
	n := minFrame
	if p.Body != nil {
		n += 8 + 8 + 4 + len(p.Body)
	}
	for i := range p.Records {
		b := &p.Records[i]
		n += 8 + 8 + 4 + len(b.Flow) + 4 + len(b.Body)
	}
	return n
}

// appendFrame appends p as a frame. What it belongs to comes later, with seal.
func appendFrame(dst []byte, p *sessions.Page) []byte {
	from := len(dst)
	dst = appendZeros(dst, headSize)
	if p.Body != nil {
		dst[from+9] = flagPage
		dst = binary.BigEndian.AppendUint64(dst, uint64(p.Seq))
		dst = binary.BigEndian.AppendUint64(dst, uint64(p.First))
		dst = appendOctets(dst, p.Body)
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(p.Records)))
	for i := range p.Records {
		b := &p.Records[i]
		dst = binary.BigEndian.AppendUint64(dst, uint64(b.First))
		dst = binary.BigEndian.AppendUint64(dst, uint64(b.Last))
		dst = appendOctets(dst, b.Flow)
		dst = appendOctets(dst, b.Body)
	}
	return append(dst, 0, 0, 0, 0)
}

func appendOctets[T string | []byte](dst []byte, s T) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// seal writes the head and the check sum of a frame, and pads it.
func seal(frame []byte, h head) []byte {
	wire.PutU32(frame, 0, frameMarker)
	wire.PutU32(frame, 4, uint32(len(frame)))
	frame[8] = frameVersion
	for i, v := range [...]uint64{h.log, h.segment, h.size, h.prev, h.number} {
		binary.BigEndian.PutUint64(frame[10+8*i:], v)
	}
	body := len(frame) - sumSize
	wire.PutU32(frame, body, sum(frame[:body]))
	return appendZeros(frame, padded(len(frame))-len(frame))
}

func appendZeros(dst []byte, n int) []byte {
	dst = slices.Grow(dst, n)[:len(dst)+n]
	clear(dst[len(dst)-n:])
	return dst
}

func sum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// padded is the room that n octets take.
func padded(n int) int { return (n + blockSize - 1) / blockSize * blockSize }

// errNoFrame is what is said of octets that are no frame, or not all of one.
var errNoFrame = errors.New("no whole frame")

// wholeFrame gives the frame that b begins with, without what it is padded with.
func wholeFrame(b []byte) ([]byte, error) {
	c := wire.NewCursor("frame", b)
	marker, n := c.U32("marker"), int64(c.U32("length"))
	if c.Err() != nil || marker != frameMarker || n < minFrame || n > maxFrame || n > int64(len(b)) {
		return nil, errNoFrame
	}
	whole := b[:n]
	tail := wire.NewCursor("frame", whole[n-sumSize:])
	if tail.U32("check sum") != sum(whole[:n-sumSize]) {
		return nil, errNoFrame
	}
	return whole, nil
}

// Decode reads a whole frame. The memory of f's records is used again.
func (f *frame) Decode(whole []byte) error {
	c := wire.NewCursor("frame", whole)
	c.Bytes(8, "marker and length") // were looked at
	if v := c.U8("version"); c.Err() == nil && v != frameVersion {
		c.FailAt(8, "version", wire.ErrUnsupported)
	}
	flags := c.U8("flags")
	f.readHead(&c)
	f.page = sessions.Page{Records: f.page.Records[:0]}
	if flags&flagPage != 0 {
		f.page.Seq, f.page.First = int64(c.U64("page")), int64(c.U64("first page"))
		f.page.Body = c.Bytes(int(c.U32("length")), "body")
	}
	const atLeast = 8 + 8 + 4 + 4
	for range c.Count(int(c.U32("number")), atLeast, "blocks") {
		b := cdr.Block{First: int64(c.U64("first end")), Last: int64(c.U64("last end"))}
		b.Flow = string(c.Bytes(int(c.U32("length")), "flow"))
		b.Body = c.Bytes(int(c.U32("length")), "records")
		f.page.Records = append(f.page.Records, b)
	}
	c.Bytes(sumSize, "check sum")
	if f.prev >= f.segment || f.segment > f.number || f.number >= 1<<63 {
		c.FailAt(headSize, "numbers", wire.ErrValue)
	}
	return c.End()
}

func (h *head) readHead(c *wire.Cursor) {
	h.log, h.segment = c.U64("log"), c.U64("segment")
	h.size, h.prev, h.number = c.U64("size"), c.U64("frame before"), c.U64("frame")
}
