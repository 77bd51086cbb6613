package bench

import (
	"bytes"
	"context"
	"errors"

	"github.com/otagate/otagate/smpp"
)

// Codec measures the two messages of an activation: submit_sm, and the SMDPP
// that carries an IS-683 message, as one packet of M3UA, SCCP, TCAP and
// ANSI-41. The ceilings are codecs written by hand for the same structs, see
// appendSubmit and handSame. The SMDPP stands beside a second one, which has
// structs of its own and room in them for this one message only; that is the
// least such a message can cost, and no goal. Then come pushes: settings of
// client provisioning of some 300 octets, a Service Indication, and datagrams of
// four segments, each by hand beside it.
func Codec(ctx context.Context, o Options) ([]Result, error) {
	t, err := newStacks()
	if err != nil {
		return nil, err
	}
	m, err := newSubmit()
	if err != nil {
		return nil, err
	}
	p, err := newPushes()
	if err != nil {
		return nil, err
	}
	goal := Goal{RatioMost: 1.5, NoAllocs: true}
	return run(ctx, "codec", o.time(), append([]pairing{
		{"submit_sm encode", m.appendOurs, m.appendHand, goal},
		{"submit_sm decode", m.decodeOurs, m.decodeHand, goal},
		{"SMDPP package encode", t.appendOurs, handAppender(t.same.append), goal},
		{"SMDPP package decode", t.decodeOurs, handDecoder(t.same.decode, t.wire), goal},
		{"… one-message minimum, encode", t.appendOurs, handAppender(t.hand.append), Goal{}},
		{"… one-message minimum, decode", t.decodeOurs, handDecoder(t.hand.decode, t.wire), Goal{}},
	}, p.cases()...))
}

// submit is a submit_sm of 140 octets of text and three TLVs, 214 octets in all.
type submit struct {
	msg       smpp.SubmitSM
	into      smpp.SubmitSM
	wire, buf []byte
}

func newSubmit() (*submit, error) {
	m := &submit{buf: make([]byte, 0, 512), msg: smpp.SubmitSM{
		ServiceType: []byte("CMT"), SourceAddrTON: 5, SourceAddr: []byte("otagate"),
		DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte("12025550123"),
		RegisteredDelivery: 1, DataCoding: 4, ShortMessage: bytes.Repeat([]byte("otagate"), 20),
	}}
	m.msg.TLVs = m.msg.TLVs.AppendU16(smpp.TagUserMessageReference, 7).
		AppendU8(smpp.TagMoreMessagesToSend, 1).AppendU8(smpp.TagPrivacyIndicator, 0)
	var err error
	if m.wire, err = smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &m.msg); err != nil {
		return nil, err
	}
	b, ok := appendSubmit(nil, 1, &m.msg)
	if !ok || !bytes.Equal(b, m.wire) {
		return nil, errAppend
	}
	return m, nil
}

func (m *submit) appendOurs(n int) error {
	for range n {
		b, err := smpp.AppendPDU(m.buf[:0], smpp.Header{Sequence: 1}, &m.msg)
		if err != nil || len(b) != len(m.wire) {
			return errors.Join(errAppend, err)
		}
	}
	return nil
}

func (m *submit) appendHand(n int) error {
	for range n {
		if b, ok := appendSubmit(m.buf[:0], 1, &m.msg); !ok || len(b) != len(m.wire) {
			return errAppend
		}
	}
	return nil
}

func (m *submit) decodeOurs(n int) error {
	for range n {
		if err := m.into.Decode(m.wire[smpp.HeaderLen:]); err != nil {
			return err
		}
	}
	return nil
}

func (m *submit) decodeHand(n int) error {
	for range n {
		if !decodeSubmit(m.wire[smpp.HeaderLen:], &m.into) {
			return errDecode
		}
	}
	return nil
}
