package smpp_test

import (
	"bytes"
	"net"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

// TestTapConn: whatever the sizes of the writes, the tap sees whole PDUs.
func TestTapConn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var want [][]byte
		for range rapid.IntRange(1, 8).Draw(t, "pdus") {
			body := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "body")
			pdu := append([]byte{0, 0, 0, byte(16 + len(body))}, make([]byte, 12)...)
			pdu = append(pdu, body...)
			want = append(want, pdu)
			stream = append(stream, pdu...)
		}
		var got [][]byte
		a, b := net.Pipe()
		defer a.Close()
		go func() {
			buf := make([]byte, 512)
			for {
				if _, err := b.Read(buf); err != nil {
					return
				}
			}
		}()
		c := smpp.TapConn(a, func(p []byte) { got = append(got, bytes.Clone(p)) }, func([]byte) {})
		for len(stream) > 0 {
			n := rapid.IntRange(1, len(stream)).Draw(t, "write")
			if _, err := c.Write(stream[:n]); err != nil {
				t.Fatal(err)
			}
			stream = stream[n:]
		}
		b.Close()
		if len(got) != len(want) {
			t.Fatalf("%d PDUs, want %d", len(got), len(want))
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("PDU %d: %x, want %x", i, got[i], want[i])
			}
		}
	})
}
