package wire_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// model is the cursor written for clarity alone: no fast paths, no slices that
// alias, and a trace that is always on. What it says, the cursor must say.
type model struct {
	b       []byte
	off     int
	end     int
	base    int
	err     error
	trace   modelTrace
	leaving []func()
}

type modelTrace struct {
	fields []wire.Field
	depth  int
	muted  bool
}

func newModel(b []byte, base int) *model { return &model{b: b, end: len(b), base: base} }

func (m *model) fail(field string, err error) {
	if m.err == nil {
		m.err = &wire.Error{Proto: proto, Field: field, Offset: m.base + m.off, Err: err}
	}
}

func (m *model) adopt(err error) {
	if m.err == nil {
		m.err = err
	}
}

func (m *model) left() int { return m.end - m.off }

func (m *model) take(n int, field string) (v []byte, ok bool) {
	switch {
	case m.err != nil:
		return nil, false
	case n < 0 || n > m.left():
		m.fail(field, wire.ErrShort)
		return nil, false
	}
	m.off += n
	return m.b[m.off-n : m.off], true
}

func (m *model) number(n int, field string) uint64 {
	b, ok := m.take(n, field)
	if !ok {
		return 0
	}
	v, _ := strconv.ParseUint(hex.EncodeToString(b), 16, 64)
	m.trace.add(wire.Field{Off: m.base + m.off - n, Len: n, Name: field, Value: fmt.Sprint(v)})
	return v
}

func (m *model) octets(n int, field string) []byte {
	b, ok := m.take(n, field)
	if ok {
		m.trace.add(wire.Field{Off: m.base + m.off - n, Len: n, Name: field, Value: octetsValue(b)})
	}
	return b
}

func octetsValue(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return hex.EncodeToString(b)
}

func (m *model) rest(field string) []byte { return m.octets(m.left(), field) }

func (m *model) peek() (uint8, bool) {
	if m.err != nil || m.left() == 0 {
		return 0, false
	}
	return m.b[m.off], true
}

func (m *model) cstring(max int, field string) []byte {
	if m.err != nil {
		return nil
	}
	n := bytes.IndexByte(m.b[m.off:m.end], 0)
	switch {
	case n >= 0 && n < max:
	case m.left() >= max:
		m.fail(field, wire.ErrTooLong)
		return nil
	default:
		m.fail(field, wire.ErrShort)
		return nil
	}
	v := m.b[m.off : m.off+n]
	m.trace.add(wire.Field{Off: m.base + m.off, Len: n + 1, Name: field, Value: strconv.Quote(string(v))})
	m.off += n + 1
	return v
}

func (m *model) count(n, size int, field string) int {
	switch {
	case m.err != nil:
		return 0
	case n < 0 || n*size > m.left():
		m.fail(field, wire.ErrLength)
		return 0
	}
	return n
}

func (m *model) open(code byte, n int, field string) {
	leave := func() {}
	switch code {
	case opEnter, opNarrow:
		leave = m.narrow(code == opEnter, n, field)
	case opGroup:
		leave = m.trace.heading(m.err == nil, wire.Field{Off: m.base + m.off, Name: field})
	case opMute:
		was := m.trace.muted
		m.trace.muted = true
		leave = func() { m.trace.muted = was }
	}
	m.leaving = append(m.leaving, leave)
}

// narrow returns what to do when the level is left.
func (m *model) narrow(headed bool, n int, field string) func() {
	if m.err == nil && (n < 0 || n > m.left()) {
		m.fail(field, wire.ErrLength)
	}
	if m.err != nil {
		return func() {}
	}
	outer, endHeading := m.end, func() {}
	if headed {
		endHeading = m.trace.heading(true, wire.Field{Off: m.base + m.off, Len: n, Name: field})
	}
	m.end = m.off + n
	return func() {
		endHeading()
		if m.left() > 0 {
			m.fail("end of field", wire.ErrTrailing)
		}
		if m.err == nil {
			m.end = outer
		}
	}
}

func (m *model) leave() {
	if i := len(m.leaving) - 1; i >= 0 {
		m.leaving[i]()
		m.leaving = m.leaving[:i]
	}
}

func (m *model) bits(n int, field string) string {
	off := m.base + m.off
	b, _ := m.take(n, field)
	r := newBitModel(b, off, &m.trace)
	r.err = m.err
	v := someBits(r, field)
	m.adopt(r.err)
	return v
}

func (m *model) note(s string) {
	if f := m.trace.last(); f != nil && m.err == nil {
		f.Note = strings.TrimPrefix(f.Note+", "+s, ", ")
	}
}

