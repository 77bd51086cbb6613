package gateway

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

const (
	tagTRN = 0x1401
	tagMDN = 0x1402
)

// TestTriggerText is the grammar of a trigger: what is read, and what is
// refused with which sentence.
func TestTriggerText(t *testing.T) {
	long := strings.Repeat("x", 64)
	for _, c := range []struct {
		name, text string
		tlvs       smpp.TLVs
		want       values
		fault      string
	}{
		{name: "TRN alone", text: "TRN=2222220000", want: values{TRN: "2222220000"}},
		{name: "all keys", text: "TRN=2222220000;MDN=5551234567;MIN=5550000001;PRL=51966;ORDER=A-1;CORR=call 7",
			want: values{TRN: "2222220000", MDN: "5551234567", MIN: "5550000001", PRL: "51966", Order: "A-1", Corr: "call 7"}},
		{name: "any order", text: "CORR=7;TRN=2222220000", want: values{TRN: "2222220000", Corr: "7"}},
		{name: "lower case keys", text: "trn=2222220000;Mdn=5551234567", want: values{TRN: "2222220000", MDN: "5551234567"}},
		{name: "the case of values is kept", text: "TRN=2222220000;CORR=aBc", want: values{TRN: "2222220000", Corr: "aBc"}},
		{name: "blanks", text: "  TRN = 2222220000 ; CORR= 7 ", want: values{TRN: "2222220000", Corr: "7"}},
		{name: "empty parts", text: ";;TRN=2222220000;", want: values{TRN: "2222220000"}},
		{name: "an equals sign in a value", text: "TRN=2222220000;CORR=a=b", want: values{TRN: "2222220000", Corr: "a=b"}},
		{name: "longest value", text: "TRN=2222220000;CORR=" + long, want: values{TRN: "2222220000", Corr: long}},
		{name: "limits of PRL", text: "TRN=1;PRL=65535", want: values{TRN: "1", PRL: "65535"}},
		{name: "message_payload", tlvs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("TRN=2222220000")}}, want: values{TRN: "2222220000"}},
		{name: "short_message before message_payload", text: "TRN=2222220000",
			tlvs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("TRN=1111111111")}}, want: values{TRN: "2222220000"}},
		{name: "TLVs", tlvs: smpp.TLVs{{Tag: tagTRN, Value: []byte("2222220000")}, {Tag: tagMDN, Value: []byte("5551234567\x00")}},
			want: values{TRN: "2222220000", MDN: "5551234567"}},
		{name: "TLV and text", text: "CORR=7", tlvs: smpp.TLVs{{Tag: tagTRN, Value: []byte("2222220000")}}, want: values{TRN: "2222220000", Corr: "7"}},

		{name: "nothing", fault: "TRN is missing"},
		{name: "no TRN", text: "MDN=5551234567", fault: "TRN is missing"},
		{name: "unknown key", text: "TRN=2222220000;COLOUR=red", fault: "unknown key COLOUR; known are TRN, MDN, MIN, PRL, ORDER, CORR, FLOW"},
		{name: "a number for a key", text: "TRN=2222220000;5551234567=x", fault: "unknown key; known are TRN, MDN, MIN, PRL, ORDER, CORR, FLOW"},
		{name: "no key", text: "=2222220000", fault: "unknown key; known are TRN, MDN, MIN, PRL, ORDER, CORR, FLOW"},
		{name: "twice", text: "TRN=2222220000;TRN=2222220000", fault: "TRN is given twice"},
		{name: "TLV and text twice", text: "TRN=2222220000", tlvs: smpp.TLVs{{Tag: tagTRN, Value: []byte("2222220000")}}, fault: "TRN is given twice"},
		{name: "no equals sign", text: "TRN=2222220000;5551234567", fault: "part 2 is not KEY=VALUE"},
		{name: "empty value", text: "TRN=", fault: "TRN must have 1 to 64 characters"},
		{name: "too long", text: "TRN=2222220000;CORR=" + long + "x", fault: "CORR must have 1 to 64 characters"},
		{name: "empty TLV", tlvs: smpp.TLVs{{Tag: tagTRN}}, fault: "TRN must have 1 to 64 characters"},
		{name: "control character", text: "TRN=2222220000;CORR=a\x07b", fault: "CORR has characters other than printable ASCII"},
		{name: "line end", text: "TRN=2222220000;CORR=a\nb", fault: "CORR has characters other than printable ASCII"},
		{name: "eight bits", text: "TRN=2222220000;CORR=\xe9", fault: "CORR has characters other than printable ASCII"},
		{name: "UCS-2", text: "\x00T\x00R\x00N\x00=\x001", fault: "unknown key; known are TRN, MDN, MIN, PRL, ORDER, CORR, FLOW"},
		{name: "MIN", text: "TRN=2222220000;MIN=555", fault: "MIN: want ten digits"},
		{name: "PRL", text: "TRN=2222220000;PRL=65536", fault: "PRL: want a PR_LIST_ID, 0 to 65535"},
		{name: "PRL in hexadecimal", text: "TRN=2222220000;PRL=cafe", fault: "PRL: want a PR_LIST_ID, 0 to 65535"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trigger := &configs.Trigger{TLVs: []configs.TLV{{Tag: tagTRN, Name: "TRN"}, {Tag: tagMDN, Name: "MDN"}}}
			got, err := readValues(trigger, &smpp.SubmitSM{ShortMessage: []byte(c.text), TLVs: c.tlvs})
			if c.fault != "" {
				if err == nil || err.Error() != c.fault {
					t.Fatalf("%+v, %v; want the error %q", got, err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c.want.Flow = flowOTASP
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTriggerMatching(t *testing.T) {
	protocol := uint8(7)
	for _, c := range []struct {
		name    string
		trigger configs.Trigger
		pdu     smpp.SubmitSM
		want    bool
	}{
		{"no condition", configs.Trigger{}, smpp.SubmitSM{}, true},
		{"account", configs.Trigger{Account: "ivr"}, smpp.SubmitSM{}, true},
		{"another account", configs.Trigger{Account: "smsc"}, smpp.SubmitSM{}, false},
		{"whole destination", configs.Trigger{Destination: "*228"}, smpp.SubmitSM{DestinationAddr: []byte("*228")}, true},
		{"beginning, where the whole is asked for", configs.Trigger{Destination: "*228"}, smpp.SubmitSM{DestinationAddr: []byte("*22801")}, false},
		{"prefix", configs.Trigger{Destination: "*228", Prefix: true}, smpp.SubmitSM{DestinationAddr: []byte("*22801")}, true},
		{"prefix, exactly", configs.Trigger{Destination: "*228", Prefix: true}, smpp.SubmitSM{DestinationAddr: []byte("*228")}, true},
		{"shorter than the prefix", configs.Trigger{Destination: "*228", Prefix: true}, smpp.SubmitSM{DestinationAddr: []byte("*22")}, false},
		{"not at the beginning", configs.Trigger{Destination: "228", Prefix: true}, smpp.SubmitSM{DestinationAddr: []byte("*228")}, false},
		{"no destination", configs.Trigger{Destination: "*228"}, smpp.SubmitSM{}, false},
		{"service_type", configs.Trigger{ServiceType: "OTA"}, smpp.SubmitSM{ServiceType: []byte("OTA")}, true},
		{"another service_type", configs.Trigger{ServiceType: "OTA"}, smpp.SubmitSM{ServiceType: []byte("CMT")}, false},
		{"protocol_id", configs.Trigger{ProtocolID: &protocol}, smpp.SubmitSM{ProtocolID: 7}, true},
		{"another protocol_id", configs.Trigger{ProtocolID: &protocol}, smpp.SubmitSM{}, false},
		{"all", configs.Trigger{Account: "ivr", Destination: "*228", ServiceType: "OTA", ProtocolID: &protocol},
			smpp.SubmitSM{DestinationAddr: []byte("*228"), ServiceType: []byte("OTA"), ProtocolID: 7}, true},
		{"all but one", configs.Trigger{Account: "ivr", Destination: "*228", ServiceType: "OTA", ProtocolID: &protocol},
			smpp.SubmitSM{DestinationAddr: []byte("*228"), ServiceType: []byte("OTA"), ProtocolID: 8}, false},
	} {
		if got := matches(&c.trigger, "ivr", &c.pdu); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
