package is637

import "encoding/json"

// Optional is a parameter that a message may leave out. OK tells whether it is
// there.
type Optional[T any] struct {
	V  T
	OK bool
}

// Some is a parameter that is there.
func Some[T any](v T) Optional[T] { return Optional[T]{V: v, OK: true} }

// IsZero reports absence; encoding/json asks it for omitzero.
func (o Optional[T]) IsZero() bool { return !o.OK }

// MarshalJSON writes the value, or null when it is absent.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.OK {
		return []byte("null"), nil
	}
	b, err := json.Marshal(o.V)
	if string(b) == "null" {
		return []byte("[]"), nil // a list that is there, with nothing in it
	}
	return b, err
}

// UnmarshalJSON reads a value; null means absent.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	*o = Optional[T]{}
	if string(b) == "null" {
		return nil
	}
	if err := json.Unmarshal(b, &o.V); err != nil {
		return err
	}
	o.OK = true
	return nil
}
