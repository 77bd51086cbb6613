//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// ansi41Table names the fields of the operations' structs.
var ansi41Table = &table{
	columns: []column{
		{"SMSBearerData", "ansi_map.sms_BearerData", octets},
		{"SMSTeleserviceIdentifier", "ansi_map.sms_TeleserviceIdentifier", octets},
		{"ActionCode", "ansi_map.actionCode", number},
		{"ESN", "ansi_map.electronicSerialNumber", octets},
		{"MEID", "ansi_map.meid", octets},
		{"MIN", "ansi_map.mobileIdentificationNumber_element", presence},
		{"IMSI", "ansi_map.imsi", octets},
		{"MobileStationMIN", "ansi_map.mobileStationMIN_element", presence},
		{"MobileStationIMSI", "ansi_map.mobileStationIMSI", octets},
		{"NewlyAssignedMIN", "ansi_map.newlyAssignedMIN_element", presence},
		{"NewlyAssignedIMSI", "ansi_map.newlyAssignedIMSI", octets},
		{"NewMINExtension", "ansi_map.newMINExtension", octets},
		{"ServiceIndicator", "ansi_map.serviceIndicator", number},
		{"TRN", "ansi_map.temporaryReferenceNumber_element", presence},
		{"MSCID", "ansi_map.mscid", octets},
		{"InterMessageTime", "ansi_map.interMessageTime", octets},
		{"CDMAServingOneWayDelay2", "ansi_map.cdmaServingOneWayDelay2", octets},
		{"SMSChargeIndicator", "ansi_map.sms_ChargeIndicator", number},
		{"SMSDestinationAddress", "ansi_map.sms_DestinationAddress_element", presence},
		{"SMSMessageCount", "ansi_map.sms_MessageCount", octets},
		{"SMSNotificationIndicator", "ansi_map.sms_NotificationIndicator", number},
		{"SMSOriginalDestinationAddress", "ansi_map.sms_OriginalDestinationAddress_element", presence},
		{"SMSOriginalDestinationSubaddress", "ansi_map.sms_OriginalDestinationSubaddress", octets},
		{"SMSOriginalOriginatingAddress", "ansi_map.sms_OriginalOriginatingAddress_element", presence},
		{"SMSOriginalOriginatingSubaddress", "ansi_map.sms_OriginalOriginatingSubaddress", octets},
		{"SMSOriginatingAddress", "ansi_map.sms_OriginatingAddress_element", presence},
		{"TeleservicePriority", "ansi_map.teleservice_Priority", octets},
		{"AuthorizationDenied", "ansi_map.authorizationDenied", number},
		{"AuthorizationPeriod", "ansi_map.authorizationPeriod", octets},
		{"DenyAccess", "ansi_map.denyAccess", number},
		{"ServingCellID", "ansi_map.servingCellID", octets},
		{"SMSCauseCode", "ansi_map.sms_CauseCode", number},
		{"SystemCapabilities", "ansi_map.systemCapabilities", octets},
		{"AKeyProtocolVersion", "ansi_map.aKeyProtocolVersion", octets},
		{"AuthenticationData", "ansi_map.authenticationData", octets},
		{"AUTHR", "ansi_map.authenticationResponse", octets},
		{"AUTHBS", "ansi_map.authenticationResponseBaseStation", octets},
		{"COUNT", "ansi_map.callHistoryCount", number},
		{"MobileStationPartialKey", "ansi_map.mobileStationPartialKey", octets},
		{"BaseStationPartialKey", "ansi_map.baseStationPartialKey", octets},
		{"ModulusValue", "ansi_map.modulusValue", octets},
		{"PrimitiveValue", "ansi_map.primitiveValue", octets},
		{"RAND", "ansi_map.randomVariable", octets},
		{"RANDBS", "ansi_map.randomVariableBaseStation", octets},
		{"TerminalType", "ansi_map.terminalType", number},
		{"OTASPResultCode", "ansi_map.otasp_ResultCode", number},
		{"SignalingMessageEncryptionReport", "ansi_map.signalingMessageEncryptionReport", number},
		{"SSDUpdateReport", "ansi_map.ssdUpdateReport", number},
		{"UniqueChallengeReport", "ansi_map.uniqueChallengeReport", number},
		{"VoicePrivacyReport", "ansi_map.voicePrivacyReport", number},
		{"MDN", "ansi_map.mobileDirectoryNumber_element", presence},
		{"SMSAccessDeniedReason", "ansi_map.sms_AccessDeniedReason", number},
		{"SMSAddress", "ansi_map.sms_Address_element", presence},
		{"TransactionCapability", "ansi_map.transactionCapability", octets},
		{"QualificationInformationCode", "ansi_map.qualificationInformationCode", number},
		{"SystemMyTypeCode", "ansi_map.systemMyTypeCode", number},
		{"AvailabilityType", "ansi_map.availabilityType", number},
		{"CDMANetworkIdentification", "ansi_map.cdmaNetworkIdentification", octets},
		{"ExtendedMSCID", "ansi_map.extendedMSCID", octets},
		{"LocationAreaID", "ansi_map.locationAreaID", octets},
		{"MSCAddress", "ansi_map.msc_Address", presence},
		{"PCSSN", "ansi_map.pc_ssn", octets},
		{"SMSMessageWaitingIndicator", "ansi_map.sms_MessageWaitingIndicator_element", presence},
		{"SystemAccessType", "ansi_map.systemAccessType", number},
		{"SenderIdentificationNumber", "ansi_map.senderIdentificationNumber_element", presence},
		{"SMSOriginationRestrictions", "ansi_map.sms_OriginationRestrictions", octets},
		{"SMSTerminationRestrictions", "ansi_map.sms_TerminationRestrictions", octets},
		{"DeregistrationType", "ansi_map.deregistrationType", number},

		{"SMDPPInvoke", "ansi_map.sMSDeliveryPointToPoint_element", presence},
		{"SMDPPResult", "ansi_map.sMSDeliveryPointToPointRes_element", presence},
		{"OTASPREQInvoke", "ansi_map.oTASPRequest_element", presence},
		{"OTASPREQResult", "ansi_map.oTASPRequestRes_element", presence},
		{"SMSREQInvoke", "ansi_map.sMSRequest_element", presence},
		{"SMSREQResult", "ansi_map.sMSRequestRes_element", presence},
		{"SMSNOTInvoke", "ansi_map.sMSNotification_element", presence},
		{"SMSNOTResult", "ansi_map.sMSNotificationRes_element", presence},
		{"REGNOTInvoke", "ansi_map.registrationNotification_element", presence},
		{"REGNOTResult", "ansi_map.registrationNotificationRes_element", presence},
		{"MSINACTInvoke", "ansi_map.mSInactive_element", presence},
		{"MSINACTResult", "ansi_map.mSInactiveRes_element", presence},
		{"ESN of MSINACT", "ansi_map.lectronicSerialNumber", octets},
		{"MSID", "ansi_map.msid", number},
		{"MobileStationMSID", "ansi_map.mobileStationMSID", number},
		{"NewlyAssignedMSID", "ansi_map.newlyAssignedMSID", number},
		{"SystemCapabilities, authentication parameters", "ansi_map.systemcapabilities.auth", number},
		{"SystemCapabilities, SME", "ansi_map.systemcapabilities.se", number},
		{"SystemCapabilities, VP", "ansi_map.systemcapabilities.vp", number},
		{"SystemCapabilities, CAVE", "ansi_map.systemcapabilities.cave", number},
		{"SystemCapabilities, SSD shared", "ansi_map.systemcapabilities.ssd", number},
		{"SystemCapabilities, data privacy", "ansi_map.systemcapabilities.dp", number},
		{"two reserved bits", "ansi_map.reserved_bitHG", number},
		{"four reserved bits", "ansi_map.reserved_bitHGFE", number},
		{"value of an AuthorizationPeriod", "ansi_map.value", number},
		{"SMSOriginationRestrictions, DEFAULT", "ansi_map.originationrestrictions.default", number},
		{"SMSOriginationRestrictions, DIRECT", "ansi_map.originationrestrictions.direct", number},
		{"SMSOriginationRestrictions, force message centre", "ansi_map.originationrestrictions.fmc", number},
		{"MarketID", "ansi_map.marketid", number},
		{"SwitchNumber", "ansi_map.swno", number},
		{"type of an ExtendedMSCID", "ansi_map.extendedmscid.type", number},
		{"period of an AuthorizationPeriod", "ansi_map.authorizationperiod.period", number},
		{"type of digits", "ansi_map.type_of_digits", number},
		{"nature, international", "ansi_map.na", number},
		{"nature, restricted", "ansi_map.type_of_pi", number},
		{"nature, not available", "ansi_map.navail", number},
		{"nature, screening", "ansi_map.si", number},
		{"numbering plan", "ansi_map.np", number},
		{"encoding", "ansi_map.enc", number},
		{"number of digits", "ansi_map.nr_digits", number},
		{"reserved bit of the nature", "ansi_map.reserved_bitD", number},
		{"point code", "ansi_map.point_code", octets},
		{"SSN", "ansi_map.SSN", number},
		{"IMSI, digits", "e212.imsi", text},
		{"subaddress, type", "ansi_map.subaddr_type", number},
		{"subaddress, odd", "ansi_map.subaddr_odd_even", number},
		{"TransactionCapability, PROF", "ansi_map.trans_cap_prof", number},
		{"TransactionCapability, BUSY", "ansi_map.trans_cap_busy", number},
		{"TransactionCapability, ANN", "ansi_map.trans_cap_ann", number},
		{"TransactionCapability, RUI", "ansi_map.trans_cap_rui", number},
		{"TransactionCapability, SPINI", "ansi_map.trans_cap_spini", number},
		{"TransactionCapability, UZCI", "ansi_map.trans_cap_uzci", number},
		{"TransactionCapability, NDSS", "ansi_map.trans_cap_ndss", number},
		{"TransactionCapability, NAMI", "ansi_map.trans_cap_nami", number},
		{"TransactionCapability, MULTERM", "ansi_map.trans_cap_multerm", number},
		{"TransactionCapability, TL", "ansi_map.trans_cap_tl", number},
		{"TransactionCapability, WADDR", "ansi_map.trans_cap_waddr", number},
		{"digits", "ansi_map.bcd_digits", text},
		{"IA5 digits", "ansi_map.ia5_digits", text},
	},
	ignored: map[string]string{"e212.assoc.imsi": "the IMSI again", "e212.mcc": "part of the IMSI", "e212.mnc": "part of the IMSI"},
}

