package iota

import (
	"cmp"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "mmc"

// Message is one HTTP body: a document or a report, and its binary parts.
type Message struct {
	Document *Document // or
	Report   *Report

	Parts   []Part
	RootCID string // Content-ID of the document among the parts; may be empty
}

// Part is a part beside the document.
type Part struct {
	CID    string // Content-ID without brackets
	Octets []byte
}

// Part is the part of a Content-ID; ok tells whether it is there.
func (m *Message) Part(cid string) (octets []byte, ok bool) {
	for i := range m.Parts {
		if m.Parts[i].CID == cid {
			return m.Parts[i].Octets, true
		}
	}
	return nil, false
}

// Limits bound a message. What is 0 is as DefaultLimits has it.
type Limits struct {
	Size     int // octets of the body
	Document int // octets of the XML
	Methods  int // or details
	Parts    int // beside the document
	Part     int // octets of one
}

// DefaultLimits have room for the largest objects that are known.
func DefaultLimits() Limits {
	return Limits{Size: 512 << 10, Document: 64 << 10, Methods: 64, Parts: 16, Part: 64 << 10}
}

func (l *Limits) complete() {
	d := DefaultLimits()
	l.Size, l.Document, l.Methods = cmp.Or(l.Size, d.Size), cmp.Or(l.Document, d.Document), cmp.Or(l.Methods, d.Methods)
	l.Parts, l.Part = cmp.Or(l.Parts, d.Parts), cmp.Or(l.Part, d.Part)
}

// fault is what is wrong with the document or report; at is the method or
// detail, -1 for the whole.
func (m *Message) fault(d *Dialect) (at int, field string, err error) {
	switch {
	case m.Document != nil && m.Report != nil:
		return -1, d.Elements.Status, fmt.Errorf("beside a document: %w", wire.ErrValue)
	case m.Document != nil:
		return m.Document.fault(d)
	case m.Report != nil:
		return m.Report.fault(d)
	}
	return -1, d.Elements.MMC, ErrEmpty
}

// unresolved is the first method or detail whose part is missing or is not of
// the size that it says.
func (m *Message) unresolved(d *Dialect) (at int, field string, err error) {
	for i := range m.len() {
		cid, size := m.reference(i)
		if cid == "" {
			continue
		}
		octets, there := m.Part(cid)
		switch {
		case !there:
			return i, d.Attributes.ValueRef, fmt.Errorf("no part <%s>: %w", cid, wire.ErrMissing)
		case size != 0 && uint64(size) != uint64(len(octets)):
			return i, d.Attributes.Size, fmt.Errorf("%d, and the part <%s> has %d: %w", size, cid, len(octets), wire.ErrLength)
		}
	}
	return 0, "", nil
}

// len is the number of methods or details.
func (m *Message) len() int {
	if m.Document != nil {
		return len(m.Document.Methods)
	}
	return len(m.Report.Details)
}

// reference is the part that a method or detail refers to, and its size as far
// as it is told.
func (m *Message) reference(i int) (cid string, size uint32) {
	if m.Document != nil {
		return m.Document.Methods[i].ValueRef.CID, m.Document.Methods[i].Size
	}
	return m.Report.Details[i].ValueRef.CID, 0
}

// partFault is what the parts have to be among themselves.
func (m *Message) partFault() (field string, err error) {
	if m.RootCID != "" && !isCID(m.RootCID) {
		return headerContentID, errCID
	}
	for i := range m.Parts {
		p := &m.Parts[i]
		twice := p.CID == m.RootCID
		for j := range m.Parts[:i] {
			twice = twice || m.Parts[j].CID == p.CID
		}
		switch {
		case !isCID(p.CID):
			return headerContentID, errCID
		case twice:
			return headerContentID, fmt.Errorf("<%s> twice: %w", p.CID, wire.ErrValue)
		}
	}
	return "", nil
}

// referred tells whether anything refers to a part.
func (m *Message) referred(cid string) bool {
	for i := range m.len() {
		if to, _ := m.reference(i); to == cid {
			return true
		}
	}
	return false
}
