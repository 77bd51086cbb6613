package m3ua

import (
	"encoding/binary"
	"slices"
)

// numbersIn are the numbers of a parameter of the message b. ERR names them
// (RFC 4666 §3.8.1), and errors are rare enough to decode the message again.
func numbersIn(b []byte, tag Tag) (v []uint32) {
	var m Other
	if m.Decode(b) != nil {
		return nil
	}
	for _, p := range m.Parameters {
		for at := 0; p.Tag == tag && at+4 <= len(p.Value); at += 4 {
			v = append(v, binary.BigEndian.Uint32(p.Value[at:]))
		}
	}
	return v
}

// foreign are the routing contexts of the message b that are not among known.
func foreign(b []byte, known []uint32) []uint32 {
	return slices.DeleteFunc(numbersIn(b, TagRoutingContext), func(rc uint32) bool { return slices.Contains(known, rc) })
}

// blame is the ERR about b: an invalid routing context or network appearance
// must be named, and the contexts of an unexpected message should be.
func blame(code ErrorCode, b []byte, known []uint32) (e Error) {
	switch code {
	case UnexpectedMessage:
		e.RoutingContext = numbersIn(b, TagRoutingContext)
	case InvalidRoutingContext:
		e.RoutingContext = foreign(b, known)
	case InvalidNetworkAppearance:
		if v := numbersIn(b, TagNetworkAppearance); len(v) > 0 {
			e.NetworkAppearance = Some(v[0])
		}
	}
	return e
}
