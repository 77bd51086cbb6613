package smpp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// pipes is a listener of in-memory connections, for tests on virtual time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { close(l.done); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// onVirtualTime runs a server and a scripted peer in a bubble.
func onVirtualTime(t *testing.T, cfg smpp.ServerConfig, h smpp.Handler, script func(t *testing.T, s *smpp.Server, p *peer)) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		cfg.Accounts = esme(t)
		s := smpp.NewServer(cfg, h, zerolog.Nop())
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		script(t, s, &peer{t, ours})
		ours.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// readUntilEnd reads PDUs without a deadline and returns when each came.
func (p *peer) readUntilEnd() (ids []smpp.CommandID, at []time.Duration) {
	began := time.Now()
	head := make([]byte, smpp.HeaderLen)
	for {
		if _, err := io.ReadFull(p.nc, head); err != nil {
			return ids, append(at, time.Since(began))
		}
		ids = append(ids, smpp.CommandID(uint32(head[4])<<24|uint32(head[5])<<16|uint32(head[6])<<8|uint32(head[7])))
		at = append(at, time.Since(began))
	}
}

func wantTimes(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestSessionInit(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		_, at := p.readUntilEnd()
		wantTimes(t, at, 5*time.Second)
	})
}

// TestOneOctetASecond: a bind that never gets finished does not hold the
// session-init timer up.
func TestOneOctetASecond(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		began := time.Now()
		for _, o := range encode(t, 0, 0, 1, bindPDU(smpp.CommandBindTransmitter, "esme", "secret")) {
			if _, err := p.nc.Write([]byte{o}); err != nil {
				break
			}
			<-time.After(time.Second)
		}
		if d := time.Since(began); d < 5*time.Second || d > 6*time.Second {
			t.Errorf("held out %v", d)
		}
	})
}

// TestSlowAfterBind: octets that never make a PDU do not pass for life.
func TestSlowAfterBind(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		var drip sync.WaitGroup
		drip.Go(func() {
			b := make([]byte, 60000)
			copy(b, []byte{0, 0, 0xea, 0x60, 0, 0, 0, 4})
			for _, o := range b {
				if _, err := p.nc.Write([]byte{o}); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		})
		defer drip.Wait()
		p.nc.SetReadDeadline(time.Time{})
		ids, at := p.readUntilEnd()
		if len(ids) != 1 || ids[0] != smpp.CommandEnquireLink {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 30*time.Second, 90*time.Second)
	})
}

func TestEnquireLink(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		began := time.Now()
		for i := range 3 {
			p.nc.SetReadDeadline(time.Time{})
			m := &smpp.PDU{}
			b := make([]byte, smpp.HeaderLen)
			if _, err := io.ReadFull(p.nc, b); err != nil {
				t.Fatal(err)
			}
			m, err := smpp.DecodePDU(b)
			if err != nil || m.CommandID != smpp.CommandEnquireLink {
				t.Fatal(m, err)
			}
			if d := time.Since(began); d != time.Duration(i+1)*30*time.Second {
				t.Errorf("asked after %v", d)
			}
			p.send(smpp.CommandEnquireLinkResp, 0, m.Sequence, nil)
		}
		ids, at := p.readUntilEnd() // silent from now on
		if len(ids) != 1 {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 30*time.Second, 90*time.Second)
		synctest.Wait()
		if n := s.Stats().Reasons[smpp.ReasonEnquireLink.String()]; n != 1 {
			t.Errorf("stats %v", s.Stats().Reasons)
		}
	})
}

func TestInactivity(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{EnquireLink: -1}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		p.nc.SetReadDeadline(time.Time{})
		ids, at := p.readUntilEnd()
		if len(ids) != 1 || ids[0] != smpp.CommandUnbind {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 300*time.Second, 360*time.Second)
	})
}

// TestNeverReads: a peer that sends and never reads is closed, and nothing
// piles up meanwhile.
func TestNeverReads(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		began := time.Now()
		msg := encode(t, 0, 0, 2, &smpp.SubmitSM{ShortMessage: make([]byte, 140)})
		sent := 0
		for {
			if _, err := p.nc.Write(msg); err != nil {
				break
			}
			sent++
		}
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("closed after %v", d)
		}
		if most := 3 * smpp.QueueLimit / smpp.HeaderLen; sent > most {
			t.Errorf("%d messages were read from a peer that does not read, more than %d", sent, most)
		}
		synctest.Wait()
		if n := s.Stats().Reasons[smpp.ReasonWriteTimeout.String()]; n != 1 {
			t.Errorf("stats %v", s.Stats().Reasons)
		}
	})
}

