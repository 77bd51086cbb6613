//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/sms/udh"
)

// tpduTable: a message has a time twice when it has two, and an address once.
var tpduTable = &table{
	columns: []column{
		{"TP-MTI", "gsm_sms.tp-mti", number},
		{"TP-RP", "gsm_sms.tp-rp", number},
		{"TP-UDHI", "gsm_sms.tp-udhi", number},
		{"TP-SRI", "gsm_sms.tp-sri", number},
		{"TP-SRR", "gsm_sms.tp-srr", number},
		{"TP-SRQ", "gsm_sms.tp-srq", number},
		{"TP-VPF", "gsm_sms.tp-vpf", number},
		{"TP-RD", "gsm_sms.tp-rd", number},
		{"TP-LP", "gsm_sms.tp-lp", number},
		{"TP-MMS", "gsm_sms.tp-mms", number},
		{"TP-MR", "gsm_sms.tp-mr", number},
		{"address length", "gsm_sms.dis_field_addr.length", number},
		{"TON", "gsm_sms.dis_field_addr.num_type", number},
		{"NPI", "gsm_sms.dis_field_addr.num_plan", number},
		{"TP-OA", "gsm_sms.tp-oa", text},
		{"TP-DA", "gsm_sms.tp-da", text},
		{"TP-RA", "gsm_sms.tp-ra", text},
		{"TP-PID", "gsm_sms.tp-pid", number},
		{"TP-DCS", "gsm_sms.tp-dcs", number},
		{"year", "gsm_sms.scts.year", number},
		{"month", "gsm_sms.scts.month", number},
		{"day", "gsm_sms.scts.day", number},
		{"hour", "gsm_sms.scts.hour", number},
		{"minute", "gsm_sms.scts.minutes", number},
		{"second", "gsm_sms.scts.seconds", number},
		{"zone", "gsm_sms.scts.timezone", raw},
		{"TP-VP, relative", "gsm_sms.vp.validity_period", number},
		{"TP-VP, single shot", "gsm_sms.vp.single_shot_sm", number},
		{"TP-VP, enhanced format", "gsm_sms.vp.validity_period_format", number},
		{"TP-VP, hours", "gsm_sms.vp.validity_period.hour", number},
		{"TP-VP, minutes", "gsm_sms.vp.validity_period.minutes", number},
		{"TP-VP, seconds", "gsm_sms.vp.validity_period.seconds", number},
		{"TP-ST, group", "gsm_sms.dis_field.st_error", number},
		{"TP-ST, reason", "gsm_sms.dis.field_st_reason", number},
		{"TP-FCS", "gsm_sms.tp-fcs", number},
		{"TP-PI", "gsm_sms.tp.parameter_indicator", number},
		{"TP-CT", "gsm_sms.tp.command_type", number},
		{"TP-MN", "gsm_sms.tp.message_number", number},
		{"TP-CDL", "gsm_sms.tp.command_data_length", number},
		{"TP-CD", "gsm_sms.tp.command_data", presence},
		{"TP-UDL", "gsm_sms.tp.user_data_length", number},
		{"UDHL", "gsm_sms.dis_field_udh.user_data_header_length", number},
		{"IEI", "gsm_sms.ie_identifier", number},
		{"IEIDL", "gsm_sms.dis_field_ud_iei.length", number},
		{"reference", "gsm_sms.udh.mm.msg_id", number},
		{"parts", "gsm_sms.udh.mm.msg_parts", number},
		{"part", "gsm_sms.udh.mm.msg_part", number},
		{"destination port", "gsm_sms.destination_port", number},
		{"source port", "gsm_sms.originator_port", number},
		{"single shift", "gsm_sms.dis_iei_lang.single_shift", number},
		{"locking shift", "gsm_sms.dis_iei_lang.locking_shift", number},
		{"data of an element", "gsm_sms.ie_data", presence},
		{"text", "gsm_sms.sms_text", text},
		{"octets", "gsm_sms.sms_body", octets},
	},
	ignored: ignoredInTPDU(),
}

