package sim

import (
	"errors"
	"unicode/utf16"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/wire"
)

// partOf reads a short message.
func partOf(m ShortMessage) (*part, error) {
	if m.Teleservice != 0 {
		return bearerPart(m.From, is637.Teleservice(m.Teleservice), m.Octets)
	}
	if m.UDHI {
		return headedPart(m.From, m.Octets, func(b []byte) ([]byte, error) { return gsmText(m.DataCoding, b) })
	}
	p := &part{partKey: partKey{from: m.From, total: 1}, ports: m.Ports, octets: m.Octets, text: m.Ports == nil}
	if s := m.SAR; s != nil {
		p.kind, p.ref, p.total, p.number = kindSAR, int(s.Reference), int(s.Total), int(s.Number)-1
		if p.number < 0 || p.number >= p.total {
			return nil, errors.New("no such segment")
		}
	}
	if !p.text {
		return p, nil
	}
	var err error
	p.octets, err = gsmText(m.DataCoding, m.Octets)
	return p, err
}

// headedPart reads user data with a header; text is what the rest is when it
// is not for a port.
func headedPart(from string, b []byte, text func([]byte) ([]byte, error)) (*part, error) {
	var h udh.Header
	c := wire.NewCursor("udh", b)
	h.Read(&c)
	rest := c.Rest("user data")
	if err := c.End(); err != nil {
		return nil, err
	}
	p := &part{partKey: partKey{from: from, total: 1}, octets: rest}
	if k, ok := h.Concatenation(); ok {
		p.kind, p.ref, p.total, p.number = kindUDH8, int(k.Reference), int(k.Total), int(k.Number)-1
		if k.Wide {
			p.kind = kindUDH16
		}
	}
	if ports, ok := h.Ports(); ok {
		p.ports = &Ports{Source: ports.Source, Destination: ports.Destination}
		return p, nil
	}
	var err error
	p.text = true
	p.octets, err = text(rest)
	return p, err
}

// Values of data_coding. Those that are not here are taken for octets of ASCII.
const (
	codingDefault = 0 // the centre's alphabet, here that of GSM, a septet an octet
	codingLatin1  = 3
	codingUCS2    = 8
)

// gsmText is the text of a message in UTF-8.
func gsmText(coding uint8, b []byte) ([]byte, error) {
	switch coding {
	case codingDefault:
		return gsm7.Alphabet{}.AppendText(nil, b)
	case codingUCS2:
		var units []uint16
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return []byte(string(utf16.Decode(units))), nil
	case codingLatin1:
		var out []rune
		for _, o := range b {
			out = append(out, rune(o))
		}
		return []byte(string(out)), nil
	}
	return b, nil
}

// bearerPart reads bearer data of IS-637.
func bearerPart(from string, t is637.Teleservice, octets []byte) (*part, error) {
	var b is637.Bearer
	if err := b.Decode(octets); err != nil {
		return nil, err
	}
	if t == is637.TeleserviceCTWAP {
		inner, err := b.Nested()
		if err != nil {
			return nil, err
		}
		b, t = *inner, is637.TeleserviceWAP
	}
	if !b.UserData.OK {
		return nil, errors.New("no user data")
	}
	p := &part{partKey: partKey{from: from, kind: kindIS637, ref: int(b.Identifier.ID), total: 1}}
	switch {
	case t == is637.TeleserviceWAP:
		return p, p.segment(&b)
	case b.Identifier.HeaderInd:
		header, chars, err := b.UserData.V.SplitHeader()
		if err != nil {
			return nil, err
		}
		u := b.UserData.V
		u.Octets = chars
		whole := append(append([]byte(nil), header...), chars...)
		return headedPart(from, whole, func([]byte) ([]byte, error) { return bearerText(&u) })
	}
	var err error
	p.text = true
	p.octets, err = bearerText(&b.UserData.V)
	return p, err
}

// segment reads the WDP segment of the WAP teleservice.
func (p *part) segment(b *is637.Bearer) error {
	w, err := is637.WDPOf(is637.TeleserviceWAP, b)
	if err != nil {
		return err
	}
	w.SkipRepeatedPorts()
	p.total, p.number, p.octets = int(w.Total), int(w.Number), w.Data
	if w.Number == 0 {
		p.ports = &Ports{Source: uint16(w.Source), Destination: uint16(w.Destination)}
	}
	return nil
}

func bearerText(u *is637.UserData) ([]byte, error) {
	switch u.Encoding {
	case is637.EncodingOctet:
		return u.Octets, nil
	case is637.EncodingGSM:
		return gsm7.Alphabet{}.AppendText(nil, u.Octets)
	}
	s, err := u.Text()
	return []byte(s), err
}
