package sccp

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// ToJSON writes a message as an object with its name and variant.
func ToJSON(m Message) ([]byte, error) {
	switch m := m.(type) {
	case *UDT:
		return json.Marshal(struct {
			Message string `json:"message"`
			*UDT
		}{"UDT", m})
	case *UDTS:
		return json.Marshal(struct {
			Message string `json:"message"`
			*UDTS
		}{"UDTS", m})
	case *XUDT:
		return json.Marshal(struct {
			Message string `json:"message"`
			*XUDT
		}{"XUDT", m})
	case *XUDTS:
		return json.Marshal(struct {
			Message string `json:"message"`
			*XUDTS
		}{"XUDTS", m})
	}
	return nil, fmt.Errorf("sccp: no message %T", m)
}

// FromJSON reads what ToJSON writes. An unknown field is an error.
func FromJSON(b []byte) (Message, error) {
	var head struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("sccp: %w", err)
	}
	var m Message
	var err error
	switch head.Message {
	case "UDT":
		x := new(UDT)
		m, err = x, strict(b, &struct {
			Message string `json:"message"`
			*UDT
		}{UDT: x})
	case "UDTS":
		x := new(UDTS)
		m, err = x, strict(b, &struct {
			Message string `json:"message"`
			*UDTS
		}{UDTS: x})
	case "XUDT":
		x := new(XUDT)
		m, err = x, strict(b, &struct {
			Message string `json:"message"`
			*XUDT
		}{XUDT: x})
	case "XUDTS":
		x := new(XUDTS)
		m, err = x, strict(b, &struct {
			Message string `json:"message"`
			*XUDTS
		}{XUDTS: x})
	default:
		err = fmt.Errorf("message %q: want UDT, UDTS, XUDT or XUDTS", head.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("sccp: %w", err)
	}
	return m, nil
}

func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
