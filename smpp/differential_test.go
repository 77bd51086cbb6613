package smpp_test

import (
	"bytes"
	"testing"

	fiorix "github.com/fiorix/go-smpp/smpp/pdu"
	"github.com/fiorix/go-smpp/smpp/pdu/pdufield"
	"github.com/google/go-cmp/cmp"
	"github.com/linxGnu/gosmpp/data"
	gosmpp "github.com/linxGnu/gosmpp/pdu"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

// plainSM generates messages inside the range where the other libraries are
// right: no UDHI (one of them rewrites the header), at most one TLV (both keep
// them in a map), no empty TLV, 1 to 254 octets of text, and a data_coding that
// gosmpp knows.
func plainSM() *rapid.Generator[*smpp.SubmitSM] {
	return rapid.Custom(func(t *rapid.T) *smpp.SubmitSM {
		p := submitSM().Draw(t, "p")
		p.ESMClass &^= 0x40
		p.DataCoding = rapid.SampledFrom([]uint8{0, 1, 3, 6, 7, 8}).Draw(t, "data_coding")
		p.ShortMessage = rapid.SliceOfN(rapid.Byte(), 1, 254).Draw(t, "text")
		p.TLVs = p.TLVs[:min(len(p.TLVs), 1)]
		if len(p.TLVs) == 1 && len(p.TLVs[0].Value) == 0 {
			p.TLVs = nil
		}
		return p
	})
}

// TestOthersKeepOurOctets: what we encode, gosmpp and go-smpp decode and
// encode to the same octets.
func TestOthersKeepOurOctets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var body smpp.Body = plainSM().Draw(t, "p")
		if rapid.Bool().Draw(t, "deliver") {
			body = (*smpp.DeliverSM)(body.(*smpp.SubmitSM))
		}
		h := smpp.Header{Sequence: rapid.Uint32Range(1, 0x7fffffff).Draw(t, "sequence")}
		ours, err := smpp.AppendPDU(nil, h, body)
		if err != nil {
			t.Fatal(err)
		}
		p, err := gosmpp.Parse(bytes.NewReader(ours))
		if err != nil {
			t.Fatalf("gosmpp refuses %x: %v", ours, err)
		}
		buf := gosmpp.NewBuffer(nil)
		p.Marshal(buf)
		if !bytes.Equal(buf.Bytes(), ours) {
			t.Fatalf("gosmpp makes\n%x of\n%x", buf.Bytes(), ours)
		}
		if body.CommandID() == smpp.CommandDeliverSM {
			return // go-smpp puts a stray octet before the text of each deliver_sm it encodes
		}
		q, err := fiorix.Decode(bytes.NewReader(ours))
		if err != nil {
			t.Fatalf("go-smpp refuses %x: %v", ours, err)
		}
		var out bytes.Buffer
		if err := q.SerializeTo(&out); err != nil || !bytes.Equal(out.Bytes(), ours) {
			t.Fatalf("go-smpp makes\n%x of\n%x (%v)", out.Bytes(), ours, err)
		}
	})
}

// TestWeReadGosmpp: what gosmpp encodes from fields, we decode to the same fields.
func TestWeReadGosmpp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plainSM().Draw(t, "p")
		p.TLVs = nil
		g := gosmpp.NewSubmitSM().(*gosmpp.SubmitSM)
		g.ServiceType = string(p.ServiceType)
		g.SourceAddr, _ = gosmpp.NewAddressWithTonNpiAddr(p.SourceAddrTON, p.SourceAddrNPI, string(p.SourceAddr))
		g.DestAddr, _ = gosmpp.NewAddressWithTonNpiAddr(p.DestAddrTON, p.DestAddrNPI, string(p.DestinationAddr))
		g.EsmClass, g.ProtocolID, g.PriorityFlag = p.ESMClass, p.ProtocolID, p.PriorityFlag
		g.ScheduleDeliveryTime, g.ValidityPeriod = string(p.ScheduleDeliveryTime), string(p.ValidityPeriod)
		g.RegisteredDelivery, g.ReplaceIfPresentFlag = p.RegisteredDelivery, p.ReplaceIfPresentFlag
		if err := g.Message.SetMessageDataWithEncoding(p.ShortMessage, data.FromDataCoding(p.DataCoding)); err != nil {
			t.Fatal(err)
		}
		g.Message.SmDefaultMsgID = p.SMDefaultMsgID
		g.SetSequenceNumber(42)
		buf := gosmpp.NewBuffer(nil)
		g.Marshal(buf)
		m, err := smpp.DecodePDU(buf.Bytes())
		if err != nil {
			t.Fatalf("%x: %v", buf.Bytes(), err)
		}
		if d := cmp.Diff(p, m.Body.(*smpp.SubmitSM), equateEmpty); d != "" || m.Sequence != 42 {
			t.Fatal(m.Sequence, d)
		}
	})
}

// TestWeReadGoSMPP: the same with go-smpp.
func TestWeReadGoSMPP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plainSM().Draw(t, "p")
		p.TLVs = nil
		g := fiorix.NewSubmitSM(nil)
		g.Header().Seq = 42
		f := g.Fields()
		for k, v := range map[pdufield.Name]any{
			pdufield.ServiceType: string(p.ServiceType), pdufield.SourceAddrTON: p.SourceAddrTON, pdufield.SourceAddrNPI: p.SourceAddrNPI,
			pdufield.SourceAddr: string(p.SourceAddr), pdufield.DestAddrTON: p.DestAddrTON, pdufield.DestAddrNPI: p.DestAddrNPI,
			pdufield.DestinationAddr: string(p.DestinationAddr), pdufield.ESMClass: p.ESMClass, pdufield.ProtocolID: p.ProtocolID,
			pdufield.PriorityFlag: p.PriorityFlag, pdufield.ScheduleDeliveryTime: string(p.ScheduleDeliveryTime),
			pdufield.ValidityPeriod: string(p.ValidityPeriod), pdufield.RegisteredDelivery: p.RegisteredDelivery,
			pdufield.ReplaceIfPresentFlag: p.ReplaceIfPresentFlag, pdufield.SMDefaultMsgID: p.SMDefaultMsgID,
			pdufield.DataCoding: p.DataCoding, pdufield.ShortMessage: p.ShortMessage,
		} {
			if err := f.Set(k, v); err != nil {
				t.Fatal(k, err)
			}
		}
		var out bytes.Buffer
		if err := g.SerializeTo(&out); err != nil {
			t.Fatal(err)
		}
		m, err := smpp.DecodePDU(out.Bytes())
		if err != nil {
			t.Fatalf("%x: %v", out.Bytes(), err)
		}
		if d := cmp.Diff(p, m.Body.(*smpp.SubmitSM), equateEmpty); d != "" || m.Sequence != 42 {
			t.Fatal(m.Sequence, d)
		}
	})
}
