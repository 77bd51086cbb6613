package push_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// TestThrottledKeepsOrder: what a centre refuses for want of room goes first when
// there is room, in its old order with a window of 1; nothing is lost or sent twice
// with any, and no message has lost an attempt.
func TestThrottledKeepsOrder(t *testing.T) {
	const messages = 60
	for _, window := range []int{1, 8} {
		t.Run(strconv.Itoa(window), func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.links[0].Window, l.links[0].Receipts = window, false
			l.links[0].SlowDown = configs.Backoff{Min: time.Millisecond, Max: 4 * time.Millisecond}
			l.cfg.Attempts = 1
			var mu sync.Mutex
			var taken []string
			l.centre.script = func(n int, p *smpp.SubmitSM) reaction {
				if n%3 == 1 || n%7 == 5 {
					return reaction{status: []smpp.Status{smpp.StatusThrottled, smpp.StatusMessageQueueFull}[n%2]}
				}
				mu.Lock()
				defer mu.Unlock()
				taken = append(taken, string(p.DestinationAddr))
				return reaction{}
			}
			l.start()
			var ids []sessions.ID
			var want []string
			for i := range messages {
				want = append(want, fmt.Sprintf("131055500%02d", i))
				ids = append(ids, l.mustAccept(sessions.MDN(13105550000+i), []byte("x")))
			}
			for _, id := range ids {
				if rec := l.record(id); rec.Outcome != cdr.Done || rec.Attempts != 1 {
					t.Errorf("%+v", rec)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if window > 1 {
				slices.Sort(taken)
			}
			if !slices.Equal(taken, want) {
				t.Errorf("taken\n%q, want\n%q", taken, want)
			}
			if st := l.svc.Links()[0]; st.Throttled == 0 || st.Taken != messages || st.InFlight != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestOneInTheWay: where only the queue of one handset is full, its message gives
// way after a while, as after any temporary error.
func TestOneInTheWay(t *testing.T) {
	l := newLab(t)
	l.links[0].Window = 1
	l.links[0].SlowDown = configs.Backoff{Min: time.Millisecond, Max: 4 * time.Millisecond}
	l.cfg.Pause, l.cfg.MaxPause, l.cfg.Attempts = time.Hour, time.Hour, 2
	l.centre.script = func(_ int, p *smpp.SubmitSM) reaction {
		if string(p.DestinationAddr) == "13105550000" {
			return reaction{status: smpp.StatusMessageQueueFull}
		}
		return reaction{receipt: delivered}
	}
	l.start()
	full := l.mustAccept(13105550000, []byte("x"))
	if rec := l.record(l.mustAccept(13105550001, []byte("x"))); rec.Outcome != cdr.Done {
		t.Errorf("%+v", rec)
	}
	if st, err := l.svc.Status(t.Context(), full); err != nil || st.Phase.String() != "pausing" {
		t.Errorf("%+v %v", st, err)
	}
	if n := len(l.centre.submitted()); n != 12 {
		t.Errorf("%d submitted", n)
	}
}

// TestThrottledByConfiguration: an entry of push.retries makes it an error of its
// message, and the pause stays that of the link.
func TestThrottledByConfiguration(t *testing.T) {
	l := newLab(t)
	l.cfg.Retries = []configs.Retry{{Error: "smpp 0x14", Class: "permanent"}}
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{status: smpp.StatusMessageQueueFull} }
	l.start()
	if rec := l.record(l.mustAccept(subscriber, []byte("x"))); rec.Outcome != cdr.Failed || rec.Reason != "undeliverable" || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
	if st := l.svc.Links()[0]; st.Pauses != 1 {
		t.Errorf("%+v", st)
	}
}

// TestThrottledAtTheEnd: what is refused while the service stops is with nobody, and
// is not in doubt at the next start.
func TestThrottledAtTheEnd(t *testing.T) {
	l := newLab(t)
	l.patience = 10 * time.Second
	came, let := make(chan struct{}), make(chan struct{})
	l.dial = func(string) push.Centre {
		return centreFunc(func(_ *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
			go func() {
				close(came)
				<-let
				done(smpp.StatusThrottled, &smpp.SubmitSMResp{}, nil)
			}()
			return nil
		})
	}
	l.start()
	id := l.mustAccept(subscriber, []byte("x"))
	<-came
	time.AfterFunc(100*time.Millisecond, func() { close(let) }) // the stop has begun, or the row goes back before it
	l.stop()
	l.dial = func(string) push.Centre { return l.centre }
	l.start()
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
}

type centreFunc func(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error

func (f centreFunc) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	return f(p, done)
}
