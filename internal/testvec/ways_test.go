package testvec_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
)

// pair is a message of two octets whose first is below 0x80.
type pair struct{ A, B byte }

func (p *pair) cursor(b []byte) error {
	*p = pair{}
	if len(b) != 2 || b[0] > 0x7f {
		return errors.New("wrong")
	}
	p.A, p.B = b[0], b[1]
	return nil
}

func TestWaysDiffer(t *testing.T) {
	for name, tt := range map[string]struct {
		short func(p *pair, b []byte) error
		want  string // empty: they do not
	}{
		"the same":       {(*pair).cursor, ""},
		"takes too much": {func(p *pair, b []byte) error { p.A, p.B = b[0], b[1]; return nil }, "the short way says <nil>, the cursor wrong"},
		"another error": {func(p *pair, b []byte) error {
			if p.cursor(b) != nil {
				return errors.New("bad")
			}
			return nil
		}, "the short way says bad, the cursor wrong"},
		"another value":    {func(p *pair, b []byte) error { err := p.cursor(b); p.B &= 0x7f; return err }, "-cursor +short"},
		"does not reset":   {func(p *pair, b []byte) error { q := *p; err := p.cursor(b); p.B |= q.B; return err }, "-cursor +short"},
		"writes":           {func(p *pair, b []byte) error { err := p.cursor(b); b[0]++; return err }, "writes into its input"},
		"left by an error": {func(p *pair, b []byte) error { err := p.cursor(b); p.A = b[0]; return err }, "-cursor +short"},
	} {
		w := testvec.Ways[pair]{New: func() *pair { return new(pair) }, Short: tt.short, Cursor: (*pair).cursor}
		var got error
		for _, b := range [][]byte{{1, 2}, {1, 0xff}, {0x80, 1}, {5, 1}} {
			if got == nil {
				got = w.Differ([]byte{1, 0x0e}, b)
			}
		}
		if tt.want == "" && got != nil || tt.want != "" && (got == nil || !strings.Contains(got.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", name, got, tt.want)
		}
	}
}
