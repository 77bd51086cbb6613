package m3ua_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// abortable is an association that counts how it ends.
type abortable struct {
	*sctp.PipeEnd
	aborts *atomic.Int32
}

func (a abortable) Abort() error {
	a.aborts.Add(1)
	return a.Close()
}

// TestDeafPeerIsAborted: an association whose peer answers nothing any more is
// ended without it, because closing it could keep our port in use until
// minutes later. One that is left in an orderly way is closed.
func TestDeafPeerIsAborted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		var aborts atomic.Int32
		dial := func(ctx context.Context) (m3ua.Association, error) {
			a, err := p.ln.Dial(ctx)
			return abortable{a, &aborts}, err
		}
		_, _, stop := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "deaf", Dial: dial}}, Beat: time.Second, AckTries: 2})
		up := func() {
			p.accept()
			p.expect("ASPUP")
			p.send(&m3ua.ASPUpAck{})
			p.expect("ASPAC")
		}
		up()
		p.send(&m3ua.ASPActiveAck{})
		p.expect("BEAT")
		p.expect("BEAT")
		p.ended()
		if got := aborts.Load(); got != 1 {
			t.Errorf("BEATs lost: %d aborts, want 1", got)
		}
		up() // and no ASPAC ACK, though BEAT is answered
		for {
			m, alive := p.next()
			if !alive {
				break
			}
			if m.Type() == m3ua.TypeBeat && !p.beatAck(m.(*m3ua.Beat)) {
				break
			}
		}
		if got := aborts.Load(); got != 2 {
			t.Errorf("no ack: %d aborts, want 2", got)
		}
		up()
		p.send(&m3ua.ASPActiveAck{})
		left := make(chan struct{})
		go func() { stop(); close(left) }()
		p.expect("ASPDN")
		p.send(&m3ua.ASPDownAck{})
		p.ended()
		<-left
		if got := aborts.Load(); got != 2 {
			t.Errorf("left in an orderly way: %d aborts, want 2 as before", got)
		}
	})
}

// TestPeerThatNeverReadsIsAborted: so is one that has taken nothing until a
// write gave up, before a BEAT could tell.
func TestPeerThatNeverReadsIsAborted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		var aborts atomic.Int32
		dial := func(ctx context.Context) (m3ua.Association, error) {
			a, err := p.ln.Dial(ctx)
			return abortable{a, &aborts}, err
		}
		c, _, stop := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "full", Dial: dial}}, Beat: -1})
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)
		for range 200 {
			if err := c.Transfer(transfer(far, 0, 0)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(11 * time.Second)
		if got := aborts.Load(); got != 1 {
			t.Errorf("%d aborts, want 1", got)
		}
		p.ln.Close()
		stop()
	})
}

// next is the next message, if there is one before the end.
func (p *peer) next() (m m3ua.Message, alive bool) {
	buf := make([]byte, 1<<16)
	n, _, err := p.a.ReadMessage(buf)
	if err != nil {
		return nil, false
	}
	if m, err = m3ua.Decode(buf[:n]); err != nil {
		p.t.Fatal(err)
	}
	return m, true
}

// beatAck answers a BEAT, which may have been the last word before the end.
func (p *peer) beatAck(m *m3ua.Beat) (alive bool) {
	b, err := (&m3ua.BeatAck{Heartbeat: m3ua.Heartbeat{HeartbeatData: m.HeartbeatData}}).Append(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.a.WriteMessage(b, 0) == nil
}
