package differential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wmnsk/go-tcap"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// go-tcap knows the TCAP of ITU only, which otagate has not. What both have is
// BER, so that only elements are compared.
type element struct {
	tag   ber.Tag
	value []byte
}

func elementFields(es []element) (f fields) {
	words := make([]string, len(es))
	for i, e := range es {
		words[i] = fmt.Sprintf("%v=%x", e.tag, e.value)
	}
	f.add("elements", "%s", strings.Join(words, " "))
	return f
}

func ourBER(b []byte) (fields, func() ([]byte, error), error) {
	var es []element
	c := wire.NewCursor("ber", b)
	for c.More() {
		tag, l := ber.Enter(&c)
		es = append(es, element{tag, c.Rest("value")})
		c.Leave(l)
	}
	return elementFields(es), func() ([]byte, error) { return elementOctets(es), nil }, c.End()
}

func elementOctets(es []element) (b []byte) {
	for _, e := range es {
		b = ber.AppendElement(b, e.tag, e.value)
	}
	return b
}

func theirGoTCAP(b []byte) (fields, func() ([]byte, error), error) {
	ies, err := tcap.ParseMultiIEs(b)
	if err != nil {
		return nil, nil, err
	}
	var es []element
	for _, ie := range ies {
		es = append(es, element{ber.Tag(ie.Tag), ie.Value})
	}
	return elementFields(es), func() (b []byte, err error) {
		for _, ie := range ies {
			o, err := ie.MarshalBinary()
			if err != nil {
				return nil, err
			}
			b = append(b, o...)
		}
		return b, nil
	}, nil
}

// drawElements draws elements, seldom with a tag of several octets, a value of
// more than 127 or one of none.
func (s source) drawElements() []element {
	es := make([]element, 1+s.IntN(6))
	for i := range es {
		es[i] = element{ber.Tag(s.IntN(8)<<5 | s.IntN(31)), s.octets(0, 1, 127)}
		switch {
		case s.one(40):
			es[i].tag = ber.Context(31 + s.Uint32N(1<<20))
		case s.one(40):
			es[i].value = s.octets(0, 128, 400)
		case s.one(20):
			es[i].value = nil
		}
	}
	return es
}

func drawBER(s source) ([]byte, fields) {
	es := s.drawElements()
	return elementOctets(es), elementFields(es)
}

// drawBEROctets are elements to be broken, now and then behind one of
// indefinite length.
func (s source) drawBEROctets() []byte {
	b := elementOctets(s.drawElements())
	if s.one(100) {
		inside := elementOctets([]element{{0x04, s.octets(0, 100, 127)}, {0x04, s.octets(0, 100, 127)}})
		b = append(append(append([]byte{0x24, 0x80}, inside...), 0, 0), b...)
	}
	return b
}

// goTCAPWrites encodes elements of tags that go-tcap can have.
func goTCAPWrites(s source) (b []byte, f fields) {
	es := s.drawElements()
	for i := range es {
		es[i].tag &= 0xff
		if es[i].tag&0x1f == 0x1f {
			es[i].tag--
		}
		o, err := tcap.NewIE(tcap.Tag(es[i].tag), es[i].value).MarshalBinary()
		if err != nil {
			panic(err)
		}
		b = append(b, o...)
	}
	return b, elementFields(es)
}

var goTCAPRows = []*row{
	{
		what: "a value of more than 127 octets is encoded", example: "0481" + strings.Repeat("00", 129),
		meant:  elementFields([]element{{0x04, make([]byte, 129)}}),
		favour: "ours", reason: "X.690 §8.1.3.4: the short form ends at 127; go-tcap writes the length into one octet, whatever it is",
		is: func(d *difference) bool {
			return d.stage != reads && slices.ContainsFunc(strings.Fields(d.meant.get("elements")), func(e string) bool {
				_, v, _ := strings.Cut(e, "=")
				return len(v) > 2*127
			})
		},
	},
	{
		what: "a tag of several octets", example: "9f690100",
		favour: "ours", reason: "X.690 §8.1.2.4: a number above 30 takes further octets; go-tcap takes them for the length",
		is: func(d *difference) bool { return first(d.octets) == longTag },
	},
	{
		what: "a length of several octets", example: "04810100",
		favour: "ours", reason: "X.690 §8.1.3.5: the first octet says how many follow; go-tcap takes it for the length",
		is: func(d *difference) bool { return first(d.octets) == longLength },
	},
	{
		what: "an indefinite length", example: "2480" + strings.Repeat("00", 128),
		favour: "neither", reason: "X.690 §8.1.3.6 has it; T1.114 and we do not, and refuse it. go-tcap takes it for a length of 128",
		is: func(d *difference) bool { return first(d.octets) == indefinite },
	},
	{
		what: "a last value of no octets", example: "0500",
		favour: "ours", reason: "X.690 §8.1.3: a length of 0 is one as any other, NULL (§8.8) has it; go-tcap wants three octets",
		is: func(d *difference) bool { return d.kind == theyRefuse && first(d.octets) == emptyLast },
	},
}

// odd is where BER leaves what go-tcap knows.
type odd int

const (
	nothing odd = iota
	longTag
	longLength
	indefinite
	emptyLast
)

// first walks along b, as long as it is as go-tcap thinks that it is.
func first(b []byte) odd {
	for len(b) >= 2 {
		switch n := int(b[1]); {
		case b[0]&0x1f == 0x1f:
			return longTag
		case n == 0x80:
			return indefinite
		case n > 0x80:
			return longLength
		case n == 0 && len(b) == 2:
			return emptyLast
		case len(b) < 2+n:
			return nothing
		default:
			b = b[2+n:]
		}
	}
	return nothing
}