// TestRefusalTakesAsLong: nobody learns from the time of a refusal what was wrong.
func TestRefusalTakesAsLong(t *testing.T) {
	for _, c := range [][2]string{{"esme", "wrong"}, {"nobody", "secret"}, {"esme", "much too long"}} {
		onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
			began := time.Now()
			p.send(0, 0, 1, bindPDU(smpp.CommandBindTransmitter, c[0], c[1]))
			if m := p.read(); m.Status == smpp.StatusOK {
				t.Errorf("%v let in", c)
			}
			if d := time.Since(began); d != time.Second {
				t.Errorf("%v: refused after %v", c, d)
			}
		})
	}
}

func TestResponseTimeout(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{EnquireLink: -1}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		began := time.Now()
		go p.readUntilEnd()
		p.nc.SetReadDeadline(time.Time{})
		if _, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); !errors.Is(err, smpp.ErrResponseTimeout) {
			t.Error(err)
		}
		if d := time.Since(began); d != 60*time.Second {
			t.Errorf("given up after %v", d)
		}
	})
}

// TestDeliverSMRespBody: what stands in the unused message_id does not undo the
// status, or the message would be sent again and again.
func TestDeliverSMRespBody(t *testing.T) {
	for name, octets := range map[string][]byte{
		"none": nil, "empty": {0}, "without NUL": []byte("m1"), "of 70 octets": append(bytes.Repeat([]byte{'1'}, 70), 0), "odd TLV": {0, 1, 2},
	} {
		bound := make(chan *smpp.BoundPeer, 1)
		onVirtualTime(t, smpp.ServerConfig{}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
			p.bind(smpp.CommandBindReceiver)
			b := <-bound
			go func() {
				m := p.read()
				p.send(smpp.CommandDeliverSMResp, smpp.StatusOK, m.Sequence, &smpp.Opaque{ID: smpp.CommandDeliverSMResp, Octets: octets})
			}()
			if status, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); status != smpp.StatusOK || err != nil {
				t.Errorf("message_id %s: %s, %v", name, status, err)
			}
		})
	}
}

// TestOtherResponse: a submit_sm_resp does not pass for the answer to a
// deliver_sm, and an answer that comes right after unbind does.
func TestOtherResponse(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		var sender sync.WaitGroup
		sender.Go(func() {
			if status, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); status != smpp.StatusReceiverRejects || err != nil {
				t.Errorf("%s, %v", status, err)
			}
		})
		seq := p.read().Sequence
		p.send(0, 0, seq, &smpp.SubmitSMResp{MessageID: []byte("m1")})
		batch := encode(t, smpp.CommandUnbind, 0, 2, nil)
		p.raw(append(batch, encode(t, smpp.CommandDeliverSMResp, smpp.StatusReceiverRejects, seq, nil)...))
		p.want(smpp.CommandUnbindResp, smpp.StatusOK, 2)
		p.wantEnd()
		sender.Wait()
		if n := s.Stats().Reasons[smpp.ReasonUnexpectedResponse.String()]; n != 1 {
			t.Errorf("%d responses were unexpected, want 1", n)
		}
	})
}

// TestTurnIsHandedOn: a sender that waited for room and then has nothing that
// can be sent leaves the room to the next.
func TestTurnIsHandedOn(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{OutboundWindow: 1, EnquireLink: -1}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		var senders sync.WaitGroup
		defer senders.Wait()
		deliver := func(m *smpp.DeliverSM, good bool) {
			senders.Go(func() {
				if _, err := b.DeliverSM(context.Background(), m); (err == nil) != good {
					t.Errorf("%.10s: %v", m.SourceAddr, err)
				}
			})
			synctest.Wait()
		}
		deliver(&smpp.DeliverSM{SourceAddr: []byte("first")}, true)
		deliver(&smpp.DeliverSM{SourceAddr: []byte("an address that is too long")}, false)
		deliver(&smpp.DeliverSM{SourceAddr: []byte("last")}, true)
		for _, want := range []string{"first", "last"} {
			m := p.read()
			if got := string(m.Body.(*smpp.DeliverSM).SourceAddr); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			p.send(smpp.CommandDeliverSMResp, 0, m.Sequence, nil)
		}
	})
}

