package differential

import (
	"bytes"
	"fmt"

	gosmppv1 "github.com/fiorix/go-smpp/smpp/pdu"
	"github.com/fiorix/go-smpp/smpp/pdu/pdufield"
	"github.com/fiorix/go-smpp/smpp/pdu/pdutlv"

	"github.com/otagate/otagate/smpp"
)

// theirGoSMPP reads with go-smpp.
func theirGoSMPP(b []byte) (fields, func() ([]byte, error), error) {
	r := bytes.NewReader(b)
	p, err := gosmppv1.Decode(r)
	if err != nil {
		return nil, nil, err
	}
	if r.Len() > 0 {
		return nil, nil, errLeft
	}
	return goSMPPFields(p), func() ([]byte, error) {
		var out bytes.Buffer
		err := p.SerializeTo(&out)
		return out.Bytes(), err
	}, nil
}

// goSMPPFields are its fields, which have the names of the standard. Fields
// that were not on the wire are not in its map.
func goSMPPFields(p gosmppv1.Body) (f fields) {
	h := p.Header()
	f.add("command_id", "%v", smpp.CommandID(h.ID))
	f.add("command_status", "%08x", uint32(h.Status))
	f.add("sequence_number", "%d", h.Seq)
	switch h.ID {
	case gosmppv1.QuerySMID, gosmppv1.QuerySMRespID, gosmppv1.SubmitMultiID, gosmppv1.SubmitMultiRespID:
		f.add("body", "decoded")
		return f
	}
	var header []byte // of the text: it is taken out of it
	for _, name := range p.FieldList() {
		switch v := p.Fields()[name].(type) {
		case *pdufield.Fixed:
			switch name {
			case pdufield.SMLength: // that of the text, without its header
			case pdufield.UDHLength:
				header = append(header, v.Data)
			default:
				f.add(string(name), "%d", v.Data)
			}
		case *pdufield.Variable:
			f.add(string(name), "%q", bytes.TrimSuffix(v.Data, []byte{0}))
		case *pdufield.UDHList: // not by its Bytes, which change what they are of
			for _, ie := range v.Data {
				header = append(append(header, ie.IEI.Data, ie.IELength.Data), ie.IEData.Data...)
			}
		case *pdufield.SM:
			f.add("short_message", "%x%x", header, v.Data)
		}
	}
	if len(p.FieldList()) == 1 && len(p.Fields()) == 0 && len(p.TLVFields()) == 0 {
		f.add("body", "none")
		return f
	}
	var tlvs smpp.TLVs
	for tag, v := range p.TLVFields() {
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.Tag(tag), Value: v.Bytes()})
	}
	f.add("tlvs", "%s", tlvText(tlvs))
	return f
}

