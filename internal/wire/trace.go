package wire

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Trace records what a decoder read. Fields are in reading order.
type Trace struct {
	Fields []Field
	depth  int
}

// Field is one line of a decoded message. Off is the absolute octet offset,
// Bit the bit inside that octet (0 is the most significant) when Bits > 0.
// A Field with an empty Value is a heading for the deeper ones after it.
type Field struct {
	Depth  int
	Off    int
	Bit    int
	Bits   int
	Len    int
	Name   string
	Value  string
	Note   string
	Secret bool
}

func (t *Trace) add(f Field) {
	f.Depth = t.depth
	t.Fields = append(t.Fields, f)
}

func (t *Trace) number(off, n int, name string, v uint64) {
	t.add(Field{Off: off, Len: n, Name: name, Value: strconv.FormatUint(v, 10)})
}

func (t *Trace) bits(base, pos, n int, name string, v uint64) {
	t.add(Field{Off: base + pos/8, Bit: pos % 8, Bits: n, Len: (pos%8 + n + 7) / 8, Name: name, Value: strconv.FormatUint(v, 10)})
}

func (t *Trace) octets(off int, name string, v []byte) {
	s := hex.EncodeToString(v)
	if s == "" {
		s = "-"
	}
	t.add(Field{Off: off, Len: len(v), Name: name, Value: s})
}

func (t *Trace) text(off, n int, name string, v []byte) {
	t.add(Field{Off: off, Len: n, Name: name, Value: strconv.Quote(string(v))})
}

func (t *Trace) open(off, n int, name string) {
	t.add(Field{Off: off, Len: n, Name: name})
	t.depth++
}

func (t *Trace) close() {
	if t.depth > 0 {
		t.depth--
	}
}

func (t *Trace) last() *Field {
	if len(t.Fields) == 0 {
		return &Field{}
	}
	return &t.Fields[len(t.Fields)-1]
}

func (t *Trace) note(s string) {
	f := t.last()
	if f.Note != "" {
		s = f.Note + ", " + s
	}
	f.Note = s
}

func (t *Trace) secret() { t.last().Secret = true }

// Hexadecimal rewrites the value of the field read last in hexadecimal, for
// codes that the standard writes so.
func (c *Cursor) Hexadecimal() {
	if c.tr != nil && c.err == nil {
		c.tr.hexadecimal()
	}
}

func (t *Trace) hexadecimal() {
	f := t.last()
	if v, err := strconv.ParseUint(f.Value, 10, 64); err == nil {
		f.Value = fmt.Sprintf("0x%0*x", 2*f.Len, v)
	}
}

// Open and Close let a composition put the fields of a payload under a
// heading of their own.
func (t *Trace) Open(off, n int, name string) { t.open(off, n, name) }

// Close ends the heading.
func (t *Trace) Close() { t.close() }

// Text prints the fields, one line each: offset, indented name, value, note.
// Secrets are shown as their length unless reveal is set.
func (t *Trace) Text(reveal bool) string {
	var s strings.Builder
	for i := range t.Fields {
		f := &t.Fields[i]
		where := strconv.Itoa(f.Off)
		if f.Bits > 0 {
			where += "." + strconv.Itoa(f.Bit)
		}
		line := fmt.Sprintf("%6s  %s%s", where, strings.Repeat("  ", f.Depth), f.Name)
		if v := f.show(reveal); v != "" {
			line = fmt.Sprintf("%-44s %s", line, v)
		}
		if f.Note != "" && (!f.Secret || reveal) {
			line += "  (" + f.Note + ")"
		}
		s.WriteString(strings.TrimRight(line, " "))
		s.WriteByte('\n')
	}
	return s.String()
}

func (f *Field) show(reveal bool) string {
	if f.Secret && !reveal {
		unit := " octets"
		if f.Len == 1 {
			unit = " octet"
		}
		return "<" + strconv.Itoa(f.Len) + unit + ", secret>"
	}
	return f.Value
}