// ignoredInTPDU are the parts of octets that are compared whole.
func ignoredInTPDU() map[string]string {
	ignored := map[string]string{
		"gsm_sms.dis_field_addr.extension": "always set",
		"e164.msisdn":                      "digits again", "e164.country_code": "part of the digits", "e164.identification_code": "part of the digits",
		"gsm_sms.gsm_7_bit_default_alphabet": "what TP-DCS says",
		"gsm_sms.vp.extension":               "always clear", "gsm_sms.vp.reserved": "always clear",
		"gsm_sms.dis_field.definition":        "part of TP-ST",
		"gsm_sms.dis_field_udh.gsm.fill_bits": "always clear",
	}
	for _, p := range strings.Fields("extension reserved udl.present dcs.present pid.present") {
		ignored["gsm_sms.tp."+p] = "part of TP-PI"
	}
	for _, p := range strings.Fields("device_type format_subsequent_bits message_type present reserved sc_specific sc_specific_use sm_al_proto telematic_interworking undefined") {
		ignored["gsm_sms.tp.pid."+p] = "part of TP-PID"
	}
	for _, p := range strings.Fields("coding_group_bits2 coding_group_bits4 dcs.character_set dcs.indication_sense dcs.message_class dcs.message_class_defined dcs.message_coding dcs.message_waiting dcs.reserved dcs.text_compressed") {
		ignored["gsm_sms."+p] = "part of TP-DCS"
	}
	return ignored
}

// mobile draws messages and notes what they mean.
type mobile struct {
	*sample
	t *rapid.T
}

func (g mobile) bit(name string) bool {
	v := rapid.Bool().Draw(g.t, name)
	g.flag(name, v)
	return v
}

func (g mobile) u8(name string, low, high uint8) uint8 {
	v := rapid.Uint8Range(low, high).Draw(g.t, name)
	g.number(name, uint64(v))
	return v
}

// address draws a number, or a name where the field may have one.
func (g mobile) address(field string) (a tpdu.Address) {
	var err error
	shown := ""
	if rapid.IntRange(0, 3).Draw(g.t, field+" name") == 0 {
		shown = rapid.StringMatching(`[A-Za-z0-9 ]{0,10}[A-Za-z]`).Draw(g.t, field)
		a, err = tpdu.Alphanumeric(shown)
	} else {
		shown = rapid.StringMatching(`[1-9][0-9]{3,19}`).Draw(g.t, field)
		ton := rapid.SampledFrom([]tpdu.TON{0, 1, 2, 3, 4, 6}).Draw(g.t, "TON")
		a, err = tpdu.Number(shown, ton, tpdu.NPI(rapid.IntRange(0, 15).Draw(g.t, "NPI")))
	}
	if err != nil {
		panic(err)
	}
	g.number("address length", uint64(a.Length))
	g.number("TON", uint64(a.TON))
	g.number("NPI", uint64(a.NPI))
	g.add(field, shown)
	return a
}

func (g mobile) pid() tpdu.PID { return tpdu.PID(g.u8("TP-PID", 0, 255)) }

// schemes are codings of each alphabet, classes and groups.
var schemes = []tpdu.DCS{0x00, 0x01, 0x04, 0x08, 0x10, 0x12, 0x15, 0x1b, 0x44, 0xc8, 0xd1, 0xe2, 0xf0, 0xf5, 0xf6}

func (g mobile) dcs() tpdu.DCS {
	d := rapid.SampledFrom(schemes).Draw(g.t, "TP-DCS")
	g.number("TP-DCS", uint64(d))
	return d
}

func (g mobile) time() tpdu.Timestamp {
	quarters := rapid.IntRange(-48, 56).Draw(g.t, "quarters")
	seconds := rapid.Int64Range(946684800, 2208988800).Draw(g.t, "time") // 2000 to 2040
	at := time.Unix(seconds, 0).In(time.FixedZone("", 900*quarters))
	g.number("year", uint64(at.Year()%100))
	g.number("month", uint64(at.Month()))
	g.number("day", uint64(at.Day()))
	g.number("hour", uint64(at.Hour()))
	g.number("minute", uint64(at.Minute()))
	g.number("second", uint64(at.Second()))
	g.add("zone", zone(quarters))
	return tpdu.TimestampOf(at)
}

// zone is the octet of a time zone, whose sign Wireshark has in the text only.
func zone(quarters int) string {
	sign := 0
	if quarters < 0 {
		quarters, sign = -quarters, 8
	}
	return fmt.Sprintf("%x%x", quarters%10, quarters/10|sign)
}

