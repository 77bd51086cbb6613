package m3ua_test

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// resumed says when one destination can be reached again.
type resumed struct {
	user
	pc mtp.PointCode
	ch chan struct{}
}

func (u *resumed) Pause(mtp.PointCode) {}
func (u *resumed) Resume(pc mtp.PointCode) {
	if pc == u.pc {
		u.ch <- struct{}{}
	}
}

// TestFloodOfDestinations: a peer that names as many point codes and ranges as
// it can does not keep its association, or anybody's Transfer, busy for long.
// It takes a second; with a look at every destination for every range, or for
// every message, it took minutes.
func TestFloodOfDestinations(t *testing.T) {
	p := newPeer(t)
	u := &resumed{pc: far, ch: make(chan struct{}, 1)}
	c := m3ua.NewClient(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "flood", Dial: p.dial}}, Beat: -1, TAck: time.Minute}, u, zerolog.Nop())
	n := &network{t: t}
	stop := n.run(c)
	p.accept()
	p.expect("ASPUP")
	p.send(&m3ua.ASPUpAck{})
	p.expect("ASPAC")
	p.send(&m3ua.ASPActiveAck{})
	about := func(count, first, step int, mask uint8) (d m3ua.Destinations) {
		for i := range count {
			d.Affected = append(d.Affected, m3ua.AffectedPointCode{Mask: mask, PC: mtp.PointCode(first + i*step)})
		}
		return d
	}
	flood := func() {
		for i := range 4 {
			p.send(&m3ua.DUNA{Destinations: about(16380, i*16380, 1, 0)})
		}
		p.send(&m3ua.DUNA{Destinations: about(16380, 1<<20, 2, 1)})
		for range 100 {
			p.send(&m3ua.DUNA{Destinations: about(1, 5, 0, 0)})
			p.send(&m3ua.DUNA{Destinations: about(1, 1<<21, 0, 4)})
		}
		p.send(&m3ua.DUNA{Destinations: about(1, int(far), 0, 0)})
		p.send(&m3ua.DAVA{Destinations: about(1, int(far), 0, 0)})
	}
	start := time.Now()
	flood()
	<-u.ch
	if d := time.Since(start); d > 15*time.Second {
		t.Errorf("took %v", d)
	}
	go stop()
	p.expect("ASPDN")
	p.send(&m3ua.ASPDownAck{})
	p.ended()
	stop()
}
