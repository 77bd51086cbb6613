//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

// sccpTable: the columns of an address stand there twice, for the called and
// the calling party.
var sccpTable = &table{
	columns: append(append([]column{
		{"message type", "sccp.message_type", number},
		{"class", "sccp.class", number},
		{"message handling", "sccp.handling", number},
		{"return cause", "sccp.return_cause", number},
		{"hop counter", "sccp.hops", number},
		{"pointer to called party address", "sccp.variable_pointer1", number},
		{"pointer to calling party address", "sccp.variable_pointer2", number},
		{"pointer to data", "sccp.variable_pointer3", number},
		{"pointer to optional part", "sccp.optional_pointer", number},
		{"length", "sccp.parameter_length", number},
		{"segmentation first", "sccp.segmentation.first", number},
		{"segmentation class", "sccp.segmentation.class", number},
		{"segmentation remaining", "sccp.segmentation.remaining", number},
		{"segmentation local reference", "sccp.segmentation.slr", raw}, // never a number: only compared
		{"segmented data", "sccp.segmented_data", octets},
		{"unknown parameter", "sccp.unknown_parameter", octets},
		{"end of optional parameters", "sccp.end_optional_param", presence},
		{"data", "data.data", octets},
	}, addressColumns("called")...), addressColumns("calling")...),
	ignored: map[string]string{
		"data": "heading", "data.len": "length of data.data",
		"e212.mcc": "parts of a number of E.212 or E.214", "e212.mnc": "parts of a number of E.212 or E.214", "e212.imsi": "digits again", "e164.country_code": "part of a number of E.164",
		"sccp.linked_dissector": "the user that the subsystem number stands for",
		"sccp.ssn":              "the subsystem numbers again", "sccp.digits": "the digits again",
	},
}

func addressColumns(party string) []column {
	return []column{
		{party + " national", "sccp." + party + ".ni", number},
		{party + " reserved bit", "sccp." + party + ".reserved", number},
		{party + " routing", "sccp." + party + ".ri", number},
		{party + " global title indicator", "sccp." + party + ".gti", number},
		{party + " ssn indicator", "sccp." + party + ".ssni", number},
		{party + " point code indicator", "sccp." + party + ".pci", number},
		{party + " subsystem number", "sccp." + party + ".ssn", number},
		{party + " ITU point code", "sccp." + party + ".pc", number},
		{party + " point code", "sccp." + party + ".ansi_pc", text},
		{party + " network", "sccp." + party + ".network", number},
		{party + " cluster", "sccp." + party + ".cluster", number},
		{party + " member", "sccp." + party + ".member", number},
		{party + " nature", "sccp." + party + ".nai", number},
		{party + " odd", "sccp." + party + ".oe", number},
		{party + " translation type", "sccp." + party + ".tt", number},
		{party + " numbering plan", "sccp." + party + ".np", number},
		{party + " encoding scheme", "sccp." + party + ".es", number},
		{party + " digits", "sccp." + party + ".digits", text},
		{party + " number of digits", "sccp." + party + ".digits.length", number},
	}
}

func drawAddress(t *rapid.T, v sccp.Variant, name string) sccp.Address {
	a := sccp.Address{Variant: v, RouteOnSSN: rapid.Bool().Draw(t, name+" route")}
	if v == sccp.ANSI && rapid.IntRange(0, 4).Draw(t, name+" international") == 0 {
		a.Variant = sccp.ITU
	}
	if v == sccp.ITU {
		a.National = rapid.Bool().Draw(t, name+" national")
	}
	if a.HasSSN = rapid.Bool().Draw(t, name+" has ssn") || a.RouteOnSSN; a.HasSSN {
		a.SSN = sccp.SSN(rapid.ByteMin(1).Draw(t, name+" ssn"))
	}
	if a.HasPointCode = rapid.Bool().Draw(t, name+" has pc"); a.HasPointCode {
		top := uint32(0x3fff)
		if a.Variant == sccp.ANSI {
			top = 0xffffff
		}
		a.PointCode = mtp.PointCode(rapid.Uint32Range(0, top).Draw(t, name+" pc"))
	}
	if v == sccp.ANSI && a.Variant == sccp.ITU {
		// Wireshark reads the title of an address in ITU form by the rules of
		// the message it stands in. Here they are the same; the other
		// indicators of ITU are held against it in messages of ITU.
		a.GlobalTitle = drawTitle(t, a.Variant, name, 0, 2)
	} else {
		a.GlobalTitle = drawTitle(t, a.Variant, name, titles[a.Variant]...)
	}
	return a
}

// titles are the indicators that each variant defines.
var titles = map[sccp.Variant][]sccp.GTI{sccp.ANSI: {0, 1, 2}, sccp.ITU: {0, 1, 2, 3, 4}}