func newMessages() []ansi41.Message {
	return []ansi41.Message{
		new(ansi41.SMDPPInvoke), new(ansi41.SMDPPResult),
		new(ansi41.OTASPREQInvoke), new(ansi41.OTASPREQResult),
		new(ansi41.SMSREQInvoke), new(ansi41.SMSREQResult),
		new(ansi41.SMSNOTInvoke), new(ansi41.SMSNOTResult),
		new(ansi41.REGNOTInvoke), new(ansi41.REGNOTResult),
		new(ansi41.MSINACTInvoke), new(ansi41.MSINACTResult),
	}
}

// subscriber draws the parameters of an operation and notes what they mean.
type subscriber struct {
	*sample
	t       *rapid.T
	chooses bool // Wireshark has its identities as a choice
}

// operands draws the fields of a message's struct.
func (g subscriber) operands(m ansi41.Message) {
	v := reflect.ValueOf(m).Elem()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch {
		case name == "Unknown":
		case f.Kind() == reflect.Bool:
			if f.SetBool(rapid.Bool().Draw(g.t, name)); f.Bool() {
				g.add(name, "there")
			}
		case f.Kind() == reflect.Struct && f.FieldByName("OK").IsValid():
			mandatory := name == "MIN" && needsMSID(m)
			if there := mandatory || rapid.Bool().Draw(g.t, name); there {
				f.FieldByName("OK").SetBool(true)
				g.operand(name, f.FieldByName("V"))
			}
		case name == "ESN" && f.Kind() != reflect.Struct && isMSINACT(m):
			g.operand("ESN of MSINACT", f)
		default:
			g.operand(name, f)
		}
	}
}

