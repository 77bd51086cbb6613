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

// set walks the parameters of a parameter set in the order of arrival.
type set struct {
	c       *wire.Cursor
	unknown []Parameter

	off  int // of the present parameter
	tag  ber.Tag
	id   ParameterID
	n    int
	info *ParameterInfo
}

// next reads tag and length of the next parameter. One whose length its type
// cannot hold is an error, unless the length is unverified: then it is kept.
func (s *set) next() bool {
	for s.c.More() {
		s.header()
		if s.c.Err() != nil {
			return false
		}
		if s.info == nil || s.n >= s.info.Min && s.n <= s.info.Max {
			return true
		}
		if !s.info.Unverified {
			s.badLength()
			return false
		}
		s.keep()
		s.c.Note("unexpected length")
	}
	return false
}

func (s *set) header() {
	s.off = s.c.Off()
	s.tag, s.n = ber.Header(s.c)
	s.id = parameterOf(s.tag)
	s.info = nil
	if int64(s.id) < int64(len(parameters)) && parameters[s.id].Name != "" {
		s.info = &parameters[s.id]
	}
}

// keep reads the present parameter as octets.
func (s *set) keep() {
	name := "parameter"
	if s.c.Trace() != nil {
		name = s.name()
	}
	v := s.c.Bytes(s.n, name)
	if s.info != nil && s.info.Secret {
		s.c.Secret()
	}
	s.unknown = append(s.unknown, Parameter{Tag: s.tag, Value: v})
}

// first is false, and the set has failed, when the parameter was there before.
func (s *set) first(seen bool) bool {
	if seen {
		s.c.FailAt(s.off, s.name(), wire.ErrValue)
	}
	return !seen
}

func (s *set) badLength() { s.c.FailAt(s.off, s.name(), wire.ErrLength) }

// require fails at the end of a set that lacks a mandatory parameter.
func (s *set) require(there bool, name string) {
	if !there {
		s.c.Fail(name, wire.ErrMissing)
	}
}

// kept reports whether a parameter of unverified coding is among the unknown.
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
