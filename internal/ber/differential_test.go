package ber_test

import (
	"bytes"
	"testing"

	"github.com/wmnsk/go-tcap"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// The elements of github.com/wmnsk/go-tcap are an independent reading of BER
// where they are right: tags of one octet, values of 1 to 127 octets. Its
// longer lengths are wrong and it refuses empty values.
const oracleMost = 127

// TestTheyReadOurs: what we write, the other implementation reads.
func TestTheyReadOurs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b []byte
		type element struct {
			tag   ber.Tag
			value []byte
		}
		var want []element
		for range rapid.IntRange(1, 6).Draw(t, "elements") {
			e := element{oneOctetTag(t), rapid.SliceOfN(rapid.Byte(), 1, oracleMost).Draw(t, "value")}
			want = append(want, e)
			b = ber.AppendElement(b, e.tag, e.value)
		}
		got, err := tcap.ParseMultiIEs(b)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d elements, %v; want %d", len(got), err, len(want))
		}
		for i, e := range want {
			if ber.Tag(got[i].Tag) != e.tag || !bytes.Equal(got[i].Value, e.value) {
				t.Fatalf("element %d: %02x %x, want %s %x", i, int(got[i].Tag), got[i].Value, e.tag, e.value)
			}
		}
	})
}

// TestWeReadTheirs: what the other implementation writes, we read.
func TestWeReadTheirs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag := oneOctetTag(t)
		value := rapid.SliceOfN(rapid.Byte(), 1, oracleMost).Draw(t, "value")
		b, err := tcap.NewIE(tcap.Tag(tag), value).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		c := wire.NewCursor("test", b)
		got, l := ber.Enter(&c)
		v := c.Rest("value")
		c.Leave(l)
		if err := c.End(); err != nil || got != tag || !bytes.Equal(v, value) {
			t.Fatalf("%s %x, %v; want %s %x", got, v, err, tag, value)
		}
	})
}

// oneOctetTag is any tag whose number is below 31.
func oneOctetTag(t *rapid.T) ber.Tag {
	return ber.Tag(rapid.IntRange(0, 7).Draw(t, "class and form")<<5 | rapid.IntRange(0, 30).Draw(t, "number"))
}
