package links_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/testclock"
	"github.com/otagate/otagate/smpp"
)

// storm is a link between binds and a clock that the test moves.
type storm struct {
	*testclock.Hands
	t    *rapid.T
	cfg  configs.Link
	link *links.Link

	under   []flight
	told    map[int]int // times, by number of the submission
	sent    []sending
	held    time.Time // nothing may be sent before: a pause
	pauses  uint64
	full    bool        // the binds take nothing
	waiting atomic.Bool // Room was 0, and OnRoom has not been called since
	up      chan struct{}
}

type flight struct {
	number int
	pauses uint64 // when it left
	done   func(smpp.Status, *smpp.SubmitSMResp, error)
}

type sending struct {
	at       time.Time
	segments int
}

// stub is one bind.
type stub struct{ s *storm }

var errFull = errors.New("takes nothing")

func (b stub) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	s := b.s
	if s.full {
		return errFull
	}
	n := 1
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok {
		n = (len(payload) + 99) / 100
	}
	s.sent = append(s.sent, sending{s.Now(), n})
	s.under = append(s.under, flight{len(s.sent), s.pauses, done})
	return nil
}

func newStorm(t *rapid.T) *storm {
	s := &storm{Hands: testclock.At(time.Unix(1_800_000_000, 0)), t: t, told: map[int]int{}, up: make(chan struct{}, 3)}
	s.cfg = configs.Link{
		Name: "storm", Kind: configs.KindTransceiver, Binds: rapid.IntRange(1, 3).Draw(t, "binds"), Window: rapid.IntRange(1, 4).Draw(t, "window"),
		Rate: rapid.SampledFrom([]float64{0, 0.5, 3, 50}).Draw(t, "rate"), Burst: rapid.IntRange(1, 6).Draw(t, "burst"), Octets: 100,
		SlowDown: configs.Backoff{Min: time.Second, Max: 5 * time.Second},
	}
	var err error
	s.link, err = links.New(links.Config{
		Link: &s.cfg, Log: zerolog.Nop(), Centre: func() links.Centre { return stub{s} },
		OnRoom: func() {
			s.waiting.Store(false)
			select {
			case s.up <- struct{}{}:
			default:
			}
		},
		Clock: s.Clock(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *storm) submit(t *rapid.T) {
	p := &smpp.SubmitSM{}
	if n := rapid.IntRange(0, 800).Draw(t, "payload"); n > 100 {
		p.TLVs = append(p.TLVs, smpp.TLV{Tag: smpp.TagMessagePayload, Value: make([]byte, n)})
	}
	s.full = rapid.IntRange(0, 9).Draw(t, "full") == 0
	room, before := s.link.Room(), len(s.sent)
	number := before + 1
	err := s.link.Submit(p, func(status smpp.Status, _ *smpp.SubmitSMResp, err error) { s.told[number]++ })
	switch {
	case room > 0 && s.full != errors.Is(err, errFull), room > 0 && !s.full && err != nil:
		t.Fatalf("room %d, and %v", room, err)
	case room == 0 && !errors.Is(err, links.ErrNoRoom):
		t.Fatalf("no room, and %v", err)
	case (err == nil) != (len(s.sent) == before+1):
		t.Fatalf("%d were sent, %v", len(s.sent)-before, err)
	case err == nil && s.Now().Before(s.held):
		t.Fatalf("sent %s before the end of the pause", s.held.Sub(s.Now()))
	}
	if room == 0 {
		s.waiting.Store(true)
	}
}

func (s *storm) answer(t *rapid.T) {
	if len(s.under) == 0 {
		t.Skip("nothing is under way")
	}
	i := rapid.IntRange(0, len(s.under)-1).Draw(t, "which")
	f := s.under[i]
	s.under = slices.Delete(s.under, i, i+1)
	switch rapid.IntRange(0, 5).Draw(t, "how") {
	case 0, 1:
		f.done(smpp.StatusThrottled, &smpp.SubmitSMResp{}, nil)
		if f.pauses == s.pauses {
			s.pauses++
			s.held = s.Now().Add(s.cfg.SlowDown.Min)
		}
	case 2:
		f.done(0, nil, smpp.ErrResponseTimeout)
	case 3:
		f.done(smpp.StatusInvalidDestinationAddress, &smpp.SubmitSMResp{}, nil)
	default:
		f.done(smpp.StatusOK, &smpp.SubmitSMResp{}, nil)
	}
}

// check holds after every step.
func (s *storm) check(t *rapid.T) {
	st, all := s.link.Stats(), s.cfg.Binds*s.cfg.Window
	if st.InFlight != len(s.under) || st.InFlight > all || s.link.Room() > all-st.InFlight || s.link.Room() < 0 {
		t.Fatalf("room %d, in flight %d and %d", s.link.Room(), st.InFlight, len(s.under))
	}
	if st.Sent != uint64(len(s.sent)) || st.Pauses != s.pauses || st.Sent != st.Taken+st.Refused+st.Throttled+st.InDoubt+uint64(st.InFlight) {
		t.Fatalf("%d sent, %d pauses, %+v", len(s.sent), s.pauses, st)
	}
	for i := range st.Binds {
		if n := st.Binds[i].InFlight; n < 0 || n > s.cfg.Window {
			t.Fatalf("%d on bind %d", n, i)
		}
	}
	if s.waiting.Load() && s.link.Room() > 0 {
		t.Fatal("there is room, and nobody was told")
	}
	for n, times := range s.told {
		if times != 1 {
			t.Fatalf("number %d was told %d times", n, times)
		}
	}
}

// rate: before each sending there was a token left.
func (s *storm) rate(t *rapid.T) {
	if s.cfg.Rate == 0 {
		return
	}
	for i := range s.sent {
		used := 0
		for j := i; j < len(s.sent); j++ {
			if left := float64(s.cfg.Burst) + s.cfg.Rate*s.sent[j].at.Sub(s.sent[i].at).Seconds() - float64(used); left < 1-1e-6 {
				t.Fatalf("sending %d leaves when there are %v tokens, counted from %d", j, left, i)
			}
			used += s.sent[j].segments
		}
	}
}

// TestStorm: whatever callers, centre and clock do.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStorm(t)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.link.Run(ctx)
		}()
		defer func() {
			cancel()
			<-ended
		}()
		for range s.cfg.Binds {
			<-s.up
		}
		t.Repeat(map[string]func(*rapid.T){
			"submit":  s.submit,
			"answer":  s.answer,
			"advance": func(t *rapid.T) { s.Pass(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond) },
			"":        s.check,
		})
		s.rate(t)
		for len(s.under) > 0 {
			f := s.under[0]
			s.under = s.under[1:]
			f.done(smpp.StatusOK, &smpp.SubmitSMResp{}, nil)
		}
		s.Pass(time.Hour)
		if len(s.told) != len(s.sent) || s.link.Room() == 0 || s.link.InFlight() != 0 {
			t.Fatalf("%d of %d told, room %d at the end", len(s.told), len(s.sent), s.link.Room())
		}
	})
}
