package sessions

import (
	"fmt"
	"time"
)

// Order says what one subscriber is to get. Its document is opaque here.
type Order struct {
	Name      string // the operator's order id, unique
	MDN       MDN
	MIN       string // optional, 10 digits
	IMSI      string // optional, 14 or 15 digits
	ESN       string // optional, 8 hex digits in upper case
	MEID      string // optional, 14 hex digits in upper case
	Doc       []byte // JSON
	Done      bool   // set by the finishing change of the session that carried it out
	Revision  int64  // given by the store: 1, and one more each time that the order is replaced
	UpdatedAt time.Time
}

// OrderRef is an order as it was found: the one that takes its place has
// another revision.
type OrderRef struct {
	Name     string
	Revision int64
}

// OrderQuery finds an order by exactly one of its fields. Where several
// orders match, an open one goes before a done one and a newer one before an
// older one.
type OrderQuery struct {
	Name string
	MDN  MDN
	MIN  string
	IMSI string
	ESN  string
	MEID string
}

// Field tells by which field of an order q looks, and for what.
func (q OrderQuery) Field() (name, text string, err error) {
	n := 0
	for _, f := range [...]struct{ name, text string }{
		{"name", q.Name}, {"min", q.MIN}, {"imsi", q.IMSI}, {"esn", q.ESN}, {"meid", q.MEID},
	} {
		if f.text != "" {
			name, text, n = f.name, f.text, n+1
		}
	}
	if q.MDN != 0 {
		name, text, n = "mdn", q.MDN.String(), n+1
	}
	if n != 1 {
		return "", "", fmt.Errorf("%w: an order is looked for by exactly one field, not %d", ErrInvalid, n)
	}
	return name, text, nil
}
