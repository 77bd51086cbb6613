package differential

import (
	"bytes"
	"errors"

	"github.com/linxGnu/gosmpp/data"
	gosmpp "github.com/linxGnu/gosmpp/pdu"

	"github.com/otagate/otagate/smpp"
)

var errLeft = errors.New("octets left over")

// theirGosmpp reads with gosmpp. It reads from a stream, so that what is left
// of the octets is left over.
func theirGosmpp(b []byte) (fields, func() ([]byte, error), error) {
	r := bytes.NewReader(b)
	p, err := gosmpp.Parse(r)
	if err != nil {
		return nil, nil, err
	}
	if r.Len() > 0 {
		return nil, nil, errLeft
	}
	f, err := gosmppFields(p)
	return f, func() ([]byte, error) { return gosmppOctets(p), nil }, err
}

func gosmppOctets(p gosmpp.PDU) []byte {
	buf := gosmpp.NewBuffer(nil)
	p.Marshal(buf)
	return buf.Bytes()
}

func gosmppTLVs(of map[gosmpp.Tag]gosmpp.Field) string {
	var tlvs smpp.TLVs
	for tag, f := range of {
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.Tag(tag), Value: f.Data})
	}
	return tlvText(tlvs)
}

func gosmppFields(p gosmpp.PDU) (f fields, err error) {
	h := p.GetHeader()
	f.add("command_id", "%v", smpp.CommandID(h.CommandID))
	f.add("command_status", "%08x", uint32(h.CommandStatus))
	f.add("sequence_number", "%d", uint32(h.SequenceNumber))
	switch m := p.(type) {
	case *gosmpp.BindRequest:
		f.add("system_id", "%q", m.SystemID)
		f.add("password", "%q", m.Password)
		f.add("system_type", "%q", m.SystemType)
		f.add("interface_version", "%d", m.InterfaceVersion)
		f.add("addr_ton", "%d", m.AddressRange.Ton)
		f.add("addr_npi", "%d", m.AddressRange.Npi)
		f.add("address_range", "%q", m.AddressRange.AddressRange)
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.BindResp:
		if h.CommandLength == data.PDU_HEADER_SIZE {
			f.add("body", "none")
			break
		}
		f.add("system_id", "%q", m.SystemID)
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.SubmitSMResp:
		if h.CommandLength == data.PDU_HEADER_SIZE {
			f.add("body", "none")
			break
		}
		f.add("message_id", "%q", m.MessageID)
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.DeliverSMResp:
		f.add("message_id", "%q", m.MessageID)
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.SubmitSM:
		return append(f, gosmppMessage(m, m.OptionalParameters)...), nil
	case *gosmpp.DeliverSM:
		s := gosmpp.SubmitSM{ServiceType: m.ServiceType, SourceAddr: m.SourceAddr, DestAddr: m.DestAddr, EsmClass: m.EsmClass, ProtocolID: m.ProtocolID,
			PriorityFlag: m.PriorityFlag, ScheduleDeliveryTime: m.ScheduleDeliveryTime, ValidityPeriod: m.ValidityPeriod,
			RegisteredDelivery: m.RegisteredDelivery, ReplaceIfPresentFlag: m.ReplaceIfPresentFlag, Message: m.Message}
		return append(f, gosmppMessage(&s, m.OptionalParameters)...), nil
	case *gosmpp.Unbind:
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.UnbindResp:
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.EnquireLink:
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.EnquireLinkResp:
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	case *gosmpp.GenericNack:
		f.add("tlvs", "%s", gosmppTLVs(m.OptionalParameters))
	default:
		more, known := gosmppOperation(p)
		switch {
		case !known:
			f.add("body", "decoded as %T", p)
		case h.CommandLength == data.PDU_HEADER_SIZE && hasBody(smpp.CommandID(h.CommandID)):
			f.add("body", "none")
		default:
			f = append(f, more...)
		}
	}
	return f, nil
}

// hasBody tells the responses beside submit_sm_resp that have mandatory fields.
func hasBody(id smpp.CommandID) bool {
	return id == smpp.CommandDataSMResp || id == smpp.CommandSubmitMultiResp || id == smpp.CommandQuerySMResp
}

func gosmppMessage(m *gosmpp.SubmitSM, tlvs map[gosmpp.Tag]gosmpp.Field) (f fields) {
	f.add("service_type", "%q", m.ServiceType)
	f.add("source_addr_ton", "%d", m.SourceAddr.Ton())
	f.add("source_addr_npi", "%d", m.SourceAddr.Npi())
	f.add("source_addr", "%q", m.SourceAddr.Address())
	f.add("dest_addr_ton", "%d", m.DestAddr.Ton())
	f.add("dest_addr_npi", "%d", m.DestAddr.Npi())
	f.add("destination_addr", "%q", m.DestAddr.Address())
	f.add("esm_class", "%d", m.EsmClass)
	f.add("protocol_id", "%d", m.ProtocolID)
	f.add("priority_flag", "%d", m.PriorityFlag)
	f.add("schedule_delivery_time", "%q", m.ScheduleDeliveryTime)
	f.add("validity_period", "%q", m.ValidityPeriod)
	f.add("registered_delivery", "%d", m.RegisteredDelivery)
	f.add("replace_if_present_flag", "%d", m.ReplaceIfPresentFlag)
	if e := m.Message.Encoding(); e != nil {
		f.add("data_coding", "%d", e.DataCoding())
	}
	f.add("sm_default_msg_id", "%d", m.Message.SmDefaultMsgID)
	header, _ := m.Message.UDH().MarshalBinary() // what it cannot encode shows as missing
	text, _ := m.Message.GetMessageData()
	f.add("short_message", "%x%x", header, text)
	f.add("tlvs", "%s", gosmppTLVs(tlvs))
	return f
}

