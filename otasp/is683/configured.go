package is683

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// ConfiguredBlock is one block of a configuration response with the verdict
// on it. The data is empty unless the block was accepted.
type ConfiguredBlock struct {
	ID     uint8
	Data   wire.Hex // at most 255 octets
	Result ResultCode
}

// Clone returns a copy that borrows nothing.
func (b ConfiguredBlock) Clone() ConfiguredBlock {
	return ConfiguredBlock{b.ID, bytes.Clone(b.Data), b.Result}
}

// Format hides the data from every verb, as that of a Block.
func (b ConfiguredBlock) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{%d: %d octets, %s}", b.ID, len(b.Data), b.Result)
}

func cloneConfigured(bs []ConfiguredBlock) []ConfiguredBlock {
	out := slices.Clone(bs)
	for i := range out {
		out[i] = out[i].Clone()
	}
	return out
}

// readConfigured reads 8:NUM_BLOCKS and N blocks. resultsLast says where the
// results stand: all after all blocks, or each after its block.
func readConfigured(c *wire.Cursor, t MessageType, dst []ConfiguredBlock, resultsLast bool) []ConfiguredBlock {
	n := c.Count(int(c.U8("NUM_BLOCKS")), 3, "NUM_BLOCKS")
	dst = slices.Grow(dst[:0], n)
	for range n {
		b := ConfiguredBlock{ID: readBlockID(c, t)}
		b.Data = readBlockData(c, t, b.ID)
		if !resultsLast {
			b.Result = readResult(c)
		}
		dst = append(dst, b)
	}
	if resultsLast {
		for i := range dst {
			dst[i].Result = readResult(c)
		}
		if t != TypeConfiguration && n > 1 {
			c.Note("results after all blocks")
		}
	}
	return dst
}

func appendConfigured(dst []byte, t MessageType, bs []ConfiguredBlock, resultsLast bool) (_ []byte, err error) {
	if len(bs) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	dst = append(dst, byte(t), byte(len(bs)))
	for i := range bs {
		if dst, err = appendData(append(dst, bs[i].ID), bs[i].Data, "BLOCK_LEN"); err != nil {
			return dst, err
		}
		if !resultsLast {
			dst = append(dst, byte(bs[i].Result))
		}
	}
	if resultsLast {
		for i := range bs {
			dst = append(dst, byte(bs[i].Result))
		}
	}
	return dst, nil
}

// resultsLast finds out where a 3GPD, MMD or MMS configuration response with
// several blocks has its results, which sources answer differently: the reading
// whose length fits and whose results are defined wins, each result after its
// block before all at the end. With one block there is no difference.
func resultsLast(c *wire.Cursor) bool {
	if n, ok := c.Peek(); !ok || n < 2 {
		return false
	}
	eachFits, eachDefined := tryConfigured(*c, false)
	if eachFits && eachDefined {
		return false
	}
	lastFits, lastDefined := tryConfigured(*c, true)
	return lastFits && (lastDefined || !eachFits)
}

// tryConfigured reads what is left of c, a copy, in one of the two ways.
func tryConfigured(c wire.Cursor, last bool) (fits, defined bool) {
	c.Mute()
	defined = true
	n := int(c.U8("NUM_BLOCKS"))
	for range n {
		c.U8("BLOCK_ID")
		c.Bytes(int(c.U8("BLOCK_LEN")), "PARAM_DATA")
		if !last {
			defined = ResultCode(c.U8("RESULT_CODE")).Defined() && defined
		}
	}
	if last {
		for range n {
			defined = ResultCode(c.U8("RESULT_CODE")).Defined() && defined
		}
	}
	var f Fresh
	f.read(&c)
	return c.End() == nil, defined
}
