package is637

import "github.com/otagate/otagate/internal/wire"

// writer appends parameters and keeps the first error.
type writer struct {
	dst []byte
	err error
}

// put appends a parameter that is there: id, length, and what body appends.
// body takes values, so that nothing moves to the heap.
func put[T any](w *writer, id uint8, o Optional[T], body func(dst []byte, v T) ([]byte, error)) {
	if !o.OK || w.err != nil {
		return
	}
	at := len(w.dst) + 1
	dst, err := body(append(w.dst, id, 0), o.V)
	if err == nil {
		err = wire.PatchU8(dst, at, proto, "length")
	}
	w.dst, w.err = dst, err
}

func appendU8[T ~uint8](dst []byte, v T) ([]byte, error) { return append(dst, byte(v)), nil }

func appendU16[T ~uint16](dst []byte, v T) ([]byte, error) {
	return append(dst, byte(v>>8), byte(v)), nil
}

func appendHex(dst []byte, v wire.Hex) ([]byte, error) { return append(dst, v...), nil }

// appendTop2 appends an indicator of two bits and six reserved ones.
func appendTop2[T ~uint8](dst []byte, v T) ([]byte, error) {
	if v > 3 {
		return dst, wire.Unencodable(proto, "indicator", wire.ErrTooLong)
	}
	return append(dst, byte(v)<<6), nil
}