func drawTitle(t *rapid.T, v sccp.Variant, name string, indicators ...sccp.GTI) (g sccp.GlobalTitle) {
	g.GTI = rapid.SampledFrom(indicators).Draw(t, name+" gti")
	digits := rapid.StringMatching(`([0-9]{2}){1,9}`).Draw(t, name+" digits")
	odd := rapid.IntRange(0, 1).Draw(t, name+" odd")
	switch {
	case g.GTI == 0:
	case g.GTI == 2:
		g.TranslationType, g.Digits = rapid.Byte().Draw(t, name+" tt"), digits
	case v == sccp.ITU && g.GTI == 1:
		g.Nature, g.Digits = sccp.Nature(rapid.IntRange(0, 127).Draw(t, name+" nature")), digits[odd:]
	default:
		g.TranslationType = rapid.Byte().Draw(t, name+" tt")
		g.NumberingPlan = sccp.NumberingPlan(rapid.IntRange(0, 15).Draw(t, name+" plan"))
		if g.Digits = digits[odd:]; g.NumberingPlan == sccp.PlanE212 || g.NumberingPlan == sccp.PlanE214 {
			g.Digits += "310005" // Wireshark looks for MCC and MNC in it
		}
		if g.GTI == 4 {
			g.Nature = sccp.Nature(rapid.IntRange(0, 127).Draw(t, name+" nature"))
		}
	}
	return g
}

// address adds what an address means and returns its length.
func (s *sample) address(party string, in sccp.Variant, a *sccp.Address) int {
	n := 1
	s.flag(party+" routing", a.RouteOnSSN)
	s.number(party+" global title indicator", uint64(a.GlobalTitle.GTI))
	s.flag(party+" ssn indicator", a.HasSSN)
	s.flag(party+" point code indicator", a.HasPointCode)
	if in == sccp.ANSI {
		s.flag(party+" national", a.Variant == sccp.ANSI)
	} else {
		s.flag(party+" reserved bit", a.National)
	}
	if a.HasSSN {
		n++
		s.number(party+" subsystem number", uint64(a.SSN))
	}
	if a.HasPointCode && a.Variant == sccp.ITU {
		n += 2
		s.number(party+" ITU point code", uint64(a.PointCode))
	} else if a.HasPointCode {
		n += 3
		for _, form := range []string{a.PointCode.String(), a.PointCode.Decimal(), fmt.Sprintf("0x%x", uint32(a.PointCode))} {
			s.add(party+" point code", form)
		}
		s.number(party+" network", uint64(a.PointCode.Network()))
		s.number(party+" cluster", uint64(a.PointCode.Cluster()))
		s.number(party+" member", uint64(a.PointCode.Member()))
	}
	return n + s.title(party, a)
}

func (s *sample) title(party string, a *sccp.Address) (n int) {
	g := &a.GlobalTitle
	if g.GTI == 0 {
		return 0
	}
	odd := len(g.Digits)%2 == 1
	ituOnly := a.Variant == sccp.ITU
	if ituOnly && g.GTI == 1 {
		n++
		s.flag(party+" odd", odd)
	} else {
		n++
		s.number(party+" translation type", uint64(g.TranslationType))
		if g.GTI != 2 {
			n++
			s.number(party+" numbering plan", uint64(g.NumberingPlan))
			s.number(party+" encoding scheme", uint64(2-len(g.Digits)%2))
		}
	}
	if ituOnly && (g.GTI == 1 || g.GTI == 4) {
		s.number(party+" nature", uint64(g.Nature))
		if g.GTI == 4 {
			n++
		}
	}
	s.add(party+" digits", g.Digits)
	s.number(party+" number of digits", uint64(len(g.Digits)))
	return n + (len(g.Digits)+1)/2
}

func (s *sample) optionalPart(o *sccp.Optional) {
	if o.Segmented {
		g := &o.Segmentation
		s.number("length", 4)
		s.flag("segmentation first", g.First)
		s.flag("segmentation class", g.InSequence)
		s.number("segmentation remaining", uint64(g.Remaining))
		r := g.LocalReference
		s.octets("segmentation local reference", []byte{byte(r >> 16), byte(r >> 8), byte(r)})
	}
	for _, p := range o.Other {
		s.number("length", uint64(len(p.Value)))
		s.octets("unknown parameter", p.Value)
	}
	if o.Segmented || len(o.Other) > 0 {
		s.add("end of optional parameters", "there")
	}
}

