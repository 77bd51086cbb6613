package smpp_test

import (
	"net"
	"testing"
	"time"

	"github.com/otagate/otagate/smpp"
)

// TestPeerWithNagle: a peer that writes a PDU in two pieces with Nagle's
// algorithm on waits for the acknowledgement of the first. With delayed
// acknowledgements each of these PDUs would take 40 ms, but for the first few of
// a connection. On a busy machine some take that long anyhow.
func TestPeerWithNagle(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept))
	p := connect(t, addr)
	if err := p.nc.(*net.TCPConn).SetNoDelay(false); err != nil {
		t.Fatal(err)
	}
	p.bind(smpp.CommandBindTransmitter)
	const n, first = 100, 50
	quick := 0
	for i := range uint32(n) {
		b := encode(t, 0, 0, i+2, &smpp.SubmitSM{ShortMessage: []byte("hello")})
		began := time.Now()
		p.raw(b[:smpp.HeaderLen])
		p.raw(b[smpp.HeaderLen:])
		p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, i+2)
		if i >= first && time.Since(began) < 30*time.Millisecond {
			quick++
		}
	}
	if quick < (n-first)/5 {
		t.Errorf("%d of the last %d round trips were quick", quick, n-first)
	}
}
