package push

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Segments of one message that an account submits, for a link whose way is payload, become one
// message with a message_payload. Each is a message with an id of its own and waits
// (delivery.Gathering) until all are there. Then the first goes for all: its state takes over who
// sent the others, these leave, and it is sent when they have left. Its end is the end of
// each: one commit has the records and the receipts of all. See gather.go for who decides.

// segment is a short message that is part of a longer one.
type segment struct {
	place udh.Concatenation
	sar   bool       // by the TLVs, not by the header
	ports *udh.Ports // that are in the header, too
	text  []byte     // borrowed
}

// segmentOf is a part that can be joined with others. One is not whose header says more than
// its place and ports of 16 bits: what that is about is this short message, or nobody knows.
func segmentOf(pdu *smpp.SubmitSM) (s segment, ok bool) {
	header, text, ok := cutHeader(pdu)
	var h udh.Header
	if !ok || pdu.SMDefaultMsgID != 0 || header != nil && h.Decode(header) != nil {
		return s, false
	}
	s.text = text
	for _, e := range h.Elements {
		switch e.ID {
		case udh.Concatenation8, udh.Concatenation16:
		case udh.Ports16:
			ports, ok := h.Ports()
			if !ok {
				return s, false
			}
			s.ports = &ports
		default:
			return s, false
		}
	}
	if s.place, ok = h.Concatenation(); !ok {
		s.place, s.sar = sarPlace(pdu.TLVs)
		ok = s.sar
	}
	return s, ok && s.place.Total > 1
}

// key is what the segments of a message have in common, and those of others have not. The TLVs
// do not count: some clients give each segment a number by one.
func (s *segment) key(account string, pdu *smpp.SubmitSM) string {
	b := appendText(make([]byte, 0, 96), account)
	for _, t := range [...][]byte{pdu.ServiceType, pdu.SourceAddr, pdu.DestinationAddr} {
		b = appendText(b, string(t))
	}
	b = append(b, pdu.SourceAddrTON, pdu.SourceAddrNPI, pdu.DestAddrTON, pdu.DestAddrNPI,
		pdu.ESMClass, pdu.ProtocolID, pdu.PriorityFlag, pdu.RegisteredDelivery&^receiptRequests, pdu.DataCoding)
	b = append(b, bit(s.sar), bit(s.place.Wide), s.place.Total)
	b = binary.BigEndian.AppendUint16(b, s.place.Reference)
	if p := s.ports; p != nil {
		b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, p.Destination), p.Source)
	}
	return string(b)
}

// gathers makes a new message one that waits for its siblings, when it is a segment, its link
// joins them, and there is room for it to wait. It stays as it came, since only the whole can be
// put into another alphabet.
func (s *Service) gathers(p *parcel, r *Relay, to *target) error {
	if !r.Join || r.Submit == nil || to.join <= 0 {
		return nil
	}
	one, ok := segmentOf(r.Submit)
	if !ok || !s.gather.admits(p.origin.Account, one.key(p.origin.Account, r.Submit)) {
		return nil
	}
	raw := shape{parts: 1, way: to.way, limits: to.limits, alphabet: s.alphabetOf(r.From)}
	if err := raw.take(r.Submit.Append(make([]byte, 0, sizeOf(r.Submit)))); err != nil {
		return err
	}
	p.fit(&raw)
	p.delivery.Wake = p.began.Add(to.join)
	return nil
}

// assembly is what a message becomes that goes for its siblings.
type assembly struct {
	to            target
	shape         shape
	joint         *joint
	wanted, timed bool
	lost          func() // the message is not there any more
}

// joint is kept of the siblings of a message that goes for them.
type joint struct {
	number, total uint8
	fellows       []fellow
}

// fellow is a segment that another goes for.
type fellow struct {
	id           uint64
	began        time.Time
	number       uint8
	source, corr string
	data         []byte // of its origin
}

// piece is a segment and its message.
type piece struct {
	segment
	p *parcel
}

var errNoSegment = errors.New("it is no segment")

// pieces are the segments in their order: of those with one number in that in which they came.
func pieces(all []*parcel) ([]piece, error) {
	list := make([]piece, len(all))
	for i, p := range all {
		var pdu smpp.SubmitSM
		if err := pdu.Decode(p.content.Payload); err != nil {
			return nil, err
		}
		one, ok := segmentOf(&pdu)
		if !ok {
			return nil, errNoSegment
		}
		list[i] = piece{one, p}
	}
	slices.SortStableFunc(list, func(a, b piece) int { return cmp.Compare(a.place.Number, b.place.Number) })
	return list, nil
}

