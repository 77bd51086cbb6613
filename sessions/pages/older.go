package pages

import (
	"errors"
	"hash/crc32"

	"github.com/otagate/otagate/internal/wire"
)

// olderVersion is that of pages that had in them what their log has beside them now, which
// page is the oldest that is needed and a check sum:
//
//	version (1), first (8), rows (8), entries, CRC-32C of all before (4)
const olderVersion = 1

// errSum is what a page says whose octets are not those that were written.
var errSum = errors.New("the check sum is another one")

// older gives the page that an older one would be now.
func older(body []byte) ([]byte, error) {
	const sumSize = 4
	c := wire.NewCursor("page", body)
	c.U8("version")
	c.U64("first")
	rest := c.Bytes(c.Len()-sumSize, "rows and entries")
	sum := c.U32("check sum")
	if err := c.End(); err != nil {
		return nil, err
	}
	if sum != crc32.Checksum(body[:len(body)-sumSize], crc32.MakeTable(crc32.Castagnoli)) {
		return nil, errSum
	}
	return append([]byte{formatVersion}, rest...), nil
}
