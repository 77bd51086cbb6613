package m3ua_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// overTCP runs a server and a client over loopback until the test ends.
func overTCP(t testing.TB) (*m3ua.Server, *user, *m3ua.Client, *user, string) {
	t.Helper()
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	su, cu := &user{}, &user{}
	s := m3ua.NewServer(oneAS(m3ua.Loadshare), su, zerolog.Nop())
	cfg := mscClient(m3ua.Loadshare)
	cfg.Peers = []m3ua.PeerConfig{{Name: "stp", Dial: func(ctx context.Context) (m3ua.Association, error) {
		a, err := sctp.DialTCP(ctx, addr)
		if err != nil {
			return nil, err
		}
		return a, nil
	}}}
	c := m3ua.NewClient(cfg, cu, zerolog.Nop())
	serverCtx, stopServer := context.WithCancel(context.Background())
	clientCtx, stopClient := context.WithCancel(context.Background())
	served, ran := make(chan error, 1), make(chan error, 1)
	go func() { served <- s.Serve(serverCtx, m3ua.Listen(ln)) }()
	go func() { ran <- c.Run(clientCtx) }()
	t.Cleanup(func() {
		stopClient()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		stopServer()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	if err := c.WaitActive(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s, su, c, cu, addr
}

// pump sends n messages as fast as they are taken and waits until all have
// arrived; it returns how many came out of order.
func pump(t testing.TB, send func(mtp.Transfer) error, u *user, dpc mtp.PointCode, n int, payload []byte) (wrong int) {
	next := uint32(0)
	done := make(chan struct{})
	u.each = func(t mtp.Transfer) {
		if binary.BigEndian.Uint32(t.Data) != next {
			wrong++
		}
		if next++; next == uint32(n) {
			close(done)
		}
	}
	tr := transfer(dpc, 0, 0)
	tr.Data = payload
	for i := range uint32(n) {
		binary.BigEndian.PutUint32(tr.Data, i)
		tr.SLS = uint8(i)
		for {
			err := send(tr)
			if err == nil {
				break
			}
			if !errors.Is(err, m3ua.ErrBusy) {
				t.Fatal(err)
			}
			runtime.Gosched()
		}
	}
	<-done
	return wrong
}

func TestOverTCP(t *testing.T) {
	s, su, c, cu, _ := overTCP(t)
	if wrong := pump(t, c.Transfer, su, far, 50000, make([]byte, 150)); wrong != 0 {
		t.Errorf("to the server: %d out of order", wrong)
	}
	if wrong := pump(t, s.Transfer, cu, msc, 50000, make([]byte, 150)); wrong != 0 {
		t.Errorf("to the client: %d out of order", wrong)
	}
	if st := c.Stats(); st.DataSent != 50000 || st.DataReceived != 50000 || len(st.Anomalies) != 0 {
		t.Errorf("%+v", st)
	}
}

// TestFramingLostIsTold: over TCP a wrong header ends the association, after
// the peer has been told why.
func TestFramingLostIsTold(t *testing.T) {
	_, _, _, _, addr := overTCP(t)
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Write([]byte{2, 0, 3, 1, 0, 0, 0, 8}); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	m, err := m3ua.Decode(b)
	if e, is := m.(*m3ua.Error); err != nil || !is || e.Code != m3ua.InvalidVersion {
		t.Errorf("%x: %v", b, err)
	}
}

func BenchmarkTCP(b *testing.B) {
	_, su, c, _, _ := overTCP(b)
	b.ReportAllocs()
	b.ResetTimer()
	pump(b, c.Transfer, su, far, b.N, make([]byte, 150))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

// BenchmarkTCPBare is the ceiling: the same octets through the same sockets,
// written in batches of 100 and cut by length, with nothing decoded.
func BenchmarkTCPBare(b *testing.B) {
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	c, err := sctp.DialTCP(b.Context(), ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	s, err := ln.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := &m3ua.Data{UserData: make([]byte, 150)}
	var batch []byte
	for range 100 {
		batch, _ = d.Append(batch)
	}
	one := len(batch) / 100
	b.ResetTimer()
	go func() {
		for n := b.N; n > 0; n -= 100 {
			c.WriteBatch(batch[:one*min(n, 100)])
		}
	}()
	buf := make([]byte, 1<<16)
	for range b.N {
		if _, _, err := s.ReadMessage(buf); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

func benchData() *m3ua.Data {
	return &m3ua.Data{NetworkAppearance: m3ua.Some(uint32(1)), RoutingContext: m3ua.Some(uint32(100)), OPC: hlr, DPC: msc,
		SI: 3, NI: 2, SLS: 5, UserData: make([]byte, 150)}
}

func BenchmarkEncodeData(b *testing.B) {
	d := benchData()
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst, _ = d.Append(dst[:0])
	}
}

func BenchmarkDecodeData(b *testing.B) {
	in, _ := benchData().Append(nil)
	var d m3ua.Data
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}

// The hand-written reference: the same message with fixed offsets, bounds
// checked once, no options.
func BenchmarkEncodeByHand(b *testing.B) {
	d := benchData()
	dst := make([]byte, 256)
	for b.Loop() {
		n := 24 + 16 + len(d.UserData)
		pad := -n & 3
		binary.BigEndian.PutUint32(dst, 0x01000101)
		binary.BigEndian.PutUint32(dst[4:], uint32(n+pad))
		binary.BigEndian.PutUint32(dst[8:], 0x02000008)
		binary.BigEndian.PutUint32(dst[12:], d.NetworkAppearance.V)
		binary.BigEndian.PutUint32(dst[16:], 0x00060008)
		binary.BigEndian.PutUint32(dst[20:], d.RoutingContext.V)
		binary.BigEndian.PutUint32(dst[24:], 0x0210<<16|uint32(16+len(d.UserData)))
		binary.BigEndian.PutUint32(dst[28:], uint32(d.OPC))
		binary.BigEndian.PutUint32(dst[32:], uint32(d.DPC))
		dst[36], dst[37], dst[38], dst[39] = d.SI, d.NI, d.MP, d.SLS
		copy(dst[40:], d.UserData)
		for i := range pad {
			dst[n+i] = 0
		}
	}
}

func BenchmarkDecodeByHand(b *testing.B) {
	in, _ := benchData().Append(nil)
	var d m3ua.Data
	for b.Loop() {
		d = m3ua.Data{}
		if len(in) < 8 || in[0] != 1 || in[2] != 1 || in[3] != 1 || int(binary.BigEndian.Uint32(in[4:])) != len(in) {
			b.Fatal("header")
		}
		for p := in[8:]; len(p) >= 4; {
			tag, n := binary.BigEndian.Uint16(p), int(binary.BigEndian.Uint16(p[2:]))
			if n < 4 || n > len(p) {
				b.Fatal("length")
			}
			v := p[4:n]
			switch tag {
			case 0x200:
				d.NetworkAppearance = m3ua.Some(binary.BigEndian.Uint32(v))
			case 6:
				d.RoutingContext = m3ua.Some(binary.BigEndian.Uint32(v))
			case 0x210:
				if len(v) < 12 {
					b.Fatal("protocol data")
				}
				d.OPC, d.DPC = mtp.PointCode(binary.BigEndian.Uint32(v)), mtp.PointCode(binary.BigEndian.Uint32(v[4:]))
				d.SI, d.NI, d.MP, d.SLS, d.UserData = v[8], v[9], v[10], v[11], v[12:]
			}
			p = p[min((n+3)&^3, len(p)):]
		}
	}
	if d.SLS != 5 {
		b.Fatal("not decoded")
	}
}
