package iota

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// WDPAddress is the value of ObjectProxyAddress, in hexadecimal digits:
//
//	bit    8     7     6 … 1
//	1     type  port  length of the address
//	      bearer type     1 octet, if bit 8 of the first
//	      port            2 octets, if bit 7
//	      address
type WDPAddress struct {
	HasBearer bool
	Bearer    uint8 // type, from the table of WDP
	HasPort   bool
	Port      uint16
	Address   []byte // at most 63 octets
}

const (
	wdpBearer = 0x80
	wdpPort   = 0x40
	wdpLength = 0x3f
)

// IPAddress is the address of a proxy at an IP address and a port. The bearer
// type is that of the one value which was seen, and there is no other known.
func IPAddress(at netip.AddrPort) *WDPAddress {
	return &WDPAddress{HasBearer: true, HasPort: true, Port: at.Port(), Address: at.Addr().Unmap().AsSlice()}
}

// IP is the address if it is one of IP.
func (a *WDPAddress) IP() (netip.Addr, bool) { return netip.AddrFromSlice(a.Address) }

// Append appends the octets.
func (a *WDPAddress) Append(dst []byte) ([]byte, error) {
	first := byte(len(a.Address))
	switch {
	case len(a.Address) > wdpLength:
		return dst, wire.Unencodable(proto, "address", wire.ErrTooLong)
	case !a.HasBearer && a.Bearer != 0:
		return dst, wire.Unencodable(proto, "bearer type", wire.ErrValue)
	case !a.HasPort && a.Port != 0:
		return dst, wire.Unencodable(proto, "port", wire.ErrValue)
	}
	if a.HasBearer {
		first |= wdpBearer
	}
	if a.HasPort {
		first |= wdpPort
	}
	dst = append(dst, first)
	if a.HasBearer {
		dst = append(dst, a.Bearer)
	}
	if a.HasPort {
		dst = append(dst, byte(a.Port>>8), byte(a.Port))
	}
	return append(dst, a.Address...), nil
}

// Decode fills a from b, which it borrows.
func (a *WDPAddress) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	*a = WDPAddress{}
	first := c.U8("address length")
	if a.HasBearer = first&wdpBearer != 0; a.HasBearer {
		a.Bearer = c.U8("bearer type")
	}
	if a.HasPort = first&wdpPort != 0; a.HasPort {
		a.Port = c.U16("port")
	}
	a.Address = c.Bytes(int(first&wdpLength), "address")
	return c.End()
}

// MarshalText is the value of the object.
func (a *WDPAddress) MarshalText() ([]byte, error) {
	b, err := a.Append(nil)
	if err != nil {
		return nil, err
	}
	return []byte(strings.ToUpper(hex.EncodeToString(b))), nil
}

// UnmarshalText reads the value of the object.
func (a *WDPAddress) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("mmc: proxy address: not hexadecimal: %w", wire.ErrValue)
	}
	return a.Decode(b)
}
