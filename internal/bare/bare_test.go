package bare_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

const size = 256

// pieces is a connection from which so many octets come at a time.
type pieces struct {
	net.Conn
	b    []byte
	next func() int
}

func (p *pieces) Read(b []byte) (int, error) {
	n := copy(b, p.b[:min(len(p.b), p.next())])
	p.b = p.b[n:]
	return n, nil
}

// TestCut: however the octets come, each PDU is given once and whole.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := &pieces{next: func() int { return rapid.IntRange(1, 2*size).Draw(t, "octets") }}
		var want, got [][]byte
		for i := range rapid.IntRange(1, 20).Draw(t, "PDUs") {
			text := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "text")
			pdu, err := smpp.AppendPDU(nil, smpp.Header{Sequence: uint32(i + 1)}, &smpp.SubmitSM{ShortMessage: text})
			if err != nil {
				t.Fatal(err)
			}
			want, in.b = append(want, pdu), append(in.b, pdu...)
		}
		for c := bare.NewConn(in, size); len(in.b) > 0; {
			if err := c.Take(func(p bare.PDU) error {
				got = append(got, bytes.Clone(p))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(bytes.Join(got, nil), bytes.Join(want, nil)) || len(got) != len(want) {
			t.Errorf("%d PDUs, want %d", len(got), len(want))
		}
	})
}

// TestLength: a length that cannot be is an error, and so is what who takes it says.
func TestLength(t *testing.T) {
	header := func(n uint32) *pieces {
		return &pieces{b: append(binary.BigEndian.AppendUint32(nil, n), make([]byte, 12)...), next: func() int { return size }}
	}
	none := func(bare.PDU) error { return nil }
	for _, n := range []uint32{0, 15, size + 1, 1 << 31} {
		if err := bare.NewConn(header(n), size).Take(none); !errors.Is(err, bare.ErrLength) {
			t.Errorf("%d octets: %v", n, err)
		}
	}
	for _, n := range []uint32{16, 17, size} {
		if err := bare.NewConn(header(n), size).Take(none); err != nil {
			t.Errorf("%d octets: %v", n, err)
		}
	}
	said := errors.New("not wanted")
	if err := bare.NewConn(header(16), size).Take(func(bare.PDU) error { return said }); !errors.Is(err, said) {
		t.Error(err)
	}
}

// TestResponse holds a response, and what is read of it, against the codec.
func TestResponse(t *testing.T) {
	request, err := smpp.AppendPDU(nil, smpp.Header{}, &smpp.SubmitSM{})
	if err != nil {
		t.Fatal(err)
	}
	p := bare.PDU(request)
	p.SetSequence(0x01020304)
	got := bare.PDU(p.AppendResponse(nil, smpp.StatusThrottled, "id\x00"))
	pdu, err := smpp.DecodePDU(got)
	if err != nil {
		t.Fatal(err)
	}
	want := smpp.Header{CommandID: smpp.CommandSubmitSMResp, Status: smpp.StatusThrottled, Sequence: 0x01020304}
	if read := (smpp.Header{CommandID: got.Command(), Status: got.Status(), Sequence: got.Sequence()}); pdu.Header != want || read != want {
		t.Errorf("%+v, read as %+v", pdu.Header, read)
	}
	if id := pdu.Body.(*smpp.SubmitSMResp).MessageID; string(id) != "id" || string(got.Body()) != "id\x00" {
		t.Errorf("%q %q", id, got.Body())
	}
}

// TestDial: a bind that is refused is none.
func TestDial(t *testing.T) {
	for _, status := range []smpp.Status{smpp.StatusOK, smpp.StatusInvalidPassword} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		bound := make(chan error, 1)
		go func() {
			nc, err := ln.Accept()
			if err != nil {
				bound <- err
				return
			}
			c := bare.NewConn(nc, size)
			var out []byte
			err = c.Take(func(p bare.PDU) error {
				out = p.AppendResponse(nil, status, "")
				return nil
			})
			_, wrote := c.Write(out)
			bound <- errors.Join(err, wrote, nc.Close())
		}()
		c, err := bare.Dial(ln.Addr().String(), "esme", "secret", size)
		if (err == nil) != (status == smpp.StatusOK) {
			t.Errorf("%s: %v", status, err)
		}
		if c != nil {
			c.Close()
		}
		if err := errors.Join(<-bound, ln.Close()); err != nil {
			t.Error(err)
		}
	}
}