func (g mobile) validity() (v tpdu.Validity) {
	switch rapid.IntRange(0, 3).Draw(g.t, "validity") {
	case 1:
		v = tpdu.Validity{Format: tpdu.ValidityRelative, Octets: [7]byte{g.u8("TP-VP, relative", 0, 255)}}
	case 2:
		v = tpdu.Validity{Format: tpdu.ValidityAbsolute, Octets: g.time()}
	case 3:
		h, m, s := rapid.IntRange(1, 99).Draw(g.t, "hours"), rapid.IntRange(0, 59).Draw(g.t, "minutes"), rapid.IntRange(0, 59).Draw(g.t, "seconds")
		v = tpdu.EnhancedValidity(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second)
		g.number("TP-VP, single shot", 0)
		g.number("TP-VP, enhanced format", 3)
		g.number("TP-VP, hours", uint64(h))
		g.number("TP-VP, minutes", uint64(m))
		g.number("TP-VP, seconds", uint64(s))
	}
	g.number("TP-VPF", uint64(v.Format))
	return v
}

// header draws elements, or none. Several parts would have tshark look for the
// others.
func (g mobile) header(u *tpdu.UserData) {
	if u.HasHeader = rapid.Bool().Draw(g.t, "header"); !u.HasHeader {
		return
	}
	for range rapid.IntRange(1, 3).Draw(g.t, "elements") {
		u.Header.Elements = append(u.Header.Elements, g.element())
	}
	for i := range u.Header.Elements {
		g.number("IEI", uint64(u.Header.Elements[i].ID))
		g.number("IEIDL", uint64(len(u.Header.Elements[i].Data)))
	}
	g.number("UDHL", uint64(u.Header.Len()-1))
}

func (g mobile) element() udh.Element {
	wide := rapid.Bool().Draw(g.t, "wide")
	most := uint16(0xff)
	if wide {
		most = 0xffff
	}
	if rapid.Bool().Draw(g.t, "ports") {
		p := udh.Ports{Destination: rapid.Uint16Max(most).Draw(g.t, "destination"), Source: rapid.Uint16Max(most).Draw(g.t, "source"), Wide: wide}
		g.number("destination port", uint64(p.Destination))
		g.number("source port", uint64(p.Source))
		return p.Element()
	}
	total := rapid.Uint8Min(1).Draw(g.t, "parts")
	c := udh.Concatenation{Reference: rapid.Uint16Max(most).Draw(g.t, "reference"), Total: total, Number: rapid.Uint8Range(1, total).Draw(g.t, "part"), Wide: wide}
	g.number("reference", uint64(c.Reference))
	g.number("parts", uint64(c.Total))
	g.number("part", uint64(c.Number))
	return c.Element()
}

// userData draws what the coding is of, of at most so many octets.
func (g mobile) userData(d tpdu.DCS, most int) (u tpdu.UserData) {
	g.header(&u)
	if u.HasHeader {
		most -= u.Header.Len()
	}
	var err error
	switch d.Alphabet() {
	case tpdu.GSM7:
		s := g.text(`[A-Za-z0-9 @£$èéñÄß€{}|]{1,70}`)
		septets, e := gsm7.Alphabet{}.Append(nil, s)
		if e != nil {
			panic(e)
		}
		err = u.SetSeptets(septets)
	case tpdu.UCS2:
		s := g.text(`[A-Za-zЖПя€]{1,50}`)
		var b []byte
		for _, r := range s {
			b = append(b, byte(r>>8), byte(r))
		}
		err = u.SetOctets(b)
	default:
		b := rapid.SliceOfN(rapid.Byte(), 1, most).Draw(g.t, "octets")
		g.octets("octets", b)
		err = u.SetOctets(b)
	}
	if err != nil {
		panic(err)
	}
	g.number("TP-UDL", uint64(u.Length))
	return u
}

func (g mobile) text(pattern string) string {
	s := rapid.StringMatching(pattern).Draw(g.t, "text")
	g.add("text", s)
	return s
}

// parameters draws the end of a report.
func (g mobile) parameters() (p tpdu.Parameters) {
	pi := rapid.IntRange(0, 7).Draw(g.t, "TP-PI")
	g.number("TP-PI", uint64(pi))
	if p.HasPID = pi&1 != 0; p.HasPID {
		p.PID = g.pid()
	}
	if p.HasDCS = pi&2 != 0; p.HasDCS {
		p.DCS = g.dcs()
	}
	if p.HasUserData = pi&4 != 0; p.HasUserData {
		p.UserData = g.userData(p.DCS, 100)
	}
	g.flag("TP-UDHI", p.UserData.HasHeader)
	return p
}

// fcs draws a cause, or none.
func (g mobile) fcs() tpdu.FCS {
	if rapid.Bool().Draw(g.t, "error") {
		return tpdu.FCS(g.u8("TP-FCS", 0x80, 0xff))
	}
	return 0
}

