package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// gate stands before all doors of a gateway that is a process of its own. It passes
// whole messages, one at a time, counts them, and kills the gateway at one.
type gate struct {
	file  string // the gateway's configuration
	store string // its store
	at    moment
	told  func(string) // of the kill, in the order of the messages

	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc

	mu     sync.Mutex
	doors  []net.Listener
	conns  map[net.Conn]struct{} // of the gateway of now
	gw     *life                 // which may have been stopped
	count  map[stream]int
	names  map[moment]string // what each message was
	last   time.Time         // the last message was passed
	spoken time.Time         // the last message from or to the handset was
	mute   time.Duration     // how long the handset has waited for the next, at most, after the kill
	struck bool              // the moment has come
	killed bool              // and the gateway was alive
	err    error             // starting the gateway again has failed
}

// stream is what goes through one kind of door in one direction. Within it the
// order of messages is the same each time, as that of all together is not.
type stream struct {
	door string
	out  bool // from the gateway
}

// moment is a message, and whether it takes effect.
type moment struct {
	stream
	n    int // counted from 1; 0 is no message
	late bool
}

func (m moment) String() string {
	to, when := "to", "before"
	if m.out {
		to = "from"
	}
	if m.late {
		when = "after"
	}
	return fmt.Sprintf("%s %s %d %s the gateway", when, m.door, m.n, to)
}

var errCut = errors.New("the gateway is dead")

func newGate(at moment, told func(string)) *gate {
	g := &gate{at: at, told: told, conns: map[net.Conn]struct{}{}, count: map[stream]int{}, names: map[moment]string{}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	return g
}

// place opens a door: behind it is a server, or the gateway when server is empty.
func (g *gate) place(door, server string) (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	g.mu.Lock()
	g.doors = append(g.doors, ln)
	g.mu.Unlock()
	g.wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return // the door is closed
			}
			g.wg.Go(func() { g.connect(door, server, c) })
		}
	})
	return ln.Addr().String(), nil
}

// connect lets one connection through. Who comes while there is no gateway waits
// for the next.
func (g *gate) connect(door, server string, c net.Conn) {
	defer c.Close()
	life := g.living()
	if life == nil {
		return
	}
	out := server != "" // the gateway has connected
	if !out {
		select {
		case <-life.up:
		case <-g.ctx.Done():
			return
		}
		server = life.doors[door]
	}
	s, err := (&net.Dialer{}).DialContext(g.ctx, "tcp", server)
	if err != nil {
		return
	}
	defer s.Close()
	if !g.enter(life, c, s) {
		return
	}
	var both sync.WaitGroup
	pump := func(from, to net.Conn, out, asks bool) {
		both.Go(func() {
			defer to.Close()
			defer from.Close()
			g.pump(life, stream{door, out}, from, to, asks)
		})
	}
	pump(c, s, out, true)
	pump(s, c, !out, false)
	both.Wait()
	g.leave(c, s)
}

func (g *gate) living() *life {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gw
}

func (g *gate) enter(l *life, all ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gw != l || g.ctx.Err() != nil {
		return false
	}
	for _, c := range all {
		g.conns[c] = struct{}{}
	}
	return true
}

func (g *gate) leave(all ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range all {
		delete(g.conns, c)
	}
}

// pump passes the messages of one direction; asks is that of HTTP requests.
func (g *gate) pump(l *life, s stream, from io.Reader, to io.Writer, asks bool) {
	var raw bytes.Buffer
	r := bufio.NewReader(io.TeeReader(from, &raw))
	for {
		name, err := read(s.door, r, asks)
		if err == nil {
			err = g.pass(l, s, name, raw.Bytes()[:raw.Len()-r.Buffered()], to)
			raw.Next(raw.Len() - r.Buffered())
		}
		if err != nil {
			return
		}
	}
}

// read reads one message; its name is empty when nobody is killed at it.
func read(door string, r *bufio.Reader, asks bool) (name string, err error) {
	switch {
	case door == doorSMPP:
		return framed(r, 0, 8, func(h []byte) string { return smppNames[binary.BigEndian.Uint32(h[4:])] })
	case door == doorM3UA:
		return framed(r, 4, 8, func(h []byte) string {
			if h[2] == 1 { // class transfer
				return "DATA"
			}
			return ""
		})
	case asks:
		q, err := http.ReadRequest(r)
		if err == nil {
			_, err = io.Copy(io.Discard, q.Body)
			name = q.Method
		}
		return name, err
	}
	a, err := http.ReadResponse(r, nil)
	if err == nil {
		_, err = io.Copy(io.Discard, a.Body)
		name = a.Status
	}
	return name, err
}