// gosmppWrites builds p from its values in gosmpp's structures and encodes it
// there. It tells when gosmpp has no way to say something.
func gosmppWrites(p *smpp.PDU) (b []byte, ok bool) {
	g, err := gosmpp.CreatePDUFromCmdID(data.CommandIDType(p.CommandID))
	if err != nil {
		panic(err)
	}
	var tlvs smpp.TLVs
	switch m := p.Body.(type) {
	case nil:
		return nil, false // it always writes a body
	case *smpp.Bind:
		x := g.(*gosmpp.BindRequest)
		x.SystemID, x.Password, x.SystemType, x.InterfaceVersion = string(m.SystemID), string(m.Password), string(m.SystemType), m.InterfaceVersion
		x.AddressRange = gosmpp.NewAddressRangeWithTonNpiAddr(m.AddrTON, m.AddrNPI, string(m.AddressRange))
		tlvs = m.TLVs
	case *smpp.BindResp:
		g.(*gosmpp.BindResp).SystemID, tlvs = string(m.SystemID), m.TLVs
	case *smpp.SubmitSMResp:
		g.(*gosmpp.SubmitSMResp).MessageID, tlvs = string(m.MessageID), m.TLVs
	case *smpp.DeliverSMResp:
		g.(*gosmpp.DeliverSMResp).MessageID, tlvs = string(m.MessageID), m.TLVs
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
		x := g.(*gosmpp.SubmitSM)
		x.ServiceType, x.EsmClass, x.ProtocolID, x.PriorityFlag = string(m.ServiceType), m.ESMClass, m.ProtocolID, m.PriorityFlag
		x.ScheduleDeliveryTime, x.ValidityPeriod = string(m.ScheduleDeliveryTime), string(m.ValidityPeriod)
		x.RegisteredDelivery, x.ReplaceIfPresentFlag = m.RegisteredDelivery, m.ReplaceIfPresentFlag
		if !gosmppText(m, &x.SourceAddr, &x.DestAddr, &x.Message) {
			return nil, false
		}
		tlvs = m.TLVs
	case *smpp.DeliverSM:
		x := g.(*gosmpp.DeliverSM)
		x.ServiceType, x.EsmClass, x.ProtocolID, x.PriorityFlag = string(m.ServiceType), m.ESMClass, m.ProtocolID, m.PriorityFlag
		x.ScheduleDeliveryTime, x.ValidityPeriod = string(m.ScheduleDeliveryTime), string(m.ValidityPeriod)
		x.RegisteredDelivery, x.ReplaceIfPresentFlag = m.RegisteredDelivery, m.ReplaceIfPresentFlag
		if !gosmppText((*smpp.SubmitSM)(m), &x.SourceAddr, &x.DestAddr, &x.Message) {
			return nil, false
		}
		tlvs = m.TLVs
	default:
		var ok bool
		if tlvs, ok = gosmppFills(g, m); !ok {
			return nil, false
		}
	}
	for _, t := range tlvs {
		g.RegisterOptionalParam(gosmpp.Field{Tag: gosmpp.Tag(t.Tag), Data: t.Value})
	}
	g.SetSequenceNumber(int32(p.Sequence))
	b = gosmppOctets(g)
	// Its headers are read-only outside; a status can be set in the octets alone.
	b[8], b[9], b[10], b[11] = byte(p.Status>>24), byte(p.Status>>16), byte(p.Status>>8), byte(p.Status)
	return b, true
}

func gosmppText(m *smpp.SubmitSM, source, dest *gosmpp.Address, to *gosmpp.ShortMessage) bool {
	var err error
	if *source, err = gosmpp.NewAddressWithTonNpiAddr(m.SourceAddrTON, m.SourceAddrNPI, string(m.SourceAddr)); err != nil {
		return false
	}
	if *dest, err = gosmpp.NewAddressWithTonNpiAddr(m.DestAddrTON, m.DestAddrNPI, string(m.DestinationAddr)); err != nil {
		return false
	}
	coding := data.FromDataCoding(m.DataCoding)
	if coding == nil || to.SetMessageDataWithEncoding(m.ShortMessage, coding) != nil {
		return false
	}
	to.SmDefaultMsgID = m.SMDefaultMsgID
	return true
}
