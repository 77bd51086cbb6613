package push_test

import (
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/ss7/tcap"
)

// crowded is a network that keeps the answers of its HLR back.
type crowded struct {
	mu         sync.Mutex
	open, most int
	asked      int
	let        chan struct{}
}

func (c *crowded) answer(_ int, inv tcap.Invoke) (tcap.Outcome, func()) {
	if !isSMSREQ(inv) {
		return taken, func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	c.open++
	c.most = max(c.most, c.open)
	return atMSC1, func() {
		<-c.let
		c.mu.Lock()
		c.open--
		c.mu.Unlock()
	}
}

func (c *crowded) counts() (asked, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked, c.most
}

// TestManyAsk: after a restart all messages want to know at once where their
// handset is. The HLR is asked a few at a time, and once for each handset of
// which several messages wait in the line.
func TestManyAsk(t *testing.T) {
	l, c := newLab(t), &crowded{let: make(chan struct{})}
	l.net.wait = c.answer
	l.cfg.SS7.SMSREQWindow = 3
	l.start()
	var ids []sessions.ID
	for i := range 20 {
		for range 2 {
			ids = append(ids, l.mustAccept(roamer+sessions.MDN(i), []byte("x")))
		}
	}
	l.stop()
	if asked, most := c.counts(); asked > 3 || most > 3 {
		t.Errorf("asked %d times, %d at a time", asked, most)
	}
	l.start()
	// Of the 40 that ask three questions are under way, each of one message or of both.
	l.until("all to ask", func() bool { n := l.svc.Stats().InLine; return n >= 34 && n <= 37 })
	close(c.let)
	for _, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Done {
			t.Errorf("%+v", rec)
		}
	}
	if asked, most := c.counts(); asked > 26 || most > 6 { // the three of the first run were open in the second
		t.Errorf("asked %d times, %d at a time", asked, most)
	}
}

// TestAskRate: the questions are spread over time.
func TestAskRate(t *testing.T) {
	l := newLab(t)
	l.net.script = script(outcomes{atMSC1}, outcomes{taken})
	l.cfg.SS7.SMSREQRate = 20
	l.start()
	begun := time.Now()
	var ids []sessions.ID
	for i := range 11 {
		ids = append(ids, l.mustAccept(roamer+sessions.MDN(i), []byte("x")))
	}
	for _, id := range ids {
		l.record(id)
	}
	if took := time.Since(begun); took < 400*time.Millisecond {
		t.Errorf("11 questions took %s at 20 a second", took)
	}
}
