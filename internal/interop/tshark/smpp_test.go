//go:build interop

package tshark_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

var smppTable = &table{
	columns: append([]column{
		{"command_length", "smpp.command_length", number},
		{"command_id", "smpp.command_id", number},
		{"command_status", "smpp.command_status", number},
		{"sequence_number", "smpp.sequence_number", number},
		{"system_id", "smpp.system_id", raw},
		{"password", "smpp.password", raw},
		{"system_type", "smpp.system_type", raw},
		{"interface_version", "smpp.interface_version", number},
		{"addr_ton", "smpp.addr_ton", number},
		{"addr_npi", "smpp.addr_npi", number},
		{"address_range", "smpp.address_range", raw},
		{"service_type", "smpp.service_type", raw},
		{"source_addr_ton", "smpp.source_addr_ton", number},
		{"source_addr_npi", "smpp.source_addr_npi", number},
		{"source_addr", "smpp.source_addr", raw},
		{"dest_addr_ton", "smpp.dest_addr_ton", number},
		{"dest_addr_npi", "smpp.dest_addr_npi", number},
		{"destination_addr", "smpp.destination_addr", raw},
		{"esm_class, mode", "smpp.esm.submit.msg_mode", number},
		{"esm_class, type", "smpp.esm.submit.msg_type", number},
		{"esm_class, features", "smpp.esm.submit.features", number},
		{"protocol_id", "smpp.protocol_id", number},
		{"priority_flag", "smpp.priority_flag", number},
		{"schedule_delivery_time", "smpp.schedule_delivery_time", raw},
		{"schedule_delivery_time, relative", "smpp.schedule_delivery_time_r", raw},
		{"validity_period", "smpp.validity_period", raw},
		{"validity_period, relative", "smpp.validity_period_r", raw},
		{"registered_delivery, receipt", "smpp.regdel.receipt", number},
		{"registered_delivery, acknowledgement", "smpp.regdel.acks", number},
		{"registered_delivery, intermediate", "smpp.regdel.notif", number},
		{"replace_if_present_flag", "smpp.replace_if_present_flag", number},
		{"data_coding", "smpp.data_coding", number},
		{"sm_default_msg_id", "smpp.sm_default_msg_id", number},
		{"sm_length", "smpp.sm_length", number},
		{"short_message", "smpp.message", octets},
		{"message_id", "smpp.message_id", raw},
		{"dl_name", "smpp.dl_name", raw},
		{"final_date", "smpp.final_date", raw},
		{"final_date, relative", "smpp.final_date_r", raw},
		{"error_code", "smpp.error_code", number},
		{"error_status_code", "smpp.error_status_code", number},
		{"esme_addr_ton", "smpp.esme_addr_ton", number},
		{"esme_addr_npi", "smpp.esme_addr_npi", number},
		{"esme_addr", "smpp.esme_addr", raw},
		{"TLV tag", "smpp.opt_param_tag", number},
		{"TLV length", "smpp.opt_param_len", number},
	}, tlvColumns()...),
	ignored: map[string]string{
		"smpp.message_text": "the message again, as text",
		"smpp.dlist":        "heading of the destinations", "smpp.dlist_resp": "heading of those that failed",
		"smpp.opt_params": "heading of the TLVs", "smpp.opt_param": "heading of a TLV",
		"smpp.dcs.sms_coding_group": "part of data_coding", "smpp.dcs.reserved": "part of data_coding", "smpp.dcs.charset": "part of data_coding",
		"smpp.dcs.class": "part of data_coding", "smpp.dcs.wait_ind": "part of data_coding", "smpp.dcs.wait_type": "part of data_coding",
	},
}

// parameter is a TLV: its size in octets and Wireshark's field, compared as how
// says.
type parameter struct {
	tag      smpp.Tag
	min, max int
	theirs   string
	how      how
}

