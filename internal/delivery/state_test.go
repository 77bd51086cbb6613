package delivery_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/wire"
)

// full is a delivery of which every field is set.
func full() delivery.Session {
	return delivery.Session{
		Phase: delivery.Ending, Bearer: delivery.ByMSC,
		Policy: delivery.Policy{Receipts: true, Resend: true, Doubt: 1, Attempts: 2, Pause: 3, MaxPause: math.MaxInt64, AskAgain: 5, Grace: 6},
		Parts: []delivery.Part{
			{State: delivery.Unsent, Sendings: 0}, {State: delivery.Sent, Sendings: 255, Doubt: true}, {State: delivery.Accepted, Sendings: 1},
			{State: delivery.Delivered}, {State: delivery.Undelivered}, {State: delivery.Unknown, Doubt: true},
		},
		NotBefore: t0.Add(time.Millisecond), Validity: t0.Add(2 * time.Millisecond), Wake: t0.Add(3 * time.Millisecond),
		Part: 1, Sending: 65535, Req: 65534, Asked: 7, MSC: "msc1", Recoveries: 8, Last: "last",
		Result: delivery.Result{Outcome: delivery.Uncertain, Reason: delivery.ReasonInDoubt, Detail: "detail"},
	}
}

func stored(t *testing.T, s delivery.Session) []byte {
	t.Helper()
	b, err := s.Append([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if string(b[:6]) != "before" {
		t.Fatal("it does not append")
	}
	return b[6:]
}

// TestStateFull: every field comes back, and a session that held something else
// before holds nothing of it.
func TestStateFull(t *testing.T) {
	for name, want := range map[string]delivery.Session{"full": full(), "plain": {Bearer: delivery.ByCentre, Parts: delivery.NewParts(1)}} {
		got := full()
		if err := got.Decode(stored(t, want)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if n := full(); n.Sendings() != 256 {
		t.Errorf("%d sendings", n.Sendings())
	}
}

// TestStateTruncated: no beginning of a state is one, and neither is one with
// something behind it.
func TestStateTruncated(t *testing.T) {
	b := stored(t, full())
	for n := range b {
		var s delivery.Session
		if err := s.Decode(b[:n:n]); !errors.Is(err, wire.ErrShort) {
			t.Errorf("%d of %d octets: %v", n, len(b), err)
		}
	}
	var s delivery.Session
	if err := s.Decode(append(b, 0)); !errors.Is(err, wire.ErrTrailing) {
		t.Errorf("one octet more: %v", err)
	}
}

// TestStateRefused: what Append cannot have written is refused, not guessed at.
func TestStateRefused(t *testing.T) {
	good := stored(t, full())
	const parts = 10 + 5*8 + 3*8 + 2*2 // where they begin
	for name, c := range map[string]struct {
		at    int
		to    byte
		field string
	}{
		"other layout": {0, 2, "version"}, "phase": {1, 12, "phase"}, "no bearer": {2, 0, "bearer"}, "bearer": {2, 3, "bearer"},
		"flags": {3, 8, "flags"}, "part in hand": {5, 6, "parts"}, "outcome": {8, 4, "outcome"}, "no parts": {9, 0, "parts"},
		"part state": {parts, 6, "part state"}, "part state in doubt": {parts, 0x86, "part state"},
	} {
		b := append([]byte(nil), good...)
		b[c.at] = c.to
		var s delivery.Session
		var e *wire.Error
		if err := s.Decode(b); !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStateUnencodable: what Decode would refuse, or what would come back as
// something else, is not stored.
func TestStateUnencodable(t *testing.T) {
	for name, spoil := range map[string]func(*delivery.Session){
		"no parts":   func(s *delivery.Session) { s.Parts = nil },
		"many parts": func(s *delivery.Session) { s.Parts = delivery.NewParts(256) },
		"part":       func(s *delivery.Session) { s.Part = 6 },
		"msc":        func(s *delivery.Session) { s.MSC = strings.Repeat("m", 256) },
	} {
		s := full()
		spoil(&s)
		var e *wire.Error
		if _, err := s.Append(nil); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStateCut: a long detail is cut between two characters.
func TestStateCut(t *testing.T) {
	for in, want := range map[string]int{
		strings.Repeat("x", 255): 255, strings.Repeat("x", 256): 255,
		strings.Repeat("x", 254) + "é": 254, strings.Repeat("x", 252) + "𝄞": 252, strings.Repeat("x", 251) + "𝄞y": 255,
	} {
		s := full()
		s.Last, s.Result.Detail = in, in
		var got delivery.Session
		if err := got.Decode(stored(t, s)); err != nil {
			t.Fatal(err)
		}
		if got.Last != in[:want] || got.Result.Detail != in[:want] || !utf8.ValidString(got.Last) {
			t.Errorf("%d octets are kept as %q", len(in), got.Last)
		}
	}
}

// FuzzState: no octets in the store make the decoder panic, nor a delivery that
// is decoded from them; what it encodes comes back as it was.
func FuzzState(f *testing.F) {
	f.Add([]byte{})
	for _, lead := range leads {
		p := player{s: message()}
		if lead.phase == delivery.Idle {
			continue
		}
		p.s.Phase = lead.phase
		b, err := p.s.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	s := full()
	b, err := s.Append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var s delivery.Session
		if s.Decode(b) != nil {
			return
		}
		once := stored(t, s)
		var back delivery.Session
		if err := back.Decode(once); err != nil {
			t.Fatal(err)
		}
		if twice := stored(t, back); string(twice) != string(once) {
			t.Fatalf("%x\n%x", once, twice)
		}
		for k := delivery.EventKind(0); k <= delivery.Recall+1; k++ {
			next, _ := s.Step(delivery.Event{Kind: k, At: t0, Part: s.Part, Sending: s.Sending, Req: s.Req, OK: true, Outcome: delivery.Delivered}, nil)
			stored(t, next)
		}
	})
}
