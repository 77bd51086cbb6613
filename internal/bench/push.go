package bench

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
)

// pushes are the settings and the indication of which the codecs of pushes are
// measured, and a datagram of four segments.
type pushes struct {
	doc      *omacp.Document
	docWire  []byte
	si       wappush.ServiceIndication
	siInto   wappush.ServiceIndication
	siWire   []byte
	udh, wdp sms.Message
	ud, buf  []byte
}

// segmentsOf is how many segments the datagrams have.
const segmentsOf = 4

// newPushes also checks that the encoders by hand write the same octets.
func newPushes() (*pushes, error) {
	p := &pushes{ud: make([]byte, 0, 256), buf: make([]byte, 0, 512), si: wappush.ServiceIndication{
		Href: "http://www.example.com/a?b=1", ID: "1@example", Action: wappush.SignalHigh, Text: "You have new settings",
	}}
	settings := omacp.BrowserProxy{
		Proxy: omacp.Proxy{
			ID: "PX", Name: "Acme 1x", StartPage: "http://wap.acme.example/", PhysicalID: "A", Addr: "192.0.2.20", Port: 9201, Service: "CO-WSP",
		},
		Access: omacp.CDMA2000{
			NAPID: "C1", Name: "Acme 1x", Address: "192.0.2.1", Auth: omacp.Credentials{Type: "CHAP", Name: "5550100@acme", Secret: "s3cr"},
		},
		Browser: &omacp.Browser{Name: "Acme", Bookmarks: []omacp.Bookmark{{URI: "http://m.acme.example/", Name: "Home"}}},
	}
	var err error
	if p.doc, err = settings.Document(); err != nil {
		return nil, err
	}
	if p.docWire, err = p.doc.Append(nil); err != nil {
		return nil, err
	}
	if b, ok := appendCP(nil, p.doc); !ok || !bytes.Equal(b, p.docWire) {
		return nil, fmt.Errorf("%w: by hand %x, ours %x", errAppend, b, p.docWire)
	}
	if p.siWire, err = p.si.Append(nil); err != nil {
		return nil, err
	}
	if !decodeSI(p.siWire, &p.siInto) || p.siInto.Text != p.si.Text {
		return nil, errDecode
	}
	p.datagrams()
	return p, p.checkSegments()
}

// datagrams are as long as four segments can be.
func (p *pushes) datagrams() {
	m := sms.Message{Source: wappush.SourcePort, Destination: wappush.Port, Reference: 0x5a}
	p.udh, p.wdp = m, m
	p.udh.Payload = bytes.Repeat([]byte{0x5a}, segmentsOf*udhPart)
	p.wdp.Payload = bytes.Repeat([]byte{0x5a}, segmentsOf*wdpPart-wdpPorts)
}

// checkSegments holds ours against those by hand.
func (p *pushes) checkSegments() error {
	udh, err := sms.Split(&p.udh, sms.UDH8, sms.Limits{})
	if err != nil {
		return err
	}
	wdp, err := sms.Split(&p.wdp, sms.WDP, sms.Limits{})
	if err != nil {
		return err
	}
	if udh.Segments() != segmentsOf || wdp.Segments() != segmentsOf {
		return errAppend
	}
	for i := range segmentsOf {
		if b := appendUDH8(nil, &p.udh, i); !bytes.Equal(b, udh.AppendUserData(nil, i)) {
			return fmt.Errorf("%w: segment %d by hand %x", errAppend, i, b)
		}
		ours, err := is637.AppendDeliver(nil, is637.MessageID(p.wdp.Reference), wdp.AppendUserData(nil, i))
		if b := appendBearer(nil, &p.wdp, i); err != nil || !bytes.Equal(b, ours) {
			return fmt.Errorf("%w: bearer data %d by hand %x, ours %x", errAppend, i, b, ours)
		}
	}
	return nil
}

// cases are the pushes' part of Codec. An operation of the segments is one
// segment, with its share of the split.
func (p *pushes) cases() []pairing {
	return []pairing{
		{"CP settings encode", p.appendDoc, p.appendDocHand, Goal{ValueMost: 5000, AllocsMost: 5}},
		{"SI decode", p.decodeSI, p.decodeSIHand, Goal{}},
		{"UDH segment of 4", p.udhOurs, p.udhHand, Goal{NoAllocs: true}},
		{"WDP segment of 4 in IS-637", p.wdpOurs, p.wdpHand, Goal{NoAllocs: true}},
	}
}

func (p *pushes) appendDoc(n int) error {
	for range n {
		b, err := p.doc.Append(p.buf[:0])
		if err != nil || len(b) != len(p.docWire) {
			return errors.Join(errAppend, err)
		}
	}
	return nil
}

func (p *pushes) appendDocHand(n int) error {
	for range n {
		if b, ok := appendCP(p.buf[:0], p.doc); !ok || len(b) != len(p.docWire) {
			return errAppend
		}
	}
	return nil
}

func (p *pushes) decodeSI(n int) error {
	for range n {
		if err := p.siInto.Decode(p.siWire); err != nil {
			return err
		}
	}
	return nil
}

func (p *pushes) decodeSIHand(n int) error {
	for range n {
		if !decodeSI(p.siWire, &p.siInto) {
			return errDecode
		}
	}
	return nil
}

func (p *pushes) udhOurs(n int) error {
	var plan sms.Plan
	var err error
	for k := range n {
		i := k % segmentsOf
		if i == 0 {
			if plan, err = sms.Split(&p.udh, sms.UDH8, sms.Limits{}); err != nil {
				return err
			}
		}
		if b := plan.AppendUserData(p.buf[:0], i); len(b) != gsmOctets {
			return errAppend
		}
	}
	return nil
}

func (p *pushes) udhHand(n int) error {
	for k := range n {
		if b := appendUDH8(p.buf[:0], &p.udh, k%segmentsOf); len(b) != gsmOctets {
			return errAppend
		}
	}
	return nil
}

func (p *pushes) wdpOurs(n int) error {
	var plan sms.Plan
	var err error
	for k := range n {
		i := k % segmentsOf
		if i == 0 {
			if plan, err = sms.Split(&p.wdp, sms.WDP, sms.Limits{}); err != nil {
				return err
			}
		}
		b, err := is637.AppendDeliver(p.buf[:0], is637.MessageID(p.wdp.Reference), plan.AppendUserData(p.ud[:0], i))
		if err != nil || len(b) != bearerOctets {
			return errors.Join(errAppend, err)
		}
	}
	return nil
}

func (p *pushes) wdpHand(n int) error {
	for k := range n {
		if b := appendBearer(p.buf[:0], &p.wdp, k%segmentsOf); len(b) != bearerOctets {
			return errAppend
		}
	}
	return nil
}