type bindWatcher struct {
	handlerFunc
	bound chan<- *smpp.BoundPeer
}

func (w bindWatcher) Bound(b *smpp.BoundPeer)              { w.bound <- b }
func (w bindWatcher) Unbound(*smpp.BoundPeer, smpp.Reason) {}

// failing is a listener that fails a number of times and then works.
type failing struct {
	*pipes
	left  int
	fault error
}

func (l *failing) Accept() (net.Conn, error) {
	if l.left--; l.left >= 0 {
		return nil, l.fault
	}
	return l.pipes.Accept()
}

// TestAcceptFails: a listener that fails on and on ends the server, unless the
// machine is short of something. Then it is said once and tried ten times a
// second, and who waits is served in the end.
func TestAcceptFails(t *testing.T) {
	const fails = 1000
	for _, tt := range []struct {
		fault error
		ends  bool
	}{
		{errors.New("no good"), true},
		{&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}, false},
		{&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.ENFILE)}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			l := &failing{&pipes{conns: make(chan net.Conn, 1), done: make(chan struct{})}, fails, tt.fault}
			s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), BindFailureDelay: time.Millisecond}, handlerFunc(accept), zerolog.New(&log))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			ours, theirs := net.Pipe()
			defer ours.Close()
			l.conns <- theirs
			ended := make(chan error, 1)
			began := time.Now()
			go func() { ended <- s.Serve(ctx, l) }()
			if tt.ends {
				if err := <-ended; !errors.Is(err, tt.fault) {
					t.Errorf("Serve: %v", err)
				}
				return
			}
			p := &peer{t, ours}
			p.bind(smpp.CommandBindTransceiver)
			if d := time.Since(began); d < fails*100*time.Millisecond {
				t.Errorf("%d tries in %s", fails, d)
			}
			cancel()
			go io.Copy(io.Discard, ours)
			if err := <-ended; err != nil {
				t.Errorf("Serve: %v", err)
			}
			if n := strings.Count(log.String(), "accept failed"); n != 1 {
				t.Errorf("said %d times", n)
			}
		})
	}
}

// hostile is one thing that a peer sends and what it gets for it: a PDU, and
// the end of the connection when ends is set.
type hostile struct {
	name   string
	bind   smpp.CommandID // of the connection; 0 for none
	octets []byte
	id     smpp.CommandID
	status smpp.Status
	ends   bool
}

// patched is a PDU with octets put over those from an offset, counted from the
// end when it is negative. Its command_length stays right unless that is it.
func patched(t *testing.T, body smpp.Body, at int, with ...byte) []byte {
	b := encode(t, 0, 0, 7, body)
	if at < 0 {
		at += len(b)
	}
	copy(b[at:], with)
	return b
}

// bare is a PDU of any operation with any body.
func bare(t *testing.T, id smpp.CommandID, octets ...byte) []byte {
	return encode(t, id, 0, 7, &smpp.Opaque{ID: id, Octets: octets})
}

