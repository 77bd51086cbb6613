package sqlite

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// change applies one change: the error is the engine's, a refusal is in the
// result. What can be refused comes first and is taken back by hand: a
// savepoint around each change would cost a quarter of the writer's time.
func (w *writer) change(c *sessions.Change, records []string) (sessions.Result, error) {
	w.added, w.noted = w.added[:0], false
	refused, err := w.refusable(c)
	switch {
	case err != nil:
		return sessions.Result{}, err
	case refused:
		if err := w.takeBack(c); err != nil {
			return sessions.Result{}, err
		}
		return w.why(c)
	}
	if err := w.rest(c, records); err != nil {
		return sessions.Result{}, err
	}
	return sessions.Result{Version: c.Expect + 1}, nil
}

// refusable writes the session's row last, so that it never has to be restored.
func (w *writer) refusable(c *sessions.Change) (refused bool, err error) {
	if open, err := w.orderOpen(c.OrderOpen); err != nil || !open {
		return true, err
	}
	if c.Seen.Key != "" {
		n, err := w.exec(&w.st.addSeen, c.Seen.Key, int64(c.ID), micros(c.Seen.Until), w.now)
		if err != nil || n == 0 {
			return true, err
		}
		w.noted = true
	}
	for _, a := range c.AddCorr {
		n, err := w.exec(&w.st.addCorr, int64(a.Kind), a.ID, int64(c.ID))
		if err != nil {
			return true, err
		}
		if n == 1 {
			w.added = append(w.added, a)
			continue
		}
		if by, err := w.owner(a); err != nil || by != c.ID {
			return true, err
		}
	}
	n, err := w.session(c)
	return n == 0, err
}

// takeBack removes what refusable has written.
func (w *writer) takeBack(c *sessions.Change) error {
	if w.noted {
		if _, err := w.exec(&w.st.delSeen, c.Seen.Key); err != nil {
			return err
		}
	}
	for _, a := range w.added {
		if _, err := w.exec(&w.st.delCorr, int64(a.Kind), a.ID, int64(c.ID)); err != nil {
			return err
		}
	}
	return nil
}

// session writes the row of the session and tells how many rows that changed.
func (w *writer) session(c *sessions.Change) (n int64, err error) {
	id, expect, due := int64(c.ID), int64(c.Expect), seconds(c.Due)
	key := c.FinalKey()
	switch {
	case c.Expect == 0:
		return w.exec(&w.st.create, id, int64(key.Kind), int64(key.Number), due, octets(c.State))
	case c.Finish:
		return w.exec(&w.st.finish, id, expect)
	case c.NewKey == nil && c.KeepDue:
		return w.exec(&w.st.step, octets(c.State), id, expect)
	case c.NewKey == nil:
		return w.exec(&w.st.stepDue, octets(c.State), due, id, expect)
	case c.KeepDue:
		return w.exec(&w.st.stepKey, octets(c.State), int64(key.Kind), int64(key.Number), id, expect)
	}
	return w.exec(&w.st.stepDueKey, octets(c.State), due, int64(key.Kind), int64(key.Number), id, expect)
}

