package dmnotify

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// jsonNotification is the JSON form: numbers as they are on the wire, and the
// server identifier in hexadecimal, with the text of it for the reader.
type jsonNotification struct {
	Message   string    `json:"message"`
	Digest    wire.Hex  `json:"digest"`
	Version   Version   `json:"version"`
	UIMode    UIMode    `json:"ui_mode"`
	Initiator Initiator `json:"initiator"`
	Future    uint32    `json:"future_use,omitempty"`
	SessionID SessionID `json:"sessionid"`
	ServerID  wire.Hex  `json:"server_identifier"`
	Text      string    `json:"server_identifier_text,omitempty"`
	Vendor    wire.Hex  `json:"vendor_specific,omitempty"`
}

const jsonMessage = "Notification"

// ToJSON writes a notification as JSON.
func ToJSON(n *Notification) ([]byte, error) {
	return json.Marshal(jsonNotification{
		jsonMessage, n.Digest[:], n.Version, n.UIMode, n.Initiator, n.Future,
		n.SessionID, n.ServerID, string(n.ServerID), n.Vendor,
	})
}

// FromJSON reads what ToJSON writes. A key that is not known is an error; the
// text of the server identifier is not looked at.
func FromJSON(b []byte) (*Notification, error) {
	var j jsonNotification
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return nil, fmt.Errorf("dm: %w", err)
	}
	if j.Message != jsonMessage {
		return nil, fmt.Errorf("dm: no message is called %q", j.Message)
	}
	n := &Notification{
		Version: j.Version, UIMode: j.UIMode, Initiator: j.Initiator, Future: j.Future,
		SessionID: j.SessionID, ServerID: j.ServerID, Vendor: j.Vendor,
	}
	if len(j.Digest) != len(n.Digest) {
		return nil, fmt.Errorf("dm: digest: want %d octets, not %d", len(n.Digest), len(j.Digest))
	}
	copy(n.Digest[:], j.Digest)
	return n, nil
}
