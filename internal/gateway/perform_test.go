package gateway

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// line is a network that answers as it is told.
type line struct {
	err  error
	sent []tcap.Invoke
	done func(tcap.Outcome)
}

func (l *line) Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error) {
	if l.err != nil {
		return 0, l.err
	}
	l.sent, l.done = append(l.sent, inv), done
	return 1, nil
}

// mailbox takes events, unless it is full or gone.
type mailbox struct {
	mu    sync.Mutex
	err   error
	tries int
	got   []otasp.Event
	at    []time.Time
}

func (m *mailbox) Post(_ sessions.ID, ev otasp.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries++
	if m.err != nil {
		return m.err
	}
	m.got, m.at = append(m.got, ev), append(m.at, time.Now())
	return nil
}

func (m *mailbox) set(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func testPerformer(t *testing.T) (*performer, *line, *mailbox) {
	t.Helper()
	mins, err := sessions.NewPool("6191230000", "6191230009")
	if err != nil {
		t.Fatal(err)
	}
	l, m := &line{}, &mailbox{}
	return &performer{net: l, mail: m, mins: mins, counts: &counters{}, nudge: func(string) {}, awaiting: newAwaiting(), log: zerolog.Nop()}, l, m
}

// TestPerformInvoke: the operation goes out with its patience, and what
// becomes of it reaches the session, in memory of its own.
func TestPerformInvoke(t *testing.T) {
	p, l, m := testPerformer(t)
	p.perform(sessions.Ref{ID: 1}, &effect{kind: doInvoke, req: 7, wants: wantReverse, timeout: 500 * time.Millisecond, op: 53, params: []byte{1}})
	if len(l.sent) != 1 || l.sent[0].Timeout != 500*time.Millisecond || l.sent[0].Operation != ansi.PrivateOperation(53) {
		t.Fatalf("%+v", l.sent)
	}
	answer := []byte{0x9f, 0x69, 2, 5, 0}
	l.done(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: answer})
	clear(answer)
	if len(m.got) != 1 || m.got[0].Kind != otasp.Reverse || m.got[0].Req != 7 || !bytes.Equal(m.got[0].Message, []byte{5, 0}) {
		t.Errorf("%+v", m.got)
	}
	for _, k := range []tcap.OutcomeKind{tcap.OutcomeTimeout, tcap.OutcomeNotice, tcap.OutcomeAbort} {
		l.done(tcap.Outcome{Kind: k})
	}
	if s := p.counts.snapshot(); s.Answered != 1 || s.TimedOut != 1 || s.Returned != 1 || s.Bad != 1 {
		t.Errorf("%+v", s)
	}
}

// TestPerformNoIOTA: a session of call-backs may outlive their configuration.
func TestPerformNoIOTA(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, m := testPerformer(t)
		for _, e := range []effect{{kind: doInvite, req: 1}, {kind: doDocument, req: 2}, {kind: doEnd}, {kind: doForget}} {
			p.perform(sessions.Ref{ID: 1}, &e)
			<-time.After(time.Minute)
			synctest.Wait()
		}
		if len(m.got) != 2 {
			t.Fatalf("%+v", m.got)
		}
		for i, want := range []otasp.FailureClass{otasp.NotReached, otasp.HandsetGone} {
			if ev := m.got[i]; ev.Kind != otasp.Failed || ev.Req != uint16(i+1) || ev.Failure.Class != want {
				t.Errorf("%+v", ev)
			}
		}
	})
}

// TestPerformNotSent: what cannot be sent comes back as a failure after a
// pause that grows with the attempts.
func TestPerformNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, l, m := testPerformer(t)
		l.err = errors.New("no association")
		for attempt, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
			began := time.Now()
			p.perform(sessions.Ref{ID: 1}, &effect{kind: doInvoke, req: 7, attempt: uint8(attempt)})
			<-time.After(time.Minute)
			synctest.Wait()
			ev := m.got[attempt]
			if ev.Kind != otasp.Failed || ev.Req != 7 || ev.Failure.Class != otasp.NotReached || ev.Failure.Detail != "not sent: no association" {
				t.Errorf("%+v", ev)
			}
			if d := m.at[attempt].Sub(began); d != want*time.Second {
				t.Errorf("attempt %d: after %v", attempt, d)
			}
		}
		if n := p.counts.notSent.Load(); n != 6 {
			t.Errorf("counted %d", n)
		}
		p.perform(sessions.Ref{ID: 1}, &effect{kind: doFail, req: 8, note: "no route"})
		<-time.After(time.Minute)
		synctest.Wait()
		if ev := m.got[6]; ev.Failure.Class != otasp.PeerRefused || ev.Failure.Detail != "no route" {
			t.Errorf("%+v", ev)
		}
	})
}

