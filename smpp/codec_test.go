package smpp_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

const vectors = "../testdata/smpp"

func decodePDU(b []byte) (testvec.Message, error) {
	p, err := smpp.DecodePDU(b)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "smpp", decodePDU) }

func FuzzDecodePDU(f *testing.F) { testvec.Fuzz(f, vectors, "smpp", decodePDU) }

// octets generates n to m octets without NUL, so that any C-octet string takes them.
func octets(n, m int) *rapid.Generator[[]byte] {
	return rapid.SliceOfN(rapid.ByteRange(1, 255), n, m)
}

func tlvs() *rapid.Generator[smpp.TLVs] {
	one := rapid.Custom(func(t *rapid.T) smpp.TLV {
		return smpp.TLV{Tag: smpp.Tag(rapid.Uint16().Draw(t, "tag")), Value: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "value")}
	})
	return rapid.Custom(func(t *rapid.T) smpp.TLVs { return rapid.SliceOfN(one, 0, 5).Draw(t, "tlvs") })
}

func submitSM() *rapid.Generator[*smpp.SubmitSM] {
	return rapid.Custom(func(t *rapid.T) *smpp.SubmitSM {
		u8 := func(name string) uint8 { return rapid.Byte().Draw(t, name) }
		return &smpp.SubmitSM{
			ServiceType:   octets(0, 5).Draw(t, "service_type"),
			SourceAddrTON: u8("ton"), SourceAddrNPI: u8("npi"), SourceAddr: octets(0, 20).Draw(t, "source_addr"),
			DestAddrTON: u8("ton"), DestAddrNPI: u8("npi"), DestinationAddr: octets(0, 20).Draw(t, "destination_addr"),
			ESMClass: u8("esm_class"), ProtocolID: u8("protocol_id"), PriorityFlag: u8("priority_flag"),
			ScheduleDeliveryTime: octets(0, 16).Draw(t, "schedule"), ValidityPeriod: octets(0, 16).Draw(t, "validity"),
			RegisteredDelivery: u8("registered_delivery"), ReplaceIfPresentFlag: u8("replace"),
			DataCoding: u8("data_coding"), SMDefaultMsgID: u8("default"),
			ShortMessage: rapid.SliceOfN(rapid.Byte(), 0, 255).Draw(t, "short_message"),
			TLVs:         tlvs().Draw(t, "tlvs"),
		}
	})
}

func TestSubmitSMRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := submitSM().Draw(t, "p")
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		var q smpp.SubmitSM
		if err := q.Decode(b); err != nil {
			t.Fatal(err)
		}
		clone := q.Clone()
		for i := range b {
			b[i] = 0xa5 // what is kept must be a clone
		}
		if d := cmp.Diff(p, clone, equateEmpty); d != "" {
			t.Fatal(d)
		}
	})
}

// TestShortWayOfDecode: Decode without a cursor and Read with one take the same
// octets for good, with the same outcome, and name the same fault in the rest.
func TestShortWayOfDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, submitSM().Draw(t, "p"))
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			b[rapid.IntRange(smpp.HeaderLen, len(b)-1).Draw(t, "where")] = rapid.Byte().Draw(t, "octet")
		}
		b = b[:rapid.IntRange(smpp.HeaderLen, len(b)).Draw(t, "cut")]
		b[2], b[3] = byte(len(b)>>8), byte(len(b))
		var p smpp.SubmitSM
		errShort := p.Decode(b[smpp.HeaderLen:])
		var tr wire.Trace
		c := wire.NewCursorAt("smpp", b, 0, &tr)
		m, errLong := smpp.Read(&c)
		if fmt.Sprint(errShort) != fmt.Sprint(errLong) {
			t.Fatalf("%x: %v, but with a trace %v", b, errShort, errLong)
		}
		if errLong == nil {
			if d := cmp.Diff(&p, m.(*smpp.PDU).Body.(*smpp.SubmitSM), equateEmpty); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// equateEmpty takes a nil and an empty slice as equal, as the wire does.
var equateEmpty = cmp.Options{
	cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) == 0 }, cmp.Comparer(func(a, b []byte) bool { return true })),
	cmp.FilterValues(func(a, b smpp.TLVs) bool { return len(a)+len(b) == 0 }, cmp.Comparer(func(a, b smpp.TLVs) bool { return true })),
}

