package testvec_test

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
)

// demo is a message of a length octet and as many octets. The length may stand
// behind 0x81, which is not canonical. FF is never allowed in the value.
type demo struct {
	Value []byte
	Drawn int // what a decoder with a memory leaves behind
	Wrong fault
}

// fault is what a codec does wrong.
type fault string

const (
	none            fault = "none"
	takesCut        fault = "takes a message that was cut"
	takesAll        fault = "takes a forbidden value"
	plainError      fault = "fails with an error that is not of wire"
	plainShort      fault = "fails so when the message was cut"
	otherField      fault = "names another field"
	refusesAll      fault = "refuses everything"
	refusesShortest fault = "refuses its own canonical form"
	farOffset       fault = "gives an offset behind the message"
	noOffset        fault = "gives no offset"
	writes          fault = "writes into its input"
	remembers       fault = "decodes differently the second time"
	cannotEncode    fault = "cannot encode what it decoded"
	encodesOther    fault = "encodes other octets"
	startsOver      fault = "does not append but start over"
	eats            fault = "loses an octet every time that the length is in the long form or the value long"
)

func (m *demo) Append(dst []byte) ([]byte, error) {
	v := m.Value
	switch m.Wrong {
	case cannotEncode:
		return dst, wire.Unencodable("demo", "value", wire.ErrTooLong)
	case encodesOther:
		v = append([]byte{0}, v...)
	case startsOver:
		dst = nil
	}
	return append(append(dst, byte(len(v))), v...), nil
}

// decoder has one thing wrong with it.
func decoder(wrong fault) testvec.Decoder {
	calls := 0
	return func(b []byte) (testvec.Message, error) {
		calls++
		if wrong == refusesAll {
			return nil, &wire.Error{Proto: "demo", Field: "message", Err: wire.ErrUnsupported}
		}
		m := &demo{Wrong: wrong}
		err := m.read(b)
		switch {
		case wrong == takesCut && errors.Is(err, wire.ErrShort), wrong == takesAll && errors.Is(err, wire.ErrValue):
			return m, nil
		case err != nil && wrong == plainError, wrong == plainShort && errors.Is(err, wire.ErrShort):
			return nil, errors.New("it is wrong")
		case err != nil:
			return nil, err
		}
		if wrong == remembers {
			m.Drawn = calls
		}
		if wrong == writes && len(b) > 0 {
			b[0]++
		}
		return m, nil
	}
}

func (m *demo) read(b []byte) error {
	c := wire.NewCursor("demo", b)
	n := c.U8("length")
	long := n == 0x81
	if long {
		n = c.U8("length")
	} else if m.Wrong == refusesShortest {
		c.Fail("length", wire.ErrLength)
	}
	m.Value = slices.Clone(c.Bytes(int(n), "value"))
	if at := slices.Index(m.Value, 0xff); at >= 0 {
		field, off := "value", at
		switch m.Wrong {
		case otherField:
			field = "length"
		case farOffset:
			off = len(b) + 1
		case noOffset:
			off = -1
		}
		c.FailAt(off, field, wire.ErrValue)
	}
	if m.Wrong == eats && (long || n > 2) && n > 0 {
		m.Value = m.Value[1:]
	}
	return c.End()
}

// The vectors of the demo protocol.
const (
	good    = head + "expect: ok\n02 0708\n"
	nested  = head + "whole-at: 0\n01 07\n" // no decoder here takes it cut to nothing
	long    = head + "canonical: 04 07080909\n81 04 07080909\n"
	longCut = head + "canonical: 03 080909\n81 04 07080909\n" // right for the codec that eats
	bad     = head + "expect: error value\n03 07ff08\n"
)

