package tpdu

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// ValidityFormat is TP-Validity-Period-Format (9.2.3.3).
type ValidityFormat uint8

// The formats.
const (
	ValidityNone     ValidityFormat = 0
	ValidityEnhanced ValidityFormat = 1 // 7 octets
	ValidityRelative ValidityFormat = 2 // 1 octet
	ValidityAbsolute ValidityFormat = 3 // 7 octets, a Timestamp
)

func (f ValidityFormat) String() string {
	switch f {
	case ValidityNone:
		return "none"
	case ValidityEnhanced:
		return "enhanced"
	case ValidityRelative:
		return "relative"
	case ValidityAbsolute:
		return "absolute"
	}
	return fmt.Sprintf("format %d", uint8(f))
}

// octets is the size of TP-VP in this format.
func (f ValidityFormat) octets() int { return [...]int{0, 7, 1, 7}[f&3] }

// Validity is TP-Validity-Period (9.2.3.12) as on the wire. Octets has what the
// format has, from the front.
type Validity struct {
	Format ValidityFormat
	Octets [7]byte
}

// The steps of a relative validity period: up to which value, in which units,
// counted from which value on.
var relativeSteps = [...]struct {
	last, from int
	unit, base time.Duration
}{
	{143, -1, 5 * time.Minute, 0},
	{167, 143, 30 * time.Minute, 12 * time.Hour},
	{196, 166, 24 * time.Hour, 0},
	{255, 192, 7 * 24 * time.Hour, 0},
}

func relative(v byte) time.Duration {
	for _, s := range relativeSteps {
		if int(v) <= s.last {
			return s.base + time.Duration(int(v)-s.from)*s.unit
		}
	}
	return 0
}

// RelativeValidity is the shortest relative period that is not shorter than d,
// the longest there is (63 weeks) when d is longer.
func RelativeValidity(d time.Duration) Validity {
	v := Validity{Format: ValidityRelative}
	for v.Octets[0] = 0; v.Octets[0] < 255 && relative(v.Octets[0]) < d; v.Octets[0]++ {
	}
	return v
}

// AbsoluteValidity lasts until t.
func AbsoluteValidity(t time.Time) Validity {
	return Validity{Format: ValidityAbsolute, Octets: TimestampOf(t)}
}

// The formats of an enhanced period, in the low bits of its first octet.
const (
	enhancedNone     = 0
	enhancedRelative = 1 // an octet as of the relative format
	enhancedSeconds  = 2 // an octet, 0 is reserved
	enhancedClock    = 3 // hours, minutes, seconds
	enhancedExtended = 0x80
)

// EnhancedValidity is a period to the second, cut to whole seconds and to less
// than 100 hours.
func EnhancedValidity(d time.Duration) Validity {
	s := int(min(max(d, 0), 100*time.Hour-time.Second) / time.Second)
	v := Validity{Format: ValidityEnhanced}
	if s > 0 && s < 256 {
		v.Octets[0], v.Octets[1] = enhancedSeconds, byte(s)
		return v
	}
	v.Octets = [7]byte{enhancedClock, swapped(s / 3600), swapped(s / 60 % 60), swapped(s % 60)}
	return v
}

// Duration is the period of the relative and the enhanced format; ok is false
// when there is none, or none that is understood.
func (v Validity) Duration() (d time.Duration, ok bool) {
	switch v.Format {
	case ValidityRelative:
		return relative(v.Octets[0]), true
	case ValidityEnhanced:
		return v.enhanced()
	}
	return 0, false
}

func (v Validity) enhanced() (time.Duration, bool) {
	o := v.Octets[:]
	if o[0]&enhancedExtended != 0 { // more octets of indication, whose meaning is not known
		return 0, false
	}
	switch o[0] & 7 {
	case enhancedRelative:
		return relative(o[1]), true
	case enhancedSeconds:
		return time.Duration(o[1]) * time.Second, o[1] != 0
	case enhancedClock:
		h, m, s := unswapped(o[1]), unswapped(o[2]), unswapped(o[3])
		return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second, h >= 0 && m >= 0 && s >= 0
	}
	return 0, false
}

// Time is the end of the period of the absolute format.
func (v Validity) Time() (time.Time, bool) {
	if v.Format != ValidityAbsolute {
		return time.Time{}, false
	}
	return Timestamp(v.Octets).Time()
}

func (v Validity) String() string {
	if d, ok := v.Duration(); ok {
		return d.String()
	}
	if v.Format == ValidityAbsolute {
		return Timestamp(v.Octets).String()
	}
	return v.Format.String()
}

func (v *Validity) read(c *wire.Cursor, f ValidityFormat) {
	*v = Validity{Format: f}
	if f == ValidityNone {
		return
	}
	copy(v.Octets[:], c.Bytes(f.octets(), "TP-VP"))
	if c.Trace() != nil {
		c.Note(v.String())
	}
}

func (v *Validity) append(dst []byte) ([]byte, error) {
	if v.Format > ValidityAbsolute {
		return dst, unencodable("TP-VPF", wire.ErrValue)
	}
	return append(dst, v.Octets[:v.Format.octets()]...), nil
}

type validityJSON struct {
	Format ValidityFormat
	Octets wire.Hex `json:",omitempty"`
}

// MarshalJSON writes the octets that the format has.
func (v Validity) MarshalJSON() ([]byte, error) {
	return json.Marshal(validityJSON{v.Format, v.Octets[:v.Format.octets()]})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Validity) UnmarshalJSON(b []byte) error {
	var j validityJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Format > ValidityAbsolute || len(j.Octets) != j.Format.octets() {
		return unencodable("TP-VP", wire.ErrLength)
	}
	*v = Validity{Format: j.Format}
	copy(v.Octets[:], j.Octets)
	return nil
}
