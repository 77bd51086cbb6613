package sqlite

import (
	"database/sql/driver"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// change applies one change: the error is the engine's, a refusal is in the
// result. A change that can be refused after something was written runs in a
// savepoint, so that a refusal leaves no trace in the transaction.
func (w *writer) change(c *sessions.Change) (sessions.Result, error) {
	guarded := len(c.AddCorr) > 0 || c.Seen.Key != ""
	if guarded {
		if _, err := w.exec(&w.st.savepoint); err != nil {
			return sessions.Result{}, err
		}
	}
	res, err := w.apply(c)
	if err != nil || !guarded {
		return res, err
	}
	if res.Err != nil {
		if _, err := w.exec(&w.st.rollbackTo); err != nil {
			return res, err
		}
	}
	_, err = w.exec(&w.st.release)
	return res, err
}

// apply does what can be refused first.
func (w *writer) apply(c *sessions.Change) (sessions.Result, error) {
	for _, part := range [...]func(*sessions.Change) (sessions.Result, error){w.session, w.seen, w.correlate} {
		if res, err := part(c); err != nil || res.Err != nil {
			return res, err
		}
	}
	if err := w.rest(c); err != nil {
		return sessions.Result{}, err
	}
	return sessions.Result{Version: c.Expect + 1}, nil
}

// session writes the row of the session.
func (w *writer) session(c *sessions.Change) (res sessions.Result, err error) {
	id, expect, due := int64(c.ID), int64(c.Expect), seconds(c.Due)
	var n int64
	key := c.FinalKey()
	switch {
	case c.Expect == 0:
		n, err = w.exec(&w.st.create, id, int64(key.Kind), int64(key.Number), due, octets(c.State))
	case c.Finish:
		n, err = w.exec(&w.st.finish, id, expect)
	case c.NewKey == nil && c.KeepDue:
		n, err = w.exec(&w.st.step, octets(c.State), id, expect)
	case c.NewKey == nil:
		n, err = w.exec(&w.st.stepDue, octets(c.State), due, id, expect)
	case c.KeepDue:
		n, err = w.exec(&w.st.stepKey, octets(c.State), int64(key.Kind), int64(key.Number), id, expect)
	default:
		n, err = w.exec(&w.st.stepDueKey, octets(c.State), due, int64(key.Kind), int64(key.Number), id, expect)
	}
	if err != nil || n == 1 {
		return res, err
	}
	return w.why(c, key)
}

// why finds out why a session's row was not written. That something was seen
// before goes first: its repetition usually finds its own number taken.
func (w *writer) why(c *sessions.Change, key sessions.Key) (res sessions.Result, err error) {
	if c.Seen.Key != "" {
		if by, ok, err := w.one(&w.st.seenBy, c.Seen.Key, w.now); err != nil || ok {
			return sessions.Result{First: sessions.ID(by), Err: sessions.ErrDuplicate}, err
		}
	}
	version, live, err := w.one(&w.st.version, int64(c.ID))
	switch {
	case err != nil:
		return res, err
	case !live && c.Expect > 0:
		return sessions.Result{Err: sessions.ErrNotFound}, nil
	case live && uint64(version) != c.Expect:
		return sessions.Result{Version: uint64(version), Err: sessions.ErrConflict}, nil
	}
	by, _, err := w.one(&w.st.byKey, int64(key.Kind), int64(key.Number))
	return sessions.Result{First: sessions.ID(by), Err: sessions.ErrKeyTaken}, err
}

func (w *writer) seen(c *sessions.Change) (res sessions.Result, err error) {
	if c.Seen.Key == "" {
		return res, nil
	}
	n, err := w.exec(&w.st.addSeen, c.Seen.Key, int64(c.ID), micros(c.Seen.Until), w.now)
	if err != nil || n == 1 {
		return res, err
	}
	by, _, err := w.one(&w.st.seenBy, c.Seen.Key, w.now)
	return sessions.Result{First: sessions.ID(by), Err: sessions.ErrDuplicate}, err
}

// correlate writes the index entries, and takes them all away at the end.
// Those a finishing change adds are checked all the same.
func (w *writer) correlate(c *sessions.Change) (res sessions.Result, err error) {
	for _, d := range c.DelCorr {
		if _, err := w.exec(&w.st.delCorr, int64(d.Kind), d.ID, int64(c.ID)); err != nil {
			return res, err
		}
	}
	for _, a := range c.AddCorr {
		n, err := w.exec(&w.st.addCorr, int64(a.Kind), a.ID, int64(c.ID))
		if err != nil {
			return res, err
		}
		if n == 1 {
			continue
		}
		by, _, err := w.one(&w.st.corrOwner, int64(a.Kind), a.ID)
		if err != nil {
			return res, err
		}
		if sessions.ID(by) != c.ID {
			return sessions.Result{First: sessions.ID(by), Err: sessions.ErrCorrTaken}, nil
		}
	}
	if !c.Finish {
		return res, nil
	}
	if c.Expect == 0 {
		if _, err := w.exec(&w.st.finish, int64(c.ID), int64(1)); err != nil {
			return res, err
		}
	}
	_, err = w.exec(&w.st.clearCorr, int64(c.ID))
	return res, err
}

// rest writes what cannot be refused.
func (w *writer) rest(c *sessions.Change) error {
	for i := range c.Outbox {
		if err := w.addOutbox(&c.Outbox[i]); err != nil {
			return err
		}
	}
	for _, row := range c.OutboxDone {
		if _, err := w.exec(&w.st.delOutbox, row); err != nil {
			return err
		}
	}
	for i := range c.CDR {
		if err := w.addCDR(&c.CDR[i]); err != nil {
			return err
		}
	}
	if c.OrderDone == "" {
		return nil
	}
	_, err := w.exec(&w.st.orderDone, w.now, c.OrderDone)
	return err
}

func (w *writer) addCDR(r *cdr.Record) error {
	text, err := r.AppendJSON(nil)
	if err != nil {
		return err
	}
	_, err = w.exec(&w.st.addCDR, micros(r.Ended), r.MDN, r.Session, r.Flow, string(r.Outcome), string(text))
	return err
}

// octets is b as a blob: nil would be NULL.
func octets(b []byte) driver.Value {
	if b == nil {
		return []byte{}
	}
	return b
}

// seconds is t in Unix seconds, 0 for none.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// micros is t in Unix microseconds, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// fromMicros is the inverse of micros.
func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
