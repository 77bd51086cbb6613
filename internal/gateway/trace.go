package gateway

import (
	"net"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
)

// tracer writes one line for each PDU, in the words of `otagate decode`.
// Secrets never appear in it, numbers of subscribers are masked.
type tracer struct {
	log  zerolog.Logger
	gist dissect.Gister
}

func newTracer(log zerolog.Logger) *tracer {
	return &tracer{log: log, gist: dissect.Gister{Queries: &dissect.Queries{}}}
}

func (t *tracer) line(proto, peer, dir string, b []byte) {
	t.log.Info().Str("proto", proto).Str("peer", peer).Str("dir", dir).Int("octets", len(b)).Msg(t.gist.Gist(proto, b))
}

// m3ua is the tap of the M3UA client.
func (t *tracer) m3ua(d m3ua.Direction, association string, message []byte) {
	dir := "sent"
	if d == m3ua.Received {
		dir = "received"
	}
	t.line("m3ua", association, dir, message)
}

// smpp is the tap of the SMPP listener.
func (t *tracer) smpp(remote net.Addr) (sent, received func(pdu []byte)) {
	peer := remote.String()
	return func(b []byte) { t.line("smpp", peer, "sent", b) }, func(b []byte) { t.line("smpp", peer, "received", b) }
}

// listen taps a listener when PDUs are to be traced.
func (t *tracer) listen(ln net.Listener) net.Listener {
	if t == nil {
		return ln
	}
	return smpp.TapListener(ln, t.smpp)
}
