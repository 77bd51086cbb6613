package is637

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// CategoryOperation is what to do with a service category, four bits.
type CategoryOperation uint8

// The operations.
const (
	CategoryDelete CategoryOperation = 0
	CategoryAdd    CategoryOperation = 1
	CategoryClear  CategoryOperation = 2 // all of them
)

var categoryOperations = [...]string{"delete", "add", "clear"}

func (o CategoryOperation) String() string { return nameOf(categoryOperations[:], uint8(o)) }

// CategoryEntry is one category in a CategoryProgram.
//
//	4:OPERATION_CODE 16:SERVICE_CATEGORY 8:LANGUAGE 8:MAX_MESSAGES 4:ALERT_OPTION 8:NUM_FIELDS {CHARi}
type CategoryEntry struct {
	Operation   CategoryOperation `json:"operation_code"`
	Category    ServiceCategory   `json:"service_category"`
	Language    Language          `json:"language"`
	MaxMessages uint8             `json:"max_messages"`
	AlertOption uint8             `json:"alert_option"` // four bits
	Name        wire.Hex          `json:"name"`         // in the encoding of the program
}

// CategoryProgram is subparameter 12, service category program data. One source
// only has the layout.
//
//	5:MSG_ENCODING {entry}
type CategoryProgram struct {
	Encoding Encoding        `json:"msg_encoding"`
	Entries  []CategoryEntry `json:"entries"`
}

func (p *CategoryProgram) read(r *wire.Bits) {
	*p = CategoryProgram{Encoding: readKnownEncoding(r)}
	for r.Len() >= 8 {
		var e CategoryEntry
		e.Operation = wire.SayBits(r, CategoryOperation(r.U(4, "OPERATION_CODE")))
		e.Category = ServiceCategory(r.U(16, "SERVICE_CATEGORY"))
		e.Language = wire.SayBits(r, Language(r.U(8, "LANGUAGE")))
		e.MaxMessages = uint8(r.U(8, "MAX_MESSAGES"))
		e.AlertOption = uint8(r.U(4, "ALERT_OPTION"))
		e.Name = readChars(r, nil, p.Encoding, p.Encoding.width(), int(r.U(8, "NUM_FIELDS")))
		p.Entries = append(p.Entries, e)
	}
}

func appendProgram(dst []byte, p CategoryProgram) ([]byte, error) {
	if !p.Encoding.mixes() {
		return dst, wire.Unencodable(proto, "MSG_ENCODING", wire.ErrUnsupported)
	}
	w := wire.AppendBits(dst)
	w.U(5, uint64(p.Encoding))
	for i := range p.Entries {
		e := &p.Entries[i]
		n, err := countText(p.Encoding, e.Name)
		switch {
		case err != nil:
			return dst, err
		case e.Operation > 15:
			return dst, wire.Unencodable(proto, "OPERATION_CODE", wire.ErrTooLong)
		case e.AlertOption > 15:
			return dst, wire.Unencodable(proto, "ALERT_OPTION", wire.ErrTooLong)
		}
		w.U(4, uint64(e.Operation))
		w.U(16, uint64(e.Category))
		w.U(8, uint64(e.Language))
		w.U(8, uint64(e.MaxMessages))
		w.U(4, uint64(e.AlertOption))
		w.U(8, uint64(n))
		appendChars(&w, p.Encoding, p.Encoding.width(), e.Name)
	}
	return w.Pad(), nil
}

func (p CategoryProgram) clone() CategoryProgram {
	p.Entries = slices.Clone(p.Entries)
	for i := range p.Entries {
		p.Entries[i].Name = slices.Clone(p.Entries[i].Name)
	}
	return p
}

// CategoryResult is the outcome for one category.
//
//	16:SERVICE_CATEGORY 4:PROGRAM_RESULT 4:RESERVED
type CategoryResult struct {
	Category ServiceCategory `json:"service_category"`
	Result   uint8           `json:"program_result"` // four bits
}

// CategoryResults is subparameter 13, service category program results. One
// source only has the layout.
type CategoryResults []CategoryResult

func (v *CategoryResults) read(r *wire.Bits) {
	*v = nil
	for r.Len() > 0 {
		e := CategoryResult{ServiceCategory(r.U(16, "SERVICE_CATEGORY")), uint8(r.U(4, "PROGRAM_RESULT"))}
		reserved(r, 4)
		*v = append(*v, e)
	}
}

func appendResults(dst []byte, v CategoryResults) ([]byte, error) {
	for _, e := range v {
		if e.Result > 15 {
			return dst, wire.Unencodable(proto, "PROGRAM_RESULT", wire.ErrTooLong)
		}
		dst = append(dst, byte(e.Category>>8), byte(e.Category), e.Result<<4)
	}
	return dst, nil
}
