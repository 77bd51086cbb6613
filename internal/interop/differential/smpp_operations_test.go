package differential

import (
	"fmt"
	"strings"

	"github.com/linxGnu/gosmpp/data"
	gosmpp "github.com/linxGnu/gosmpp/pdu"

	"github.com/otagate/otagate/smpp"
)

// beside tells the operations beside binds, submit_sm and deliver_sm.
func beside(id smpp.CommandID) bool {
	switch id &^ 0x80000000 {
	case smpp.CommandDataSM, smpp.CommandSubmitMulti, smpp.CommandQuerySM, smpp.CommandCancelSM, smpp.CommandReplaceSM, smpp.CommandOutbind, smpp.CommandAlertNotification:
		return true
	}
	return false
}

func (f *fields) source(ton, npi uint8, addr []byte) {
	f.add("source_addr_ton", "%d", ton)
	f.add("source_addr_npi", "%d", npi)
	f.add("source_addr", "%q", addr)
}

func (f *fields) dest(ton, npi uint8, addr []byte) {
	f.add("dest_addr_ton", "%d", ton)
	f.add("dest_addr_npi", "%d", npi)
	f.add("destination_addr", "%q", addr)
}

// operationFields are the fields of an operation beside submit_sm.
func operationFields(b smpp.Body) (f fields) {
	var tlvs smpp.TLVs
	switch m := b.(type) {
	case *smpp.DataSM:
		f.add("service_type", "%q", m.ServiceType)
		f.source(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		f.dest(m.DestAddrTON, m.DestAddrNPI, m.DestinationAddr)
		f.add("esm_class", "%d", m.ESMClass)
		f.add("registered_delivery", "%d", m.RegisteredDelivery)
		f.add("data_coding", "%d", m.DataCoding)
		tlvs = m.TLVs
	case *smpp.DataSMResp:
		f.add("message_id", "%q", m.MessageID)
		tlvs = m.TLVs
	case *smpp.SubmitMulti:
		whole := m.To(&smpp.Destination{})
		for _, x := range messageFields(&whole) {
			if !strings.HasPrefix(x.name, "dest") && x.name != "tlvs" {
				f = append(f, x)
			}
		}
		for i, d := range m.Destinations {
			f.add(fmt.Sprintf("dest_address %d", i), "%d %d %d %q%q", d.DestFlag, d.DestAddrTON, d.DestAddrNPI, d.DestinationAddr, d.DLName)
		}
		tlvs = m.TLVs
	case *smpp.SubmitMultiResp:
		f.add("message_id", "%q", m.MessageID)
		for i, u := range m.UnsuccessSME {
			f.add(fmt.Sprintf("unsuccess_sme %d", i), "%d %d %q %08x", u.DestAddrTON, u.DestAddrNPI, u.DestinationAddr, uint32(u.ErrorStatusCode))
		}
		tlvs = m.TLVs
	case *smpp.QuerySM:
		f.add("message_id", "%q", m.MessageID)
		f.source(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		tlvs = m.TLVs
	case *smpp.QuerySMResp:
		f.add("message_id", "%q", m.MessageID)
		f.add("final_date", "%q", m.FinalDate)
		f.add("message_state", "%d", uint8(m.MessageState))
		f.add("error_code", "%d", m.ErrorCode)
		tlvs = m.TLVs
	case *smpp.CancelSM:
		f.add("service_type", "%q", m.ServiceType)
		f.add("message_id", "%q", m.MessageID)
		f.source(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		f.dest(m.DestAddrTON, m.DestAddrNPI, m.DestinationAddr)
		tlvs = m.TLVs
	case *smpp.ReplaceSM:
		f.add("message_id", "%q", m.MessageID)
		f.source(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		f.add("schedule_delivery_time", "%q", m.ScheduleDeliveryTime)
		f.add("validity_period", "%q", m.ValidityPeriod)
		f.add("registered_delivery", "%d", m.RegisteredDelivery)
		f.add("sm_default_msg_id", "%d", m.SMDefaultMsgID)
		f.add("short_message", "%x", m.ShortMessage)
		tlvs = m.TLVs
	case *smpp.CancelSMResp:
		tlvs = m.TLVs
	case *smpp.ReplaceSMResp:
		tlvs = m.TLVs
	case *smpp.Outbind:
		f.add("system_id", "%q", m.SystemID)
		f.add("password", "%q", m.Password)
		tlvs = m.TLVs
	case *smpp.AlertNotification:
		f.source(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		f.add("esme_addr_ton", "%d", m.ESMEAddrTON)
		f.add("esme_addr_npi", "%d", m.ESMEAddrNPI)
		f.add("esme_addr", "%q", m.ESMEAddr)
		tlvs = m.TLVs
	}
	f.add("tlvs", "%s", tlvText(tlvs))
	return f
}

func (f *fields) gosmppSource(a gosmpp.Address) { f.source(a.Ton(), a.Npi(), []byte(a.Address())) }
func (f *fields) gosmppDest(a gosmpp.Address)   { f.dest(a.Ton(), a.Npi(), []byte(a.Address())) }

// gosmppOperation are the same of gosmpp's.
func gosmppOperation(p gosmpp.PDU) (f fields, known bool) {
	var tlvs map[gosmpp.Tag]gosmpp.Field
	switch m := p.(type) {
	case *gosmpp.DataSM:
		f.add("service_type", "%q", m.ServiceType)
		f.gosmppSource(m.SourceAddr)
		f.gosmppDest(m.DestAddr)
		f.add("esm_class", "%d", m.EsmClass)
		f.add("registered_delivery", "%d", m.RegisteredDelivery)
		f.add("data_coding", "%d", m.DataCoding)
		tlvs = m.OptionalParameters
	case *gosmpp.DataSMResp:
		f.add("message_id", "%q", m.MessageID)
		tlvs = m.OptionalParameters
	case *gosmpp.SubmitMulti:
		whole := gosmpp.SubmitSM{ServiceType: m.ServiceType, SourceAddr: m.SourceAddr, EsmClass: m.EsmClass, ProtocolID: m.ProtocolID, PriorityFlag: m.PriorityFlag,
			ScheduleDeliveryTime: m.ScheduleDeliveryTime, ValidityPeriod: m.ValidityPeriod, RegisteredDelivery: m.RegisteredDelivery,
			ReplaceIfPresentFlag: m.ReplaceIfPresentFlag, Message: m.Message}
		for _, x := range gosmppMessage(&whole, nil) {
			if !strings.HasPrefix(x.name, "dest") && x.name != "tlvs" {
				f = append(f, x)
			}
		}
		for i, d := range m.DestAddrs.Get() {
			name := fmt.Sprintf("dest_address %d", i)
			if d.IsAddress() {
				a := d.Address()
				f.add(name, "1 %d %d %q%q", a.Ton(), a.Npi(), a.Address(), "")
			} else {
				l := d.DistributionList()
				f.add(name, "2 0 0 %q%q", "", l.Name())
			}
		}
		tlvs = m.OptionalParameters
	case *gosmpp.SubmitMultiResp:
		f.add("message_id", "%q", m.MessageID)
		for i, u := range m.UnsuccessSMEs.Get() {
			f.add(fmt.Sprintf("unsuccess_sme %d", i), "%d %d %q %08x", u.Ton(), u.Npi(), u.Address.Address(), uint32(u.ErrorStatusCode()))
		}
		tlvs = m.OptionalParameters
	case *gosmpp.QuerySM:
		f.add("message_id", "%q", m.MessageID)
		f.gosmppSource(m.SourceAddr)
		tlvs = m.OptionalParameters
	case *gosmpp.QuerySMResp:
		f.add("message_id", "%q", m.MessageID)
		f.add("final_date", "%q", m.FinalDate)
		f.add("message_state", "%d", m.MessageState)
		f.add("error_code", "%d", m.ErrorCode)
		tlvs = m.OptionalParameters
	case *gosmpp.CancelSM:
		f.add("service_type", "%q", m.ServiceType)
		f.add("message_id", "%q", m.MessageID)
		f.gosmppSource(m.SourceAddr)
		f.gosmppDest(m.DestAddr)
		tlvs = m.OptionalParameters
	case *gosmpp.CancelSMResp:
		tlvs = m.OptionalParameters
	case *gosmpp.ReplaceSM:
		f.add("message_id", "%q", m.MessageID)
		f.gosmppSource(m.SourceAddr)
		f.add("schedule_delivery_time", "%q", m.ScheduleDeliveryTime)
		f.add("validity_period", "%q", m.ValidityPeriod)
		f.add("registered_delivery", "%d", m.RegisteredDelivery)
		f.add("sm_default_msg_id", "%d", m.Message.SmDefaultMsgID)
		text, _ := m.Message.GetMessageData()
		f.add("short_message", "%x", text)
		tlvs = m.OptionalParameters
	case *gosmpp.ReplaceSMResp:
		tlvs = m.OptionalParameters
	case *gosmpp.Outbind:
		f.add("system_id", "%q", m.SystemID)
		f.add("password", "%q", m.Password)
		tlvs = m.OptionalParameters
	case *gosmpp.AlertNotification:
		f.gosmppSource(m.SourceAddr)
		f.add("esme_addr_ton", "%d", m.EsmeAddr.Ton())
		f.add("esme_addr_npi", "%d", m.EsmeAddr.Npi())
		f.add("esme_addr", "%q", m.EsmeAddr.Address())
		tlvs = m.OptionalParameters
	default:
		return nil, false
	}
	f.add("tlvs", "%s", gosmppTLVs(tlvs))
	return f, true
}

// gosmppFills puts the values of an operation into gosmpp's structure. It tells
// when gosmpp has no way to say something.
func gosmppFills(g gosmpp.PDU, b smpp.Body) (tlvs smpp.TLVs, ok bool) {
	ok = true
	addr := func(ton, npi uint8, a []byte) gosmpp.Address {
		x, err := gosmpp.NewAddressWithTonNpiAddr(ton, npi, string(a))
		ok = ok && err == nil
		return x
	}
	switch m := b.(type) {
	case *smpp.DataSM:
		x := g.(*gosmpp.DataSM)
		x.ServiceType, x.EsmClass, x.RegisteredDelivery, x.DataCoding = string(m.ServiceType), m.ESMClass, m.RegisteredDelivery, m.DataCoding
		x.SourceAddr, x.DestAddr = addr(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr), addr(m.DestAddrTON, m.DestAddrNPI, m.DestinationAddr)
		tlvs = m.TLVs
	case *smpp.DataSMResp:
		g.(*gosmpp.DataSMResp).MessageID, tlvs = string(m.MessageID), m.TLVs
	case *smpp.SubmitMulti:
		x := g.(*gosmpp.SubmitMulti)
		x.ServiceType, x.EsmClass, x.ProtocolID, x.PriorityFlag = string(m.ServiceType), m.ESMClass, m.ProtocolID, m.PriorityFlag
		x.ScheduleDeliveryTime, x.ValidityPeriod = string(m.ScheduleDeliveryTime), string(m.ValidityPeriod)
		x.RegisteredDelivery, x.ReplaceIfPresentFlag = m.RegisteredDelivery, m.ReplaceIfPresentFlag
		for _, d := range m.Destinations {
			to := gosmpp.NewDestinationAddress()
			if d.DestFlag == smpp.DestFlagSME {
				to.SetAddress(addr(d.DestAddrTON, d.DestAddrNPI, d.DestinationAddr))
			} else {
				l, err := gosmpp.NewDistributionList(string(d.DLName))
				ok = ok && err == nil
				to.SetDistributionList(l)
			}
			x.DestAddrs.Add(to)
		}
		whole := m.To(&smpp.Destination{})
		var nowhere gosmpp.Address
		ok = gosmppText(&whole, &x.SourceAddr, &nowhere, &x.Message) && ok
		tlvs = m.TLVs
	case *smpp.SubmitMultiResp:
		x := g.(*gosmpp.SubmitMultiResp)
		x.MessageID, tlvs = string(m.MessageID), m.TLVs
		for _, u := range m.UnsuccessSME {
			y := gosmpp.NewUnsuccessSMEWithTonNpi(u.DestAddrTON, u.DestAddrNPI, data.CommandStatusType(u.ErrorStatusCode))
			ok = ok && y.SetAddress(string(u.DestinationAddr)) == nil
			x.UnsuccessSMEs.Add(y)
		}
	case *smpp.QuerySM:
		x := g.(*gosmpp.QuerySM)
		x.MessageID, x.SourceAddr = string(m.MessageID), addr(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		tlvs, ok = m.TLVs, ok && len(m.TLVs) == 0 // on which it panics
	case *smpp.QuerySMResp:
		x := g.(*gosmpp.QuerySMResp)
		x.MessageID, x.FinalDate, x.MessageState, x.ErrorCode = string(m.MessageID), string(m.FinalDate), uint8(m.MessageState), m.ErrorCode
		tlvs = m.TLVs
	case *smpp.CancelSM:
		x := g.(*gosmpp.CancelSM)
		x.ServiceType, x.MessageID = string(m.ServiceType), string(m.MessageID)
		x.SourceAddr, x.DestAddr = addr(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr), addr(m.DestAddrTON, m.DestAddrNPI, m.DestinationAddr)
		tlvs = m.TLVs
	case *smpp.CancelSMResp:
		tlvs = m.TLVs
	case *smpp.ReplaceSM:
		x := g.(*gosmpp.ReplaceSM)
		x.MessageID, x.SourceAddr = string(m.MessageID), addr(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr)
		x.ScheduleDeliveryTime, x.ValidityPeriod, x.RegisteredDelivery = string(m.ScheduleDeliveryTime), string(m.ValidityPeriod), m.RegisteredDelivery
		ok = ok && x.Message.SetMessageDataWithEncoding(m.ShortMessage, data.BINARY8BIT2) == nil
		x.Message.SmDefaultMsgID = m.SMDefaultMsgID
		tlvs = m.TLVs
	case *smpp.ReplaceSMResp:
		tlvs = m.TLVs
	case *smpp.Outbind:
		x := g.(*gosmpp.Outbind)
		x.SystemID, x.Password, tlvs = string(m.SystemID), string(m.Password), m.TLVs
	case *smpp.AlertNotification:
		x := g.(*gosmpp.AlertNotification)
		x.SourceAddr, x.EsmeAddr = addr(m.SourceAddrTON, m.SourceAddrNPI, m.SourceAddr), addr(m.ESMEAddrTON, m.ESMEAddrNPI, m.ESMEAddr)
		tlvs = m.TLVs
	}
	return tlvs, ok
}

// drawOperation draws a body of any operation beside submit_sm.
func (s source) drawOperation(tlvs smpp.TLVs) smpp.Body {
	id, addr := s.octets(1, 0, 64), s.octets(1, 0, 20)
	switch s.IntN(12) {
	case 0:
		return &smpp.DataSM{ServiceType: s.octets(1, 0, 5), SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: s.octets(1, 0, 64),
			DestAddrTON: s.u8(), DestAddrNPI: s.u8(), DestinationAddr: s.octets(1, 0, 64), ESMClass: s.u8(), RegisteredDelivery: s.u8(), DataCoding: s.u8(), TLVs: tlvs}
	case 1:
		return &smpp.DataSMResp{MessageID: id, TLVs: tlvs}
	case 2:
		return s.drawSubmitMulti(tlvs)
	case 3:
		m := &smpp.SubmitMultiResp{MessageID: id, TLVs: tlvs}
		for range s.IntN(4) {
			m.UnsuccessSME = append(m.UnsuccessSME, smpp.UnsuccessSME{DestAddrTON: s.u8(), DestAddrNPI: s.u8(), DestinationAddr: s.octets(1, 0, 20), ErrorStatusCode: smpp.Status(s.Uint32())})
		}
		return m
	case 4:
		return &smpp.QuerySM{MessageID: id, SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: addr, TLVs: tlvs}
	case 5:
		return &smpp.QuerySMResp{MessageID: id, FinalDate: s.octets(1, 0, 16), MessageState: smpp.MessageState(s.u8()), ErrorCode: s.u8(), TLVs: tlvs}
	case 6:
		return &smpp.CancelSM{ServiceType: s.octets(1, 0, 5), MessageID: id, SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: addr,
			DestAddrTON: s.u8(), DestAddrNPI: s.u8(), DestinationAddr: s.octets(1, 0, 20), TLVs: tlvs}
	case 7:
		return &smpp.CancelSMResp{TLVs: tlvs}
	case 8:
		return &smpp.ReplaceSM{MessageID: id, SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: addr, ScheduleDeliveryTime: s.octets(1, 0, 16),
			ValidityPeriod: s.octets(1, 0, 16), RegisteredDelivery: s.u8(), SMDefaultMsgID: s.u8(), ShortMessage: s.octets(0, 0, 255), TLVs: tlvs}
	case 9:
		return &smpp.ReplaceSMResp{TLVs: tlvs}
	case 10:
		return &smpp.Outbind{SystemID: s.octets(1, 0, 15), Password: s.octets(1, 0, 8), TLVs: tlvs}
	}
	return &smpp.AlertNotification{SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: s.octets(1, 0, 64),
		ESMEAddrTON: s.u8(), ESMEAddrNPI: s.u8(), ESMEAddr: s.octets(1, 0, 64), TLVs: tlvs}
}

func (s source) drawSubmitMulti(tlvs smpp.TLVs) *smpp.SubmitMulti {
	m := &smpp.SubmitMulti{ServiceType: s.octets(1, 0, 5), SourceAddrTON: s.u8(), SourceAddrNPI: s.u8(), SourceAddr: s.octets(1, 0, 20),
		ESMClass: s.u8() &^ 0x40, ProtocolID: s.u8(), PriorityFlag: s.u8(), ScheduleDeliveryTime: s.octets(1, 0, 16), ValidityPeriod: s.octets(1, 0, 16),
		RegisteredDelivery: s.u8(), ReplaceIfPresentFlag: s.u8(), DataCoding: pick(s, 0, 1, 3, 8, s.u8()), SMDefaultMsgID: s.u8(), ShortMessage: s.octets(0, 0, 255), TLVs: tlvs}
	for range s.IntN(5) {
		if s.one(3) {
			m.Destinations = append(m.Destinations, smpp.Destination{DestFlag: smpp.DestFlagDistributionList, DLName: s.octets(1, 0, 20)})
		} else {
			m.Destinations = append(m.Destinations, smpp.Destination{DestFlag: smpp.DestFlagSME, DestAddrTON: s.u8(), DestAddrNPI: s.u8(), DestinationAddr: s.octets(1, 0, 20)})
		}
	}
	return m
}