// hostileToAnyone are what neither a server nor a client bears, if it is bound.
func hostileToAnyone(t *testing.T) (rows []hostile) {
	nack, lost := smpp.CommandGenericNack, smpp.StatusInvalidCommandLength
	for name, length := range map[string][]byte{"0": {0, 0, 0, 0}, "15": {0, 0, 0, 15}, "2^31": {0x80, 0, 0, 0}, "2^32-1": {0xff, 0xff, 0xff, 0xff}, "over the limit": {0, 1, 0, 1}} {
		rows = append(rows, hostile{"command_length " + name, smpp.CommandBindTransceiver, patched(t, &smpp.EnquireLink{}, 0, length...), nack, lost, true})
	}
	trx := smpp.CommandBindTransceiver
	return append(rows,
		hostile{"an operation of no edition", trx, bare(t, 0x300, 1, 2, 3), nack, smpp.StatusInvalidCommandID, false},
		hostile{"an operation with all bits but one", trx, bare(t, 0x7fffffff), nack, smpp.StatusInvalidCommandID, false},
		hostile{"broadcast_sm", trx, bare(t, smpp.CommandBroadcastSM, 0), smpp.CommandBroadcastSM.Response(), smpp.StatusInvalidCommandID, false},
		hostile{"query_broadcast_sm", trx, bare(t, smpp.CommandQueryBroadcastSM), smpp.CommandQueryBroadcastSM.Response(), smpp.StatusInvalidCommandID, false},
		hostile{"cancel_broadcast_sm", trx, bare(t, smpp.CommandCancelBroadcastSM), smpp.CommandCancelBroadcastSM.Response(), smpp.StatusInvalidCommandID, false},
		hostile{"enquire_link with half a TLV", trx, bare(t, smpp.CommandEnquireLink, 2, 4, 0), smpp.CommandEnquireLinkResp, smpp.StatusInvalidTLVLength, false},
		hostile{"unbind with half a TLV", trx, bare(t, smpp.CommandUnbind, 2), smpp.CommandUnbindResp, smpp.StatusInvalidTLVLength, false},
		hostile{"data_sm without a body", trx, bare(t, smpp.CommandDataSM), smpp.CommandDataSMResp, lost, false},
		hostile{"data_sm with a TLV of -2 octets", trx, patched(t, &smpp.DataSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload}}}, -2, 0xff, 0xfe), smpp.CommandDataSMResp, smpp.StatusInvalidTLVLength, false},
	)
}

