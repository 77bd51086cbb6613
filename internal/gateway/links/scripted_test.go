package links_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/otagate/otagate/smpp"
)

// peer is a centre that a test plays PDU by PDU.
type peer struct{ conns chan net.Conn }

// scripted puts a played centre to smsc:2775. What it returns first ends it.
func scripted(l *lab) (io.Closer, *peer) {
	p := &peer{make(chan net.Conn, 1)}
	near, far := net.Pipe()
	p.conns <- far
	l.cfg.Version = "5.0"
	l.dial = func(context.Context) (net.Conn, error) { return near, nil }
	return far, p
}

// read reads one PDU.
func (p *peer) read(t *testing.T) *smpp.PDU {
	t.Helper()
	nc := <-p.conns
	p.conns <- nc
	b := make([]byte, smpp.HeaderLen)
	if _, err := io.ReadFull(nc, b); err != nil {
		t.Fatal(err)
	}
	b = append(b, make([]byte, int(binary.BigEndian.Uint32(b))-len(b))...)
	if _, err := io.ReadFull(nc, b[smpp.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	m, err := smpp.DecodePDU(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (p *peer) write(t *testing.T, h smpp.Header, body smpp.Body) {
	t.Helper()
	b, err := smpp.AppendPDU(nil, h, body)
	if err != nil {
		t.Fatal(err)
	}
	nc := <-p.conns
	p.conns <- nc
	if _, err := nc.Write(b); err != nil {
		t.Fatal(err)
	}
}

// bind takes the bind.
func (p *peer) bind(t *testing.T, version uint8) *smpp.Bind {
	t.Helper()
	m := p.read(t)
	resp := &smpp.BindResp{Kind: m.CommandID.Response(), SystemID: []byte("smsc")}
	resp.TLVs = resp.TLVs.AppendU8(smpp.TagSCInterfaceVersion, version)
	p.write(t, smpp.Header{Sequence: m.Sequence}, resp)
	return m.Body.(*smpp.Bind)
}

// answer answers one submit_sm.
func (p *peer) answer(t *testing.T, status smpp.Status, tlvs smpp.TLVs) {
	t.Helper()
	m := p.read(t)
	p.write(t, smpp.Header{Status: status, Sequence: m.Sequence}, &smpp.SubmitSMResp{MessageID: []byte("1"), TLVs: tlvs})
}

// queue is what a caller of a link has to send: numbers, of which one that is
// refused goes back to its place.
type queue struct {
	mu    sync.Mutex
	todo  []int
	under int
}

func newQueue(n int) *queue {
	q := &queue{}
	for i := range n {
		q.todo = append(q.todo, i)
	}
	return q
}

func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.todo) == 0 && q.under == 0
}

func (q *queue) next() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.todo) == 0 {
		return 0, false
	}
	n := q.todo[0]
	q.todo = q.todo[1:]
	q.under++
	return n, true
}

func (q *queue) done(n int, taken bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.under--
	if !taken {
		q.todo = append(q.todo, n)
		slices.Sort(q.todo)
	}
}
