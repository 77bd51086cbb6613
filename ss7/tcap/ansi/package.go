package ansi

import (
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

const proto = "tcap"

// PackageType is the identifier of a package.
type PackageType uint8

// The package types of T1.114.3 §3.
const (
	Unidirectional                PackageType = 0xe1
	QueryWithPermission           PackageType = 0xe2
	QueryWithoutPermission        PackageType = 0xe3
	Response                      PackageType = 0xe4
	ConversationWithPermission    PackageType = 0xe5
	ConversationWithoutPermission PackageType = 0xe6
	Abort                         PackageType = 0xf6
)

func (t PackageType) String() string {
	switch t {
	case Unidirectional:
		return "Unidirectional"
	case QueryWithPermission:
		return "Query With Permission"
	case QueryWithoutPermission:
		return "Query Without Permission"
	case Response:
		return "Response"
	case ConversationWithPermission:
		return "Conversation With Permission"
	case ConversationWithoutPermission:
		return "Conversation Without Permission"
	case Abort:
		return "Abort"
	}
	return "package type " + strconv.Itoa(int(t))
}

// transactionIDs tells which ids a package of this type carries.
func (t PackageType) transactionIDs() (originating, responding, known bool) {
	switch t {
	case Unidirectional:
		return false, false, true
	case QueryWithPermission, QueryWithoutPermission:
		return true, false, true
	case Response, Abort:
		return false, true, true
	case ConversationWithPermission, ConversationWithoutPermission:
		return true, true, true
	}
	return false, false, false
}

// TransactionID names a transaction at the node that chose it.
type TransactionID uint32

// String prints the four octets.
func (t TransactionID) String() string {
	s := strconv.FormatUint(uint64(t), 16)
	return "00000000"[len(s):] + s
}

// Package is one TCAP message (T1.114.3 §3).
//
//	type len | C7 transaction id | F9 dialogue portion, O | E8 component sequence, O
//	F6   len | C7 transaction id | F9 dialogue portion, O | D7 P-Abort cause or F8 user information
//
// The id is empty in Unidirectional; Originating in a query; Responding in
// Response and Abort; first Originating, the sender's, then Responding, the
// receiver's, in a conversation. Ids that the type does not have stay zero.
type Package struct {
	Type        PackageType   `json:"package_type"`
	Originating TransactionID `json:"originating_transaction_id,omitempty"`
	Responding  TransactionID `json:"responding_transaction_id,omitempty"`
	Dialogue    *Dialogue     `json:"dialogue_portion,omitempty"`
	Components  []Component   `json:"components,omitempty"`

	PAbort          PAbortCause `json:"p_abort_cause,omitempty"`          // Abort by TCAP
	UserAbort       bool        `json:"user_abort,omitempty"`             // Abort by the user
	UserInformation []External  `json:"user_abort_information,omitempty"` // with UserAbort, often empty
}

// Append appends p in wire form to dst. See appendShort.
func (p *Package) Append(dst []byte) ([]byte, error) {
	if short, ok := p.appendShort(dst); ok {
		return short, nil
	}
	return p.appendAny(dst)
}

func (p *Package) appendAny(dst []byte) ([]byte, error) {
	o, r, known := p.Type.transactionIDs()
	if !known {
		return dst, wire.Unencodable(proto, "package type", wire.ErrValue)
	}
	dst, at := ber.Open(dst, ber.Tag(p.Type))
	dst, id := ber.Open(dst, tagTransactionID)
	if o {
		dst = appendU32(dst, uint32(p.Originating))
	}
	if r {
		dst = appendU32(dst, uint32(p.Responding))
	}
	dst = ber.Close(dst, id)
	var err error
	if p.Dialogue != nil {
		if dst, err = p.Dialogue.Append(dst); err != nil {
			return dst, err
		}
	}
	if p.Type == Abort {
		dst, err = p.appendAbort(dst)
	} else {
		dst, err = p.appendComponents(dst)
	}
	if err != nil {
		return dst, err
	}
	return ber.Close(dst, at), nil
}

func (p *Package) appendComponents(dst []byte) ([]byte, error) {
	if len(p.Components) == 0 {
		return dst, nil
	}
	dst, at := ber.Open(dst, tagComponentSequence)
	var err error
	for i := range p.Components {
		if dst, err = p.Components[i].Append(dst); err != nil {
			return dst, err
		}
	}
	return ber.Close(dst, at), nil
}

func appendU32(dst []byte, v uint32) []byte {
	return append(dst, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// Decode fills p from b, which must be one whole package. p borrows b and
// reuses the memory of p.Components. See cut.
func (p *Package) Decode(b []byte) error {
	if p.cut(b) {
		return nil
	}
	c := wire.NewCursor(proto, b)
	p.read(&c)
	return c.End()
}

func (p *Package) read(c *wire.Cursor) {
	*p = Package{Components: p.Components[:0]}
	l := p.readType(c)
	p.readTransactionID(c)
	if ber.Next(c) == tagDialogue {
		p.Dialogue = new(Dialogue)
		p.Dialogue.read(c)
	}
	if p.Type == Abort {
		p.readAbort(c)
	} else if c.More() {
		p.readComponents(c)
	}
	c.Leave(l)
}

func (p *Package) readType(c *wire.Cursor) wire.Level {
	at := c.Off()
	tag, n := ber.Header(c)
	p.Type = PackageType(tag)
	if _, _, known := p.Type.transactionIDs(); c.Err() == nil && (tag > 0xff || !known) {
		c.FailAt(at, "package type", wire.ErrValue)
	}
	if c.Err() != nil {
		return wire.Level{}
	}
	return c.Enter(n, packageName(c, p.Type))
}

// packageName builds no string unless a trace wants one.
func packageName(c *wire.Cursor, t PackageType) string {
	if c.Trace() == nil {
		return "package"
	}
	return t.String()
}

func (p *Package) readTransactionID(c *wire.Cursor) {
	at := c.Off()
	l := ber.Expect(c, tagTransactionID, "transaction id")
	o, r, _ := p.Type.transactionIDs()
	want := 0
	if o {
		want = 4
	}
	if r {
		want += 4
	}
	if c.Err() == nil && c.Len() != want {
		c.FailAt(at, "transaction id", wire.ErrLength)
	}
	if o {
		p.Originating = wire.Say(c, TransactionID(c.U32("originating transaction id")))
	}
	if r {
		p.Responding = wire.Say(c, TransactionID(c.U32("responding transaction id")))
	}
	c.Leave(l)
}

func (p *Package) readComponents(c *wire.Cursor) {
	at := c.Off()
	tag, n := ber.Header(c)
	if c.Err() == nil && tag != tagComponentSequence {
		c.FailAt(at, "component sequence", wire.ErrValue)
	}
	l := c.Enter(n, "component sequence")
	for c.More() {
		p.Components = append(p.Components, Component{})
		p.Components[len(p.Components)-1].read(c)
	}
	c.Leave(l)
}
