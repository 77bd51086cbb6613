package push_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// slowEnd is a store in which the end of a message takes its time.
type slowEnd struct{ keeper }

func (s slowEnd) Apply(c *sessions.Change, done func(sessions.Result)) {
	if !c.Finish {
		s.keeper.Apply(c, done)
		return
	}
	time.AfterFunc(50*time.Millisecond, func() { s.keeper.Apply(c, done) })
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