var tlvs = []parameter{
	{smpp.TagDestAddrSubunit, 1, 1, "smpp.dest_addr_subunit", number},
	{smpp.TagDestNetworkType, 1, 1, "smpp.dest_network_type", number},
	{smpp.TagDestBearerType, 1, 1, "smpp.dest_bearer_type", number},
	{smpp.TagDestTelematicsID, 2, 2, "smpp.dest_telematics_id", number},
	{smpp.TagSourceAddrSubunit, 1, 1, "smpp.source_addr_subunit", number},
	{smpp.TagSourceNetworkType, 1, 1, "smpp.source_network_type", number},
	{smpp.TagSourceBearerType, 1, 1, "smpp.source_bearer_type", number},
	{smpp.TagSourceTelematicsID, 1, 1, "smpp.source_telematics_id", number},
	{smpp.TagQOSTimeToLive, 4, 4, "smpp.qos_time_to_live", number},
	{smpp.TagPayloadType, 1, 1, "smpp.payload_type", number},
	{smpp.TagPrivacyIndicator, 1, 1, "smpp.privacy_indicator", number},
	{smpp.TagSourceSubaddress, 2, 23, "smpp.source_subaddress", octets},
	{smpp.TagDestSubaddress, 2, 23, "smpp.dest_subaddress", octets},
	{smpp.TagUserMessageReference, 2, 2, "smpp.user_message_reference", number},
	{smpp.TagUserResponseCode, 1, 1, "smpp.user_response_code", number},
	{smpp.TagSourcePort, 2, 2, "smpp.source_port", number},
	{smpp.TagDestinationPort, 2, 2, "smpp.destination_port", number},
	{smpp.TagSARMsgRefNum, 2, 2, "smpp.sar_msg_ref_num", number},
	{smpp.TagLanguageIndicator, 1, 1, "smpp.language_indicator", number},
	{smpp.TagSARTotalSegments, 1, 1, "smpp.sar_total_segments", number},
	{smpp.TagSARSegmentSeqnum, 1, 1, "smpp.sar_segment_seqnum", number},
	{smpp.TagSCInterfaceVersion, 1, 1, "smpp.SC_interface_version", number},
	{smpp.TagNumberOfMessages, 1, 1, "smpp.number_of_messages", number},
	{smpp.TagCallbackNum, 4, 19, "smpp.callback_num", presence},
	{smpp.TagDPFResult, 1, 1, "smpp.dpf_result", number},
	{smpp.TagSetDPF, 1, 1, "smpp.set_dpf", number},
	{smpp.TagMSAvailabilityStatus, 1, 1, "smpp.ms_availability_status", number},
	{smpp.TagMessagePayload, 1, 300, "smpp.message_payload", octets},
	{smpp.TagDeliveryFailureReason, 1, 1, "smpp.delivery_failure_reason", number},
	{smpp.TagMoreMessagesToSend, 1, 1, "smpp.more_messages_to_send", number},
	{smpp.TagMessageState, 1, 1, "smpp.message_state", number},
	{smpp.TagCongestionState, 1, 1, "smpp.congestion_state", number},
	{smpp.TagUSSDServiceOp, 1, 1, "smpp.ussd_service_op", number},
	{smpp.TagDisplayTime, 1, 1, "smpp.display_time", number},
	{smpp.TagSMSSignal, 2, 2, "smpp.sms_signal", number},
	{smpp.TagMSValidity, 1, 1, "smpp.ms_validity", number},
	{smpp.TagITSReplyType, 1, 1, "smpp.its_reply_type", number},
	{smpp.TagBroadcastChannelIndicator, 1, 1, "smpp.broadcast_channel_indicator", number},
	{smpp.TagBroadcastContentTypeInfo, 1, 40, "smpp.broadcast_content_type.info", octets},
	{smpp.TagBroadcastMessageClass, 1, 1, "smpp.broadcast_message_class", number},
	{smpp.TagBroadcastRepNum, 2, 2, "smpp.broadcast_rep_num", number},
	{smpp.TagBroadcastErrorStatus, 4, 4, "smpp.broadcast_error_status", number},
	{smpp.TagBroadcastAreaSuccess, 1, 1, "smpp.broadcast_area_success", number},
	{smpp.TagBroadcastServiceGroup, 1, 40, "smpp.broadcast_service_group", octets},
	{smpp.TagBillingIdentification, 1, 40, "smpp.billing_id", octets},
	{smpp.TagSourceNodeID, 6, 6, "smpp.source_node_id", octets},
	{smpp.TagDestNodeID, 6, 6, "smpp.dest_node_id", octets},
	{smpp.TagDestAddrNPResolution, 1, 1, "smpp.dest_addr_np_resolution", number},
	{smpp.TagDestAddrNPInformation, 10, 10, "smpp.dest_addr_np_info", octets},
	{smpp.TagDestAddrNPCountry, 1, 5, "smpp.dest_addr_np_country", octets},
	{0x1400, 1, 20, "smpp.vendor_op", octets},
	{0x4000, 1, 20, "smpp.reserved_op", octets},

	// Those of parts, and text: see textual.
	{smpp.TagMSMsgWaitFacilities, 1, 1, "", number},
	{smpp.TagCallbackNumPresInd, 1, 1, "", number},
	{smpp.TagNetworkErrorCode, 3, 3, "", number},
	{smpp.TagITSSessionInfo, 2, 2, "", number},
	{smpp.TagBroadcastContentType, 3, 3, "", number},
	{smpp.TagBroadcastFrequencyInterval, 3, 3, "", number},
	{smpp.TagAdditionalStatusInfoText, 1, 40, "", raw},
	{smpp.TagReceiptedMessageID, 1, 40, "", raw},
	{smpp.TagSourceNetworkID, 1, 40, "", raw},
	{smpp.TagDestNetworkID, 1, 40, "", raw},
	{smpp.TagAlertOnMessageDelivery, 0, 1, "", number},
}

