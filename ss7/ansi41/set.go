package ansi41

import (
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// proto names this protocol in errors.
const proto = "ansi41"

// Parameter is a parameter that is kept as octets: one the table does not
// know, or one that the message's operation does not list.
type Parameter struct {
	Tag   ber.Tag
	Value wire.Hex
}

// set walks the parameters of a parameter set in the order of arrival. It has
// the cursor by value, because a pointer in it would put the cursor on the
// heap.
type set struct {
	c       wire.Cursor
	unknown []Parameter

	off  int // of the present parameter
	tag  ber.Tag
	id   ParameterID
	n    int
	info *ParameterInfo
}

// next reads tag and length of the next parameter.
func (s *set) next() bool {
	if !s.c.More() {
		return false
	}
	s.header()
	return s.c.Err() == nil
}

func (s *set) header() {
	s.off = s.c.Off()
	s.tag, s.n = ber.Header(&s.c)
	s.id = parameterOf(s.tag)
	s.info = nil
	if int64(s.id) < int64(len(parameters)) && parameters[s.id].Name != "" {
		s.info = &parameters[s.id]
	}
}

// fits reports whether the present parameter has a length of its type.
func (s *set) fits() bool { return s.n >= s.info.Min && s.n <= s.info.Max }

// keep reads the present parameter as octets.
func (s *set) keep() {
	name := "parameter"
	if s.c.Trace() != nil {
		name = s.name()
	}
	v := s.c.Bytes(s.n, name)
	if s.info != nil {
		if s.info.Secret {
			s.c.Secret()
		}
		if !s.fits() {
			s.c.Note("unexpected length")
		}
	}
	s.unknown = append(s.unknown, Parameter{Tag: s.tag, Value: v})
}

// ready reports whether the present parameter, which the operation lists, is
// to be read into its field. The set fails when the parameter was there before
// or its type cannot have the length; but an unverified type may be wrong
// itself, so then the octets are kept instead.
func (s *set) ready(seen bool) bool {
	if seen || s.info.Unverified && kept(s.unknown, s.id) {
		s.c.FailAt(s.off, s.info.Name, wire.ErrValue)
		return false
	}
	if s.fits() {
		return true
	}
	if s.info.Unverified {
		s.keep()
	} else {
		s.badLength()
	}
	return false
}

func (s *set) badLength() { s.c.FailAt(s.off, s.info.Name, wire.ErrLength) }

// require fails at the end of a set that lacks a mandatory parameter.
func (s *set) require(there bool, name string) {
	if !there {
		s.c.Fail(name, wire.ErrMissing)
	}
}

// kept reports whether a parameter is among the unknown.
func kept(unknown []Parameter, id ParameterID) bool {
	for i := range unknown {
		if unknown[i].Tag == id.Tag() {
			return true
		}
	}
	return false
}

// name is what a trace and an error call the present parameter.
func (s *set) name() string {
	if s.info != nil {
		return s.info.Name
	}
	if s.id != notAParameter {
		return "parameter " + strconv.FormatUint(uint64(s.id), 10)
	}
	return "tag " + s.tag.String()
}
