package wire

import "bytes"

// AppendCString appends s and a NUL. max counts the NUL; a longer s, or one
// with a NUL inside, is an error.
func AppendCString(dst, s []byte, max int, proto, field string) ([]byte, error) {
	if len(s) >= max {
		return dst, Unencodable(proto, field, ErrTooLong)
	}
	if bytes.IndexByte(s, 0) >= 0 {
		return dst, Unencodable(proto, field, ErrValue)
	}
	dst = append(dst, s...)
	return append(dst, 0), nil
}

// PatchU8 writes the number of octets behind dst[at], a reserved length octet.
func PatchU8(dst []byte, at int, proto, field string) error {
	n := len(dst) - at - 1
	if n > 0xff {
		return Unencodable(proto, field, ErrTooLong)
	}
	dst[at] = byte(n)
	return nil
}

// PutU32 writes v over four reserved octets at dst[at].
func PutU32(dst []byte, at int, v uint32) {
	_ = dst[at+3]
	dst[at], dst[at+1], dst[at+2], dst[at+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}
