package smpp

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// messageNames name the operations in JSON as their Go types are named, the
// three binds by their own.
var messageNames = [...]struct {
	id   CommandID
	name string
}{
	{CommandBindReceiver, "BindReceiver"},
	{CommandBindReceiverResp, "BindReceiverResp"},
	{CommandBindTransmitter, "BindTransmitter"},
	{CommandBindTransmitterResp, "BindTransmitterResp"},
	{CommandBindTransceiver, "BindTransceiver"},
	{CommandBindTransceiverResp, "BindTransceiverResp"},
	{CommandSubmitSM, "SubmitSM"},
	{CommandSubmitSMResp, "SubmitSMResp"},
	{CommandDeliverSM, "DeliverSM"},
	{CommandDeliverSMResp, "DeliverSMResp"},
	{CommandUnbind, "Unbind"},
	{CommandUnbindResp, "UnbindResp"},
	{CommandEnquireLink, "EnquireLink"},
	{CommandEnquireLinkResp, "EnquireLinkResp"},
	{CommandGenericNack, "GenericNack"},
	{CommandDataSM, "DataSM"},
	{CommandDataSMResp, "DataSMResp"},
	{CommandSubmitMulti, "SubmitMulti"},
	{CommandSubmitMultiResp, "SubmitMultiResp"},
	{CommandQuerySM, "QuerySM"},
	{CommandQuerySMResp, "QuerySMResp"},
	{CommandCancelSM, "CancelSM"},
	{CommandCancelSMResp, "CancelSMResp"},
	{CommandReplaceSM, "ReplaceSM"},
	{CommandReplaceSMResp, "ReplaceSMResp"},
	{CommandOutbind, "Outbind"},
	{CommandAlertNotification, "AlertNotification"},
}

// envelope is the part of the JSON form that every PDU has.
type envelope struct {
	Message  string `json:"message"`
	Command  uint32 `json:"command_id,omitempty"` // of an Opaque body
	Status   Status `json:"command_status"`
	Sequence uint32 `json:"sequence_number"`
	NoBody   bool   `json:"no_body,omitempty"`
}

// ToJSON writes a PDU as an object with the standard's field names. C-octet
// strings are text when they are printable and "hex:" with digits otherwise;
// all other octets are hexadecimal.
func ToJSON(m Message) ([]byte, error) {
	p, ok := m.(*PDU)
	if !ok {
		return nil, fmt.Errorf("smpp: %T is not a PDU", m)
	}
	e := envelope{Message: "Opaque", Status: p.Status, Sequence: p.Sequence, NoBody: p.Body == nil}
	for _, n := range messageNames {
		if n.id == p.CommandID {
			e.Message = n.name
		}
	}
	if e.Message == "Opaque" {
		e.Command = uint32(p.CommandID)
	}
	head, err := json.Marshal(e)
	if err != nil || p.Body == nil {
		return head, err
	}
	v := reflect.ValueOf(p.Body).Elem()
	for i := range v.NumField() {
		name, isText, keep := jsonField(v.Type().Field(i))
		if !keep || emptyList(v.Field(i)) {
			continue
		}
		val, err := json.Marshal(jsonValue(v.Field(i).Interface(), isText))
		if err != nil {
			return nil, err
		}
		head = fmt.Appendf(head[:len(head)-1], ",%q:%s}", name, val)
	}
	return head, nil
}

// emptyList tells a list of TLVs, destinations and the like that has none.
func emptyList(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && v.Len() == 0
}

func jsonField(f reflect.StructField) (name string, isText, keep bool) {
	name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	return name, f.Tag.Get("smpp") == "text", name != "-"
}

func jsonValue(v any, isText bool) any {
	b, ok := v.([]byte)
	switch {
	case !ok:
		return v
	case isText:
		return textString(b)
	}
	return hex.EncodeToString(b)
}

func textString(b []byte) string {
	s := string(b)
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return "hex:" + hex.EncodeToString(b)
		}
	}
	if strings.HasPrefix(s, "hex:") {
		return "hex:" + hex.EncodeToString(b)
	}
	return s
}

// FromJSON reads what ToJSON writes. A field that the message does not have is
// an error; one that is missing is zero or empty.
func FromJSON(b []byte) (Message, error) {
	var e envelope
	if err := json.Unmarshal(b, &e); err != nil {
		return nil, fmt.Errorf("smpp: %w", err)
	}
	p := &PDU{Header: Header{Status: e.Status, Sequence: e.Sequence}}
	for _, n := range messageNames {
		if n.name == e.Message {
			p.CommandID = n.id
		}
	}
	if e.Message == "Opaque" {
		p.CommandID = CommandID(e.Command)
	} else if p.CommandID == 0 {
		return nil, fmt.Errorf("smpp: no message is called %q", e.Message)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("smpp: %w", err)
	}
	for _, k := range [...]string{"message", "command_id", "command_status", "sequence_number", "no_body"} {
		delete(fields, k)
	}
	if !e.NoBody {
		p.Body = newBody(p.CommandID)
		if err := setFields(reflect.ValueOf(p.Body).Elem(), fields); err != nil {
			return nil, err
		}
	}
	for k := range fields {
		return nil, fmt.Errorf("smpp: %s has no field %q", e.Message, k)
	}
	return p, nil
}

func setFields(v reflect.Value, fields map[string]json.RawMessage) error {
	for i := range v.NumField() {
		name, isText, keep := jsonField(v.Type().Field(i))
		raw, given := fields[name]
		if !keep || !given {
			continue
		}
		delete(fields, name)
		var err error
		switch p := v.Field(i).Addr().Interface().(type) {
		case *[]byte:
			*p, err = octetsFromJSON(raw, isText)
		default:
			err = json.Unmarshal(raw, p)
		}
		if err != nil {
			return fmt.Errorf("smpp: %s: %w", name, err)
		}
	}
	return nil
}

func octetsFromJSON(raw json.RawMessage, isText bool) ([]byte, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	if isText {
		return octetsOfText(s)
	}
	return hex.DecodeString(strings.TrimPrefix(s, "hex:"))
}

// octetsOfText is the reverse of textString.
func octetsOfText(s string) ([]byte, error) {
	if digits, isHex := strings.CutPrefix(s, "hex:"); isHex {
		return hex.DecodeString(digits)
	}
	return []byte(s), nil
}

type tlvJSON struct {
	Tag   uint16 `json:"tag"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value"`
}

// MarshalJSON writes the tag as a number, its name for the reader and the
// value in hexadecimal.
func (t TLV) MarshalJSON() ([]byte, error) {
	return json.Marshal(tlvJSON{Tag: uint16(t.Tag), Name: t.Tag.String(), Value: hex.EncodeToString(t.Value)})
}

// UnmarshalJSON reads the tag and the value; the name is not looked at.
func (t *TLV) UnmarshalJSON(b []byte) error {
	var j tlvJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	v, err := hex.DecodeString(j.Value)
	if err != nil {
		return fmt.Errorf("value of TLV 0x%04x: %w", j.Tag, err)
	}
	t.Tag, t.Value = Tag(j.Tag), v
	return nil
}