// smppNames are the operations that an IVR and the gateway exchange after the bind
// and before its end.
var smppNames = map[uint32]string{4: "submit_sm", 4 | 1<<31: "submit_sm_resp", 5: "deliver_sm", 5 | 1<<31: "deliver_sm_resp"}

// framed reads a message whose header of that size says its length at an offset.
func framed(r *bufio.Reader, at, size int, name func(header []byte) string) (string, error) {
	h, err := r.Peek(size)
	if err != nil {
		return "", err
	}
	n := name(h)
	length := int64(binary.BigEndian.Uint32(h[at:]))
	_, err = io.CopyN(io.Discard, r, max(length, int64(size)))
	return n, err
}

// pass passes a message, unless it is the one at which the gateway dies.
func (g *gate) pass(l *life, s stream, name string, b []byte, to io.Writer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gw != l {
		return errCut
	}
	if name == "" {
		_, err := to.Write(b)
		return err
	}
	g.count[s]++
	m := moment{stream: s, n: g.count[s]}
	g.names[m] = name
	g.last = time.Now()
	if s.door == doorHTTP {
		if g.killed {
			g.mute = max(g.mute, g.last.Sub(g.spoken))
		}
		g.spoken = g.last
	}
	struck := !g.struck && s == g.at.stream && m.n == g.at.n
	if struck && !g.at.late {
		g.kill()
		return errCut
	}
	before := ""
	if struck {
		before = g.written()
	}
	if _, err := to.Write(b); err != nil || !struck {
		return err
	}
	if !s.out {
		g.commits(before)
	}
	g.kill()
	return errCut
}

// working is how long a gateway that has been told something may work on it before
// it is killed, if it puts nothing on the disk.
const working = 25 * time.Millisecond

// commits waits until the gateway puts on the disk what it has just been told.
// What it sends meanwhile does not get through.
func (g *gate) commits(before string) {
	tick, limit := time.NewTicker(time.Millisecond), time.After(working)
	defer tick.Stop()
	for g.written() == before {
		select {
		case <-tick.C:
		case <-limit:
			return
		}
	}
}

// written changes when the gateway writes into its store.
func (g *gate) written() string {
	s, err := os.Stat(g.store + "-wal")
	if err != nil {
		return ""
	}
	return fmt.Sprint(s.Size(), s.ModTime())
}

// kill kills the gateway and starts it again. It is called under the lock.
func (g *gate) kill() {
	g.struck = true
	g.told(fmt.Sprintf("KILLED %s (%s)", g.at, g.names[moment{stream: g.at.stream, n: g.at.n}]))
	g.killed, g.err = g.gw.kill()
	for c := range g.conns {
		c.Close()
	}
	clear(g.conns)
	if g.err == nil {
		g.gw, g.err = begin(g.file)
	}
}

// start starts the gateway, for the first time or once more when it has ended.
func (g *gate) start(file, store string) (err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.file, g.store = file, store
	g.gw, err = begin(file)
	return err
}

// quiet waits until nothing has passed for some time.
func (g *gate) quiet(ctx context.Context, long time.Duration) error {
	tick := time.NewTicker(long / 5)
	defer tick.Stop()
	for {
		g.mu.Lock()
		up := false
		select {
		case <-g.gw.up:
			up = true
		default:
		}
		since := time.Since(g.last)
		g.mu.Unlock()
		if up && since >= long {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: messages pass all the time: %w", errSlow, ctx.Err())
		}
	}
}

// settle lets the gateway end what it has in work, and then ends it. It may be
// killed meanwhile, and then the next one does.
func (g *gate) settle() error {
	for {
		l, began := g.living(), time.Now()
		err := l.settle()
		g.mu.Lock()
		next, broken := g.gw, g.err
		g.mu.Unlock()
		switch {
		case broken != nil:
			return fmt.Errorf("the gateway: %w", errors.Join(err, broken))
		case next != l: // it was killed
		case err != nil && time.Since(began) >= lifeSettle:
			return fmt.Errorf("%w: the gateway: %w", errSlow, err)
		case err != nil:
			return fmt.Errorf("the gateway: %w", err)
		default:
			return nil
		}
	}
}

// close closes all doors.
func (g *gate) close() {
	g.cancel()
	g.mu.Lock()
	for _, d := range g.doors {
		d.Close()
	}
	for c := range g.conns {
		c.Close()
	}
	l := g.gw
	g.mu.Unlock()
	if l != nil {
		l.bury()
	}
	g.wg.Wait()
}