// TestHostileESME is what our server bears, and what it answers.
func TestHostileESME(t *testing.T) {
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, newEverything())
	tx, rx, trx := smpp.CommandBindTransmitter, smpp.CommandBindReceiver, smpp.CommandBindTransceiver
	text := &smpp.SubmitSM{ShortMessage: []byte("abc")}
	payload := &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("abc")}}}
	multi := &smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME}}} // number_of_dests at 20
	submit, bound := smpp.CommandSubmitSMResp, smpp.StatusInvalidBindStatus
	rows := append(hostileToAnyone(t), []hostile{
		{"a bind that is bound", trx, encode(t, 0, 0, 7, bindPDU(tx, "esme", "secret")), tx.Response(), smpp.StatusAlreadyBound, false},
		{"submit_sm before a bind", 0, encode(t, 0, 0, 7, text), submit, bound, false},
		{"query_sm before a bind", 0, encode(t, 0, 0, 7, &smpp.QuerySM{}), smpp.CommandQuerySMResp, bound, false},
		{"data_sm before a bind", 0, encode(t, 0, 0, 7, &smpp.DataSM{}), smpp.CommandDataSMResp, bound, false},
		{"unbind before a bind", 0, encode(t, 0, 0, 7, &smpp.Unbind{}), smpp.CommandUnbindResp, bound, false},
		{"outbind before a bind", 0, encode(t, 0, 0, 7, &smpp.Outbind{}), smpp.CommandGenericNack, bound, false},
		{"submit_sm of a receiver", rx, encode(t, 0, 0, 7, text), submit, bound, false},
		{"submit_multi of a receiver", rx, encode(t, 0, 0, 7, multi), smpp.CommandSubmitMultiResp, bound, false},
		{"query_sm of a receiver", rx, encode(t, 0, 0, 7, &smpp.QuerySM{}), smpp.CommandQuerySMResp, bound, false},
		{"cancel_sm of a receiver", rx, encode(t, 0, 0, 7, &smpp.CancelSM{}), smpp.CommandCancelSMResp, bound, false},
		{"replace_sm of a receiver", rx, encode(t, 0, 0, 7, &smpp.ReplaceSM{}), smpp.CommandReplaceSMResp, bound, false},
		{"data_sm of a receiver", rx, encode(t, 0, 0, 7, &smpp.DataSM{}), smpp.CommandDataSMResp, bound, false},
		{"deliver_sm", trx, encode(t, 0, 0, 7, &smpp.DeliverSM{}), smpp.CommandDeliverSMResp, bound, false},
		{"alert_notification", trx, encode(t, 0, 0, 7, &smpp.AlertNotification{}), smpp.CommandGenericNack, bound, false},
		{"outbind", trx, encode(t, 0, 0, 7, &smpp.Outbind{}), smpp.CommandGenericNack, bound, false},
		{"a bind without a body", 0, bare(t, trx), trx.Response(), smpp.StatusInvalidCommandLength, false},
		{"a bind with a system_id of 256 octets", 0, bare(t, trx, append(bytes.Repeat([]byte("a"), 256), make([]byte, 7)...)...), trx.Response(), smpp.StatusInvalidSystemID, false},
		{"a bind with half a TLV", 0, bare(t, trx, 0, 0, 0, 0x34, 0, 0, 0, 2), trx.Response(), smpp.StatusInvalidTLVLength, false},
		{"submit_sm without a body", tx, bare(t, smpp.CommandSubmitSM), submit, smpp.StatusInvalidCommandLength, false},
		{"sm_length past the PDU", tx, patched(t, text, -4, 4), submit, smpp.StatusInvalidMessageLength, false},
		{"sm_length of -1", tx, patched(t, text, -4, 0xff), submit, smpp.StatusInvalidMessageLength, false},
		{"sm_length before its end", tx, patched(t, text, -4, 1), submit, smpp.StatusInvalidTLVLength, false},
		{"a TLV past the end", tx, patched(t, payload, -5, 0, 4), submit, smpp.StatusInvalidTLVLength, false},
		{"a TLV of -1 octets", tx, patched(t, payload, -5, 0xff, 0xff), submit, smpp.StatusInvalidTLVLength, false},
		{"a TLV of -32768 octets", tx, patched(t, payload, -5, 0x80, 0), submit, smpp.StatusInvalidTLVLength, false},
		{"half a TLV", tx, patched(t, payload, -5, 0, 0), submit, smpp.StatusInvalidTLVLength, false},
		{"a service_type without an end", tx, bare(t, smpp.CommandSubmitSM, []byte("abcdefgh")...), submit, smpp.StatusInvalidServiceType, false},
		{"a source_addr without an end", tx, bare(t, smpp.CommandSubmitSM, append([]byte{0, 0, 0}, bytes.Repeat([]byte("1"), 40)...)...), submit, smpp.StatusInvalidSourceAddress, false},
		{"submit_multi to nobody", tx, encode(t, 0, 0, 7, &smpp.SubmitMulti{}), smpp.CommandSubmitMultiResp, smpp.StatusInvalidNumberOfDestinations, false},
		{"submit_multi to 255", tx, encode(t, 0, 0, 7, &smpp.SubmitMulti{Destinations: slices.Repeat(multi.Destinations, 255)}), smpp.CommandSubmitMultiResp, smpp.StatusInvalidNumberOfDestinations, false},
		{"number_of_dests of -1", tx, patched(t, multi, 20, 0xff), smpp.CommandSubmitMultiResp, smpp.StatusInvalidNumberOfDestinations, false},
		{"a dest_flag of no edition", tx, patched(t, multi, 21, 3), smpp.CommandSubmitMultiResp, smpp.StatusInvalidDestinationFlag, false},
		{"a dl_name without an end", tx, bare(t, smpp.CommandSubmitMulti, append([]byte{0, 0, 0, 0, 1, 2}, bytes.Repeat([]byte("l"), 40)...)...), smpp.CommandSubmitMultiResp, smpp.StatusInvalidDistributionListName, false},
		{"a message_id without an end", tx, bare(t, smpp.CommandQuerySM, bytes.Repeat([]byte("1"), 80)...), smpp.CommandQuerySMResp, smpp.StatusInvalidMessageID, false},
		{"replace_sm with an sm_length of -1", tx, patched(t, &smpp.ReplaceSM{}, -1, 0xff), smpp.CommandReplaceSMResp, smpp.StatusInvalidMessageLength, false},
	}...)
	for _, r := range rows {
		p := connect(t, addr)
		if r.bind != 0 {
			p.bind(r.bind)
		}
		p.suffer(r)
	}
	if n := s.Stats().Received; n != 0 {
		t.Errorf("%d of them reached the application", n)
	}
}

