package iota

import "fmt"

// MismatchError is a report that is not about the document it should answer.
type MismatchError struct {
	ID     string // of the detail or method, empty when it is the report itself
	Reason string
}

func (e *MismatchError) Error() string {
	if e.ID == "" {
		return "mmc: the report does not answer the document: " + e.Reason
	}
	return fmt.Sprintf("mmc: the report does not answer the document: method %.40q: %s", e.ID, e.Reason)
}

// Answers says whether a report can be the answer to a document. The error is a
// *MismatchError. It is when
//
//   - every detail has the id of a method, once, and its name and object;
//   - every method that wanted a detail has one. Of status error some may be
//     missing: that a client reports what it did not do is one client's habit;
//   - the transaction is the same where both tell it.
//
// Details may be in any order, as their ids say which they are, and may be there
// unasked. What the results mean is the caller's to see.
func (m *Report) Answers(doc *Document) error {
	if m.MMCID != "" && doc.MMCID != "" && m.MMCID != doc.MMCID {
		return &MismatchError{Reason: "it is of another transaction"}
	}
	for i := range m.Details {
		if err := m.answers(i, doc); err != nil {
			return err
		}
	}
	if m.Status == StatusError {
		return nil
	}
	for i := range doc.Methods {
		if k := &doc.Methods[i]; k.ReportStatus && m.Detail(k.ID) == nil {
			return &MismatchError{k.ID, "no detail, and one was asked for"}
		}
	}
	return nil
}

func (m *Report) answers(i int, doc *Document) error {
	detail := &m.Details[i]
	if m.Detail(detail.ID) != detail {
		return &MismatchError{detail.ID, "two details"}
	}
	for j := range doc.Methods {
		k := &doc.Methods[j]
		if k.ID != detail.ID {
			continue
		}
		switch {
		case k.Name != detail.Name:
			return &MismatchError{k.ID, fmt.Sprintf("the detail is of %.40q and not of %.40q", detail.Name, k.Name)}
		case k.Object != detail.Object:
			return &MismatchError{k.ID, fmt.Sprintf("the detail is of %.40q and not of %.40q", detail.Object, k.Object)}
		}
		return nil
	}
	return &MismatchError{detail.ID, "there is no such method"}
}
