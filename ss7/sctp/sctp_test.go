package sctp_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/otagate/otagate/ss7/sctp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reader is what all three kinds are.
type reader interface {
	ReadMessage(buf []byte) (n int, stream uint16, err error)
}

// msg is a message of n octets, n counted in its header.
func msg(n int, fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, n)
	copy(b, []byte{1, 0, 1, 1, 0, 0, 0, 0})
	binary.BigEndian.PutUint32(b[4:], uint32(n))
	return b
}

func tcpPair(t *testing.T) (server *sctp.TCP, raw net.Conn) {
	t.Helper()
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	raw, err = net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close(); server.Close() })
	return server, raw
}

func TestTCPKeepsMessagesApart(t *testing.T) {
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	c, err := sctp.DialTCP(t.Context(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if c.LocalAddr().String() != s.RemoteAddr().String() || c.RemoteAddr().String() != s.LocalAddr().String() {
		t.Error("addresses do not match")
	}
	sizes := []int{8, 12, 65532, 8, 100, 40000}
	go func() {
		defer c.Close()
		for i, n := range sizes {
			if i%2 == 0 {
				c.WriteMessage(msg(n, byte(i)), 0)
			} else {
				c.WriteBatch(append(msg(n, byte(i)), msg(16, 99)...))
			}
		}
	}()
	buf := make([]byte, 1<<16)
	for i, n := range sizes {
		expect(t, s, buf, msg(n, byte(i)))
		if i%2 == 1 {
			expect(t, s, buf, msg(16, 99))
		}
	}
	if _, _, err := s.ReadMessage(buf); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
}

func expect(t *testing.T, a reader, buf, want []byte) {
	t.Helper()
	n, _, err := a.ReadMessage(buf)
	if err != nil || !bytes.Equal(buf[:n], want) {
		t.Fatalf("got %d octets (%v), want %d", n, err, len(want))
	}
}

func TestTCPOctetByOctet(t *testing.T) {
	s, raw := tcpPair(t)
	go func() {
		for _, b := range append(msg(20, 1), msg(12, 2)...) {
			raw.Write([]byte{b})
		}
	}()
	buf := make([]byte, 100)
	expect(t, s, buf, msg(20, 1))
	expect(t, s, buf, msg(12, 2))
}

// A peer may leave padding out of the length, and send it or not.
func TestTCPUncountedPadding(t *testing.T) {
	s, raw := tcpPair(t)
	go raw.Write(bytes.Join([][]byte{msg(13, 1), {0, 0, 0}, msg(13, 2), msg(14, 3), {0, 0}, msg(8, 4)}, nil))
	buf := make([]byte, 100)
	for _, m := range [][]byte{msg(13, 1), msg(13, 2), msg(14, 3), msg(8, 4)} {
		expect(t, s, buf, m)
	}
}

func TestTCPFramingLost(t *testing.T) {
	for name, head := range map[string][]byte{
		"version 2":      {2, 0, 1, 1, 0, 0, 0, 8},
		"length below 8": {1, 0, 1, 1, 0, 0, 0, 7},
		"too long":       {1, 0, 1, 1, 0, 1, 0, 0},
		"4 GiB":          {1, 0, 1, 1, 255, 255, 255, 255},
	} {
		t.Run(name, func(t *testing.T) {
			s, raw := tcpPair(t)
			raw.Write(head)
			buf := make([]byte, 2048)
			n, _, err := s.ReadMessage(buf)
			if !errors.Is(err, sctp.ErrFraming) || !bytes.Equal(buf[:n], head) {
				t.Errorf("got %x, %v", buf[:n], err)
			}
		})
	}
}

func TestTCPCutShort(t *testing.T) {
	whole := msg(20, 1)
	for _, n := range []int{1, 7, 8, 19} {
		s, raw := tcpPair(t)
		raw.Write(whole[:n])
		raw.Close()
		if _, _, err := s.ReadMessage(make([]byte, 100)); err != io.ErrUnexpectedEOF {
			t.Errorf("cut to %d: %v", n, err)
		}
	}
}

func TestTCPSmallBuffer(t *testing.T) {
	s, raw := tcpPair(t)
	raw.Write(msg(20, 1))
	if _, _, err := s.ReadMessage(make([]byte, 19)); err != sctp.ErrBufferTooSmall {
		t.Error(err)
	}
}

func TestTCPPeerThatNeverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		s := sctp.TCPOver(near)
		defer s.Close()
		start := time.Now()
		var ne net.Error
		if err := s.WriteMessage(msg(8, 1), 0); !errors.As(err, &ne) || !ne.Timeout() || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestTCPCloseEndsRead(t *testing.T) {
	s, _ := tcpPair(t)
	got := make(chan error)
	go func() {
		_, _, err := s.ReadMessage(make([]byte, 100))
		got <- err
	}()
	s.Close()
	if err := <-got; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

func TestDialTCPRefused(t *testing.T) {
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := sctp.DialTCP(t.Context(), ln.Addr().String()); err == nil {
		t.Error("connected to nobody")
	}
}

func TestPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sctp.Pipe()
		sent := msg(12, 7)
		if err := a.WriteMessage(sent, 3); err != nil {
			t.Fatal(err)
		}
		sent[9] = 0xee // the pipe keeps a copy
		buf := make([]byte, 100)
		n, stream, err := b.ReadMessage(buf)
		if err != nil || stream != 3 || !bytes.Equal(buf[:n], msg(12, 7)) {
			t.Fatalf("%x on %d, %v", buf[:n], stream, err)
		}
		a.WriteMessage(msg(8, 1), 0)
		a.Close()
		a.Close()
		if n, _, err := b.ReadMessage(buf); n != 8 || err != nil {
			t.Errorf("what was written before the end: %d, %v", n, err)
		}
		if _, _, err := b.ReadMessage(buf); err != io.EOF {
			t.Error(err)
		}
		if err := b.WriteMessage(msg(8, 1), 0); err == nil {
			t.Error("wrote to a closed pipe")
		}
		if _, _, err := a.ReadMessage(buf); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestPipePeerThatNeverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := sctp.Pipe()
		start := time.Now()
		for range 1000 {
			if err := a.WriteMessage(msg(8, 0), 0); err != nil {
				if d := time.Since(start); d != 10*time.Second {
					t.Errorf("gave up after %v", d)
				}
				return
			}
		}
		t.Error("never gave up")
	})
}

func TestPipeListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := sctp.ListenPipe()
		go func() {
			if _, err := ln.Dial(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		if _, err := ln.Accept(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := ln.Dial(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		ln.Close()
		if _, err := ln.Dial(t.Context()); err != sctp.ErrPipeRefused {
			t.Error(err)
		}
		if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

// TestKernel runs over the kernel's SCTP where there is one; elsewhere it holds
// that the machine says so in one sentence.
func TestKernel(t *testing.T) {
	lo := netip.MustParseAddr("127.0.0.1")
	lo2 := netip.MustParseAddr("127.0.0.2")
	ln, err := sctp.ListenKernel(sctp.KernelAddr{Local: []netip.Addr{lo, lo2}, LocalPort: 29055})
	if errors.Is(err, sctp.ErrNoKernel) {
		_, err := sctp.DialKernel(t.Context(), sctp.KernelAddr{Remote: []netip.Addr{lo}, RemotePort: 29055})
		if !errors.Is(err, sctp.ErrNoKernel) || strings.Contains(err.Error(), "\n") {
			t.Errorf("dial: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := sctp.DialKernel(t.Context(), sctp.KernelAddr{Local: []netip.Addr{lo, lo2}, LocalPort: 29056, Remote: []netip.Addr{lo, lo2}, RemotePort: 29055})
	if err != nil {
		t.Fatal(err)
	}
	s, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v to %v, %d streams", c.LocalAddr(), c.RemoteAddr(), c.Streams())
	if c.Streams() != 16 {
		t.Errorf("%d streams", c.Streams())
	}
	buf := make([]byte, 1<<16)
	for i, n := range []int{8, 100, 40000} {
		if err := c.WriteMessage(msg(n, byte(i)), uint16(i)); err != nil {
			t.Fatal(err)
		}
		got, stream, err := s.ReadMessage(buf)
		if err != nil || stream != uint16(i) || !bytes.Equal(buf[:got], msg(n, byte(i))) {
			t.Fatalf("%d octets on stream %d, %v; want %d on %d", got, stream, err, n, i)
		}
	}
	// A header that claims more than the message has takes in nothing else.
	boast := msg(8, 0)
	boast[6] = 1
	for _, b := range [][]byte{boast, msg(12, 5)} {
		if err := c.WriteMessage(b, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range [][]byte{boast, msg(12, 5)} {
		if got, _, err := s.ReadMessage(buf); err != nil || !bytes.Equal(buf[:got], b) {
			t.Fatalf("%d octets, %v; want %d", got, err, len(b))
		}
	}
	ended := make(chan error)
	go func() {
		_, _, err := s.ReadMessage(buf)
		ended <- err
	}()
	c.Close()
	if err := <-ended; err != io.EOF {
		t.Errorf("the peer closed: %v", err)
	}
	s.Close()
	accepted := make(chan error)
	go func() {
		_, err := ln.Accept()
		accepted <- err
	}()
	ln.Close()
	if err := <-accepted; !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept after close: %v", err)
	}
	start := time.Now()
	if _, err := sctp.DialKernel(t.Context(), sctp.KernelAddr{Remote: []netip.Addr{lo}, RemotePort: 29057}); err == nil || time.Since(start) > 10*time.Second {
		t.Errorf("dial to nobody: %v after %v", err, time.Since(start))
	}
}
