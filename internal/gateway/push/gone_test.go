package push_test

import (
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// TestLinkGone: a part that a centre may have, whose link is not in the
// configuration any more, is in doubt; one that nobody had goes another way.
func TestLinkGone(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{silent: true} }
	soon(l)
	l.links[0].Window = 1
	l.cfg.Attempts = 2
	l.start()
	first := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	second := l.mustAccept(subscriber, []byte("y"))
	l.stop()
	l.links[0].Name = "renamed"
	l.links[0].Receipts = false
	l.routes = []configs.MessageRoute{viaLink("renamed")}
	l.centre.script = nil
	l.start()
	if rec := l.record(first); rec.Outcome != cdr.Unknown || rec.Reason != "in-doubt" {
		t.Errorf("%+v", rec)
	}
	if rec := l.record(second); rec.Outcome != cdr.Done || rec.Link != "renamed" || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
	if n := l.svc.Stats().Moved; n != 1 {
		t.Errorf("%d were routed again", n)
	}
}