func tlvColumns() (cs []column) {
	for _, p := range tlvs {
		if p.theirs != "" {
			cs = append(cs, column{p.tag.String(), p.theirs, p.how})
		}
	}
	return append(cs,
		column{"ms_msg_wait_facilities, indication", "smpp.msg_wait.ind", number},
		column{"ms_msg_wait_facilities, type", "smpp.msg_wait.type", number},
		column{"callback_num_pres_ind, presentation", "smpp.callback_num.pres", number},
		column{"callback_num_pres_ind, screening", "smpp.callback_num.scrn", number},
		column{"network_error_code, type", "smpp.network_error.type", number},
		column{"network_error_code", "smpp.network_error.code", number},
		column{"its_session_info, number", "smpp.its_session.number", number},
		column{"its_session_info, sequence", "smpp.its_session.sequence", number},
		column{"its_session_info, end", "smpp.its_session.ind", number},
		column{"broadcast_content_type, network", "smpp.broadcast_content_type.nw", number},
		column{"broadcast_content_type", "smpp.broadcast_content_type.type", number},
		column{"broadcast_frequency_interval, unit", "smpp.broadcast_frequency_interval.unit", number},
		column{"broadcast_frequency_interval", "smpp.broadcast_frequency_interval.value", number},
		column{"additional_status_info_text", "smpp.additional_status_info_text", raw},
		column{"receipted_message_id", "smpp.receipted_message_id", raw},
		column{"source_network_id", "smpp.source_network_id", raw},
		column{"dest_network_id", "smpp.dest_network_id", raw},
		column{"alert_on_message_delivery", "smpp.alert_on_message_delivery_type", number},
		column{"alert_on_message_delivery, empty", "smpp.alert_on_message_delivery_null", presence},
	)
}

// esme draws PDUs and notes what they mean.
type esme struct {
	*sample
	t *rapid.T
}

func (g esme) u8(name string) uint8 {
	v := rapid.Byte().Draw(g.t, name)
	g.number(name, uint64(v))
	return v
}

// text draws a C-octet string; Wireshark's field includes the NUL, and some it
// does not show when they are empty.
func (g esme) text(name string, most int) []byte {
	switch name {
	case "system_id", "password", "system_type", "address_range", "message_id":
		return g.quiet(name, most)
	}
	v := []byte(rapid.StringMatching(fmt.Sprintf("[0-9A-Za-z ]{0,%d}", most)).Draw(g.t, name))
	g.octets(name, append(v[:len(v):len(v)], 0))
	return v
}

// quiet is text that Wireshark does not show when it is empty.
func (g esme) quiet(name string, most int) []byte {
	v := []byte(rapid.StringMatching(fmt.Sprintf("[0-9A-Za-z ]{0,%d}", most)).Draw(g.t, name))
	if len(v) == 0 {
		return nil
	}
	g.octets(name, append(v[:len(v):len(v)], 0))
	return v
}

// tlvs draws parameters. The message stands in the PDU once: Wireshark remarks
// on it there and as payload.
func (g esme) tlvs(message bool) (ts smpp.TLVs) {
	for range rapid.IntRange(0, 6).Draw(g.t, "TLVs") {
		p := rapid.SampledFrom(tlvs).Draw(g.t, "TLV")
		if p.tag == smpp.TagMessagePayload {
			if message {
				continue
			}
			message = true
		}
		v := rapid.SliceOfN(rapid.Byte(), p.min, p.max).Draw(g.t, "value")
		if p.theirs == "" {
			v = g.parts(p, v)
		} else if p.how == number {
			g.number(p.tag.String(), new8(v))
		} else if p.how == presence {
			g.add(p.tag.String(), "there")
		} else {
			g.octets(p.tag.String(), v)
		}
		g.number("TLV tag", uint64(p.tag))
		g.number("TLV length", uint64(len(v)))
		ts = append(ts, smpp.TLV{Tag: p.tag, Value: v})
		if p.tag == smpp.TagBroadcastRepNum {
			g.unreadable = broadcastRepNum
			break
		}
	}
	return ts
}