// assemble is what the first of these segments is to be told. Each number is there,
// perhaps more than once.
func (s *Service) assemble(all []*parcel) (sessions.ID, event, error) {
	list, err := pieces(all)
	if err != nil {
		return 0, event{}, err
	}
	ev := together(list)
	if !ev.NotBefore.Before(ev.Validity) {
		return 0, event{}, ErrValidity
	}
	first, a := list[0].p, ev.assembly
	var pdu smpp.SubmitSM
	if err = pdu.Decode(first.content.Payload); err != nil {
		return 0, event{}, err
	}
	whole(&pdu, list)
	if a.to, err = s.lead(targetOf(first.link), a.wanted); err == nil {
		a.shape, err = shaped(&pdu, first.content.Coding, &a.to)
	}
	return sessions.ID(first.id), ev, err
}

// together is what is kept of all, but for their texts.
func together(list []piece) event {
	first := list[0].p
	a := &assembly{wanted: first.wanted, timed: first.timed, joint: &joint{number: list[0].place.Number, total: list[0].place.Total}}
	ev := event{Event: delivery.Event{Kind: delivery.Join, NotBefore: first.delivery.NotBefore, Validity: first.delivery.Validity}, assembly: a}
	for _, one := range list[1:] {
		p := one.p
		a.wanted, a.timed = a.wanted || p.wanted, a.timed || p.timed
		ev.NotBefore = later(ev.NotBefore, p.delivery.NotBefore)
		if p.delivery.Validity.Before(ev.Validity) {
			ev.Validity = p.delivery.Validity
		}
		a.joint.fellows = append(a.joint.fellows, fellow{p.id, p.began, one.place.Number, p.origin.Source, p.origin.Corr, p.origin.Data})
	}
	return ev
}

// whole makes a message of its first segment. The ports of a header go into TLVs, as those of
// composed messages do.
func whole(pdu *smpp.SubmitSM, list []piece) {
	var text []byte
	for i := range list {
		if i == 0 || list[i].place.Number != list[i-1].place.Number {
			text = append(text, list[i].text...)
		}
	}
	pdu.ESMClass &^= esmClassUDHI
	pdu.TLVs = dropped(pdu.TLVs, smpp.TagSARMsgRefNum, smpp.TagSARTotalSegments, smpp.TagSARSegmentSeqnum, smpp.TagMoreMessagesToSend)
	if p := list[0].ports; p != nil {
		pdu.TLVs = dropped(pdu.TLVs, smpp.TagSourcePort, smpp.TagDestinationPort).
			AppendU16(smpp.TagSourcePort, p.Source).AppendU16(smpp.TagDestinationPort, p.Destination)
	}
	setText(pdu, text, false)
}

// gathered prepares a message that waits for its siblings for what it is told.
func (f *flow) gathered(p *parcel, ev *event) {
	switch {
	case ev.Kind == delivery.Join && ev.assembly != nil:
		a := ev.assembly
		p.wanted, p.timed, p.joint = a.wanted, a.timed, a.joint
		p.led(&a.to, &a.shape)
	case ev.Kind == delivery.Alone:
		f.svc.alone(p)
	}
}

// alone fits a segment to its link, as though it had never waited. When that cannot be done
// any more it stays as it came.
func (s *Service) alone(p *parcel) {
	to, err := s.lead(targetOf(p.link), p.wanted)
	if err != nil {
		return
	}
	r, err := p.stored()
	if err != nil {
		return
	}
	if sh, err := r.shape(p.content.Coding, &to); err == nil {
		p.led(&to, &sh)
	}
}

// fellow is p as one of those that it goes for.
func (p *parcel) fellow(f *fellow) parcel {
	one := *p
	one.id, one.began = f.id, f.began
	one.origin.Source, one.origin.Corr, one.origin.Data = f.source, f.corr, f.data
	one.joint = &joint{number: f.number, total: p.joint.total}
	return one
}

// as is p, or the one of those that it goes for that has this id.
func (p *parcel) as(id sessions.ID) parcel {
	if p.joint != nil {
		for i := range p.joint.fellows {
			if f := &p.joint.fellows[i]; f.id == uint64(id) {
				return p.fellow(f)
			}
		}
	}
	return *p
}

func (j *joint) append(dst []byte) []byte {
	dst = append(dst, j.number, j.total, byte(len(j.fellows)))
	for i := range j.fellows {
		f := &j.fellows[i]
		dst = binary.BigEndian.AppendUint64(dst, f.id)
		dst = binary.BigEndian.AppendUint64(dst, uint64(f.began.UnixMilli()))
		dst = appendText(appendText(append(dst, f.number), f.source), f.corr)
		dst = appendOctets(dst, f.data)
	}
	return dst
}

func readJoint(c *wire.Cursor) *joint {
	j := &joint{number: c.U8("number"), total: c.U8("total")}
	for range c.U8("fellows") {
		f := fellow{id: c.U64("id"), began: time.UnixMilli(int64(c.U64("began"))), number: c.U8("number"), source: readText(c), corr: readText(c)}
		f.data = readOctets(c)
		j.fellows = append(j.fellows, f)
	}
	return j
}

// voices is how many messages end with one.
func (j *joint) voices() uint64 {
	if j == nil {
		return 1
	}
	return uint64(1 + len(j.fellows))
}
