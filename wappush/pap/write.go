package pap

import (
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

const proto = "pap"

// writer appends elements and keeps the first fault.
type writer struct {
	dst []byte
	err error
}

func (w *writer) fail(field string, err error) {
	if w.err == nil {
		w.err = wire.Unencodable(proto, field, err)
	}
}

// open begins an element, to which attributes follow.
func (w *writer) open(name string) { w.dst = append(append(w.dst, '<'), name...) }

// inside ends the attributes; close ends the element.
func (w *writer) inside() { w.dst = append(w.dst, ">\n"...) }

func (w *writer) close(name string) {
	w.dst = append(append(append(w.dst, "</"...), name...), ">\n"...)
}

// empty ends an element that has nothing inside.
func (w *writer) empty() { w.dst = append(w.dst, "/>\n"...) }

// text writes an attribute unless it is empty.
func (w *writer) text(name, value string) {
	if value == "" {
		return
	}
	if !xmldoc.IsText(value) {
		w.fail(name, wire.ErrValue)
		return
	}
	w.dst = xmldoc.AppendAttr(w.dst, name, value)
}

// need writes an attribute that must not be empty.
func (w *writer) need(name, value string) {
	if value == "" {
		w.fail(name, wire.ErrMissing)
	}
	w.text(name, value)
}

func (w *writer) time(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		w.fail(name, wire.ErrValue)
		return
	}
	w.text(name, t.Format(timeForms[0]))
}

func (w *writer) code(c Code) {
	if c < minCode || c > maxCode {
		w.fail("code", wire.ErrValue)
	}
	w.text("code", strconv.Itoa(int(c)))
}

// flag writes an attribute whose default is false.
func (w *writer) flag(name string, v bool) {
	if v {
		w.text(name, "true")
	}
}

// enum writes a word of a list unless it is the first, which is the default.
func (w *writer) enum(name string, list []string, n uint8) {
	switch {
	case int(n) >= len(list):
		w.fail(name, wire.ErrValue)
	case n > 0:
		w.text(name, list[n])
	}
}

func (w *writer) state(s MessageState) {
	w.enum("message-state", states[:], uint8(s))
	if s == 0 {
		w.fail("message-state", wire.ErrMissing)
	}
}

func (w *writer) addresses(all ...Address) {
	for _, a := range all {
		w.open("address")
		w.need("address-value", string(a))
		w.empty()
	}
}

func (w *writer) qos(q *QualityOfService) {
	if q != nil {
		q.write(w)
	}
}
