package configs

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/otagate/otagate/smpp"
)

// NamedTLV gives a TLV a name and says what its value is.
type NamedTLV struct {
	Name string `mapstructure:"name"`
	Tag  uint16 `mapstructure:"tag"`
	Type string `mapstructure:"type"` // octets, text, cstring, u8, u16, u32
}

func defaultNamedTLV() NamedTLV { return NamedTLV{Type: "octets"} }

// tlvTypes are the words of a type.
var tlvTypes = []string{"octets", "text", "cstring", "u8", "u16", "u32"}

// Dictionary knows TLVs by their names and their tags: those of SMPP, and those
// of smpp.tlvs.
type Dictionary struct {
	byName map[string]NamedTLV
	byTag  map[uint16]NamedTLV
}

// lastTag is the last tag that SMPP gives a name, or may; vendors have those behind.
const lastTag smpp.Tag = 0x13ff

// Dictionary is that of this server.
func (s *SMPP) Dictionary() *Dictionary {
	d := &Dictionary{byName: map[string]NamedTLV{}, byTag: map[uint16]NamedTLV{}}
	for tag := smpp.Tag(1); tag <= lastTag; tag++ {
		if name := tag.String(); name[0] != '0' { // without a name it is a number
			d.add(NamedTLV{Name: name, Tag: uint16(tag)})
		}
	}
	for _, t := range s.TLVs {
		d.add(t)
	}
	return d
}

func (d *Dictionary) add(t NamedTLV) { d.byName[t.Name], d.byTag[t.Tag] = t, t }

// Find looks up a name, or a number. A number without an entry is a TLV of octets.
func (d *Dictionary) Find(n NameOrNumber) (NamedTLV, error) {
	if v, ok := n.number(16); ok && v != 0 {
		if t, known := d.byTag[uint16(v)]; known {
			return t, nil
		}
		return NamedTLV{Name: fmt.Sprintf("%#04x", v), Tag: uint16(v)}, nil
	}
	if t, ok := d.byName[string(n)]; ok && n != "" {
		return t, nil
	}
	if n == "" {
		return NamedTLV{}, errors.New("missing; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP")
	}
	return NamedTLV{}, fmt.Errorf("%q is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP%s", string(n), didYouMean(string(n), d.names()))
}

func (d *Dictionary) names() []string { return slices.Sorted(maps.Keys(d.byName)) }

// TLVCondition is a [RouteTLV] as octets.
type TLVCondition struct {
	Name  string
	Tag   smpp.Tag
	Any   bool // there, with whatever value
	Value []byte
	NUL   bool // a NUL behind the value is nothing
}

// Holds tells whether one of these TLVs is such a one.
func (c *TLVCondition) Holds(list smpp.TLVs) bool {
	for i := range list {
		if list[i].Tag != c.Tag {
			continue
		}
		v := list[i].Value
		if c.NUL && len(v) > 0 && v[len(v)-1] == 0 {
			v = v[:len(v)-1]
		}
		if c.Any || string(v) == string(c.Value) {
			return true
		}
	}
	return false
}

// Condition makes octets of t. The error names the key that is wrong.
func (t *RouteTLV) Condition(d *Dictionary) (TLVCondition, error) {
	known, err := d.Find(t.Tag)
	if err != nil {
		return TLVCondition{}, &keyError{"tag", err}
	}
	c := TLVCondition{Name: known.Name, Tag: smpp.Tag(known.Tag)}
	switch {
	case t.Value != "" && t.Text != "":
		return c, &keyError{"text", errors.New("text beside a value; allowed is one of the two, or none for any value")}
	case t.Value != "":
		if c.Value, err = hex.DecodeString(t.Value); err != nil {
			return c, &keyError{"value", fmt.Errorf("%q is not octets; allowed are pairs of hexadecimal digits, and text for characters", t.Value)}
		}
	case t.Text != "":
		if c.Value, err = known.octets(t.Text); err != nil {
			return c, &keyError{"text", err}
		}
		c.NUL = known.Type == "cstring"
	default:
		c.Any = true
	}
	return c, nil
}

// octets is a value as its type writes it.
func (t *NamedTLV) octets(text string) ([]byte, error) {
	bits := map[string]int{"u8": 8, "u16": 16, "u32": 32}[t.Type]
	if bits == 0 {
		return []byte(text), nil
	}
	n, err := strconv.ParseUint(text, 0, bits)
	if err != nil {
		return nil, fmt.Errorf("%q is no number of %s (%s); allowed is 0 to %d", text, t.Name, t.Type, uint64(1)<<bits-1)
	}
	var out []byte
	for bits > 0 {
		bits -= 8
		out = append(out, byte(n>>bits))
	}
	return out, nil
}

// keyError is what is wrong with the value of a key.
type keyError struct {
	key string
	err error
}

func (e *keyError) Error() string { return e.key + ": " + e.err.Error() }
func (e *keyError) Unwrap() error { return e.err }