func new8(v []byte) (n uint64) {
	for _, o := range v {
		n = n<<8 | uint64(o)
	}
	return n
}

// parts are the TLVs that Wireshark shows in parts, and those of text.
func (g esme) parts(p parameter, v []byte) []byte {
	name := p.tag.String()
	switch p.tag {
	case smpp.TagMSMsgWaitFacilities:
		g.number(name+", indication", uint64(v[0])>>7)
		g.number(name+", type", uint64(v[0])&3)
	case smpp.TagCallbackNumPresInd:
		g.number(name+", presentation", uint64(v[0])>>2&3)
		g.number(name+", screening", uint64(v[0])&3)
	case smpp.TagNetworkErrorCode:
		g.number(name+", type", uint64(v[0]))
		g.number(name, new8(v[1:]))
	case smpp.TagITSSessionInfo:
		g.number(name+", number", uint64(v[0]))
		g.number(name+", sequence", uint64(v[1])>>1)
		g.number(name+", end", uint64(v[1])&1)
	case smpp.TagBroadcastContentType:
		g.number(name+", network", uint64(v[0]))
		g.number(name, new8(v[1:]))
	case smpp.TagBroadcastFrequencyInterval:
		g.number(name+", unit", uint64(v[0]))
		g.number(name, new8(v[1:]))
	case smpp.TagAlertOnMessageDelivery:
		if len(v) == 0 {
			g.add(name+", empty", "there")
		} else {
			g.number(name, uint64(v[0]))
		}
	default: // a C-octet string
		for i := range v {
			v[i] = 'a' + v[i]%26
		}
		v[len(v)-1] = 0
		g.octets(name, v)
	}
	return v
}

func (g esme) submit() *smpp.SubmitSM {
	p := &smpp.SubmitSM{
		ServiceType:   g.text("service_type", 5),
		SourceAddrTON: g.u8("source_addr_ton"), SourceAddrNPI: g.u8("source_addr_npi"), SourceAddr: g.text("source_addr", 20),
		DestAddrTON: g.u8("dest_addr_ton"), DestAddrNPI: g.u8("dest_addr_npi"), DestinationAddr: g.text("destination_addr", 20),
		ESMClass: rapid.Byte().Draw(g.t, "esm_class"), ProtocolID: g.u8("protocol_id"), PriorityFlag: g.u8("priority_flag"),
		RegisteredDelivery:   rapid.ByteRange(0, 31).Draw(g.t, "registered_delivery"),
		ReplaceIfPresentFlag: rapid.ByteRange(0, 1).Draw(g.t, "replace_if_present_flag"),
		DataCoding:           g.u8("data_coding"), SMDefaultMsgID: g.u8("sm_default_msg_id"),
		ShortMessage: rapid.SliceOfN(rapid.Byte(), 0, 254).Draw(g.t, "short_message"),
	}
	if p.ESMClass&0x40 != 0 { // a user data header, the first of two parts
		p.ShortMessage = append([]byte{5, 0, 3, 7, 2, 1}, p.ShortMessage[:min(len(p.ShortMessage), 200)]...)
	}
	p.ScheduleDeliveryTime, p.ValidityPeriod = g.time("schedule_delivery_time"), g.time("validity_period")
	g.number("esm_class, mode", uint64(p.ESMClass)&3)
	g.number("esm_class, type", uint64(p.ESMClass)>>2&15)
	g.number("esm_class, features", uint64(p.ESMClass)>>6)
	g.number("registered_delivery, receipt", uint64(p.RegisteredDelivery)&3)
	g.number("registered_delivery, acknowledgement", uint64(p.RegisteredDelivery)>>2&3)
	g.number("registered_delivery, intermediate", uint64(p.RegisteredDelivery)>>4)
	g.number("replace_if_present_flag", uint64(p.ReplaceIfPresentFlag))
	g.number("sm_length", uint64(len(p.ShortMessage)))
	if len(p.ShortMessage) > 0 {
		g.octets("short_message", p.ShortMessage)
	}
	p.TLVs = g.tlvs(len(p.ShortMessage) > 0)
	return p
}

// time draws a time in one of the two forms, or none.
func (g esme) time(name string) []byte {
	v := g.quietTime(name)
	if v == nil {
		g.add(name+", relative", "00")
	}
	return v
}