func TestJSONRoundTrip(t *testing.T) {
	vs, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		if v.Fault != "" {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			c := wire.NewCursor("smpp", v.Octets)
			m, err := smpp.Read(&c)
			if err != nil {
				t.Fatal(err)
			}
			j, err := smpp.ToJSON(m)
			if err != nil {
				t.Fatal(err)
			}
			again, err := smpp.FromJSON(j)
			if err != nil {
				t.Fatalf("%v in %s", err, j)
			}
			got, err := again.Append(nil)
			if err != nil || !bytes.Equal(got, v.Octets) {
				t.Fatalf("through %s:\n got %x (%v)\nwant %x", j, got, err, v.Octets)
			}
		})
	}
}

func TestJSONOfAnyOctets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &smpp.PDU{Header: smpp.Header{CommandID: smpp.CommandSubmitSM, Sequence: 5}, Body: submitSM().Draw(t, "p")}
		want, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		j, err := smpp.ToJSON(p)
		if err != nil {
			t.Fatal(err)
		}
		m, err := smpp.FromJSON(j)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.Append(nil); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%x became %x (%v)", want, got, err)
		}
	})
}

func TestFromJSONRefuses(t *testing.T) {
	for _, j := range []string{
		`{`, `{"message":"SubmitSMS"}`, `{"message":"SubmitSM","short_mesage":"00"}`,
		`{"message":"SubmitSM","short_message":"0"}`, `{"message":"SubmitSM","tlvs":[{"tag":1,"value":"x"}]}`,
	} {
		if m, err := smpp.FromJSON([]byte(j)); err == nil {
			t.Errorf("%s: taken as %v", j, m)
		}
	}
}

// TestTraceNames decodes with a trace, masks the password and names values.
func TestTraceNames(t *testing.T) {
	b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &smpp.Bind{Kind: smpp.CommandBindTransceiver,
		SystemID: []byte("esme"), Password: []byte("hunter2"), TLVs: smpp.TLVs{{Tag: smpp.TagSCInterfaceVersion, Value: []byte{0x34}}}})
	if err != nil {
		t.Fatal(err)
	}
	var tr wire.Trace
	c := wire.NewCursorAt("smpp", b, 0, &tr)
	if _, err := smpp.Read(&c); err != nil {
		t.Fatal(err)
	}
	text := tr.Text(false)
	for _, want := range []string{"bind_transceiver", "ESME_ROK", "sc_interface_version", `"esme"`, "<8 octets, secret>"} {
		if !bytes.Contains([]byte(text), []byte(want)) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if bytes.Contains([]byte(text), []byte("hunter2")) {
		t.Errorf("the password shows in\n%s", text)
	}
}

func TestAppendRefuses(t *testing.T) {
	long := bytes.Repeat([]byte("1"), 256)
	many := make(smpp.TLVs, smpp.MaxTLVs+1)
	for _, c := range []struct {
		field string
		h     smpp.Header
		body  smpp.Body
	}{
		{"service_type", smpp.Header{}, &smpp.SubmitSM{ServiceType: long[:6]}},
		{"source_addr", smpp.Header{}, &smpp.SubmitSM{SourceAddr: long[:21]}},
		{"destination_addr", smpp.Header{}, &smpp.SubmitSM{DestinationAddr: []byte("1\x002")}},
		{"schedule_delivery_time", smpp.Header{}, &smpp.SubmitSM{ScheduleDeliveryTime: long[:17]}},
		{"validity_period", smpp.Header{}, &smpp.SubmitSM{ValidityPeriod: long[:17]}},
		{"short_message", smpp.Header{}, &smpp.DeliverSM{ShortMessage: long}},
		{"TLVs", smpp.Header{}, &smpp.SubmitSM{TLVs: many}},
		{"message_payload", smpp.Header{}, &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 1<<16)}}}},
		{"message_id", smpp.Header{}, &smpp.SubmitSMResp{MessageID: long[:65]}},
		{"system_id", smpp.Header{}, &smpp.Bind{Kind: smpp.CommandBindReceiver, SystemID: long}},
		{"command_id", smpp.Header{}, &smpp.Bind{Kind: smpp.CommandSubmitSM}},
		{"source_addr", smpp.Header{}, &smpp.DataSM{SourceAddr: long[:65]}},
		{"destination_addr", smpp.Header{}, &smpp.DataSM{DestinationAddr: []byte("1\x002")}},
		{"message_id", smpp.Header{}, &smpp.DataSMResp{MessageID: long[:65]}},
		{"number_of_dests", smpp.Header{}, &smpp.SubmitMulti{Destinations: make([]smpp.Destination, 256)}},
		{"dest_flag", smpp.Header{}, &smpp.SubmitMulti{Destinations: make([]smpp.Destination, 1)}},
		{"dl_name", smpp.Header{}, &smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagDistributionList, DLName: long[:21]}}}},
		{"destination_addr", smpp.Header{}, &smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: long[:21]}}}},
		{"short_message", smpp.Header{}, &smpp.SubmitMulti{ShortMessage: long}},
		{"TLVs", smpp.Header{}, &smpp.SubmitMulti{TLVs: many}},
		{"no_unsuccess", smpp.Header{}, &smpp.SubmitMultiResp{UnsuccessSME: make([]smpp.UnsuccessSME, 256)}},
		{"destination_addr", smpp.Header{}, &smpp.SubmitMultiResp{UnsuccessSME: []smpp.UnsuccessSME{{DestinationAddr: long[:21]}}}},
		{"message_id", smpp.Header{}, &smpp.QuerySM{MessageID: long[:65]}},
		{"final_date", smpp.Header{}, &smpp.QuerySMResp{FinalDate: long[:17]}},
		{"service_type", smpp.Header{}, &smpp.CancelSM{ServiceType: long[:6]}},
		{"short_message", smpp.Header{}, &smpp.ReplaceSM{ShortMessage: long}},
		{"password", smpp.Header{}, &smpp.Outbind{Password: long}},
		{"esme_addr", smpp.Header{}, &smpp.AlertNotification{ESMEAddr: long[:65]}},
		{"command_id", smpp.Header{CommandID: smpp.CommandDeliverSM}, &smpp.SubmitSM{}},
	} {
		dst := []byte("kept")
		got, err := smpp.AppendPDU(dst, c.h, c.body)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != c.field {
			t.Errorf("want an error in %s, got %v", c.field, err)
		}
		if string(got) != "kept" {
			t.Errorf("%s: half a PDU is left behind: %q", c.field, got)
		}
	}
}

