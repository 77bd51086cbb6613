package ansi

import (
	"fmt"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// Operation is the operation code of an INVOKE.
//
//	D0 02 | reply required (bit 8), family | specifier    national
//	D1 02 | family | specifier                            private; 09 xx in ANSI-41
//
// Family holds the whole first octet. Short is the form of one octet, the
// specifier alone.
type Operation struct {
	National  bool  `json:"national,omitempty"`
	Short     bool  `json:"short,omitempty"`
	Family    uint8 `json:"family"`
	Specifier uint8 `json:"specifier"`
}

// FamilyANSI41 is the private family of ANSI-41.
const FamilyANSI41 = 9

// PrivateOperation is the ANSI-41 operation with the given specifier.
func PrivateOperation(specifier uint8) Operation {
	return Operation{Family: FamilyANSI41, Specifier: specifier}
}

func (o Operation) String() string {
	kind := "private"
	if o.National {
		kind = "national"
	}
	if o.Short {
		return fmt.Sprintf("%s operation %d", kind, o.Specifier)
	}
	return fmt.Sprintf("%s operation %d/%d", kind, o.Family, o.Specifier)
}

func (o Operation) append(dst []byte) ([]byte, error) {
	tag := byte(tagPrivateOperation)
	if o.National {
		tag = byte(tagNationalOperation)
	}
	if o.Short {
		if o.Family != 0 {
			return dst, wire.Unencodable(proto, "operation", wire.ErrValue)
		}
		return append(dst, tag, 1, o.Specifier), nil
	}
	return append(dst, tag, 2, o.Family, o.Specifier), nil
}

func (o *Operation) read(c *wire.Cursor) {
	at := c.Off()
	tag, n := ber.Header(c)
	if c.Err() != nil {
		return
	}
	if tag != tagNationalOperation && tag != tagPrivateOperation {
		c.FailAt(at, "operation", wire.ErrMissing)
		return
	}
	o.National, o.Short = tag == tagNationalOperation, n == 1
	if n != 1 && n != 2 {
		c.FailAt(at, "operation", wire.ErrLength)
		return
	}
	if !o.Short {
		o.Family = c.U8("operation family")
	}
	o.Specifier = c.U8("operation specifier")
	wire.Say(c, *o)
}
