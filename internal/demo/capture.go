package demo

import (
	"bytes"
	"io"
	"net/netip"

	"github.com/otagate/otagate/internal/pcap"
	"github.com/otagate/otagate/internal/sim"
)

// capture writes what passes into a capture file: SMPP as TCP on port 2775, PAP
// as HTTP on 8080 and 8088, MMC as HTTP on 80, M3UA as SCTP on port 2905, where
// Wireshark looks for them. The addresses are made up so that each party has its own.
// Reports to the back-end are left out.
type capture struct{ w *pcap.Writer }

var (
	ivrAddr     = netip.MustParseAddrPort("127.0.0.1:40000")
	smppAddr    = netip.MustParseAddrPort("127.0.0.2:2775")
	ownAddr     = netip.MustParseAddrPort("127.0.0.2:40001")
	smscAddr    = netip.MustParseAddrPort("127.0.0.4:2775")
	piAddr      = netip.MustParseAddrPort("127.0.0.5:40002")
	papAddr     = netip.MustParseAddrPort("127.0.0.2:8080")
	tellAddr    = netip.MustParseAddrPort("127.0.0.2:40003")
	heardAddr   = netip.MustParseAddrPort("127.0.0.5:8088")
	iotaAddr    = netip.MustParseAddrPort("127.0.0.2:80")
	handsetAddr = netip.MustParseAddrPort("127.0.0.6:40004")
	m3uaAddr    = netip.MustParseAddrPort("127.0.0.2:2905")
	stpAddr     = netip.MustParseAddrPort("127.0.0.3:2905")
	m3uaPPID    = uint32(3)
	m3uaDATA    = uint16(1)
	m3uaOther   = uint16(0)
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
	case "smpp", "http":
		from, to := connection(m)
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

// connection is between whom a message of SMPP or HTTP goes: who has opened the
// connection, and who has answered it.
func connection(m sim.Sight) (from, to netip.AddrPort) {
	request := !bytes.HasPrefix(m.Octets, []byte("HTTP/"))
	switch {
	case m.Proto == "smpp" && m.From == "IVR":
		return ivrAddr, smppAddr
	case m.Proto == "smpp" && m.To == "IVR":
		return smppAddr, ivrAddr
	case m.Proto == "smpp" && m.To == "SMSC":
		return ownAddr, smscAddr
	case m.Proto == "smpp":
		return smscAddr, ownAddr
	case m.From == "handset":
		return handsetAddr, iotaAddr
	case m.To == "handset":
		return iotaAddr, handsetAddr
	case m.From == "PI" && request:
		return piAddr, papAddr
	case m.From == "PI":
		return heardAddr, tellAddr
	case request:
		return tellAddr, heardAddr
	}
	return papAddr, piAddr
}

func (c *capture) close() error {
	if c.w == nil {
		return nil
	}
	return c.w.Close()
}
