package ansi41

import "github.com/otagate/otagate/internal/wire"

// The functions of this file read the present parameter of a set into a field.

type enumeration interface {
	~uint8
	String() string
}

func readEnum[T enumeration](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(wire.Say(&s.c, T(s.c.U8(s.info.Name))))
	}
}

func readU8[T ~uint8](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(T(s.c.U8(s.info.Name)))
	}
}

func readU16[T ~uint16](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(T(s.c.U16(s.info.Name)))
		s.c.Hexadecimal()
	}
}

func readU24[T ~uint32](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(T(s.c.U24(s.info.Name)))
		s.c.Hexadecimal()
	}
}

func readU32[T ~uint32](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(T(s.c.U32(s.info.Name)))
		s.c.Hexadecimal()
	}
}

func readOctets[T ~[]byte](s *set, o *Optional[T]) {
	if s.ready(o.OK) {
		*o = Some(T(s.c.Bytes(s.n, s.info.Name)))
	}
}

func readNull(s *set, there *bool) {
	if s.ready(*there) {
		s.c.Bytes(0, s.info.Name)
		*there = true
	}
}

// appendHeader appends tag and length of a parameter with a number below 2^14,
// which all of the table are. The length is in its shortest form.
func appendHeader(dst []byte, id ParameterID, n int) []byte {
	switch {
	case id < 31:
		dst = append(dst, 0x80|byte(id))
	case id < 1<<7:
		dst = append(dst, 0x9f, byte(id))
	default:
		dst = append(dst, 0x9f, 0x80|byte(id>>7), byte(id&0x7f))
	}
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n < 1<<8:
		return append(dst, 0x81, byte(n))
	case n < 1<<16:
		return append(dst, 0x82, byte(n>>8), byte(n))
	}
	return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
}

// The functions that append an optional parameter are small enough to be
// inlined: most of the optional parameters are absent.

func appendU8[T ~uint8](dst []byte, id ParameterID, o Optional[T]) []byte {
	if !o.OK {
		return dst
	}
	return appendU8Value(dst, id, uint8(o.V))
}

func appendU8Value(dst []byte, id ParameterID, v uint8) []byte {
	return append(appendHeader(dst, id, 1), v)
}

func appendU16[T ~uint16](dst []byte, id ParameterID, o Optional[T]) []byte {
	if !o.OK {
		return dst
	}
	return appendU16Value(dst, id, uint16(o.V))
}

func appendU16Value(dst []byte, id ParameterID, v uint16) []byte {
	return append(appendHeader(dst, id, 2), byte(v>>8), byte(v))
}

func appendU32[T ~uint32](dst []byte, id ParameterID, o Optional[T]) []byte {
	if !o.OK {
		return dst
	}
	return appendU32Value(dst, id, uint32(o.V))
}

func appendU32Value(dst []byte, id ParameterID, v uint32) []byte {
	return append(appendHeader(dst, id, 4), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

func appendNull(dst []byte, id ParameterID, there bool) []byte {
	if !there {
		return dst
	}
	return appendHeader(dst, id, 0)
}
