package ansi41_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
)

// parameter is one parameter of a set, with its line in the table.
type parameter struct {
	tag   ber.Tag
	value []byte
	info  ansi41.ParameterInfo
}

// listed takes a set apart; ok is false when it has parameters of no table.
func listed(b []byte) (ps []parameter, ok bool) {
	c := wire.NewCursor("test", b)
	for c.More() {
		tag, n := ber.Header(&c)
		p := parameter{tag: tag, value: c.Bytes(n, "value")}
		for id := range ansi41.ParameterID(400) {
			if id.Tag() == tag {
				p.info, ok = ansi41.LookupParameter(id)
			}
		}
		if !ok {
			return nil, false
		}
		ps = append(ps, p)
	}
	return ps, len(ps) > 0
}

func join(ps []parameter) []byte {
	var b []byte
	for _, p := range ps {
		b = ber.AppendElement(b, p.tag, p.value)
	}
	return b
}

// eachParameter calls f for every parameter of every good typed vector whose
// parameters are all of its operation.
func eachParameter(t *testing.T, f func(t *testing.T, decode func([]byte) (ansi41.Message, error), ps []parameter, i int)) {
	t.Helper()
	n := 0
	for _, v := range load(t) {
		decode := func(b []byte) (ansi41.Message, error) {
			m, err := decoder(t, v.Args)(b)
			if err != nil {
				return nil, err
			}
			return m.(ansi41.Message), nil
		}
		ps, ok := listed(v.Octets)
		if v.Fault != "" || !ok || v.Args[1] == "AUTHDIR" || !bytes.Equal(v.Octets, v.Canonical) {
			continue
		}
		if m, err := decode(v.Octets); err != nil || len(unknown(t, m)) > 0 {
			continue
		}
		for i := range ps {
			f(t, decode, slices.Clone(ps), i)
			n++
		}
	}
	if n < 200 {
		t.Fatalf("only %d parameters tried", n)
	}
}

// unknown is what m keeps besides its fields.
func unknown(t *testing.T, m ansi41.Message) []ansi41.Parameter {
	t.Helper()
	switch m := m.(type) {
	case *ansi41.SMDPPInvoke:
		return m.Unknown
	case *ansi41.SMDPPResult:
		return m.Unknown
	case *ansi41.OTASPREQInvoke:
		return m.Unknown
	case *ansi41.OTASPREQResult:
		return m.Unknown
	case *ansi41.SMSREQInvoke:
		return m.Unknown
	case *ansi41.SMSREQResult:
		return m.Unknown
	case *ansi41.SMSNOTInvoke:
		return m.Unknown
	case *ansi41.SMSNOTResult:
		return m.Unknown
	case *ansi41.REGNOTInvoke:
		return m.Unknown
	case *ansi41.REGNOTResult:
		return m.Unknown
	case *ansi41.MSINACTInvoke:
		return m.Unknown
	case *ansi41.MSINACTResult:
		return m.Unknown
	}
	t.Fatalf("%T has no Unknown", m)
	return nil
}

func TestRepeated(t *testing.T) {
	eachParameter(t, func(t *testing.T, decode func([]byte) (ansi41.Message, error), ps []parameter, i int) {
		_, err := decode(join(append(ps, ps[i])))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != ps[i].info.Name || !errors.Is(err, wire.ErrValue) {
			t.Errorf("%s twice: got %v", ps[i].info.Name, err)
		}
	})
}

func TestFixedLength(t *testing.T) {
	eachParameter(t, func(t *testing.T, decode func([]byte) (ansi41.Message, error), ps []parameter, i int) {
		info := ps[i].info
		if info.Min != info.Max {
			return
		}
		ps[i].value = append(slices.Clone(ps[i].value), 0)
		m, err := decode(join(ps))
		if !info.Unverified {
			var we *wire.Error
			if !errors.As(err, &we) || we.Field != info.Name || !errors.Is(err, wire.ErrLength) {
				t.Errorf("%s with an octet too many: got %v", info.Name, err)
			}
			return
		}
		if err != nil {
			t.Errorf("%s, whose length is unverified: %v", info.Name, err)
			return
		}
		equal(t, info.Name, unknown(t, m), []ansi41.Parameter{{Tag: ps[i].tag, Value: ps[i].value}})
	})
}