// TestHostileCentre is what our client bears.
func TestHostileCentre(t *testing.T) {
	bound := smpp.StatusInvalidBindStatus
	text := &smpp.DeliverSM{ShortMessage: []byte("abc")}
	trx := smpp.CommandBindTransceiver
	rows := append(hostileToAnyone(t), []hostile{
		{"submit_sm", trx, encode(t, 0, 0, 7, &smpp.SubmitSM{}), smpp.CommandSubmitSMResp, bound, false},
		{"submit_multi", trx, encode(t, 0, 0, 7, &smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME}}}), smpp.CommandSubmitMultiResp, bound, false},
		{"query_sm", trx, encode(t, 0, 0, 7, &smpp.QuerySM{}), smpp.CommandQuerySMResp, bound, false},
		{"cancel_sm", trx, encode(t, 0, 0, 7, &smpp.CancelSM{}), smpp.CommandCancelSMResp, bound, false},
		{"replace_sm", trx, encode(t, 0, 0, 7, &smpp.ReplaceSM{}), smpp.CommandReplaceSMResp, bound, false},
		{"bind_transceiver", trx, encode(t, 0, 0, 7, bindPDU(smpp.CommandBindTransceiver, "esme", "secret")), smpp.CommandBindTransceiverResp, bound, false},
		{"outbind", trx, encode(t, 0, 0, 7, &smpp.Outbind{}), smpp.CommandGenericNack, smpp.StatusAlreadyBound, false},
		{"deliver_sm to a transmitter", smpp.CommandBindTransmitter, encode(t, 0, 0, 7, text), smpp.CommandDeliverSMResp, bound, false},
		{"data_sm to a transmitter", smpp.CommandBindTransmitter, encode(t, 0, 0, 7, &smpp.DataSM{}), smpp.CommandDataSMResp, bound, false},
		{"alert_notification to a transmitter", smpp.CommandBindTransmitter, encode(t, 0, 0, 7, &smpp.AlertNotification{}), smpp.CommandGenericNack, bound, false},
		{"sm_length past the PDU", trx, patched(t, text, -4, 4), smpp.CommandDeliverSMResp, smpp.StatusInvalidMessageLength, false},
		{"a destination_addr without an end", trx, bare(t, smpp.CommandDeliverSM, append([]byte{0, 0, 0, 0, 0, 0}, bytes.Repeat([]byte("1"), 40)...)...), smpp.CommandDeliverSMResp, smpp.StatusInvalidDestinationAddress, false},
		{"alert_notification cut off", trx, bare(t, smpp.CommandAlertNotification, 0, 0, '1'), smpp.CommandGenericNack, smpp.StatusInvalidCommandLength, false},
	}...)
	for _, r := range rows {
		cl, p := dialCentre(t, smpp.ClientConfig{Kind: r.bind,
			OnDeliver: func(*smpp.DeliverSM) smpp.Status { t.Errorf("%s: delivered", r.name); return 0 },
			OnData:    func(_ *smpp.DataSM, reply *smpp.Reply) { t.Errorf("%s: handed on", r.name); reply.Respond(0, "") },
			OnAlert:   func(*smpp.AlertNotification) { t.Errorf("%s: alerted", r.name) }})
		p.suffer(r)
		p.nc.Close()
		<-cl.Done()
	}
}

// suffer sends a row and looks at what comes of it. A connection that does not
// end still answers.
func (p *peer) suffer(r hostile) {
	p.t.Helper()
	p.raw(r.octets)
	m := p.read()
	want := smpp.Header{CommandID: r.id, Status: r.status, Sequence: 7}
	if r.ends {
		want.Sequence = 0
	}
	if m.Header != want || m.Body != nil && len(encode(p.t, 0, 0, 0, m.Body)) > smpp.HeaderLen {
		p.t.Errorf("%s: got %s %s %d, want %s %s %d, without a body", r.name, m.CommandID, m.Status, m.Sequence, want.CommandID, want.Status, want.Sequence)
	}
	if r.ends {
		p.wantEnd()
		return
	}
	p.send(smpp.CommandEnquireLink, 0, 8, nil)
	if m := p.read(); m.CommandID != smpp.CommandEnquireLinkResp {
		p.t.Errorf("%s: then %s %s", r.name, m.CommandID, m.Status)
	}
}
