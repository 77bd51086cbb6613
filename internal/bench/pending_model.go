package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

const (
	// pendingState is what a session of the model has in the store, pendingRoom
	// what its decoded state takes: about what a provisioning session of the
	// gateway does.
	pendingState = 350
	pendingRoom  = 1400
	// pendingTime is how long it waits for the handset to call back.
	pendingTime = 72 * time.Hour
)

// token is what a handset shows when it calls back.
type token [16]byte

// tokens finds the session of a token.
type tokens struct {
	mu  sync.RWMutex
	ids map[token]sessions.ID
}

func (x *tokens) find(t token) (sessions.ID, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.ids[t]
	return id, ok
}

func (x *tokens) add(t token, id sessions.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ids[t] = id
}

func (x *tokens) remove(t token) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.ids, t)
}

// pending is the state of the model.
type pending struct {
	id     sessions.ID
	token  token
	until  int64 // Unix seconds
	octets [pendingState - 32]byte
	_      [pendingRoom - pendingState]byte
}

// pendingEvent is what it is told.
type pendingEvent struct {
	kind      pendingKind
	at        time.Time
	performed func() // of pendingCall
}

type pendingKind uint8

const (
	pendingBegin pendingKind = iota
	pendingCall              // the handset calls back: it is answered, nothing changes
	pendingRecovered
	pendingEnd
)

// pendingEffect is the answer to a call, or forgets the token of a session
// that ends.
type pendingEffect struct {
	performed func()
	forget    token
}

// pendingFlow is a flow that does nothing but wait. Its Recovered step sets the
// timer and changes nothing, so that a restart writes nothing.
type pendingFlow struct{ known *tokens }

func (f *pendingFlow) Step(s pending, ev pendingEvent, tx *sessions.Tx, out []pendingEffect) (pending, []pendingEffect) {
	switch ev.kind {
	case pendingBegin:
		s.until = ev.at.Add(pendingTime).Unix()
		fallthrough
	case pendingRecovered:
		tx.Timer(1, time.Unix(s.until, 0))
	case pendingCall:
		out = append(out, pendingEffect{performed: ev.performed})
	case pendingEnd:
		tx.Finish()
		return s, append(out, pendingEffect{forget: s.token})
	}
	tx.Rest()
	return s, out
}

func (f *pendingFlow) AppendState(dst []byte, s pending) ([]byte, error) {
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.id))
	dst = append(dst, s.token[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.until))
	return append(dst, s.octets[:]...), nil
}

// DecodeState also makes the session known by its token, so that a handset may
// call back as soon as the server listens.
func (f *pendingFlow) DecodeState(b []byte) (s pending, err error) {
	r := wire.NewCursor("pending state", b)
	s.id = sessions.ID(r.U64("id"))
	copy(s.token[:], r.Bytes(len(s.token), "token"))
	s.until = int64(r.U64("until"))
	copy(s.octets[:], r.Bytes(len(s.octets), "octets"))
	if err := r.End(); err != nil {
		return s, err
	}
	if _, known := f.known.find(s.token); !known {
		f.known.add(s.token, s.id)
	}
	return s, nil
}

func (f *pendingFlow) Timeout(_ sessions.TimerKind, at time.Time) pendingEvent {
	return pendingEvent{kind: pendingEnd, at: at}
}

func (f *pendingFlow) Recovered(at time.Time) pendingEvent {
	return pendingEvent{kind: pendingRecovered, at: at}
}

func (f *pendingFlow) Refused(_ error, at time.Time) pendingEvent {
	return pendingEvent{kind: pendingEnd, at: at}
}

func (f *pendingFlow) Perform(_ sessions.Ref, effects []pendingEffect) {
	for _, e := range effects {
		if e.performed == nil {
			f.known.remove(e.forget)
			continue
		}
		e.performed()
	}
}

// pendingModel is a pendingHost.
type pendingModel struct {
	store *sqlite.Store
	flow  *pendingFlow
	rt    *sessions.Runtime[pending, pendingEvent, pendingEffect]
	stop  context.CancelFunc
	ended chan error

	mu     sync.Mutex
	faults error
}

// openPendingModel starts the model over the store at path and returns when
// all that is in it is loaded.
func openPendingModel(ctx context.Context, path string) (_ pendingHost, err error) {
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	m := &pendingModel{store: store, flow: &pendingFlow{known: &tokens{ids: make(map[token]sessions.ID)}}, ended: make(chan error, 1)}
	m.rt = sessions.NewRuntime(m.flow, store, sessions.Options{Fault: m.fault})
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	m.stop = stop
	go func() { m.ended <- m.rt.Run(run) }()
	select {
	case <-m.rt.Ready():
		return m, nil
	case err := <-m.ended:
		stop()
		return nil, errors.Join(err, store.Close())
	}
}

func (m *pendingModel) fault(ref sessions.Ref, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = fmt.Errorf("session %s: %w", ref.ID, err)
}

func (m *pendingModel) begin(n int, done func(error)) error {
	s := pending{id: pendingID(n), token: pendingToken(n)}
	for i := range s.octets {
		s.octets[i] = byte(n + i)
	}
	c := sessions.Create[pending, pendingEvent]{ID: s.id, Key: sessions.MDNKey(sessions.MDN(5_550_000_000 + n)), State: s, Event: pendingEvent{at: time.Now()}}
	return m.rt.Create(c, func(r sessions.Result) {
		if r.Err == nil {
			m.flow.known.add(s.token, s.id)
		}
		done(r.Err)
	})
}

func (m *pendingModel) call(t token, performed func()) error {
	id, ok := m.flow.known.find(t)
	if !ok {
		return fmt.Errorf("%w: nobody waits for this token", sessions.ErrNotFound)
	}
	return m.rt.Post(id, pendingEvent{kind: pendingCall, performed: performed})
}

func (m *pendingModel) stats() sessions.Stats { return m.rt.Stats() }

func (m *pendingModel) close() error {
	m.stop()
	err := errors.Join(<-m.ended, m.store.Close())
	m.mu.Lock()
	defer m.mu.Unlock()
	return errors.Join(err, m.faults)
}
