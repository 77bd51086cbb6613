package demo

import (
	"io"
	"net/netip"

	"github.com/otagate/otagate/internal/pcap"
	"github.com/otagate/otagate/internal/sim"
)

// capture writes what passes into a capture file: SMPP as TCP on port 2775,
// M3UA as SCTP on port 2905, where Wireshark looks for them. The addresses are
// made up so that each party has its own.
type capture struct{ w *pcap.Writer }

var (
	ivrAddr   = netip.MustParseAddrPort("127.0.0.1:40000")
	smppAddr  = netip.MustParseAddrPort("127.0.0.2:2775")
	m3uaAddr  = netip.MustParseAddrPort("127.0.0.2:2905")
	stpAddr   = netip.MustParseAddrPort("127.0.0.3:2905")
	m3uaPPID  = uint32(3)
	m3uaDATA  = uint16(1)
	m3uaOther = uint16(0)
)

func newCapture(out io.Writer) *capture {
	if out == nil {
		return &capture{}
	}
	return &capture{w: pcap.New(out)}
}

func (c *capture) see(m sim.Sight) {
	if c.w == nil || m.Fault != "" {
		return
	}
	switch m.Proto {
	case "smpp":
		from, to := ivrAddr, smppAddr
		if m.From != "IVR" {
			from, to = to, from
		}
		c.w.TCP(m.At, from, to, m.Octets)
	case "m3ua":
		from, to := m3uaAddr, stpAddr
		if m.From != "otagate" {
			from, to = to, from
		}
		stream := m3uaOther
		if len(m.Octets) > 3 && m.Octets[2] == 1 {
			stream = m3uaDATA
		}
		c.w.SCTP(m.At, from, to, m3uaPPID, stream, m.Octets)
	}
}

func (c *capture) close() error {
	if c.w == nil {
		return nil
	}
	return c.w.Close()
}