func TestNoAllocs(t *testing.T) {
	p := &smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), ShortMessage: make([]byte, 140)}
	p.TLVs = p.TLVs.AppendU16(smpp.TagSourcePort, 9200).AppendU16(smpp.TagDestinationPort, 2948).AppendU8(smpp.TagPrivacyIndicator, 0)
	buf, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, p)
	if err != nil {
		t.Fatal(err)
	}
	body := bytes.Clone(buf[smpp.HeaderLen:])
	var q smpp.SubmitSM
	var d smpp.DeliverSM
	var r smpp.SubmitSMResp
	testvec.NoAllocs(t, "append submit_sm", func() { buf, _ = smpp.AppendPDU(buf[:0], smpp.Header{Sequence: 1}, p) })
	testvec.NoAllocs(t, "decode submit_sm", func() { _ = q.Decode(body) })
	testvec.NoAllocs(t, "decode deliver_sm", func() { _ = d.Decode(body) })
	data := &smpp.DataSM{SourceAddr: p.SourceAddr, DestinationAddr: p.DestinationAddr, TLVs: p.TLVs}
	databuf, err := data.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	dataBody := bytes.Clone(databuf)
	var ds smpp.DataSM
	testvec.NoAllocs(t, "append data_sm", func() { databuf, _ = data.Append(databuf[:0]) })
	testvec.NoAllocs(t, "decode data_sm", func() { _ = ds.Decode(dataBody) })
	resp := []byte("m1\x00\x04\x27\x00\x01\x02")
	testvec.NoAllocs(t, "decode submit_sm_resp", func() { _ = r.Decode(resp) })
	if len(ds.TLVs) != 3 || len(q.TLVs) != 3 || len(d.TLVs) != 3 || string(r.MessageID) != "m1" || len(r.TLVs) != 1 {
		t.Error("nothing was decoded")
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		smpp.StatusOK.String():               "ESME_ROK",
		smpp.StatusThrottled.String():        "ESME_RTHROTTLED",
		smpp.StatusInvalidTLVLength.String(): "ESME_RINVPARLEN",
		smpp.Status(0x400).String():          "0x00000400",
		smpp.CommandSubmitSMResp.String():    "submit_sm_resp",
		smpp.CommandGenericNack.String():     "generic_nack",
		smpp.CommandID(0x300).String():       "0x00000300",
		smpp.TagMessagePayload.String():      "message_payload",
		smpp.Tag(0x1501).String():            "0x1501",
		smpp.TagCongestionState.String():     "congestion_state",

		smpp.CommandQueryBroadcastSM.Response().String():  "query_broadcast_sm_resp",
		smpp.CommandOutbind.Response().String():           "0x8000000b", // there is none
		smpp.CommandAlertNotification.Response().String(): "0x80000102",
		smpp.StatusBroadcastFailed.String():               "ESME_RBCASTFAIL",
		smpp.MessageSkipped.String():                      "SKIPPED",
		smpp.DestFlag(3).String():                         "reserved",
		smpp.MessageUndeliverable.String():                "UNDELIVERABLE",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