func isMSINACT(m ansi41.Message) bool {
	_, ok := m.(*ansi41.MSINACTInvoke)
	return ok
}

func needsMSID(m ansi41.Message) bool {
	switch m.(type) {
	case *ansi41.SMSREQInvoke, *ansi41.SMSNOTInvoke, *ansi41.REGNOTInvoke, *ansi41.MSINACTInvoke:
		return true
	}
	return false
}

// sizes are the octets of the parameters that the structs leave open.
var sizes = map[string][2]int{
	"SMSBearerData": {0, 140}, "NewMINExtension": {3, 3}, "CDMAServingOneWayDelay2": {2, 3}, "SMSOriginalDestinationSubaddress": {1, 20},
	"SMSOriginalOriginatingSubaddress": {1, 20}, "SystemCapabilities": {1, 1}, "AKeyProtocolVersion": {1, 4}, "MobileStationPartialKey": {1, 96},
	"BaseStationPartialKey": {1, 96}, "ModulusValue": {1, 96}, "PrimitiveValue": {1, 20}, "TransactionCapability": {2, 2},
}

// choices are the identities of which Wireshark says which it is.
var choices = map[string]struct {
	of     string
	number uint64
}{
	"MIN": {"MSID", 8}, "IMSI": {"MSID", 242}, "MobileStationMIN": {"MobileStationMSID", 184}, "MobileStationIMSI": {"MobileStationMSID", 286},
	"NewlyAssignedMIN": {"NewlyAssignedMSID", 187}, "NewlyAssignedIMSI": {"NewlyAssignedMSID", 287},
}

