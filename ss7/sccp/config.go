package sccp

import (
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// XUDTUse says when a peer gets XUDT.
type XUDTUse uint8

// The uses. Segments are always XUDT; a peer that gets none takes no message
// longer than one UDT.
const (
	XUDTNever XUDTUse = iota
	XUDTWhenNeeded
	XUDTAlways
)

// Peer is what one node takes.
type Peer struct {
	PointCode mtp.PointCode
	XUDT      XUDTUse

	// MaxMessage bounds a whole SCCP message, 265 octets for ANSI and 268 for
	// ITU when zero: what MTP3 carries. Over M3UA it may be more.
	MaxMessage int

	// SegmentSize bounds the data of one segment further; 0 does not.
	SegmentSize int
}

// Config is the configuration of an Endpoint. Zero values take the defaults.
type Config struct {
	Variant    Variant
	OPC        mtp.PointCode // our own
	NI         uint8
	Priority   uint8 // MTP message priority
	HopCounter uint8 // of XUDT; 15 by default

	// Default is how a node that is not in Peers is served.
	Default Peer
	Peers   []Peer

	ReassemblyTimeout time.Duration // 15 s by default
	MaxReassemblies   int           // 1,024 by default

	// Translations may be nil: then only addresses that route on a subsystem
	// number reach anybody.
	Translations *Table
}

func (c Config) withDefaults() Config {
	if c.HopCounter == 0 || c.HopCounter > 15 {
		c.HopCounter = 15
	}
	if c.ReassemblyTimeout <= 0 {
		c.ReassemblyTimeout = 15 * time.Second
	}
	if c.MaxReassemblies <= 0 {
		c.MaxReassemblies = 1024
	}
	return c
}

// peer is how pc is served.
func (c *Config) peer(pc mtp.PointCode) Peer {
	p := c.Default
	for i := range c.Peers {
		if c.Peers[i].PointCode == pc {
			p = c.Peers[i]
		}
	}
	if p.MaxMessage <= 0 {
		p.MaxMessage = 265
		if c.Variant == ITU {
			p.MaxMessage = 268
		}
	}
	return p
}