func (m *model) secret() {
	if f := m.trace.last(); f != nil && m.err == nil {
		f.Secret = true
	}
}

func (m *model) hexadecimal() {
	if f := m.trace.last(); f != nil && m.err == nil {
		v, _ := strconv.ParseUint(f.Value, 10, 64)
		f.Value = fmt.Sprintf("0x%0*x", 2*f.Len, v)
	}
}

func (m *model) finish() error {
	if m.left() > 0 {
		m.fail("end of message", wire.ErrTrailing)
	}
	return m.err
}

func (m *model) state() string {
	left := m.left()
	if m.err != nil {
		left = 0
	}
	return fmt.Sprint(m.base+m.off, left, left > 0, m.err)
}

func (t *modelTrace) add(f wire.Field) {
	if !t.muted {
		f.Depth = t.depth
		t.fields = append(t.fields, f)
	}
}

// heading adds a heading when there is something below it to come, and
// returns what ends it.
func (t *modelTrace) heading(show bool, f wire.Field) func() {
	if t.muted {
		return func() {}
	}
	if show {
		t.add(f)
	}
	t.depth++
	return func() { t.depth-- }
}

// last is nil when nothing is recorded.
func (t *modelTrace) last() *wire.Field {
	if t.muted || len(t.fields) == 0 {
		return nil
	}
	return &t.fields[len(t.fields)-1]
}

// bitModel is the bit reader on a string of zeros and ones.
type bitModel struct {
	s     string
	pos   int
	base  int
	err   error
	trace *modelTrace
}

func newBitModel(b []byte, base int, trace *modelTrace) *bitModel {
	var s strings.Builder
	for _, o := range b {
		fmt.Fprintf(&s, "%08b", o)
	}
	return &bitModel{s: s.String(), base: base, trace: trace}
}

func (m *bitModel) Len() int {
	if m.err != nil {
		return 0
	}
	return len(m.s) - m.pos
}

func (m *bitModel) Off() int   { return m.base + m.pos/8 }
func (m *bitModel) Err() error { return m.err }

func (m *bitModel) fail(field string, err error) {
	if m.err == nil {
		m.err = &wire.Error{Proto: proto, Field: field, Offset: m.Off(), Err: err}
	}
}

func (m *bitModel) U(n int, field string) uint64 {
	if m.err != nil {
		return 0
	}
	if n < 0 || n > 64 || m.pos+n > len(m.s) {
		m.fail(field, wire.ErrShort)
		return 0
	}
	v, _ := strconv.ParseUint("0"+m.s[m.pos:m.pos+n], 2, 64)
	m.trace.add(wire.Field{
		Off: m.Off(), Bit: m.pos % 8, Bits: n, Len: (m.pos+n+7)/8 - m.pos/8,
		Name: field, Value: fmt.Sprint(v),
	})
	m.pos += n
	return v
}

func (m *bitModel) Flag(field string) bool { return m.U(1, field) == 1 }

func (m *bitModel) AppendOctets(dst []byte, n int, field string) []byte {
	if m.err == nil && (n < 0 || m.pos+8*n > len(m.s)) {
		m.fail(field, wire.ErrShort)
	}
	if m.err != nil {
		return dst
	}
	off, from := m.Off(), len(dst)
	for ; n > 0; n-- {
		v, _ := strconv.ParseUint(m.s[m.pos:m.pos+8], 2, 8)
		dst = append(dst, byte(v))
		m.pos += 8
	}
	m.trace.add(wire.Field{Off: off, Len: len(dst) - from, Name: field, Value: octetsValue(dst[from:])})
	return dst
}

func (m *bitModel) Rest(field string) []byte {
	switch {
	case m.err != nil:
		return nil
	case m.pos%8 != 0:
		m.fail(field, wire.ErrLength)
		return nil
	case m.Len() == 0:
		return nil
	}
	return m.AppendOctets(nil, m.Len()/8, field)
}

// Pad is shown only when it is odd.
func (m *bitModel) Pad() bool {
	n := (8 - m.pos%8) % 8
	if m.err != nil || !strings.Contains(m.s[m.pos:m.pos+n], "1") {
		if m.err == nil {
			m.pos += n
		}
		return false
	}
	m.U(n, "padding")
	if f := m.trace.last(); f != nil {
		f.Note = "not zero"
	}
	return true
}

func (m *bitModel) End() error {
	m.Pad()
	if m.Len() > 0 {
		m.fail("end of block", wire.ErrTrailing)
	}
	return m.err
}
