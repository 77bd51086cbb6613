package smpp

import (
	"bytes"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"pgregory.net/rapid"
)

var testNow = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// script is one of two connections that are told the same, without goroutines
// of their own: what the application and our senders hear of it is written down.
type script struct {
	*conn
	heard []string
}

func newScript(role Role) *script {
	cfg := &connConfig{
		role: role, version: Version50, systemID: "otagate", pduLimit: DefaultPDULimit, readBuffer: 512, inboundWindow: 3, outboundWindow: 4,
		timers: Timers{SessionInit: time.Second, EnquireLink: time.Minute, Inactivity: time.Hour, Response: time.Minute},
	}
	s := new(script)
	near, _ := net.Pipe()
	s.conn = newConn(near, cfg, s, new(counters), zerolog.Nop())
	s.now, s.epoch = testNow, testNow
	s.machine(Event{Kind: EventStart})
	return s
}

func (s *script) say(format string, args ...any) {
	s.heard = append(s.heard, fmt.Sprintf(format, args...))
}

func (s *script) authenticate(_ *conn, b *Bind) Status { s.say("bind %s", b.Kind); return StatusOK }
func (s *script) bound(*conn)                          { s.say("bound") }
func (s *script) allow(_ int, full bool) bool          { return !full }
func (s *script) outbind(*conn, *Outbind) Status       { s.say("outbind"); return StatusOK }

func (s *script) operation(_ *conn, p Body, r *Reply) bool {
	s.say("%s", p.CommandID())
	if r != nil && r.seq%2 == 0 {
		r.respond(StatusOK, nil)
	}
	return r == nil || r.seq%3 != 0 || r.seq%2 == 0
}

// deliver answers every second message, so that the inbound window gets full.
func (s *script) deliver(_ *conn, p *SubmitSM, r *Reply) {
	s.say("message %d from %s", r.seq, p.SourceAddr)
	if r.seq%2 == 0 {
		r.Respond(StatusOK, "m1")
	}
}

func (s *script) machine(ev Event) {
	ev.At = testNow
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step(ev, nil)
}

// request sends a message of ours.
func (s *script) request() {
	seq := s.win.seq + 1
	var err error
	if s.cfg.role == RoleServer {
		err = s.enqueue(&DeliverSM{}, statusDone(func(st Status, err error) { s.say("%d: %s %v", seq, st, err) }), false)
	} else {
		err = s.enqueue(&SubmitSM{}, submitDone(func(st Status, p *SubmitSMResp, err error) { s.say("%d: %s %v %v", seq, st, p, err) }), false)
	}
	s.say("sent: %v", err)
}

// control has the session send an enquire_link or an unbind.
func (s *script) control(id CommandID) {
	ev := Event{Kind: EventRequest, Request: id, Sequence: s.win.next()}
	if id == CommandEnquireLink {
		ev.Kind, ev.Timer, ev.Generation = EventTimer, TimerEnquireLink, s.genOf[TimerEnquireLink]
		s.sess.heard = testNow.Add(-time.Hour)
	}
	s.machine(ev)
}

// judged is handle without the short ways: the machine decides about all.
func (s *script) judged(b []byte) {
	h, body := header(b), b[HeaderLen:]
	switch h.CommandID {
	case CommandSubmitSM, CommandDeliverSM:
		s.judge(h, body, faultOf(s.sm.Decode(body)))
	case CommandSubmitSMResp, CommandDeliverSMResp, CommandDataSMResp:
		s.judge(h, body, StatusOK)
	case CommandDataSM, CommandQuerySM, CommandSubmitMulti, CommandAlertNotification, CommandOutbind:
		s.judge(h, body, s.decodeRequest(h.CommandID, body))
	default:
		s.handle(b)
	}
}

