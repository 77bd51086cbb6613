package iota

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Report is what a client answers a document with: mmc with status. It is sent
// only when a method wanted one.
type Report struct {
	Status  Status   `json:"status"`
	MMCID   MMCID    `json:"mmc_id,omitempty"`
	Details []Detail `json:"details,omitempty"`
}

// Status is how a document went.
type Status string

// The statuses.
const (
	StatusOK      Status = "ok"
	StatusWarning Status = "warning" // something failed, nothing critical
	StatusError   Status = "error"   // something critical did; what was written is dropped
)

// Result is how a method went. Words beside those of the dialect are kept: what
// is not ResultOK is a failure.
type Result string

// The results.
const (
	ResultOK             Result = "ok"
	ResultUnknownObject  Result = "UnknownObject"
	ResultUnknownError   Result = "UnknownError"
	ResultWriteOnly      Result = "WriteOnly" // it cannot be read
	ResultCIDMissing     Result = "CidMissing"
	ResultDownloadFailed Result = "DownLoadFailed"
	ResultCheckFailed    Result = "CheckFailed" // of the roaming list, at commit
	ResultAbort          Result = "Abort"       // not executed, after a critical error
)

// Detail is how one method went, and what was read. The reference is to a part;
// a client that answers with a URL is refused, for nobody is to fetch it.
type Detail struct {
	ID         string   `json:"id"`
	Name       Name     `json:"name"`
	Object     Object   `json:"object,omitempty"`
	Value      string   `json:"value,omitempty"`
	EmptyValue bool     `json:"empty_value,omitempty"` // value="" is there
	ValueRef   ValueRef `json:"valueref,omitzero"`
	Result     Result   `json:"result"`
}

// Detail is the detail of a method's id, nil when there is none.
func (m *Report) Detail(id string) *Detail {
	for i := range m.Details {
		if m.Details[i].ID == id {
			return &m.Details[i]
		}
	}
	return nil
}

// fault is as that of Document.
func (m *Report) fault(d *Dialect) (at int, field string, err error) {
	for i := range m.Details {
		if field, err := m.Details[i].fault(d); err != nil {
			return i, field, err
		}
		for j := range m.Details[:i] {
			if m.Details[j].ID == m.Details[i].ID {
				return i, d.Attributes.ID, fmt.Errorf("%.40q twice: %w", m.Details[i].ID, wire.ErrValue)
			}
		}
	}
	_, known := theirs(d.Statuses, string(m.Status))
	switch {
	case m.Status == "":
		return -1, d.Attributes.Status, wire.ErrMissing
	case !known:
		return -1, d.Attributes.Status, fmt.Errorf("%.40q: %w", m.Status, wire.ErrValue)
	case !m.MMCID.valid():
		return -1, d.Attributes.MMCID, wire.ErrValue
	}
	return 0, "", nil
}

func (m *Detail) fault(d *Dialect) (field string, err error) {
	a := &d.Attributes
	if field, err := subject(d, m.ID, m.Name, m.Object); err != nil {
		return field, err
	}
	if field, err := content(d, m.Name, m.Value, m.EmptyValue, m.ValueRef); err != nil {
		return field, err
	}
	switch {
	case m.ValueRef.URL != "":
		return a.ValueRef, fmt.Errorf("want a part: %w", wire.ErrValue)
	case m.ValueRef.CID != "" && !m.Name.ofObject():
		return a.ValueRef, fmt.Errorf("of %s: %w", m.Name, wire.ErrValue)
	case m.Result == "":
		return a.Result, wire.ErrMissing
	case !isWord(string(m.Result)):
		return a.Result, fmt.Errorf("want printable ASCII: %w", wire.ErrValue)
	}
	return "", nil
}
