package is683

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Block is one parameter block of a request: 8:BLOCK_ID 8:BLOCK_LEN data.
type Block struct {
	ID   uint8
	Data wire.Hex // at most 255 octets
}

// Clone returns a copy that borrows nothing.
func (b Block) Clone() Block { return Block{b.ID, bytes.Clone(b.Data)} }

// Format hides the data from every verb: whether it is a number, a code or a
// shared secret only the message knows.
func (b Block) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "{%d: %d octets}", b.ID, len(b.Data)) }

// BlockResult is the handset's verdict on one block: 8:BLOCK_ID 8:RESULT_CODE.
type BlockResult struct {
	ID     uint8
	Result ResultCode
}

// BlockIDs is a list of BLOCK_ID, which JSON writes as numbers.
type BlockIDs []uint8

// MarshalJSON writes an array of numbers.
func (l BlockIDs) MarshalJSON() ([]byte, error) {
	n := make([]int, len(l))
	for i, id := range l {
		n[i] = int(id)
	}
	return json.Marshal(n)
}

// UnmarshalJSON reads an array of numbers.
func (l *BlockIDs) UnmarshalJSON(b []byte) error {
	var n []uint16
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*l = make(BlockIDs, len(n))
	for i, id := range n {
		if id > 0xff {
			return wire.Unencodable(proto, "BLOCK_ID", wire.ErrValue)
		}
		(*l)[i] = uint8(id)
	}
	return nil
}

func cloneBlocks(bs []Block) []Block {
	out := slices.Clone(bs)
	for i := range out {
		out[i] = out[i].Clone()
	}
	return out
}

// readBlockID reads a BLOCK_ID and names the block in the trace.
func readBlockID(c *wire.Cursor, t MessageType) uint8 {
	id := c.U8("BLOCK_ID")
	if c.Trace() != nil && c.Err() == nil {
		c.Note(BlockName(t, id))
	}
	return id
}

func readResult(c *wire.Cursor) ResultCode {
	return wire.Say(c, ResultCode(c.U8("RESULT_CODE")))
}

// readIDs reads 8:NUM_BLOCKS {8:BLOCK_ID}xN.
func readIDs(c *wire.Cursor, t MessageType) BlockIDs {
	n := c.Count(int(c.U8("NUM_BLOCKS")), 1, "NUM_BLOCKS")
	if c.Trace() == nil {
		return c.Bytes(n, "BLOCK_ID")
	}
	off, tr := c.Off(), c.Mute()
	ids := c.Bytes(n, "BLOCK_ID")
	c.Unmute(tr)
	each := wire.NewCursorAt(proto, ids, off, tr)
	for each.More() {
		readBlockID(&each, t)
	}
	return ids
}

func appendIDs(dst []byte, t MessageType, ids BlockIDs) ([]byte, error) {
	if len(ids) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	dst = append(dst, byte(t), byte(len(ids)))
	return append(dst, ids...), nil
}

// readBlocks reads 8:NUM_BLOCKS {8:BLOCK_ID 8:BLOCK_LEN data}xN into the room
// that dst has.
func readBlocks(c *wire.Cursor, t MessageType, dst []Block) []Block {
	n := c.Count(int(c.U8("NUM_BLOCKS")), 2, "NUM_BLOCKS")
	dst = slices.Grow(dst[:0], n)
	for range n {
		id := readBlockID(c, t)
		dst = append(dst, Block{id, readBlockData(c, t, id)})
	}
	return dst
}

func appendBlocks(dst []byte, bs []Block) (_ []byte, err error) {
	if len(bs) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	dst = append(dst, byte(len(bs)))
	for i := range bs {
		if dst, err = appendData(append(dst, bs[i].ID), bs[i].Data, "BLOCK_LEN"); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// appendData appends data behind one octet of length, the named field.
func appendData(dst, data []byte, field string) ([]byte, error) {
	if len(data) > 0xff {
		return dst, wire.Unencodable(proto, field, wire.ErrTooLong)
	}
	return append(append(dst, byte(len(data))), data...), nil
}

// readResults reads 8:NUM_BLOCKS {8:BLOCK_ID 8:RESULT_CODE}xN.
func readResults(c *wire.Cursor, t MessageType, dst []BlockResult) []BlockResult {
	n := c.Count(int(c.U8("NUM_BLOCKS")), 2, "NUM_BLOCKS")
	dst = slices.Grow(dst[:0], n)
	for range n {
		id := readBlockID(c, t)
		dst = append(dst, BlockResult{id, readResult(c)})
	}
	return dst
}

func appendResults(dst []byte, t MessageType, rs []BlockResult) ([]byte, error) {
	if len(rs) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	dst = append(dst, byte(t), byte(len(rs)))
	for _, r := range rs {
		dst = append(dst, r.ID, byte(r.Result))
	}
	return dst, nil
}