// TestPostAgain: an answer waits for room in the mailbox; one for a session
// that is over is dropped.
func TestPostAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, m := testPerformer(t)
		m.set(sessions.ErrBusy)
		p.post(1, otasp.Event{Req: 7})
		<-time.After(time.Second)
		synctest.Wait()
		m.set(nil)
		<-time.After(time.Second)
		synctest.Wait()
		if len(m.got) != 1 || m.got[0].Req != 7 || p.counts.postponed.Load() < 10 {
			t.Errorf("%+v, %d times", m.got, p.counts.postponed.Load())
		}
		m.set(sessions.ErrNotFound)
		tries := m.tries
		p.post(1, otasp.Event{Req: 8})
		<-time.After(time.Minute)
		synctest.Wait()
		if m.tries != tries+1 || p.counts.late.Load() != 1 {
			t.Errorf("tried %d times, %d late", m.tries-tries, p.counts.late.Load())
		}
	})
}

// slowOrders is a back-end that answers when it is told to.
type slowOrders struct {
	orderSource
	answer chan *otasp.Order
}

func (s slowOrders) find(ctx context.Context, _ otasp.Query) (*otasp.Order, error) {
	select {
	case o := <-s.answer:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestLookups: an order, none, a back-end that takes too long, and one that
// has more to do than it can.
func TestLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slowOrders{answer: make(chan *otasp.Order, 2)}
		l := newLookups(s)
		_, _, m := testPerformer(t)
		post := func(id sessions.ID, ev otasp.Event) { _ = m.Post(id, ev) }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			l.run(ctx)
			close(ended)
		}()
		order := &otasp.Order{Name: "A-1"}
		s.answer <- order
		s.answer <- nil
		began := time.Now()
		for req := range uint16(3) {
			l.ask(1, req, otasp.Query{}, post)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if len(m.got) != 3 || m.got[0].Order != order || m.got[0].Kind != otasp.Resolved || m.got[1].Order != nil || m.got[1].Kind != otasp.Resolved {
			t.Fatalf("%+v", m.got)
		}
		if ev := m.got[2]; ev.Kind != otasp.Failed || ev.Failure.Class != otasp.StoreTrouble || m.at[2].Sub(began) != 10*time.Second {
			t.Errorf("%+v after %v", ev, m.at[2].Sub(began))
		}
		cancel()
		<-ended
		for range cap(l.queue) {
			l.ask(1, 1, otasp.Query{}, post)
		}
		l.ask(1, 9, otasp.Query{}, post)
		<-time.After(2 * time.Second)
		synctest.Wait()
		if ev := m.got[len(m.got)-1]; len(m.got) != 4 || ev.Req != 9 || ev.Failure.Class != otasp.StoreTrouble {
			t.Errorf("%+v", ev)
		}
	})
}

// TestForget: the end of a session gives the activation MIN back, wakes the
// postman and is counted.
func TestForget(t *testing.T) {
	p, _, _ := testPerformer(t)
	min, _ := p.mins.Take()
	woken := ""
	p.nudge = func(a string) { woken = a }
	for _, o := range []otasp.Outcome{otasp.Done, otasp.Partial, otasp.Unsuccessful} {
		p.perform(sessions.Ref{ID: 1}, &effect{kind: doForget, min: min, account: "ivr", result: otasp.Result{Outcome: o}})
	}
	p.perform(sessions.Ref{ID: 1}, &effect{kind: doAnomaly, note: "odd"})
	if s := p.counts.snapshot(); p.mins.InUse() != 0 || woken != "ivr" || s.Done != 1 || s.Partial != 1 || s.Failed != 1 || s.Anomalies != 1 {
		t.Errorf("%d lent, woken %q, %+v", p.mins.InUse(), woken, s)
	}
}
