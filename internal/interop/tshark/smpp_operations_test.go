//go:build interop

package tshark_test

import (
	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

// operation draws the body of an operation beside submit_sm and deliver_sm.
func (g esme) operation() smpp.Body {
	switch rapid.IntRange(0, 11).Draw(g.t, "operation") {
	case 0:
		return g.dataSM()
	case 1:
		return &smpp.DataSMResp{MessageID: g.text("message_id", 64), TLVs: g.tlvs(false)}
	case 2, 3:
		return g.submitMulti()
	case 4:
		return g.submitMultiResp()
	case 5:
		return &smpp.QuerySM{MessageID: g.text("message_id", 64), SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"),
			SourceAddr: g.quiet("source_addr", 20)}
	case 6:
		return &smpp.QuerySMResp{MessageID: g.text("message_id", 64), FinalDate: g.quietTime("final_date"),
			MessageState: smpp.MessageState(g.u8("message_state")), ErrorCode: g.u8("error_code")}
	case 7:
		return &smpp.CancelSM{ServiceType: g.text("service_type", 5), MessageID: g.text("message_id", 64),
			SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.quiet("source_addr", 20),
			DestAddrTON: g.u8("dest_addr_ton"), DestAddrNPI: g.u8("dest_addr_npi"), DestinationAddr: g.quiet("destination_addr", 20)}
	case 8:
		return g.replaceSM()
	case 9:
		return rapid.SampledFrom([]smpp.Body{&smpp.CancelSMResp{}, &smpp.ReplaceSMResp{}}).Draw(g.t, "empty")
	case 10:
		return &smpp.Outbind{SystemID: g.text("system_id", 15), Password: g.text("password", 8)}
	}
	return &smpp.AlertNotification{SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.quiet("source_addr", 64),
		ESMEAddrTON: g.u8("esme_addr_ton"), ESMEAddrNPI: g.u8("esme_addr_npi"), ESMEAddr: g.quiet("esme_addr", 64), TLVs: g.tlvs(false)}
}

func (g esme) esmClass() uint8 {
	v := rapid.Byte().Draw(g.t, "esm_class") &^ 0x40 // no header: its text is that of submit_sm
	g.number("esm_class, mode", uint64(v)&3)
	g.number("esm_class, type", uint64(v)>>2&15)
	g.number("esm_class, features", uint64(v)>>6)
	return v
}

func (g esme) registeredDelivery() uint8 {
	v := rapid.ByteRange(0, 31).Draw(g.t, "registered_delivery")
	g.number("registered_delivery, receipt", uint64(v)&3)
	g.number("registered_delivery, acknowledgement", uint64(v)>>2&3)
	g.number("registered_delivery, intermediate", uint64(v)>>4)
	return v
}

func (g esme) shortMessage() []byte {
	v := rapid.SliceOfN(rapid.Byte(), 0, 254).Draw(g.t, "short_message")
	g.number("sm_length", uint64(len(v)))
	if len(v) > 0 {
		g.octets("short_message", v)
	}
	return v
}

func (g esme) dataSM() *smpp.DataSM {
	return &smpp.DataSM{
		ServiceType:   g.text("service_type", 5),
		SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.text("source_addr", 64),
		DestAddrTON: g.u8("dest_addr_ton"), DestAddrNPI: g.u8("dest_addr_npi"), DestinationAddr: g.text("destination_addr", 64),
		ESMClass: g.esmClass(), RegisteredDelivery: g.registeredDelivery(), DataCoding: g.u8("data_coding"), TLVs: g.tlvs(false),
	}
}

func (g esme) submitMulti() *smpp.SubmitMulti {
	p := &smpp.SubmitMulti{
		ServiceType:   g.text("service_type", 5),
		SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.text("source_addr", 20),
	}
	for range rapid.IntRange(1, 5).Draw(g.t, "number_of_dests") {
		if rapid.Bool().Draw(g.t, "list") {
			p.Destinations = append(p.Destinations, smpp.Destination{DestFlag: smpp.DestFlagDistributionList, DLName: g.quiet("dl_name", 20)})
			continue
		}
		p.Destinations = append(p.Destinations, smpp.Destination{DestFlag: smpp.DestFlagSME,
			DestAddrTON: g.u8("dest_addr_ton"), DestAddrNPI: g.u8("dest_addr_npi"), DestinationAddr: g.quiet("destination_addr", 20)})
	}
	p.ESMClass, p.ProtocolID, p.PriorityFlag = g.esmClass(), g.u8("protocol_id"), g.u8("priority_flag")
	p.ScheduleDeliveryTime, p.ValidityPeriod = g.time("schedule_delivery_time"), g.quietTime("validity_period")
	if p.ValidityPeriod == nil { // Wireshark shows an empty one by the name of the other, here only
		g.add("schedule_delivery_time, relative", "00")
	}
	p.RegisteredDelivery, p.ReplaceIfPresentFlag = g.registeredDelivery(), rapid.ByteRange(0, 1).Draw(g.t, "replace_if_present_flag")
	g.number("replace_if_present_flag", uint64(p.ReplaceIfPresentFlag))
	p.DataCoding, p.SMDefaultMsgID, p.ShortMessage = g.u8("data_coding"), g.u8("sm_default_msg_id"), g.shortMessage()
	p.TLVs = g.tlvs(len(p.ShortMessage) > 0)
	return p
}

func (g esme) submitMultiResp() *smpp.SubmitMultiResp {
	p := &smpp.SubmitMultiResp{MessageID: g.text("message_id", 64)}
	for range rapid.IntRange(0, 4).Draw(g.t, "no_unsuccess") {
		u := smpp.UnsuccessSME{DestAddrTON: g.u8("dest_addr_ton"), DestAddrNPI: g.u8("dest_addr_npi"), DestinationAddr: g.quiet("destination_addr", 20),
			ErrorStatusCode: smpp.Status(rapid.Uint32().Draw(g.t, "error_status_code"))}
		g.number("error_status_code", uint64(u.ErrorStatusCode))
		p.UnsuccessSME = append(p.UnsuccessSME, u)
	}
	p.TLVs = g.tlvs(false)
	return p
}

func (g esme) replaceSM() *smpp.ReplaceSM {
	return &smpp.ReplaceSM{
		MessageID:     g.text("message_id", 64),
		SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.text("source_addr", 20),
		ScheduleDeliveryTime: g.time("schedule_delivery_time"), ValidityPeriod: g.time("validity_period"),
		RegisteredDelivery: g.registeredDelivery(), SMDefaultMsgID: g.u8("sm_default_msg_id"), ShortMessage: g.shortMessage(),
	}
}
