package smpp_test

import (
	"net"
	"testing"
	"time"

	"github.com/otagate/otagate/smpp"
)

// TestPeerWithNagle: a peer that writes a PDU in two pieces with Nagle's
// algorithm on waits for the acknowledgement of the first. With delayed
// acknowledgements each of these PDUs would take 40 ms.
func TestPeerWithNagle(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept))
	p := connect(t, addr)
	if err := p.nc.(*net.TCPConn).SetNoDelay(false); err != nil {
		t.Fatal(err)
	}
	p.bind(smpp.CommandBindTransmitter)
	const n = 100
	began := time.Now()
	for seq := uint32(2); seq < 2+n; seq++ {
		b := encode(t, 0, 0, seq, &smpp.SubmitSM{ShortMessage: []byte("hello")})
		p.raw(b[:smpp.HeaderLen])
		p.raw(b[smpp.HeaderLen:])
		p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, seq)
	}
	if d := time.Since(began); d > n*20*time.Millisecond {
		t.Errorf("%d round trips took %v", n, d)
	}
}