// operand draws one parameter and notes what it means.
func (g subscriber) operand(name string, f reflect.Value) {
	if c, ok := choices[name]; ok && g.chooses {
		g.number(c.of, c.number)
	}
	switch p := f.Addr().Interface().(type) {
	case *ansi41.Digits:
		g.add(name, "there")
		*p = g.digits()
	case *ansi41.MIN:
		g.add(name, "there")
		v, err := ansi41.ParseMIN(g.ten())
		g.must(err)
		*p = v
	case *ansi41.TRN:
		g.add(name, "there")
		v, err := ansi41.ParseTRN(g.ten())
		g.must(err)
		*p = v
	case *ansi41.IMSI:
		digits := rapid.StringMatching("[0-9]{15}").Draw(g.t, name)
		v, err := ansi41.ParseIMSI(digits)
		g.must(err)
		*p = v
		g.add(name, swapped(digits+"f"))
		if name == "IMSI" {
			g.add("IMSI, digits", digits)
		}
	case *ansi41.AuthenticationValue:
		*p = ansi41.AuthenticationValue(rapid.Uint32Range(0, 0xffffff).Draw(g.t, name))
		g.add(name, fmt.Sprintf("%06x", uint32(*p)))
	case *ansi41.MSCID:
		*p = ansi41.MSCID{MarketID: rapid.Uint16().Draw(g.t, name), SwitchNumber: rapid.Byte().Draw(g.t, name)}
		g.add(name, fmt.Sprintf("%04x%02x", p.MarketID, p.SwitchNumber))
		g.number("MarketID", uint64(p.MarketID))
		g.number("SwitchNumber", uint64(p.SwitchNumber))
	case *ansi41.ExtendedMSCID:
		*p = ansi41.ExtendedMSCID{Type: rapid.Byte().Draw(g.t, name), MarketID: rapid.Uint16().Draw(g.t, name), SwitchNumber: rapid.Byte().Draw(g.t, name)}
		g.add(name, fmt.Sprintf("%02x%04x%02x", p.Type, p.MarketID, p.SwitchNumber))
		g.number("type of an ExtendedMSCID", uint64(p.Type))
		g.number("MarketID", uint64(p.MarketID))
		g.number("SwitchNumber", uint64(p.SwitchNumber))
	case *ansi41.CDMANetworkIdentification:
		*p = ansi41.CDMANetworkIdentification{SID: rapid.Uint16().Draw(g.t, name), NID: rapid.Uint16().Draw(g.t, name)}
		g.add(name, fmt.Sprintf("%04x%04x", p.SID, p.NID))
	case *ansi41.AuthorizationPeriod:
		*p = ansi41.AuthorizationPeriod{Period: rapid.Byte().Draw(g.t, name), Value: rapid.Byte().Draw(g.t, name)}
		g.add(name, fmt.Sprintf("%02x%02x", p.Period, p.Value))
		g.number("period of an AuthorizationPeriod", uint64(p.Period))
		g.number("value of an AuthorizationPeriod", uint64(p.Value))
	case *ansi41.PCSSN:
		*p = ansi41.PCSSN{Type: rapid.Byte().Draw(g.t, name), PC: mtp.PointCode(rapid.Uint32Range(0, 0xffffff).Draw(g.t, name)), SSN: rapid.Byte().Draw(g.t, name)}
		g.add(name, fmt.Sprintf("%02x%02x%02x%02x%02x", p.Type, p.PC.Member(), p.PC.Cluster(), p.PC.Network(), p.SSN))
		g.number("type of an ExtendedMSCID", uint64(p.Type)) // under that name
		g.pointCode(p.PC, p.SSN)
	case *ansi41.TeleserviceIdentifier:
		if rapid.Bool().Draw(g.t, name) {
			*p = ansi41.Teleservice(rapid.Uint16().Draw(g.t, name))
			g.add(name, fmt.Sprintf("%04x", p.ID))
		} else {
			g.add(name, "")
		}
	default:
		g.plain(name, f)
	}
}

