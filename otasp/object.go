package otasp

import (
	"fmt"
	"strings"
)

// Object is an object of MMC with its new value: a home page, a proxy, an NAI, a
// boot URL. The names are those of the handset's vendor; package iota has the
// known ones.
type Object struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"` // empty for an action
}

// Format hides the value from every verb: it may be a password.
func (o Object) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{%s: %d octets}", o.Name, len(o.Value))
}

// The bounds of what an order may have of objects. They go with every step of
// its session, and together into one document. The longest object whose size is
// known, a certificate, has 700 octets.
const (
	maxObjects     = 16
	maxObjectName  = 64
	maxObjectValue = 1024
)

// codePrefix is that of the objects that belong to the session itself: IS-683
// messages, the list, and what they change.
const codePrefix = "phone:cdma."

// validateObjects: which objects there are is the handset's to say.
func (o *Order) validateObjects() error {
	if len(o.Objects) > maxObjects {
		return fmt.Errorf("order %s: objects: up to %d allowed", o.Name, maxObjects)
	}
	for i, b := range o.Objects {
		switch {
		case b.Name == "" || len(b.Name) > maxObjectName || strings.ContainsFunc(b.Name, notGraphic):
			return fmt.Errorf("order %s: objects[%d]: a name has 1 to %d printable ASCII characters without spaces", o.Name, i, maxObjectName)
		case strings.HasPrefix(b.Name, codePrefix):
			return fmt.Errorf("order %s: object %s: the other parts of an order write it", o.Name, b.Name)
		case len(b.Value) > maxObjectValue || strings.ContainsFunc(b.Value, notPrintable):
			return fmt.Errorf("order %s: object %s: a value has up to %d printable ASCII characters", o.Name, b.Name, maxObjectValue)
		}
		for _, before := range o.Objects[:i] {
			if before.Name == b.Name {
				return fmt.Errorf("order %s: object %s: it is there twice", o.Name, b.Name)
			}
		}
	}
	return nil
}

func notGraphic(r rune) bool   { return r <= ' ' || r > '~' }
func notPrintable(r rune) bool { return r < ' ' || r > '~' }
