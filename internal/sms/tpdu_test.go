package sms_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/tpdu"
)

// The segments of a text, as TPDUs of GSM, are the text again at the other end.
func TestThroughTPDUs(t *testing.T) {
	schemes := map[sms.Coding]tpdu.DCS{sms.GSM7: tpdu.DCSDefault, sms.UCS2: tpdu.DCSUCS2}
	rapid.Check(t, func(t *rapid.T) {
		want := text().Draw(t, "text")
		coding, payload, err := sms.EncodeText(want)
		if err != nil {
			t.Fatal(err)
		}
		m := sms.Message{Coding: coding, Payload: payload, Reference: rapid.Uint16().Draw(t, "reference")}
		if rapid.Bool().Draw(t, "ports") {
			m.Destination = 2948
		}
		p, err := sms.Split(&m, rapid.SampledFrom([]sms.Way{sms.UDH8, sms.UDH16}).Draw(t, "way"), sms.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i := range p.Segments() {
			got += received(t, &p, i, schemes[coding])
		}
		if got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

// received sends segment i and reads it.
func received(t *rapid.T, p *sms.Plan, i int, d tpdu.DCS) string {
	ud, length := p.AppendPacked(nil, i)
	out := tpdu.Deliver{DCS: d}
	if err := out.UserData.Set(ud, length, p.HasHeader()); err != nil {
		t.Fatal(err)
	}
	b, err := out.Append(nil)
	if err != nil {
		t.Fatalf("segment %d: %x, %d: %v", i, ud, length, err)
	}
	var in tpdu.Deliver
	if err := in.Decode(b); err != nil {
		t.Fatalf("segment %d: %x: %v", i, b, err)
	}
	c, ok := in.UserData.Header.Concatenation()
	if ok != (p.Segments() > 1) || ok && (int(c.Number) != i+1 || int(c.Total) != p.Segments()) {
		t.Fatalf("segment %d: %+v, %t", i, c, ok)
	}
	text, ok := tpdu.Text(&in)
	if !ok {
		t.Fatalf("segment %d: %x is no text", i, b)
	}
	return text
}
