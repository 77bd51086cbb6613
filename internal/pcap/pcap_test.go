package pcap_test

import (
	"bytes"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/pcap"
)

var (
	at     = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	client = netip.MustParseAddrPort("10.0.0.1:40000")
	server = netip.MustParseAddrPort("10.0.0.2:2775")
)

// write returns the packets that fn makes.
func write(t *testing.T, fn func(w *pcap.Writer)) []packet {
	t.Helper()
	var file bytes.Buffer
	w := pcap.New(&file)
	fn(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return readFile(t, file.Bytes())
}

func TestTCPStream(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 400) // three segments
	ps := write(t, func(w *pcap.Writer) {
		w.TCP(at, client, server, []byte("ask"))
		w.TCP(at.Add(time.Second), server, client, long)
		w.TCP(at.Add(2*time.Second), client, server, []byte("again"))
	})
	var flags []byte
	next := map[string]uint32{}
	stream := map[string][]byte{}
	for i, p := range ps {
		flags = append(flags, p.flags)
		if i >= 2 && p.ack != next[p.to] {
			t.Errorf("packet %d acknowledges %d, want %d", i, p.ack, next[p.to])
		}
		if want, seen := next[p.from]; seen && p.seq != want {
			t.Errorf("packet %d has sequence number %d, want %d", i, p.seq, want)
		}
		next[p.from] = p.seq + uint32(len(p.payload))
		if p.flags&2 != 0 {
			next[p.from]++
		}
		if len(p.payload) > 1460 {
			t.Errorf("packet %d has %d octets", i, len(p.payload))
		}
		stream[p.from] = append(stream[p.from], p.payload...)
	}
	const syn, ack, psh = 2, 16, 24
	if d := cmp.Diff([]byte{syn, syn | ack, ack, psh, ack, ack, psh, psh}, flags); d != "" {
		t.Errorf("flags: %s", d)
	}
	want := map[string][]byte{client.String(): []byte("askagain"), server.String(): long}
	if d := cmp.Diff(want, stream); d != "" {
		t.Error(d)
	}
}

func TestTime(t *testing.T) {
	ps := write(t, func(w *pcap.Writer) { w.TCP(at, client, server, nil) })
	if len(ps) != 3 || !ps[0].at.Equal(at) {
		t.Errorf("%d packets, the first at %v", len(ps), ps[0].at)
	}
}

func TestSCTP(t *testing.T) {
	asp, sgp := netip.MustParseAddrPort("10.0.0.1:2905"), netip.MustParseAddrPort("10.0.0.2:2905")
	ps := write(t, func(w *pcap.Writer) {
		w.SCTP(at, asp, sgp, 3, 1, []byte("one"))
		w.SCTP(at, asp, sgp, 3, 2, []byte("four"))
		w.SCTP(at, sgp, asp, 3, 1, []byte("answer"))
		w.SCTP(at, asp, sgp, 3, 1, bytes.Repeat([]byte{7}, 4000))
	})
	type chunk struct {
		TSN         uint32
		Stream, SSN uint16
		PPID        uint32
		Payload     int
	}
	var got []chunk
	for _, p := range ps {
		got = append(got, chunk{p.tsn, p.stream, p.ssn, p.ppid, len(p.payload)})
	}
	want := []chunk{{1, 1, 0, 3, 3}, {2, 2, 0, 3, 4}, {1, 1, 0, 3, 6}, {3, 1, 1, 3, 4000}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if ps[0].tag != ps[1].tag || ps[0].tag == ps[2].tag {
		t.Errorf("verification tags %d %d %d", ps[0].tag, ps[1].tag, ps[2].tag)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ from, to, wantFrom, wantTo string }{
		{"[2001:db8::1]:1", "[2001:db8::2]:2", "[2001:db8::1]:1", "[2001:db8::2]:2"},
		{"[::ffff:10.0.0.1]:1", "10.0.0.2:2", "10.0.0.1:1", "10.0.0.2:2"},
		{"10.0.0.1:1", "[2001:db8::2]:2", "[::ffff:10.0.0.1]:1", "[2001:db8::2]:2"},
		{"", "127.0.0.1:2", "0.0.0.0:0", "127.0.0.1:2"},
	} {
		var from netip.AddrPort // stays invalid when there is none
		if c.from != "" {
			from = netip.MustParseAddrPort(c.from)
		}
		ps := write(t, func(w *pcap.Writer) {
			w.TCP(at, from, netip.MustParseAddrPort(c.to), []byte("x"))
			w.SCTP(at, from, netip.MustParseAddrPort(c.to), 3, 0, []byte("x"))
		})
		for _, i := range []int{0, 3, 4} {
			if ps[i].from != c.wantFrom || ps[i].to != c.wantTo {
				t.Errorf("%s > %s became %s > %s", c.from, c.to, ps[i].from, ps[i].to)
			}
		}
	}
}

// A connection of an endpoint with itself must not trip over its own state.
func TestSelf(t *testing.T) {
	if ps := write(t, func(w *pcap.Writer) { w.TCP(at, client, client, []byte("x")) }); len(ps) != 4 {
		t.Errorf("%d packets", len(ps))
	}
}

type broken struct{}

var errDisk = errors.New("disk full")

func (broken) Write([]byte) (int, error) { return 0, errDisk }

func TestErrorsStick(t *testing.T) {
	w := pcap.New(broken{})
	w.TCP(at, client, server, []byte("x"))
	if err := w.Flush(); !errors.Is(err, errDisk) {
		t.Errorf("Flush: %v", err)
	}
	w.TCP(at, client, server, []byte("x"))
	if err := w.Close(); !errors.Is(err, errDisk) {
		t.Errorf("Close: %v", err)
	}

	w = pcap.New(new(bytes.Buffer))
	w.SCTP(at, client, server, 3, 0, make([]byte, 70000))
	if err := w.Close(); err == nil {
		t.Error("a message of 70000 octets was accepted")
	}

	var file bytes.Buffer
	w = pcap.New(&file)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.TCP(at, client, server, []byte("x"))
	if err := w.Flush(); err == nil || file.Len() != 24 {
		t.Errorf("after Close: %v, %d octets", err, file.Len())
	}
}

func TestManyWriters(t *testing.T) {
	ps := write(t, func(w *pcap.Writer) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					w.TCP(at, client, server, []byte("ask"))
					w.SCTP(at, server, client, 3, 0, []byte("tell"))
				}
			})
		}
		wg.Wait()
	})
	if want := 3 + 4*50*2; len(ps) != want {
		t.Errorf("%d packets, want %d", len(ps), want)
	}
}
