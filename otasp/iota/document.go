package iota

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Document is what a server tells a client to do: mmc with methods, which run in
// their order.
type Document struct {
	StatusURI string   `json:"status_uri,omitempty"` // URL for the report; required if a method wants one
	MMCID     MMCID    `json:"mmc_id,omitempty"`     // none before the client has chosen it
	Methods   []Method `json:"methods"`              // at least one
}

// MMCID is the number of a transaction. The client chooses it when it executes
// open, and the server repeats it from then on; so it is kept as it is written.
type MMCID string

// Name is what a method does.
type Name string

// The names of methods.
const (
	NameOpen       Name = "open"  // begins a transaction
	NameRead       Name = "read"  // an object
	NameWrite      Name = "write" // an object, temporarily
	NameCommit     Name = "commit"
	NameDisconnect Name = "disconnect" // ends the session
)

// ofObject tells whether such a method has an object.
func (n Name) ofObject() bool { return n == NameRead || n == NameWrite }

// Method is one method. Only read and write have anything below Object, and only
// write has a value.
type Method struct {
	ID           string   `json:"id"`
	Name         Name     `json:"name"`
	Object       Object   `json:"object,omitempty"`
	Value        string   `json:"value,omitempty"`
	EmptyValue   bool     `json:"empty_value,omitempty"` // value="" is there
	ValueRef     ValueRef `json:"valueref,omitzero"`     // instead of Value
	ReportStatus bool     `json:"report_status,omitempty"`
	Size         uint32   `json:"size,omitempty"` // of this chunk, 0 when there is one alone
	Offset       uint32   `json:"offset,omitempty"`
}

// fault says what is wrong with a document; at is the method, -1 for the
// document itself.
func (m *Document) fault(d *Dialect) (at int, field string, err error) {
	asked := false
	for i := range m.Methods {
		if field, err := m.Methods[i].fault(d); err != nil {
			return i, field, err
		}
		for j := range m.Methods[:i] {
			if m.Methods[j].ID == m.Methods[i].ID {
				return i, d.Attributes.ID, fmt.Errorf("%.40q twice: %w", m.Methods[i].ID, wire.ErrValue)
			}
		}
		asked = asked || m.Methods[i].ReportStatus
	}
	switch {
	case len(m.Methods) == 0:
		return -1, d.Elements.Method, wire.ErrMissing
	case m.StatusURI == "" && asked:
		return -1, d.Attributes.StatusURI, wire.ErrMissing
	case m.StatusURI != "" && !isURL(m.StatusURI):
		return -1, d.Attributes.StatusURI, errURL
	case !m.MMCID.valid():
		return -1, d.Attributes.MMCID, wire.ErrValue
	}
	return 0, "", nil
}

var errURL = fmt.Errorf("want an http or https URL: %w", wire.ErrValue)

func (m *Method) fault(d *Dialect) (field string, err error) {
	a := &d.Attributes
	if field, err := subject(d, m.ID, m.Name, m.Object); err != nil {
		return field, err
	}
	if field, err := content(d, m.Name, m.Value, m.EmptyValue, m.ValueRef); err != nil {
		return field, err
	}
	info, known := d.Object(m.Object)
	switch chunk := m.Size != 0 || m.Offset != 0; {
	case chunk && !m.Name.ofObject():
		return a.Size, fmt.Errorf("of %s: %w", m.Name, wire.ErrValue)
	case uint64(m.Offset)+uint64(m.Size) > 1<<32-1:
		return a.Offset, wire.ErrTooLong
	}
	valued := m.Value != "" || m.EmptyValue || m.ValueRef != (ValueRef{})
	switch {
	case m.Name == NameWrite && !valued && (!known || info.Kind != Action):
		return a.Value, wire.ErrMissing
	case m.Name != NameWrite && valued:
		return a.Value, fmt.Errorf("of %s: %w", m.Name, wire.ErrValue)
	}
	return "", nil
}

// subject checks what methods and details have in common.
func subject(d *Dialect, id string, n Name, o Object) (field string, err error) {
	a := &d.Attributes
	_, known := theirs(d.Names, string(n))
	switch {
	case id == "":
		return a.ID, wire.ErrMissing
	case !isWord(id):
		return a.ID, fmt.Errorf("want printable ASCII: %w", wire.ErrValue)
	case n == "":
		return a.Name, wire.ErrMissing
	case !known:
		return a.Name, fmt.Errorf("%.40q: %w", n, wire.ErrValue)
	case n.ofObject() && o == "":
		return a.Object, wire.ErrMissing
	case !n.ofObject() && o != "":
		return a.Object, fmt.Errorf("of %s: %w", n, wire.ErrValue)
	case o != "" && !isWord(string(o)):
		return a.Object, fmt.Errorf("want printable ASCII: %w", wire.ErrValue)
	}
	return "", nil
}

var errBoth = fmt.Errorf("a value and a reference: %w", wire.ErrValue)

// content checks a value or the reference instead of it.
func content(d *Dialect, n Name, value string, empty bool, ref ValueRef) (field string, err error) {
	a := &d.Attributes
	switch has := value != "" || empty; {
	case value != "" && empty:
		return a.Value, fmt.Errorf("it is said to be empty: %w", wire.ErrValue)
	case !n.ofObject() && has:
		return a.Value, fmt.Errorf("of %s: %w", n, wire.ErrValue)
	case has && ref != (ValueRef{}):
		return a.ValueRef, errBoth
	}
	if err := ref.fault(); err != nil {
		return a.ValueRef, err
	}
	return "", nil
}

// maxMMCID is more than any client's; the one known goes up to 2499.
const maxMMCID = 10

func (id MMCID) valid() bool {
	for _, o := range []byte(id) {
		if o < '0' || o > '9' {
			return false
		}
	}
	return len(id) <= maxMMCID
}
