package bench

import (
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/wappush/omacp"
)

// handCP is the encoder of settings that one would write by hand for proxies,
// access points and browsers, and nothing else: the tokens are in switches. It
// checks what ours checks of the texts.
type handCP struct {
	dst  []byte
	page byte
	ok   bool
}

// appendCP walks through the same structs.
//
//go:noinline
func appendCP(dst []byte, d *omacp.Document) ([]byte, bool) {
	h := handCP{dst: append(dst, 3, 0x0b, 0x6a, 0, 0xc5, 0x46, 1), ok: d.Version == "1.0"}
	h.characteristics(d.Characteristics)
	return append(h.dst, 1), h.ok
}

func (h *handCP) characteristics(cs []omacp.Characteristic) {
	for i := range cs {
		c := &cs[i]
		h.dst = append(h.dst, 0xc6)
		h.start(cpType(c.Type))
		h.dst = append(h.dst, 1)
		for k := range c.Parms {
			p := &c.Parms[k]
			h.dst = append(h.dst, 0x87)
			h.start(cpName(p.Name))
			if !p.NoValue {
				h.value(p.Value)
			}
			h.dst = append(h.dst, 1)
		}
		h.characteristics(c.Characteristics)
		h.dst = append(h.dst, 1)
	}
}

// start appends a token, on the page that has it.
func (h *handCP) start(page0, page1 byte) {
	token := page0
	if h.page == 1 {
		token = page1
	}
	if token == 0 {
		h.page ^= 1
		h.dst = append(h.dst, 0, h.page)
		token = page0 | page1 // one of them is 0 here
	}
	h.ok = h.ok && token != 0
	h.dst = append(h.dst, token)
}

func (h *handCP) value(s string) {
	h.dst = append(h.dst, 6)
	if token := cpValue(s); token != 0 && h.page == 0 {
		h.dst = append(h.dst, token)
		return
	}
	if s == "" {
		return
	}
	h.ok = h.ok && strings.IndexByte(s, 0) < 0 && utf8.ValidString(s)
	h.dst = append(append(append(h.dst, 3), s...), 0)
}

// cpType, and the two below, are the tokens on the pages 0 and 1.
func cpType(s string) (page0, page1 byte) {
	switch s {
	case "PXLOGICAL":
		return 0x51, 0
	case "PXPHYSICAL":
		return 0x52, 0
	case "PORT":
		return 0x53, 0x53
	case "NAPDEF":
		return 0x55, 0
	case "NAPAUTHINFO":
		return 0x5a, 0
	case "APPLICATION":
		return 0, 0x55
	case "RESOURCE":
		return 0, 0x59
	}
	return 0, 0
}

func cpName(s string) (page0, page1 byte) {
	switch s {
	case "NAME":
		return 0x07, 0x07
	case "NAP-ADDRESS":
		return 0x08, 0
	case "NAP-ADDRTYPE":
		return 0x09, 0
	case "AUTHTYPE":
		return 0x0c, 0
	case "AUTHNAME":
		return 0x0d, 0
	case "AUTHSECRET":
		return 0x0e, 0
	case "BEARER":
		return 0x10, 0
	case "NAPID":
		return 0x11, 0
	case "PROXY-ID":
		return 0x15, 0
	case "STARTPAGE":
		return 0x1c, 0x1c
	case "PXADDR":
		return 0x20, 0
	case "PXADDRTYPE":
		return 0x21, 0
	case "TO-NAPID":
		return 0x22, 0x22
	case "PORTNBR":
		return 0x23, 0x23
	case "SERVICE":
		return 0x24, 0x24
	case "PHYSICAL-PROXY-ID":
		return 0x2f, 0
	case "APPID":
		return 0, 0x36
	case "TO-PROXY":
		return 0, 0x39
	case "URI":
		return 0, 0x3a
	}
	return 0, 0
}

func cpValue(s string) byte {
	switch s {
	case "IPV4":
		return 0x85
	case "CHAP":
		return 0x9b
	case "CDMA2000-1X-SIMPLE-IP":
		return 0xb9
	case "CO-WSP":
		return 0xcb
	}
	return 0
}