// why finds out why c was refused; nothing of it is in the transaction any
// more. That it was seen before goes first, because a repetition finds the
// number of its original taken as well.
func (w *writer) why(c *sessions.Change) (sessions.Result, error) {
	if c.Seen.Key != "" {
		if by, ok, err := w.one(&w.st.seenBy, c.Seen.Key, w.now); err != nil || ok {
			return sessions.Result{First: sessions.ID(by), Err: sessions.ErrDuplicate}, err
		}
	}
	version, live, err := w.one(&w.st.version, int64(c.ID))
	switch {
	case err != nil:
		return sessions.Result{}, err
	case !live && c.Expect > 0:
		return sessions.Result{Err: sessions.ErrNotFound}, nil
	case live && uint64(version) != c.Expect:
		return sessions.Result{Version: uint64(version), Err: sessions.ErrConflict}, nil
	}
	if c.Expect == 0 || (c.NewKey != nil && !c.Finish) {
		key := c.FinalKey()
		by, ok, err := w.one(&w.st.byKey, int64(key.Kind), int64(key.Number))
		if err != nil || (ok && sessions.ID(by) != c.ID) {
			return sessions.Result{First: sessions.ID(by), Err: sessions.ErrKeyTaken}, err
		}
	}
	if res, err := w.whoseCorr(c); err != nil || res.Err != nil {
		return res, err
	}
	open, err := w.orderOpen(c.OrderOpen)
	if err != nil || !open {
		return sessions.Result{Err: sessions.ErrOrderChanged}, err
	}
	return sessions.Result{}, fmt.Errorf("session %s was refused for no reason", c.ID)
}

// orderOpen tells whether the order is there and not done; none is.
func (w *writer) orderOpen(o sessions.OrderRef) (bool, error) {
	if o.Name == "" {
		return true, nil
	}
	_, open, err := w.one(&w.st.orderOpen, o.Name, o.Revision)
	return open, err
}

func (w *writer) whoseCorr(c *sessions.Change) (sessions.Result, error) {
	for _, a := range c.AddCorr {
		by, err := w.owner(a)
		if err != nil || (by != 0 && by != c.ID) {
			return sessions.Result{First: by, Err: sessions.ErrCorrTaken}, err
		}
	}
	return sessions.Result{}, nil
}

// owner is the session that has a correlation, 0 for none.
func (w *writer) owner(a sessions.Corr) (sessions.ID, error) {
	by, _, err := w.one(&w.st.corrOwner, int64(a.Kind), a.ID)
	return sessions.ID(by), err
}

// uncorrelate takes index entries away, all of them at the end. One that the
// same change adds stays: removals go before additions.
func (w *writer) uncorrelate(c *sessions.Change) error {
	if c.Finish {
		_, err := w.exec(&w.st.clearCorr, int64(c.ID))
		return err
	}
	for _, d := range c.DelCorr {
		if slices.Contains(c.AddCorr, d) {
			continue
		}
		if _, err := w.exec(&w.st.delCorr, int64(d.Kind), d.ID, int64(c.ID)); err != nil {
			return err
		}
	}
	return nil
}

// rest writes what cannot be refused.
func (w *writer) rest(c *sessions.Change, records []string) error {
	if c.Finish && c.Expect == 0 {
		// It was created to see that its key is free.
		if _, err := w.exec(&w.st.finish, int64(c.ID), int64(1)); err != nil {
			return err
		}
	}
	if err := w.uncorrelate(c); err != nil {
		return err
	}
	for _, row := range c.OutboxDone {
		if _, err := w.exec(&w.st.delOutbox, row); err != nil {
			return err
		}
	}
	for i := range c.Outbox {
		if err := w.addOutbox(&c.Outbox[i]); err != nil {
			return err
		}
	}
	for i := range c.CDR {
		if err := w.addCDR(&c.CDR[i], records[i]); err != nil {
			return err
		}
	}
	if c.OrderDone.Name == "" {
		return nil
	}
	_, err := w.exec(&w.st.orderDone, w.now, c.OrderDone.Name, c.OrderDone.Revision)
	return err
}

func (w *writer) addCDR(r *cdr.Record, text string) error {
	_, err := w.exec(&w.st.addCDR, micros(r.Ended), r.MDN, r.Session, r.Flow, string(r.Outcome), text)
	return err
}

// encode gives the text of each record.
func encode(records []cdr.Record) ([]string, error) {
	var texts []string
	for i := range records {
		text, err := records[i].AppendJSON(nil)
		if err != nil {
			return nil, fmt.Errorf("%w: record: %w", sessions.ErrInvalid, err)
		}
		texts = append(texts, string(text))
	}
	return texts, nil
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
