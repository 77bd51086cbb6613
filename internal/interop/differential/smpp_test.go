package differential

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/otagate/otagate/smpp"
)

// tlvText are TLVs in the order of their tags, since SMPP 3.4 §3.2.4 leaves the
// order to the sender; those of one tag stay in theirs.
func tlvText(tlvs smpp.TLVs) string {
	sorted := slices.Clone(tlvs)
	slices.SortStableFunc(sorted, func(a, b smpp.TLV) int { return int(a.Tag) - int(b.Tag) })
	words := make([]string, len(sorted))
	for i, t := range sorted {
		words[i] = fmt.Sprintf("%04x=%x", uint16(t.Tag), t.Value)
	}
	return strings.Join(words, " ")
}

// parseTLVs is the inverse of tlvText.
func parseTLVs(text string) (tlvs smpp.TLVs) {
	for _, w := range strings.Fields(text) {
		tag, v, ok := strings.Cut(w, "=")
		if !ok { // absent
			return nil
		}
		var t smpp.Tag
		_, _ = fmt.Sscanf(tag, "%04x", &t)
		b, _ := hex.DecodeString(v)
		tlvs = append(tlvs, smpp.TLV{Tag: t, Value: b})
	}
	return tlvs
}

// ourSMPP reads with our decoder; bodies by themselves too, as connections do,
// since that of a message has a way of its own.
func ourSMPP(b []byte) (fields, func() ([]byte, error), error) {
	p, err := smpp.DecodePDU(b)
	if err != nil {
		return nil, nil, err
	}
	if p.Body != nil {
		if err := p.Body.Decode(b[smpp.HeaderLen:]); err != nil {
			return nil, nil, err
		}
	}
	return smppFields(p), func() ([]byte, error) { return p.Append(nil) }, nil
}

// smppFields are the fields of a PDU under the names of the standard.
func smppFields(p *smpp.PDU) (f fields) {
	f.add("command_id", "%v", p.CommandID)
	f.add("command_status", "%08x", uint32(p.Status))
	f.add("sequence_number", "%d", p.Sequence)
	switch m := p.Body.(type) {
	case nil:
		f.add("body", "none")
	case *smpp.Opaque:
		f.add("body", "%x", m.Octets)
	case *smpp.Bind:
		f.add("system_id", "%q", m.SystemID)
		f.add("password", "%q", m.Password)
		f.add("system_type", "%q", m.SystemType)
		f.add("interface_version", "%d", m.InterfaceVersion)
		f.add("addr_ton", "%d", m.AddrTON)
		f.add("addr_npi", "%d", m.AddrNPI)
		f.add("address_range", "%q", m.AddressRange)
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.BindResp:
		f.add("system_id", "%q", m.SystemID)
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.SubmitSMResp:
		f.add("message_id", "%q", m.MessageID)
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.DeliverSMResp:
		f.add("message_id", "%q", m.MessageID)
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.Unbind:
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.UnbindResp:
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.EnquireLink:
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.EnquireLinkResp:
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.GenericNack:
		f.add("tlvs", "%s", tlvText(m.TLVs))
	case *smpp.SubmitSM:
		f = append(f, messageFields(m)...)
	case *smpp.DeliverSM:
		f = append(f, messageFields((*smpp.SubmitSM)(m))...)
	default:
		f = append(f, operationFields(m)...)
	}
	return f
}

func messageFields(m *smpp.SubmitSM) (f fields) {
	f.add("service_type", "%q", m.ServiceType)
	f.add("source_addr_ton", "%d", m.SourceAddrTON)
	f.add("source_addr_npi", "%d", m.SourceAddrNPI)
	f.add("source_addr", "%q", m.SourceAddr)
	f.add("dest_addr_ton", "%d", m.DestAddrTON)
	f.add("dest_addr_npi", "%d", m.DestAddrNPI)
	f.add("destination_addr", "%q", m.DestinationAddr)
	f.add("esm_class", "%d", m.ESMClass)
	f.add("protocol_id", "%d", m.ProtocolID)
	f.add("priority_flag", "%d", m.PriorityFlag)
	f.add("schedule_delivery_time", "%q", m.ScheduleDeliveryTime)
	f.add("validity_period", "%q", m.ValidityPeriod)
	f.add("registered_delivery", "%d", m.RegisteredDelivery)
	f.add("replace_if_present_flag", "%d", m.ReplaceIfPresentFlag)
	f.add("data_coding", "%d", m.DataCoding)
	f.add("sm_default_msg_id", "%d", m.SMDefaultMsgID)
	f.add("short_message", "%x", m.ShortMessage)
	f.add("tlvs", "%s", tlvText(m.TLVs))
	return f
}

// drawTLVs draws up to five, some of a tag that is there already, some empty,
// and seldom a very long one or as many as we take.
func (s source) drawTLVs() (tlvs smpp.TLVs) {
	odd := s.one(3)
	for range s.IntN(6) {
		t := smpp.TLV{Tag: smpp.Tag(s.u16()), Value: s.octets(0, 1, 30)}
		switch {
		case !odd:
		case s.one(4):
			t.Value = nil
		case s.one(4):
			t.Tag = pick(s, smpp.TagCallbackNum, smpp.TagCallbackNumPresInd)
		case s.one(4):
			t.Tag, t.Value = smpp.TagAlertOnMessageDelivery, nil
		}
		tlvs = append(tlvs, t)
	}
	switch {
	case s.one(100):
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.TagMessagePayload, Value: s.octets(0, 100, 5000)})
	case s.one(200):
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.TagMessagePayload, Value: s.octets(0, pick(s, 30_000, 65_500), 65_535)})
	case s.one(200):
		for len(tlvs) < smpp.MaxTLVs {
			tlvs = append(tlvs, smpp.TLV{Tag: smpp.Tag(0x1400 + len(tlvs)), Value: []byte{1}})
		}
	}
	return tlvs
}

