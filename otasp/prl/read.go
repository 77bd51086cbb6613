package prl

import (
	"bytes"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Read reads one list that ends where the cursor's level ends. The cursor may
// carry a trace. The list does not alias the octets.
func Read(c *wire.Cursor) (*List, error) {
	b := ahead(c)
	l := new(List)
	if isExtended(b) {
		l.read(c, b, (*List).readExtended)
	} else {
		l.read(c, b, (*List).readClassic)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// ahead is what is left in c, without reading it.
func ahead(c *wire.Cursor) []byte {
	probe := *c
	probe.Mute()
	return probe.Rest("list")
}

// isExtended tells the forms apart. Octet 4 of an extended list is 3, which a
// classic list can have there too; so the reading that fits wins, and where
// neither does, the hint.
func isExtended(b []byte) bool {
	if len(b) < 5 || b[4] != Extended {
		return false
	}
	return walks(b, (*List).readExtended) || !walks(b, (*List).readClassic)
}

type tables func(l *List, c *wire.Cursor, size int)

func walks(b []byte, t tables) bool {
	c := wire.NewCursor(proto, b)
	new(List).readTables(&c, b, t)
	return c.Err() == nil
}

func (l *List) read(c *wire.Cursor, b []byte, t tables) {
	size := l.readTables(c, b, t)
	if c.Err() != nil {
		return
	}
	off := c.Off()
	got, want := c.U16("PR_LIST_CRC"), CRC(b[:size-2])
	c.Hexadecimal()
	if got != want && c.Err() == nil {
		c.FailAt(off, "PR_LIST_CRC", fmt.Errorf("%w: the octets give %04x", wire.ErrValue, want))
	}
	l.readPadding(c)
}

// readTables reads everything before the CRC and returns PR_LIST_SIZE.
func (l *List) readTables(c *wire.Cursor, b []byte, t tables) (size int) {
	off := c.Off()
	size = int(c.U16("PR_LIST_SIZE"))
	if c.Err() != nil {
		return 0
	}
	if size < minClassic || size > len(b) {
		c.FailAt(off, "PR_LIST_SIZE", wire.ErrLength)
		return 0
	}
	t(l, c, size)
	return size
}

func (l *List) readPadding(c *wire.Cursor) {
	if !c.More() {
		return
	}
	off := c.Off()
	rest := c.Rest("padding")
	n := len(rest)
	if bytes.Count(rest, rest[:1]) != n || rest[0] != 0 && rest[0] != 0xff {
		c.FailAt(off, "end of list", wire.ErrTrailing)
		return
	}
	l.odd(octets(n) + " of padding behind the list")
	c.Note("not part of the list")
}

// heading opens a heading for a record of a table in a trace.
func heading(tr *wire.Trace, off int, name string, i int) {
	if tr != nil {
		tr.Open(off, 0, fmt.Sprintf("%s %d", name, i))
	}
}

func endHeading(tr *wire.Trace) {
	if tr != nil {
		tr.Close()
	}
}

func (l *List) readDefRoamInd(r *wire.Bits) {
	l.DefRoamInd = uint8(r.U(8, "DEF_ROAM_IND"))
	if name := RoamIndName(l.DefRoamInd); name != "" && r.Err() == nil {
		r.Note(name)
	}
}

func octets(n int) string {
	if n == 1 {
		return "1 octet"
	}
	return fmt.Sprintf("%d octets", n)
}