func (g mobile) deliver() tpdu.Message {
	m := &tpdu.Deliver{ReplyPath: g.bit("TP-RP"), StatusReportIndication: g.bit("TP-SRI"), LoopPrevention: g.bit("TP-LP"), MoreMessages: !g.bit("TP-MMS"),
		Originating: g.address("TP-OA"), PID: g.pid(), DCS: g.dcs(), ServiceCentreTime: g.time()}
	m.UserData = g.userData(m.DCS, 140)
	g.flag("TP-UDHI", m.UserData.HasHeader)
	return m
}

func (g mobile) submit() tpdu.Message {
	m := &tpdu.Submit{ReplyPath: g.bit("TP-RP"), StatusReportRequest: g.bit("TP-SRR"), RejectDuplicates: g.bit("TP-RD"), Reference: g.u8("TP-MR", 0, 255),
		Destination: g.address("TP-DA"), PID: g.pid(), DCS: g.dcs(), Validity: g.validity()}
	m.UserData = g.userData(m.DCS, 140)
	g.flag("TP-UDHI", m.UserData.HasHeader)
	return m
}

func (g mobile) statusReport() tpdu.Message {
	m := &tpdu.StatusReport{OfCommand: g.bit("TP-SRQ"), LoopPrevention: g.bit("TP-LP"), MoreMessages: !g.bit("TP-MMS"), Reference: g.u8("TP-MR", 0, 255),
		Recipient: g.address("TP-RA"), ServiceCentreTime: g.time(), DischargeTime: g.time(), Status: tpdu.Status(rapid.ByteMax(0x7f).Draw(g.t, "TP-ST"))}
	g.number("TP-ST, group", uint64(m.Status>>5))
	g.number("TP-ST, reason", uint64(m.Status&0x1f))
	at := len(g.values)
	m.Parameters = g.parameters()
	if !m.HasPID && !m.HasDCS && !m.HasUserData { // then there is no TP-PI
		g.values = g.values[:at]
		g.flag("TP-UDHI", false)
	}
	return m
}

func (g mobile) command() tpdu.Message {
	m := &tpdu.Command{StatusReportRequest: g.bit("TP-SRR"), Reference: g.u8("TP-MR", 0, 255), PID: g.pid(), CommandType: tpdu.CommandType(g.u8("TP-CT", 0, 255)),
		MessageNumber: g.u8("TP-MN", 0, 255), Destination: g.address("TP-DA")}
	data := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(g.t, "TP-CD")
	if err := m.Data.SetOctets(data); err != nil {
		panic(err)
	}
	g.number("TP-CDL", uint64(len(data)))
	if len(data) > 0 {
		g.add("TP-CD", "there")
	}
	g.flag("TP-UDHI", false)
	return m
}

func drawTPDU(t *rapid.T) *sample {
	g := mobile{&sample{table: tpduTable}, t}
	var m tpdu.Message
	switch rapid.IntRange(0, 7).Draw(t, "message") {
	case 0, 1:
		m = g.deliver()
	case 2, 3:
		m = g.submit()
	case 4:
		m = g.statusReport()
	case 5:
		m = g.command()
	case 6:
		m = &tpdu.DeliverReport{FCS: g.fcs(), Parameters: g.parameters()}
	default:
		m = &tpdu.SubmitReport{FCS: g.fcs(), ServiceCentreTime: g.time(), Parameters: g.parameters()}
	}
	b, err := m.Append(nil)
	if err != nil {
		panic(hex.EncodeToString(b) + ": " + err.Error())
	}
	g.kind, g.message = m.Type().String(), m
	g.packet = packet{at: towards(m.Type().Direction()), octets: b}
	g.number("TP-MTI", uint64(m.Type().MTI()))
	return g.sample
}

// towards is the entry for messages of a direction.
func towards(d tpdu.Direction) entry {
	at := protocol("gsm_sms")
	at.towards = d
	return at
}

// tpduOptions: no dissector of what a port is for, and no putting together.
var tpduOptions = append(disable("gsm_sms_ud", "wsp", "wap-wsp"), "-o", "gsm_sms.reassemble:FALSE")

func TestTPDU(t *testing.T) { tpduBatch().run(t) }

func tpduBatch() *batch {
	return &batch{
		name: "SMS TPDUs", against: "gsm_sms", protocols: []string{"gsm_sms"}, table: tpduTable, draw: drawTPDU, options: tpduOptions,
	}
}