// userData is the text of a message that may begin with a header (GSM 03.40
// §9.2.3.24), mostly a right one.
func (s source) userData(udhi bool) []byte {
	if !udhi {
		return s.octets(0, 0, 255)
	}
	if s.one(4) {
		return s.octets(0, 0, 30)
	}
	header := []byte{0}
	for range 1 + s.IntN(2) {
		ie := s.octets(0, 0, 6)
		header = append(append(header, s.u8(), byte(len(ie))), ie...)
	}
	header[0] = byte(len(header) - 1)
	return append(header, s.octets(0, 0, 140)...)
}

// drawPDU draws any PDU that we decode, with any contents it can have.
func (s source) drawPDU() *smpp.PDU {
	h := smpp.Header{Sequence: 1 + s.Uint32N(0x7fffffff)}
	status := func() {
		if s.one(3) {
			h.Status = pick(s, smpp.StatusSystemError, smpp.StatusThrottled, smpp.Status(s.Uint32()))
		}
	}
	tlvs := s.drawTLVs()
	body := smpp.Body(nil)
	switch s.IntN(13) {
	case 10, 11, 12:
		body = s.drawOperation(tlvs)
		if body.CommandID().IsResponse() {
			status()
		}
	case 0:
		body = &smpp.Bind{Kind: pick(s, smpp.CommandBindReceiver, smpp.CommandBindTransmitter, smpp.CommandBindTransceiver),
			SystemID: s.octets(1, 0, 15), Password: s.octets(1, 0, 8), SystemType: s.octets(1, 0, 12), InterfaceVersion: s.u8(),
			AddrTON: s.u8(), AddrNPI: s.u8(), AddressRange: s.octets(1, 0, 40), TLVs: tlvs}
	case 1:
		status()
		body = &smpp.BindResp{Kind: pick(s, smpp.CommandBindReceiverResp, smpp.CommandBindTransmitterResp, smpp.CommandBindTransceiverResp),
			SystemID: s.octets(1, 0, 15), TLVs: tlvs}
	case 2:
		status()
		body = &smpp.SubmitSMResp{MessageID: s.octets(1, 0, 64), TLVs: tlvs}
	case 3:
		status()
		body = &smpp.DeliverSMResp{MessageID: s.octets(1, 0, 64), TLVs: tlvs}
	case 4:
		status()
		body = pick[smpp.Body](s, &smpp.Unbind{TLVs: tlvs}, &smpp.UnbindResp{TLVs: tlvs}, &smpp.EnquireLink{TLVs: tlvs}, &smpp.EnquireLinkResp{TLVs: tlvs}, &smpp.GenericNack{TLVs: tlvs})
	default:
		m := &smpp.SubmitSM{ServiceType: s.octets(1, 0, 5), SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: s.octets(1, 0, 20),
			DestAddrTON: s.u8(), DestAddrNPI: s.u8(), DestinationAddr: s.octets(1, 0, 20), ESMClass: s.u8(), ProtocolID: s.u8(), PriorityFlag: s.u8(),
			ScheduleDeliveryTime: s.octets(1, 0, 16), ValidityPeriod: s.octets(1, 0, 16), RegisteredDelivery: s.u8(), ReplaceIfPresentFlag: s.u8(),
			DataCoding: pick(s, 0, 1, 3, 8, s.u8()), SMDefaultMsgID: s.u8(), TLVs: tlvs}
		if !s.one(3) {
			m.ESMClass &^= 0x40
		}
		m.ShortMessage = s.userData(m.ESMClass&0x40 != 0)
		body = m
		if s.one(2) {
			body = (*smpp.DeliverSM)(m)
		}
	}
	h.CommandID = body.CommandID()
	if h.CommandID.IsResponse() && s.one(5) {
		switch body.(type) {
		case *smpp.BindResp, *smpp.SubmitSMResp, *smpp.DeliverSMResp, *smpp.DataSMResp, *smpp.SubmitMultiResp, *smpp.QuerySMResp:
			body = nil
		}
	}
	return &smpp.PDU{Header: h, Body: body}
}

// drawOctets is a PDU to be broken; some are of operations that we carry as
// octets.
func (s source) drawOctets() []byte {
	p := s.drawPDU()
	if s.one(20) {
		ids := []smpp.CommandID{smpp.CommandBroadcastSM, smpp.CommandID(0x300)}
		p = &smpp.PDU{Header: smpp.Header{CommandID: pick(s, ids...), Sequence: 1}}
		o := append(append(s.octets(1, 0, 8), 0, 1, 1), append(s.octets(1, 0, 8), 0)...)
		if s.one(2) {
			o = append(o, 2, 4, 0, 2, 0, 1)
		}
		p.Body = &smpp.Opaque{ID: p.CommandID, Octets: o}
	}
	b, err := p.Append(nil)
	if err != nil {
		panic(err) // drawPDU draws what can be encoded
	}
	if s.one(100) && p.Body != nil {
		for range smpp.MaxTLVs + 1 { // more than we take
			b = append(b, 0x14, s.u8(), 0, 1, 7)
		}
		binary.BigEndian.PutUint32(b, uint32(len(b)))
	}
	return b
}