// quietTime is a time that Wireshark does not show when there is none.
func (g esme) quietTime(name string) []byte {
	two := func(what string, low, high int) string {
		return fmt.Sprintf("%02d", rapid.IntRange(low, high).Draw(g.t, what))
	}
	switch rapid.IntRange(0, 2).Draw(g.t, name) {
	case 0:
		return nil
	case 1:
		v := two("year", 1, 30) + two("month", 1, 12) + two("day", 1, 28) + two("hour", 0, 23) + two("minute", 0, 59) + two("second", 0, 59) + "0" + two("quarter", 0, 48) +
			rapid.SampledFrom([]string{"+", "-"}).Draw(g.t, "sign")
		g.octets(name, append([]byte(v), 0))
		return []byte(v)
	}
	v := two("years", 0, 1) + two("months", 0, 11) + two("days", 0, 30) + two("hours", 0, 23) + two("minutes", 0, 59) + two("seconds", 0, 59) + "000R"
	g.octets(name+", relative", append([]byte(v), 0))
	return []byte(v)
}

func (g esme) body() smpp.Body {
	switch rapid.IntRange(0, 16).Draw(g.t, "pdu") {
	case 11, 12, 13, 14, 15, 16:
		return g.operation()
	case 0, 1:
		return &smpp.Bind{Kind: rapid.SampledFrom([]smpp.CommandID{smpp.CommandBindReceiver, smpp.CommandBindTransmitter, smpp.CommandBindTransceiver}).Draw(g.t, "kind"),
			SystemID: g.text("system_id", 15), Password: g.text("password", 8), SystemType: g.text("system_type", 12), InterfaceVersion: g.u8("interface_version"),
			AddrTON: g.u8("addr_ton"), AddrNPI: g.u8("addr_npi"), AddressRange: g.text("address_range", 40)} // which has no TLVs in either edition
	case 2:
		return &smpp.BindResp{Kind: rapid.SampledFrom([]smpp.CommandID{smpp.CommandBindReceiverResp, smpp.CommandBindTransmitterResp, smpp.CommandBindTransceiverResp}).Draw(g.t, "kind"),
			SystemID: g.text("system_id", 15), TLVs: g.tlvs(false)}
	case 3:
		return &smpp.SubmitSMResp{MessageID: g.text("message_id", 64), TLVs: g.tlvs(false)}
	case 4:
		return &smpp.DeliverSMResp{MessageID: g.text("message_id", 64), TLVs: g.tlvs(false)}
	case 5:
		return rapid.SampledFrom([]smpp.Body{&smpp.Unbind{}, &smpp.UnbindResp{}, &smpp.EnquireLink{}, &smpp.EnquireLinkResp{}, &smpp.GenericNack{}}).Draw(g.t, "empty")
	case 6, 7, 8:
		return (*smpp.DeliverSM)(g.submit())
	}
	return g.submit()
}

func drawSMPP(t *rapid.T) *sample {
	g := esme{&sample{table: smppTable}, t}
	body := g.body()
	p := &smpp.PDU{Header: smpp.Header{CommandID: body.CommandID(), Sequence: rapid.Uint32Range(1, 0x7fffffff).Draw(t, "sequence")}, Body: body}
	if body.CommandID().IsResponse() {
		if rapid.IntRange(0, 3).Draw(t, "failed") == 0 { // an error has no body
			p.Status = smpp.Status(rapid.Uint32Range(1, 0x500).Draw(t, "status"))
			p.Body, g.values = nil, nil
		}
		g.number("command_status", uint64(p.Status))
	}
	b, err := p.Append(nil)
	if err != nil {
		panic(hex.EncodeToString(b) + ": " + err.Error())
	}
	g.kind, g.message = body.CommandID().String(), p
	g.packet = packet{at: protocol("smpp"), octets: b}
	g.number("command_length", uint64(binary.BigEndian.Uint32(b)))
	g.number("command_id", uint64(body.CommandID()))
	g.number("sequence_number", uint64(p.Sequence))
	return g.sample
}

var smppOptions = disable("gsm_sms", "gsm_sms_ud", "wsp", "wap-wsp", "wtp", "smpp_gsm7")

func TestSMPP(t *testing.T) { smppBatch().run(t) }

func smppBatch() *batch {
	return &batch{
		name: "SMPP, all PDUs and TLVs", against: "smpp", protocols: []string{"smpp"}, table: smppTable, draw: drawSMPP, remarks: []string{"Trailing stray characters"}, // a NUL in the message, which it also shows as text
		options: smppOptions,
	}
}
