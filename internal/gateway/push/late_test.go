package push_test

import (
	"context"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// slowEnd is a store in which the end of a message takes its time.
type slowEnd struct{ sessions.Store }

func (s slowEnd) Apply(c *sessions.Change, done func(sessions.Result)) {
	if !c.Finish {
		s.Store.Apply(c, done)
		return
	}
	time.AfterFunc(50*time.Millisecond, func() { s.Store.Apply(c, done) })
}

func (l *lab) openStore() sessions.Store {
	l.t.Helper()
	store, err := sqlite.Open(context.Background(), l.path, sqlite.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	return store
}

// TestReceiptsBehindTheEnd: the receipt of one part ends the message while those
// of the others wait for it; the centre still gets an answer to each, or its
// window would be used up by and by.
func TestReceiptsBehindTheEnd(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{} }
	l.run(slowEnd{l.openStore()})
	id := l.mustAccept(subscriber, four)
	l.until("all parts to be taken", func() bool {
		st, err := l.svc.Status(t.Context(), id)
		return err == nil && st.Phase.String() == "settling"
	})
	for i, p := range l.centre.submitted() {
		l.svc.Deliver("smsc", receipt("UNDELIV")([]string{"1000", "1001", "1002", "1003"}[i], &p), l.centre)
	}
	l.record(id)
	l.until("four answers", func() bool { return len(l.centre.answered()) == 4 })
}
