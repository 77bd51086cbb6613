//go:build interop

package tshark_test

import (
	"slices"
	"strings"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

var faults = slices.Concat(sccpFaults, is683Faults, []*fault{nationalError, broadcastRepNum, longApplication, unknownApplication, unknownMedia, valueOnPage1}, ansi41Faults, tpduFaults, is637Faults)

// Faults of which the wrong value is known too: see sample.addWrong.
var (
	namDigits = &fault{batch: "IS-683", field: "ansi_683.imsi_m_11_12",
		reason: "reads the seven bits of a CDMA NAM block four bits too early (in the CDMA/Analog block it is right)"}
	spcNibbles = &fault{batch: "IS-683 forward", field: "ansi_683.service_programming_code",
		reason: "shows the low half of each octet first; the tests of another implementation that cite C.S0016-D pack the high half first"}
	pairsEarly = &fault{batch: "IS-683 reverse", field: "ansi_683.sid_nid_pairs",
		reason: "reads the first pair of a CDMA NAM block of a Configuration Response one octet too early"}
	oddDigits = &fault{batch: "ANSI-41", field: "ansi_map.bcd_digits",
		reason: "shows the filler behind an odd number of digits as one more digit; the count before it is right"}
	broadcastRepNum = &fault{batch: "SMPP", field: "smpp.broadcast_rep_num",
		reason: "takes one of the two octets of broadcast_rep_num, and the other one for the next tag"}
	nationalError = &fault{batch: "ANSI TCAP", field: "ansi_tcap.national",
		reason: "reads a national error code as if it were an operation code, and gives up on the packet"}
	longApplication = &fault{batch: "WSP", field: "wsp.header.x_wap_application_id",
		reason: "shows the application whose number is the length of a long-integer"}
	unknownApplication = &fault{batch: "WSP", field: "wsp.header.x_wap_application_id",
		reason: "does not have the names of the applications 10 to 16 of the registry"}
	unknownMedia = &fault{batch: "WSP", field: "wsp.header.content_type",
		reason: "does not have the names of the media types 4E, 58 and 302 and more of the registry"}
	puzlBlockData = &fault{batch: "IS-683 forward", field: "ansi_683.block_data",
		reason: "counts BLOCK_ID among the data of a PUZL Configuration Request"}
)

var is91Unreadable = &fault{batch: "IS-637", field: "ansi_637_tele.user_data.message_type",
	reason: "gives up on user data of IS-91, also on those that another implementation publishes"}

var (
	longAddress = &fault{batch: "IS-637", field: "ansi_637_trans.bin_addr",
		reason: "shows the padding behind an IP address as one more octet of it"}
	shortSubaddress = &fault{batch: "IS-637", field: "ansi_637_trans.bin_addr",
		reason: "shows one octet less of a subaddress than its count says"}
	callBackCount = &fault{batch: "IS-637", field: "ansi_637_tele.cb_num.num_fields",
		reason: "takes the second and third digit of a call-back number in DTMF for the count; the number itself is right"}
)

const lateText = "begins one octet late with the characters of multiple encoding user data and of service category program data that begin with an octet"

var is637Faults = []*fault{
	is91Unreadable,
	{batch: "IS-637", field: "ansi_637.unknown_format", when: hasIS91, reason: theSame},
	{batch: "IS-637", field: expert, when: func(s *sample, d *difference) bool {
		return hasIS91(s, d) && slices.Equal(d.got, []string{"Encoding Unknown/Unsupported - (report to wireshark.org)"})
	}, reason: theSame},
	longAddress, shortSubaddress, callBackCount,
	{batch: "IS-637", field: "ansi_637_tele.mult_enc_user_data.text", when: alignedParts, reason: lateText},
	{batch: "IS-637", field: "ansi_637_tele.srvc_cat_prog_data.text", when: alignedNames, reason: theSame},
}

var is683Faults = []*fault{namDigits, spcNibbles, pairsEarly, puzlBlockData}

const ituForm = "T1.112 lets an address have the ITU form (bit 8 of its indicator is 0), and Wireshark remarks on it"

var sccpFaults = []*fault{
	{batch: "SCCP ANSI", field: "sccp.international_standard_address", when: hasITUForm, reason: ituForm},
	{batch: "SCCP ANSI", field: expert, when: func(s *sample, d *difference) bool {
		return hasITUForm(s, d) && !slices.ContainsFunc(d.got, func(v string) bool { return !strings.HasPrefix(v, "Address is coded to international standards") })
	}, reason: theSame},
}

func hasITUForm(s *sample, _ *difference) bool {
	called, calling := addresses(s.message)
	return called.Variant == sccp.ITU || calling.Variant == sccp.ITU
}

// demoFaults are the complaints that the demo's captures bring; field is how
// the complaint begins.
var demoFaults = []*fault{
	{batch: "demo", field: "BER Error: Missing field in SET class:CONTEXT(2) tag:41 ", reason: "takes RANDBS for mandatory in OTASPREQ"},
}

var ansi41Faults = []*fault{
	oddDigits,
	{batch: "ANSI-41", field: "ansi_map.mSInactiveRes_element", when: is[*ansi41.MSINACTResult], reason: "has no dissector for the answer to MSINACT"},
	{batch: "ANSI-41", field: "ansi_map.unknown_invokeData_blob", when: is[*ansi41.MSINACTResult], reason: theSame},
	{batch: "ANSI-41", field: expert, when: func(s *sample, d *difference) bool {
		return is[*ansi41.MSINACTResult](s, d) && slices.Equal(d.got, []string{"Unknown invokeData blob"})
	}, reason: theSame},
	{batch: "ANSI-41", field: "ber.error.unknown_field.set", when: msinactIMSI, reason: "knows MSINACT with a MIN only"},
	{batch: "ANSI-41", field: "ansi_map.imsi", when: msinactIMSI, reason: theSame},
	{batch: "ANSI-41", field: "e212.imsi", when: msinactIMSI, reason: theSame},
	{batch: "ANSI-41", field: expert, when: func(s *sample, d *difference) bool {
		return msinactIMSI(s, d) && slices.Equal(d.got, []string{"BER Error: Unknown field in SET class:CONTEXT(2) tag:242"})
	}, reason: theSame},
	{batch: "ANSI-41", field: "ber.error.missing_field.set", when: noRANDBS, reason: "takes RANDBS for mandatory in OTASPREQ, against its own comment"},
	{batch: "ANSI-41", field: expert, when: func(s *sample, d *difference) bool {
		return noRANDBS(s, d) && len(d.got) == 1 && strings.HasPrefix(d.got[0], "BER Error: Missing field in SET class:CONTEXT(2) tag:41 ")
	}, reason: theSame},
}

var tpduFaults = []*fault{
	{batch: "SMS TPDUs", field: "gsm_sms.sms_text", when: noDCS, reason: "shows the user data of a report without TP-DCS as octets; 23.040 9.2.3.27 has the default alphabet then"},
	{batch: "SMS TPDUs", field: "gsm_sms.sms_body", when: noDCS, reason: theSame},
}

func noDCS(s *sample, _ *difference) bool {
	var p *tpdu.Parameters
	switch m := s.message.(type) {
	case *tpdu.DeliverReport:
		p = &m.Parameters
	case *tpdu.SubmitReport:
		p = &m.Parameters
	case *tpdu.StatusReport:
		p = &m.Parameters
	}
	return p != nil && p.HasUserData && !p.HasDCS
}

func is[M any](s *sample, _ *difference) bool {
	_, ok := s.message.(M)
	return ok
}

func msinactIMSI(s *sample, _ *difference) bool {
	m, ok := s.message.(*ansi41.MSINACTInvoke)
	return ok && m.IMSI.OK
}

func noRANDBS(s *sample, _ *difference) bool {
	m, ok := s.message.(*ansi41.OTASPREQInvoke)
	return ok && !m.RANDBS.OK
}