func TestProblems(t *testing.T) {
	tests := []struct {
		wrong  fault
		vector string
		want   []string // one for each problem, in their order
	}{
		{none, good, nil},
		{none, long, nil},
		{none, bad, nil},
		{none, nested, []string{"cut to 0 octets, where whole-at says it is whole"}},
		{none, longCut, []string{"want 03080909"}},
		{none, head + "expect: error value\n01 07", []string{`want an error in "value", got none`}},
		{none, head + "03 07ff08", []string{"decode: demo: value at octet 1"}},
		{takesCut, good, []string{"cut to 0 of 3 octets", "cut to 1 of 3 octets", "cut to 2 of 3 octets"}},
		{takesAll, bad, []string{`want an error in "value", got none`}},
		{plainError, bad, []string{`want a wire error in "value"`}},
		{plainShort, good, []string{"cut to 0 octets: it is wrong is not", "cut to 1 octets: it is wrong is not", "cut to 2 octets: it is wrong is not"}},
		{otherField, bad, []string{`want an error in "value", got demo: length`}},
		{refusesAll, good, []string{"decode: demo: message at octet 0: not supported"}},
		{refusesAll, bad, []string{`want an error in "value", got demo: message`}},
		{refusesShortest, long, []string{"decode of what we encoded: demo: length"}},
		{farOffset, bad, []string{"offset 5 in 4 octets"}},
		{noOffset, bad, []string{"offset -1 in 4 octets"}},
		{writes, good, []string{"writes into its input"}},
		{remembers, good, []string{"decoding twice differs"}},
		{cannotEncode, good, []string{"encode: demo: value: too long"}},
		{encodesOther, good, []string{"got 03000708\nwant 020708"}},
		{startsOver, good, []string{"does not append"}},
		{eats, longCut, []string{"not stable: 03080909, then 020909"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.wrong), func(t *testing.T) {
			vs, err := testvec.Load(folder(t, "v.hex", tt.vector))
			if err != nil {
				t.Fatal(err)
			}
			got := vs[0].Problems(decoder(tt.wrong))
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestStable(t *testing.T) {
	tests := []struct {
		wrong fault
		in    string
		want  string // empty: stable
	}{
		{none, "\x02\x07\x08", ""},
		{none, "\x81\x02\x07\x08", ""},
		{none, "\x05", ""},
		{none, "", ""},
		{none, "\x01\xff", ""},
		{refusesAll, "\x01\x07", ""},
		{plainError, "\x01\xff", "not a *wire.Error"},
		{farOffset, "\x01\xff", "offset 3 in 2 octets"},
		{noOffset, "\x01\xff", "offset -1 in 2 octets"},
		{writes, "\x01\x07", "writes into its input"},
		{cannotEncode, "\x01\x07", "cannot encode it: demo: value"},
		{refusesShortest, "\x81\x01\x07", "encoded 0107, refused that: demo: length"},
		{encodesOther, "\x01\x07", "not stable: 020007, then 03000007"},
		{eats, "\x81\x04\x01\x02\x03\x04", "not stable: 03020304, then 020304"},
	}
	for _, tt := range tests {
		err := testvec.Stable([]byte(tt.in), decoder(tt.wrong))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("codec that %s, %x: got %v, want %q", tt.wrong, tt.in, err, tt.want)
		}
	}
}

// tb counts failures where a test would fail.
type tb struct {
	testing.TB
	failures int
}

func (f *tb) Helper()               {}
func (f *tb) Errorf(string, ...any) { f.failures++ }

func TestNoAllocs(t *testing.T) {
	f := &tb{TB: t}
	testvec.NoAllocs(f, "nothing", func() {})
	if f.failures != 0 {
		t.Error("nothing allocates")
	}
	var kept []byte
	testvec.NoAllocs(f, "something", func() { kept = make([]byte, 8) })
	if f.failures != 1 {
		t.Errorf("%d failures for %d octets allocated", f.failures, len(kept))
	}
}

// The variables that tell a second process of this test what to run.
const dirVar, wrongVar, protoVar = "TESTVEC_DIR", "TESTVEC_WRONG", "TESTVEC_PROTO"

// TestCodec and FuzzCodec are what a protocol package writes. By themselves
// they hold a good codec against good vectors.
func TestCodec(t *testing.T) {
	dir, proto, decode := underTest(t)
	testvec.Codec(t, dir, proto, decode)
}

func FuzzCodec(f *testing.F) {
	dir, proto, decode := underTest(f)
	testvec.Fuzz(f, dir, proto, decode)
}

func underTest(t testing.TB) (dir, proto string, decode testvec.Decoder) {
	if dir = os.Getenv(dirVar); dir != "" {
		return dir, os.Getenv(protoVar), decoder(fault(os.Getenv(wrongVar)))
	}
	dir = t.TempDir()
	text := good + "===\n" + long + "===\n" + bad
	if err := os.WriteFile(dir+"/demo.hex", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, "demo", decoder(none)
}

// TestVerdict runs the two above in a process of their own, where they may
// fail.
func TestVerdict(t *testing.T) {
	dir := folder(t, "v.hex", good+"===\n"+long+"===\n"+bad)
	tests := []struct {
		test, dir, proto string
		wrong            fault
		want             string // empty: passes
	}{
		{"TestCodec", dir, "demo", none, ""},
		{"FuzzCodec", dir, "demo", none, ""},
		{"TestCodec", dir, "demo", takesCut, "--- FAIL: TestCodec/v/1"},
		{"TestCodec", dir, "demo", takesAll, "--- FAIL: TestCodec/v/3"},
		{"TestCodec", dir, "tcap", none, "no vector of tcap"},
		{"TestCodec", dir + "/missing", "demo", none, "no vectors in"},
		{"FuzzCodec", dir, "demo", encodesOther, "not stable"},
		{"FuzzCodec", dir, "tcap", none, "no vector of tcap"},
		{"FuzzCodec", dir + "/missing", "demo", none, "no vectors in"},
	}
	for _, tt := range tests {
		t.Run(tt.test+" "+string(tt.wrong)+" "+tt.proto, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+tt.test+"$", "-test.count=1")
			cmd.Env = append(os.Environ(), dirVar+"="+tt.dir, protoVar+"="+tt.proto, wrongVar+"="+string(tt.wrong))
			out, err := cmd.CombinedOutput()
			if (err == nil) != (tt.want == "") || !strings.Contains(string(out), tt.want) {
				t.Errorf("got %v, want %q in\n%s", err, tt.want, out)
			}
		})
	}
}