func drawOptional(t *rapid.T) (o sccp.Optional) {
	if o.Segmented = rapid.Bool().Draw(t, "segmented"); o.Segmented {
		o.Segmentation = sccp.Segmentation{
			First: rapid.Bool().Draw(t, "first"), InSequence: rapid.Bool().Draw(t, "in sequence"),
			Remaining:      rapid.Uint8Range(0, 15).Draw(t, "remaining"),
			LocalReference: rapid.Uint32Range(0, 0xffffff).Draw(t, "reference"),
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "others") {
		o.Other = append(o.Other, sccp.Parameter{
			Name:  sccp.ParameterName(rapid.Uint8Range(0x20, 0xf7).Draw(t, "name")),
			Value: rapid.SliceOfN(rapid.Byte(), 1, 10).Draw(t, "value"),
		})
	}
	return o
}

func drawSCCP(v sccp.Variant) func(t *rapid.T) *sample {
	return func(t *rapid.T) *sample {
		s := &sample{table: sccpTable}
		called, calling := drawAddress(t, v, "called"), drawAddress(t, v, "calling")
		data := wire.Hex(rapid.SliceOfN(rapid.Byte(), 2, 150).Draw(t, "data"))
		octet := rapid.Byte().Draw(t, "octet")
		class := sccp.ProtocolClass(octet & 0x81)
		hops := rapid.ByteRange(1, 15).Draw(t, "hop counter")
		o := drawOptional(t)
		var m sccp.Message
		n := 3
		switch rapid.IntRange(0, 3).Draw(t, "type") {
		case 0:
			m = &sccp.UDT{Variant: v, Class: class, Called: called, Calling: calling, Data: data}
		case 1:
			m = &sccp.UDTS{Variant: v, Cause: sccp.ReturnCause(octet), Called: called, Calling: calling, Data: data}
		case 2:
			n = 4
			m = &sccp.XUDT{Variant: v, Class: class, HopCounter: hops, Called: called, Calling: calling, Data: data, Optional: o}
		default:
			n = 4
			m = &sccp.XUDTS{Variant: v, Cause: sccp.ReturnCause(octet), HopCounter: hops, Called: called, Calling: calling, Data: data, Optional: o}
		}
		b, err := m.Append(nil)
		if err != nil {
			panic(hex.EncodeToString(b) + ": " + err.Error())
		}
		s.kind, s.message = m.Type().String(), m
		s.packet = packet{at: entry{link: linkSCCP}, octets: b}
		s.number("message type", uint64(m.Type()))
		if m.Type() == sccp.TypeUDT || m.Type() == sccp.TypeXUDT {
			s.number("class", uint64(class.Class()))
			s.number("message handling", uint64(class>>4))
		} else {
			s.number("return cause", uint64(octet))
		}
		lengths := s.sub()
		la, lb := lengths.address("called", v, &called), lengths.address("calling", v, &calling)
		s.number("length", uint64(la))
		s.number("length", uint64(lb))
		s.values = append(s.values, lengths.values...)
		if n == 4 && o.Segmented {
			s.octets("segmented data", append([]byte{byte(len(data))}, data...))
		} else {
			s.number("length", uint64(len(data)))
			s.octets("data", data)
		}
		s.number("pointer to called party address", uint64(n))
		s.number("pointer to calling party address", uint64(n+la))
		s.number("pointer to data", uint64(n+la+lb))
		if n == 4 {
			s.number("hop counter", uint64(hops))
			at := n + la + lb + len(data)
			if !o.Segmented && len(o.Other) == 0 {
				at = 0
			}
			s.number("pointer to optional part", uint64(at))
			s.optionalPart(&o)
		}
		return s
	}
}

// addresses are the called and the calling party of a message.
func addresses(m any) (called, calling sccp.Address) {
	switch m := m.(type) {
	case *sccp.UDT:
		return m.Called, m.Calling
	case *sccp.UDTS:
		return m.Called, m.Calling
	case *sccp.XUDT:
		return m.Called, m.Calling
	case *sccp.XUDTS:
		return m.Called, m.Calling
	}
	panic("no SCCP message")
}

func sccpOptions(standard string) []string {
	return slices.Concat([]string{"-o", standard, "-o", "sccp.defragment_xudt:FALSE"}, []string{"--disable-heuristic", "bssap_sccp", "--disable-heuristic", "ranap_sccp", "--disable-heuristic", "rnsap_sccp"}, disable("bssap", "bssap_le", "bssap_plus", "bssgp", "tcap", "ansi_tcap", "sccpmg", "ranap", "rnsap", "camel", "gsm_map", "ansi_map", "inap", "rtp"))
}

func TestSCCP(t *testing.T) {
	t.Run("ANSI", func(t *testing.T) { sccpANSI().run(t) })
	t.Run("ITU", func(t *testing.T) { sccpITU().run(t) })
}

func sccpANSI() *batch { return sccpBatch("ANSI", sccp.ANSI) }

func sccpITU() *batch { return sccpBatch("ITU", sccp.ITU) }

func sccpBatch(name string, v sccp.Variant) *batch {
	return &batch{
		name: "SCCP " + name + ", UDT UDTS XUDT XUDTS", against: "sccp", protocols: []string{"sccp", "fake-field-wrapper"}, table: sccpTable, draw: drawSCCP(v),
		options: sccpOptions("mtp3.standard:" + name),
	}
}

func disable(protocols ...string) (options []string) {
	for _, p := range protocols {
		options = append(options, "--disable-protocol", p)
	}
	return options
}
