package smpp_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

func destination() *rapid.Generator[smpp.Destination] {
	return rapid.Custom(func(t *rapid.T) smpp.Destination {
		if rapid.Bool().Draw(t, "list") {
			return smpp.Destination{DestFlag: smpp.DestFlagDistributionList, DLName: octets(0, 20).Draw(t, "dl_name")}
		}
		return smpp.Destination{DestFlag: smpp.DestFlagSME, DestAddrTON: rapid.Byte().Draw(t, "ton"), DestAddrNPI: rapid.Byte().Draw(t, "npi"),
			DestinationAddr: octets(0, 20).Draw(t, "destination_addr")}
	})
}

func unsuccess() *rapid.Generator[smpp.UnsuccessSME] {
	return rapid.Custom(func(t *rapid.T) smpp.UnsuccessSME {
		return smpp.UnsuccessSME{DestAddrTON: rapid.Byte().Draw(t, "ton"), DestAddrNPI: rapid.Byte().Draw(t, "npi"),
			DestinationAddr: octets(0, 20).Draw(t, "destination_addr"), ErrorStatusCode: smpp.Status(rapid.Uint32().Draw(t, "error_status_code"))}
	})
}

// operation draws the body of any operation beside submit_sm and deliver_sm.
func operation() *rapid.Generator[smpp.Body] {
	return rapid.Custom(func(t *rapid.T) smpp.Body {
		u8 := func(name string) uint8 { return rapid.Byte().Draw(t, name) }
		text := func(name string, most int) []byte { return octets(0, most).Draw(t, name) }
		tlvs := tlvs().Draw(t, "tlvs")
		switch rapid.IntRange(0, 11).Draw(t, "operation") {
		case 0:
			return &smpp.DataSM{ServiceType: text("service_type", 5), SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: text("source_addr", 64),
				DestAddrTON: u8("ton"), DestAddrNPI: u8("npi"), DestinationAddr: text("destination_addr", 64),
				ESMClass: u8("esm_class"), RegisteredDelivery: u8("registered_delivery"), DataCoding: u8("data_coding"), TLVs: tlvs}
		case 1:
			return &smpp.DataSMResp{MessageID: text("message_id", 64), TLVs: tlvs}
		case 2:
			return &smpp.SubmitMulti{ServiceType: text("service_type", 5), SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: text("source_addr", 20),
				Destinations: rapid.SliceOfN(destination(), 0, 255).Draw(t, "dest_address"), ESMClass: u8("esm_class"), ProtocolID: u8("protocol_id"),
				PriorityFlag: u8("priority_flag"), ScheduleDeliveryTime: text("schedule", 16), ValidityPeriod: text("validity", 16),
				RegisteredDelivery: u8("registered_delivery"), ReplaceIfPresentFlag: u8("replace"), DataCoding: u8("data_coding"), SMDefaultMsgID: u8("default"),
				ShortMessage: rapid.SliceOfN(rapid.Byte(), 0, 255).Draw(t, "short_message"), TLVs: tlvs}
		case 3:
			return &smpp.SubmitMultiResp{MessageID: text("message_id", 64), UnsuccessSME: rapid.SliceOfN(unsuccess(), 0, 255).Draw(t, "unsuccess_sme"), TLVs: tlvs}
		case 4:
			return &smpp.QuerySM{MessageID: text("message_id", 64), SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: text("source_addr", 20), TLVs: tlvs}
		case 5:
			return &smpp.QuerySMResp{MessageID: text("message_id", 64), FinalDate: text("final_date", 16), MessageState: smpp.MessageState(u8("message_state")),
				ErrorCode: u8("error_code"), TLVs: tlvs}
		case 6:
			return &smpp.CancelSM{ServiceType: text("service_type", 5), MessageID: text("message_id", 64), SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"),
				SourceAddr: text("source_addr", 20), DestAddrTON: u8("ton"), DestAddrNPI: u8("npi"), DestinationAddr: text("destination_addr", 20), TLVs: tlvs}
		case 7:
			return &smpp.ReplaceSM{MessageID: text("message_id", 64), SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: text("source_addr", 20),
				ScheduleDeliveryTime: text("schedule", 16), ValidityPeriod: text("validity", 16), RegisteredDelivery: u8("registered_delivery"),
				SMDefaultMsgID: u8("default"), ShortMessage: rapid.SliceOfN(rapid.Byte(), 0, 255).Draw(t, "short_message"), TLVs: tlvs}
		case 8:
			return &smpp.Outbind{SystemID: text("system_id", 255), Password: text("password", 255), TLVs: tlvs}
		case 9:
			return &smpp.AlertNotification{SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: text("source_addr", 64),
				ESMEAddrTON: u8("ton"), ESMEAddrNPI: u8("npi"), ESMEAddr: text("esme_addr", 64), TLVs: tlvs}
		case 10:
			return &smpp.CancelSMResp{TLVs: tlvs}
		}
		return &smpp.ReplaceSMResp{TLVs: tlvs}
	})
}

// cloneBody is Clone of whatever body that is.
func cloneBody(t *rapid.T, b smpp.Body) smpp.Body {
	switch p := b.(type) {
	case *smpp.DataSM:
		return p.Clone()
	case *smpp.DataSMResp:
		return p.Clone()
	case *smpp.SubmitMulti:
		return p.Clone()
	case *smpp.SubmitMultiResp:
		return p.Clone()
	case *smpp.QuerySM:
		return p.Clone()
	case *smpp.QuerySMResp:
		return p.Clone()
	case *smpp.CancelSM:
		return p.Clone()
	case *smpp.CancelSMResp:
		return p.Clone()
	case *smpp.ReplaceSM:
		return p.Clone()
	case *smpp.ReplaceSMResp:
		return p.Clone()
	case *smpp.Outbind:
		return p.Clone()
	case *smpp.AlertNotification:
		return p.Clone()
	}
	t.Fatalf("%T is not cloned", b)
	return nil
}

// TestOperationsRoundTrip goes through octets and through JSON, poisons what
// was decoded from, and decodes into what was used before.
func TestOperationsRoundTrip(t *testing.T) {
	equate := cmp.Options{equateEmpty,
		cmp.FilterValues(func(a, b []smpp.Destination) bool { return len(a)+len(b) == 0 }, cmp.Comparer(func(a, b []smpp.Destination) bool { return true })),
		cmp.FilterValues(func(a, b []smpp.UnsuccessSME) bool { return len(a)+len(b) == 0 }, cmp.Comparer(func(a, b []smpp.UnsuccessSME) bool { return true })),
	}
	rapid.Check(t, func(t *rapid.T) {
		want := operation().Draw(t, "body")
		b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 7}, want)
		if err != nil {
			t.Fatal(err)
		}
		octets := bytes.Clone(b)
		p, err := smpp.DecodePDU(octets)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Body.Decode(octets[smpp.HeaderLen:]); err != nil { // into the same once more
			t.Fatal(err)
		}
		j, err := smpp.ToJSON(p)
		if err != nil {
			t.Fatal(err)
		}
		got := cloneBody(t, p.Body)
		for i := range octets {
			octets[i] = 0xa5
		}
		if d := cmp.Diff(want, got, equate); d != "" {
			t.Fatal(d)
		}
		again, err := smpp.FromJSON(j)
		if err != nil {
			t.Fatal(err)
		}
		if o, err := again.Append(nil); err != nil || !bytes.Equal(o, b) {
			t.Fatalf("through %s:\n got %x (%v)\nwant %x", j, o, err, b)
		}
	})
}
