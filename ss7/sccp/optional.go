package sccp

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

// ParameterName is the name octet of an optional parameter.
type ParameterName uint8

// Names of optional parameters.
const (
	endOfOptional         ParameterName = 0x00
	ParameterSegmentation ParameterName = 0x10
	ParameterImportance   ParameterName = 0x12 // ITU
)

func (n ParameterName) String() string {
	switch n {
	case endOfOptional:
		return "end of optional parameters"
	case ParameterSegmentation:
		return "segmentation"
	case ParameterImportance:
		return "importance"
	}
	return "parameter " + strconv.Itoa(int(n))
}

// Parameter is an optional parameter that is kept but not understood.
type Parameter struct {
	Name  ParameterName `json:"name"`
	Value wire.Hex      `json:"value"`
}

// Segmentation marks a message as one part of a longer one.
//
//	octet 1    bit 8 first segment, bit 7 in sequence, bits 4-1 segments left
//	octets 2-4 local reference
type Segmentation struct {
	First          bool   `json:"first"`
	InSequence     bool   `json:"in_sequence"` // the class the user asked for
	Remaining      uint8  `json:"remaining"`
	LocalReference uint32 `json:"local_reference"`
}

// Optional is the optional part of XUDT and XUDTS.
type Optional struct {
	Segmented    bool         `json:"segmented,omitempty"`
	Segmentation Segmentation `json:"segmentation,omitzero"`
	Other        []Parameter  `json:"other,omitempty"`
}

func (o *Optional) reset() {
	*o = Optional{Other: o.Other[:0]}
}

func (o *Optional) empty() bool { return !o.Segmented && len(o.Other) == 0 }

func (o *Optional) read(c *wire.Cursor) {
	c.Group("optional part")
	defer c.EndGroup()
	for c.Err() == nil {
		name := wire.Say(c, ParameterName(c.U8("parameter name")))
		if name == endOfOptional {
			return
		}
		n := int(c.U8("parameter length"))
		if name == ParameterSegmentation && !o.Segmented {
			l := c.Enter(n, "segmentation")
			o.Segmented = true
			o.Segmentation.read(c)
			c.Leave(l)
			continue
		}
		o.Other = append(o.Other, Parameter{Name: name, Value: c.Bytes(n, "parameter value")})
	}
}

func (s *Segmentation) read(c *wire.Cursor) {
	o := c.U8("segmentation indicator")
	c.Hexadecimal()
	if o&0x30 != 0 {
		c.Note("spare bits set")
	}
	s.First, s.InSequence, s.Remaining = o&0x80 != 0, o&0x40 != 0, o&0x0f
	s.LocalReference = c.U24("segmentation local reference")
}

func (o *Optional) append(dst []byte) ([]byte, error) {
	if o.Segmented {
		s := &o.Segmentation
		if s.Remaining > 15 || s.LocalReference > 0xffffff {
			return dst, wire.Unencodable(proto, "segmentation", wire.ErrTooLong)
		}
		ind := s.Remaining
		if s.First {
			ind |= 0x80
		}
		if s.InSequence {
			ind |= 0x40
		}
		r := s.LocalReference
		dst = append(dst, byte(ParameterSegmentation), 4, ind, byte(r>>16), byte(r>>8), byte(r))
	}
	for i := range o.Other {
		p := &o.Other[i]
		if p.Name == endOfOptional || len(p.Value) > 0xff {
			return dst, wire.Unencodable(proto, "optional part", wire.ErrValue)
		}
		dst = append(append(dst, byte(p.Name), byte(len(p.Value))), p.Value...)
	}
	return append(dst, byte(endOfOptional)), nil
}

func (o *Optional) clone() Optional {
	n := *o
	n.Other = slices.Clone(o.Other)
	for i := range n.Other {
		n.Other[i].Value = bytes.Clone(n.Other[i].Value)
	}
	return n
}
