package ansi41

import (
	"encoding/json"
	"strconv"
)

// TeleserviceIdentifier is the value of SMS_TeleserviceIdentifier: two octets,
// or none at all in OTASP and OTAPA, which have no teleservice. The zero value
// is the one of no octets.
type TeleserviceIdentifier struct {
	ID    uint16
	Given bool // two octets follow
}

// Teleservice is the identifier of two octets.
func Teleservice(id uint16) TeleserviceIdentifier { return TeleserviceIdentifier{ID: id, Given: true} }

// String is the number, or "none".
func (t TeleserviceIdentifier) String() string {
	if !t.Given {
		return "none"
	}
	return strconv.Itoa(int(t.ID))
}

// MarshalJSON writes the number, or an empty string for no octets.
func (t TeleserviceIdentifier) MarshalJSON() ([]byte, error) {
	if !t.Given {
		return []byte(`""`), nil
	}
	return strconv.AppendUint(nil, uint64(t.ID), 10), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *TeleserviceIdentifier) UnmarshalJSON(b []byte) error {
	*t = TeleserviceIdentifier{}
	if string(b) == `""` || string(b) == "null" {
		return nil
	}
	t.Given = true
	return json.Unmarshal(b, &t.ID)
}

func readTeleservice(s *set, o *Optional[TeleserviceIdentifier]) {
	if !s.ready(o.OK) {
		return
	}
	o.OK = true
	switch s.n {
	case 0:
		s.c.Bytes(0, s.info.Name)
	case 2:
		o.V = Teleservice(s.c.U16(s.info.Name))
	default:
		s.badLength()
	}
}

func appendTeleservice(dst []byte, o Optional[TeleserviceIdentifier]) []byte {
	switch {
	case !o.OK:
		return dst
	case !o.V.Given:
		return append(dst, 0x9f, byte(ParamSMSTeleserviceIdentifier), 0)
	}
	return append(dst, 0x9f, byte(ParamSMSTeleserviceIdentifier), 2, byte(o.V.ID>>8), byte(o.V.ID))
}