// goSMPPWrites builds p from its values in go-smpp's structures and encodes it
// there.
func goSMPPWrites(p *smpp.PDU) (b []byte, ok bool) {
	if beside(p.CommandID) {
		return nil, false // see the row of them
	}
	g := map[smpp.CommandID]func() gosmppv1.Body{
		smpp.CommandBindReceiver: gosmppv1.NewBindReceiver, smpp.CommandBindTransmitter: gosmppv1.NewBindTransmitter,
		smpp.CommandBindTransceiver: gosmppv1.NewBindTransceiver, smpp.CommandBindReceiverResp: gosmppv1.NewBindReceiverResp,
		smpp.CommandBindTransmitterResp: gosmppv1.NewBindTransmitterResp, smpp.CommandBindTransceiverResp: gosmppv1.NewBindTransceiverResp,
		smpp.CommandSubmitSM:     func() gosmppv1.Body { return gosmppv1.NewSubmitSM(nil) },
		smpp.CommandSubmitSMResp: gosmppv1.NewSubmitSMResp, smpp.CommandDeliverSM: gosmppv1.NewDeliverSM, smpp.CommandDeliverSMResp: gosmppv1.NewDeliverSMResp,
		smpp.CommandUnbind: gosmppv1.NewUnbind, smpp.CommandUnbindResp: gosmppv1.NewUnbindResp, smpp.CommandEnquireLink: gosmppv1.NewEnquireLink,
		smpp.CommandEnquireLinkResp: gosmppv1.NewEnquireLinkResp, smpp.CommandGenericNack: gosmppv1.NewGenericNACK,
	}[p.CommandID]()
	var values map[pdufield.Name]any
	var tlvs smpp.TLVs
	switch m := p.Body.(type) {
	case nil:
		return nil, false // it always writes a body
	case *smpp.Bind:
		values = map[pdufield.Name]any{pdufield.SystemID: m.SystemID, pdufield.Password: m.Password, pdufield.SystemType: m.SystemType,
			pdufield.InterfaceVersion: m.InterfaceVersion, pdufield.AddrTON: m.AddrTON, pdufield.AddrNPI: m.AddrNPI, pdufield.AddressRange: m.AddressRange}
		tlvs = m.TLVs
	case *smpp.BindResp:
		values, tlvs = map[pdufield.Name]any{pdufield.SystemID: m.SystemID}, m.TLVs
	case *smpp.SubmitSMResp:
		values, tlvs = map[pdufield.Name]any{pdufield.MessageID: m.MessageID}, m.TLVs
	case *smpp.DeliverSMResp:
		values, tlvs = map[pdufield.Name]any{pdufield.MessageID: m.MessageID}, m.TLVs
	case *smpp.Unbind:
		tlvs = m.TLVs
	case *smpp.UnbindResp:
		tlvs = m.TLVs
	case *smpp.EnquireLink:
		tlvs = m.TLVs
	case *smpp.EnquireLinkResp:
		tlvs = m.TLVs
	case *smpp.GenericNack:
		tlvs = m.TLVs
	case *smpp.SubmitSM:
		values, tlvs = goSMPPMessage(m), m.TLVs
	case *smpp.DeliverSM:
		values, tlvs = goSMPPMessage((*smpp.SubmitSM)(m)), m.TLVs
	}
	for name, v := range values {
		if o, ok := v.([]byte); ok {
			v = bytes.Clone(o) // it appends to what it is given
		}
		if err := g.Fields().Set(name, v); err != nil {
			panic(fmt.Sprint(name, err))
		}
	}
	for _, t := range tlvs {
		if err := g.TLVFields().Set(pdutlv.Tag(t.Tag), bytes.Clone(t.Value)); err != nil {
			panic(err)
		}
	}
	g.Header().Seq, g.Header().Status = p.Sequence, gosmppv1.Status(p.Status)
	var out bytes.Buffer
	if err := g.SerializeTo(&out); err != nil {
		panic(err)
	}
	return out.Bytes(), true
}

func goSMPPMessage(m *smpp.SubmitSM) map[pdufield.Name]any {
	return map[pdufield.Name]any{
		pdufield.ServiceType: m.ServiceType, pdufield.SourceAddrTON: m.SourceAddrTON, pdufield.SourceAddrNPI: m.SourceAddrNPI,
		pdufield.SourceAddr: m.SourceAddr, pdufield.DestAddrTON: m.DestAddrTON, pdufield.DestAddrNPI: m.DestAddrNPI,
		pdufield.DestinationAddr: m.DestinationAddr, pdufield.ESMClass: m.ESMClass, pdufield.ProtocolID: m.ProtocolID,
		pdufield.PriorityFlag: m.PriorityFlag, pdufield.ScheduleDeliveryTime: m.ScheduleDeliveryTime,
		pdufield.ValidityPeriod: m.ValidityPeriod, pdufield.RegisteredDelivery: m.RegisteredDelivery,
		pdufield.ReplaceIfPresentFlag: m.ReplaceIfPresentFlag, pdufield.SMDefaultMsgID: m.SMDefaultMsgID,
		pdufield.DataCoding: m.DataCoding, pdufield.ShortMessage: m.ShortMessage,
	}
}