// plain draws numbers and octets.
func (g subscriber) plain(name string, f reflect.Value) {
	switch f.Kind() {
	case reflect.Slice:
		b := rapid.SliceOfN(rapid.Byte(), sizes[name][0], sizes[name][1]).Draw(g.t, name)
		if name == "NewMINExtension" { // digits
			for i := range b {
				b[i] = b[i]%10<<4 | b[i]/26
			}
		}
		f.SetBytes(b)
		g.octets(name, b)
		g.inside(name, b)
	case reflect.Array:
		b := rapid.SliceOfN(rapid.Byte(), f.Len(), f.Len()).Draw(g.t, name)
		reflect.Copy(f, reflect.ValueOf(b))
		g.octets(name, b)
	default:
		v := rapid.Uint64Range(0, 1<<f.Type().Bits()-1).Draw(g.t, name)
		f.SetUint(v)
		if name == "SMSOriginationRestrictions" {
			g.number(name+", DEFAULT", v&3)
			g.number(name+", DIRECT", v>>2&1)
			g.number(name+", force message centre", v>>3&1)
			g.number("four reserved bits", v>>4)
		}
		if c := g.table.find(name); c.how == octets {
			g.add(name, fmt.Sprintf("%0*x", f.Type().Bits()/4, v))
		} else {
			g.number(name, v)
		}
	}
}

func (g subscriber) pointCode(pc mtp.PointCode, ssn uint8) {
	g.octets("point code", []byte{pc.Member(), pc.Cluster(), pc.Network()})
	g.number("SSN", uint64(ssn))
}

// inside adds what Wireshark shows of the inside of octets.
func (g subscriber) inside(name string, b []byte) {
	switch name {
	case "SystemCapabilities":
		g.capabilities(b[0])
	case "TransactionCapability":
		for i, part := range []string{"PROF", "BUSY", "ANN", "RUI", "SPINI", "UZCI", "NDSS", "NAMI"} {
			g.number(name+", "+part, uint64(b[0])>>i&1)
		}
		g.number(name+", MULTERM", uint64(b[1])&0xf)
		g.number(name+", TL", uint64(b[1])>>4&1)
		g.number(name+", WADDR", uint64(b[1])>>5&1)
	case "SMSOriginalDestinationSubaddress", "SMSOriginalOriginatingSubaddress":
		g.number("subaddress, type", uint64(b[0])>>4&7)
		g.number("subaddress, odd", uint64(b[0])>>3&1)
	case "NewMINExtension":
		g.add("digits", swapped(hex.EncodeToString(b)))
	}
}

func (g subscriber) capabilities(v byte) {
	for i, name := range []string{"authentication parameters", "SME", "VP", "CAVE", "SSD shared", "data privacy"} {
		g.number("SystemCapabilities, "+name, uint64(v)>>i&1)
	}
	g.number("two reserved bits", uint64(v)>>6)
}

func (g subscriber) must(err error) {
	if err != nil {
		panic(err)
	}
}

