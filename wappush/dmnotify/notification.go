package dmnotify

import (
	"bytes"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "dm"

// Version is ten times the version of the protocol, 10 bits.
type Version uint16

// Version12 is that of DM 1.1 and of 1.2: the number was not counted up.
const (
	Version10 Version = 10
	Version12 Version = 11
)

// String names the versions.
func (v Version) String() string {
	switch v {
	case Version10:
		return "DM 1.0"
	case Version12:
		return "DM 1.1 or 1.2"
	}
	return "unknown"
}

// UIMode says what the user is to see, 2 bits.
type UIMode uint8

// The modes.
const (
	NotSpecified UIMode = iota
	Background
	Informative     // the user is told
	UserInteraction // the user is asked
)

// String is the mode in words.
func (m UIMode) String() string {
	switch m {
	case NotSpecified:
		return "not specified"
	case Background:
		return "background"
	case Informative:
		return "informative"
	case UserInteraction:
		return "user interaction"
	}
	return "unknown"
}

// Initiator says who wanted the session.
type Initiator uint8

// User is who has the device, or its client.
const (
	User Initiator = iota
	Server
)

// String is the initiator in words.
func (i Initiator) String() string {
	if i == Server {
		return "server"
	}
	return "user"
}

// SessionID is the number of the session that the device is to open. There it
// is written in hexadecimal.
type SessionID uint16

// String is the SessionID of the session's messages: 002A is "2A".
func (s SessionID) String() string { return fmt.Sprintf("%X", uint16(s)) }

// Digest proves who sent a trigger.
type Digest [16]byte

// Notification is package 0. Digest is set by Sign and checked by Verify.
type Notification struct {
	Digest    Digest
	Version   Version
	UIMode    UIMode
	Initiator Initiator
	Future    uint32    // 27 bits, zero; kept, since the digest covers them
	SessionID SessionID // not 0
	ServerID  []byte    // PROVIDER-ID of the account; up to 255 octets
	Vendor    []byte    // the rest, normally empty
}

// Append appends the digest and the trigger.
func (n *Notification) Append(dst []byte) ([]byte, error) {
	if err := n.check(); err != nil {
		return dst, err
	}
	return n.appendTrigger(append(dst, n.Digest[:]...)), nil
}

// check finds the field that cannot be appended.
func (n *Notification) check() error {
	switch {
	case n.Version > 1<<10-1:
		return wire.Unencodable(proto, "version", wire.ErrValue)
	case n.UIMode > UserInteraction:
		return wire.Unencodable(proto, "ui-mode", wire.ErrValue)
	case n.Initiator > Server:
		return wire.Unencodable(proto, "initiator", wire.ErrValue)
	case n.Future > 1<<27-1:
		return wire.Unencodable(proto, "future-use", wire.ErrValue)
	case len(n.ServerID) > 0xff:
		return wire.Unencodable(proto, "server-identifier", wire.ErrTooLong)
	}
	return nil
}

// appendTrigger is for a notification that passed check.
func (n *Notification) appendTrigger(dst []byte) []byte {
	w := wire.AppendBits(dst)
	w.U(10, uint64(n.Version))
	w.U(2, uint64(n.UIMode))
	w.U(1, uint64(n.Initiator))
	w.U(27, uint64(n.Future))
	w.U(16, uint64(n.SessionID))
	w.U(8, uint64(len(n.ServerID)))
	return append(append(w.Pad(), n.ServerID...), n.Vendor...)
}

// Decode fills n from b, which must be one whole notification. n borrows b; use
// Clone to keep it. A version of another number is accepted.
func (n *Notification) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	n.read(&c)
	return c.End()
}

// Read decodes one whole notification from c.
func Read(c *wire.Cursor) (*Notification, error) {
	n := new(Notification)
	n.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return n, nil
}

func (n *Notification) read(c *wire.Cursor) {
	n.Digest = Digest{}
	copy(n.Digest[:], c.Bytes(len(n.Digest), "digest"))
	r := c.Bits(5, "trigger header")
	n.Version = wire.SayBits(&r, Version(r.U(10, "version")))
	n.UIMode = wire.SayBits(&r, UIMode(r.U(2, "ui-mode")))
	n.Initiator = wire.SayBits(&r, Initiator(r.U(1, "initiator")))
	n.Future = uint32(r.U(27, "future-use"))
	if n.Future != 0 {
		r.Note("not zero")
	}
	c.Adopt(r.Err())
	n.SessionID = wire.Say(c, SessionID(c.U16("sessionid")))
	size := int(c.U8("length-identifier"))
	n.ServerID = c.Bytes(size, "server-identifier")
	if c.Trace() != nil {
		c.Note(fmt.Sprintf("%q", n.ServerID))
	}
	n.Vendor = nil
	if c.More() {
		n.Vendor = c.Rest("vendor-specific")
	}
}

// Clone is a copy that borrows nothing.
func (n *Notification) Clone() *Notification {
	m := *n
	m.ServerID, m.Vendor = bytes.Clone(n.ServerID), bytes.Clone(n.Vendor)
	return &m
}