// TestShortWaysAreTheMachine: messages and responses that go past the machine
// end as those that it judged, whatever the state, the number, the status and
// the body.
func TestShortWaysAreTheMachine(t *testing.T) {
	bodies := [...][]byte{nil, {0}, []byte("m1\x00"), []byte("no NUL"), {0, 1, 2}, make([]byte, 17), make([]byte, 10), make([]byte, 4), append(bytes.Repeat([]byte("1"), 70), 0)}
	commands := [...]CommandID{
		CommandSubmitSMResp, CommandDeliverSMResp, CommandSubmitSM, CommandDeliverSM, CommandGenericNack, CommandEnquireLinkResp,
		CommandUnbindResp, CommandBindTransceiverResp, CommandDataSMResp, CommandUnbind, CommandBindTransceiver,
		CommandDataSM, CommandQuerySM, CommandSubmitMulti, CommandAlertNotification, CommandOutbind, CommandBroadcastSM,
	}
	answered := 0
	rapid.Check(t, func(t *rapid.T) {
		role := Role(rapid.IntRange(0, 1).Draw(t, "role"))
		short, long := newScript(role), newScript(role)
		both := func(do func(s *script, handle func([]byte))) {
			do(short, short.handle)
			do(long, long.judged)
		}
		frame := func(h Header, body []byte) {
			b := append(appendHeader(nil, h), body...)
			both(func(s *script, handle func([]byte)) {
				handle(b)
				s.finishBatch(true, true)
			})
		}
		bind := rapid.SampledFrom([]CommandID{CommandBindTransmitter, CommandBindReceiver, CommandBindTransceiver}).Draw(t, "bind")
		asks := &Bind{Kind: bind, SystemID: []byte("esme")}
		begin := func() {
			if role == RoleServer {
				body, _ := asks.Append(nil)
				frame(Header{CommandID: bind, Sequence: 1}, body)
				return
			}
			both(func(s *script, _ func([]byte)) {
				s.cfg.bind = asks
				s.machine(Event{Kind: EventRequest, Request: bind, Sequence: s.win.next()})
			})
			frame(Header{CommandID: bind.Response(), Sequence: short.sess.sequence}, nil)
		}
		if rapid.Bool().Draw(t, "bound") {
			begin()
		}
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			switch rapid.IntRange(0, 11).Draw(t, "what") {
			case 0:
				begin()
			case 1, 2, 3:
				both(func(s *script, _ func([]byte)) { s.request() })
			case 4:
				id := rapid.SampledFrom([]CommandID{CommandEnquireLink, CommandEnquireLink, CommandUnbind}).Draw(t, "control")
				both(func(s *script, _ func([]byte)) { s.control(id) })
			default:
				frame(Header{
					CommandID: rapid.SampledFrom(commands[:]).Draw(t, "command_id"),
					Status:    rapid.SampledFrom([]Status{StatusOK, StatusOK, StatusThrottled, 0xffffffff}).Draw(t, "status"),
					Sequence:  rapid.SampledFrom([]uint32{0, 1, 2, 3, 4, 5, 6, 0x80000001}).Draw(t, "sequence_number"),
				}, rapid.SampledFrom(bodies[:]).Draw(t, "body"))
			}
			if d := cmp.Diff(long.heard, short.heard); d != "" {
				t.Fatalf("-machine +short way:\n%s", d)
			}
			if d := cmp.Diff(long.stats.snapshot(), short.stats.snapshot()); d != "" {
				t.Fatalf("after %q, -machine +short way:\n%s", short.heard, d)
			}
			if long.sess != short.sess || long.win.used != short.win.used || long.inbound != short.inbound || !bytes.Equal(long.out, short.out) {
				t.Fatalf("after %q\nmachine   %+v, window %d, inbound %d, queued %x\nshort way %+v, window %d, inbound %d, queued %x", short.heard,
					long.sess, long.win.used, long.inbound, long.out, short.sess, short.win.used, short.inbound, short.out)
			}
		}
		for _, line := range short.heard {
			if line[0] >= '0' && line[0] <= '9' {
				answered++
			}
		}
	})
	if answered == 0 {
		t.Error("no request was answered")
	}
}