// swapped exchanges the digits of each pair, as they stand in octets.
func swapped(digits string) string {
	b := []byte(digits)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func (g subscriber) ten() string {
	s := rapid.StringMatching("[0-9]{10}").Draw(g.t, "ten digits")
	g.add("digits", s)
	return s
}

func (g subscriber) digits() ansi41.Digits {
	d := ansi41.Digits{
		TypeOfDigits: ansi41.TypeOfDigits(rapid.ByteRange(0, 15).Draw(g.t, "type")),
		Nature:       ansi41.NatureOfNumber(rapid.ByteRange(0, 7).Draw(g.t, "nature") | rapid.ByteRange(0, 3).Draw(g.t, "screening")<<4),
	}
	g.number("type of digits", uint64(d.TypeOfDigits))
	g.flag("nature, international", d.Nature&ansi41.NatureInternational != 0)
	g.flag("nature, restricted", d.Nature&ansi41.NatureRestricted != 0)
	g.flag("nature, not available", d.Nature&ansi41.NatureNumberNotAvailable != 0)
	g.number("nature, screening", uint64(d.Nature)>>4)
	g.number("reserved bit of the nature", 0)
	g.number("two reserved bits", 0)
	switch rapid.IntRange(0, 2).Draw(g.t, "form") {
	case 0:
		d.NumberingPlan, d.Encoding = ansi41.PlanSS7, ansi41.EncodingOctets
		d.PC, d.SSN = mtp.PointCode(rapid.Uint32Range(0, 0xffffff).Draw(g.t, "PC")), rapid.Byte().Draw(g.t, "SSN")
		g.pointCode(d.PC, d.SSN)
	case 1:
		d.NumberingPlan, d.Encoding = rapid.SampledFrom([]ansi41.NumberingPlan{ansi41.PlanUnknown, ansi41.PlanTelephony, ansi41.PlanLandMobile, ansi41.PlanPrivate}).Draw(g.t, "plan"), ansi41.EncodingBCD
		d.Digits = rapid.StringMatching("[0-9]{1,20}").Draw(g.t, "digits")
		g.number("number of digits", uint64(len(d.Digits)))
		if len(d.Digits)%2 == 1 {
			g.addWrong("digits", d.Digits, d.Digits+"0", oddDigits)
		} else {
			g.add("digits", d.Digits)
		}
	default:
		d.NumberingPlan, d.Encoding = ansi41.PlanPrivate, ansi41.EncodingIA5
		d.Digits = rapid.StringMatching("[0-9A-Za-z]{1,20}").Draw(g.t, "digits")
		g.number("number of digits", uint64(len(d.Digits)))
		g.add("IA5 digits", d.Digits)
	}
	g.number("numbering plan", uint64(d.NumberingPlan))
	g.number("encoding", uint64(d.Encoding))
	return d
}

func drawANSI41(t *rapid.T, ids *transactionIDs) *sample {
	m := rapid.SampledFrom(newMessages()).Draw(t, "message")
	_, smdpp := m.(*ansi41.SMDPPInvoke)
	g := subscriber{&sample{table: ansi41Table}, t, !smdpp && !isMSINACT(m)}
	g.operands(m)
	b, err := m.Append(nil)
	g.must(err)
	g.kind, g.message = reflect.TypeOf(m).Elem().Name(), m
	g.add(g.kind, "there")
	id := ids.next()
	operation := ansi.PrivateOperation(uint8(m.Operation()))
	if m.Component() == ansi41.Invoke {
		g.packet = packet{at: protocol("ansi_tcap"), octets: g.tcap(&ansi.Package{Type: ansi.QueryWithPermission, Originating: id, Components: []ansi.Component{
			{Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 1, Operation: operation, Parameters: b}}})}
		return g.sample
	}
	g.before = []packet{{at: protocol("ansi_tcap"), octets: g.tcap(&ansi.Package{Type: ansi.QueryWithPermission, Originating: id, Components: []ansi.Component{
		{Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 1, Operation: operation}}})}}
	g.packet = packet{at: protocol("ansi_tcap"), back: true, octets: g.tcap(&ansi.Package{Type: ansi.Response, Responding: id, Components: []ansi.Component{
		{Type: ansi.ReturnResultLast, HasCorrelationID: true, CorrelationID: 1, Parameters: b}}})}
	return g.sample
}

func (g subscriber) tcap(p *ansi.Package) []byte {
	b, err := p.Append(nil)
	g.must(err)
	return b
}

func TestANSI41(t *testing.T) { ansi41Batch().run(t) }

func ansi41Batch() *batch {
	var ids transactionIDs
	return &batch{
		name: "ANSI-41, all operations", against: "ansi_map", protocols: []string{"ansi_map"}, table: ansi41Table,
		draw:    func(t *rapid.T) *sample { return drawANSI41(t, &ids) },
		options: disable("ansi_683", "ansi_637_tele", "ansi_801"),
	}
}
