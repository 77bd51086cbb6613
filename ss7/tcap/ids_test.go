package tcap_test

import (
	"errors"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/tcap"
)

// TestIDsComeOnce: each id comes once in a walk, whatever the number of bits,
// and two endpoints walk differently.
func TestIDsComeOnce(t *testing.T) {
	for _, bits := range []uint8{9, 12, 15} {
		next, used := tcap.IDs(bits)
		other, _ := tcap.IDs(bits)
		seen, same := make([]bool, 1<<bits), 0
		for range 1 << bits {
			id := next()
			if int(id) >= len(seen) || seen[id] || !used(id) {
				t.Fatalf("%d bits: %#x came twice, has too many or is not known", bits, id)
			}
			seen[id] = true
			if other() == id {
				same++
			}
		}
		if same > len(seen)/10 {
			t.Errorf("%d bits: two walks agree in %d of %d places", bits, same, len(seen))
		}
	}
}

// TestIDsUsed: the ids that were given out are known, and no others.
func TestIDsUsed(t *testing.T) {
	next, used := tcap.IDs(12)
	mine := map[uint32]bool{}
	for range 100 {
		mine[next()] = true
	}
	for id := range uint32(1 << 13) { // half of them are of another node
		if used(id) != mine[id] {
			t.Fatalf("%#x: used %t, given out %t", id, used(id), mine[id])
		}
	}
	next, used = tcap.IDs(32)
	first := next()
	for range 1 << 20 {
		next()
	}
	if used(first) {
		t.Error("an id of long ago is still known")
	}
}

// TestIDsCannotBeGuessed: who knows one id does not know where the next is.
// The gaps between neighbours are spread over all sixteenths of the range.
func TestIDsCannotBeGuessed(t *testing.T) {
	const n, nodeBits = 1 << 12, 4
	out := &network{err: errors.New("nobody there")}
	e := tcap.NewEndpoint(tcap.Config{NodeBits: nodeBits, Node: 9}, out, nil, zerolog.Nop())
	var before uint32
	var gaps [16]int
	for i := range n {
		if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, func(tcap.Outcome) {}); err == nil {
			t.Fatal("sent")
		}
		id := uint32(out.last(t).Originating)
		if id>>28 != 9 {
			t.Fatalf("%#x is not of node 9", id)
		}
		if i > 0 {
			gaps[(id-before)<<nodeBits>>28]++
		}
		before = id
	}
	for i, got := range gaps {
		if want := n / len(gaps); got < want/2 || got > want*2 {
			t.Errorf("%d of %d gaps in sixteenth %d, want about %d: %v", got, n, i, want, gaps)
		}
	}
}
