//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp/is683"
)

var is683Table = &table{
	columns: []column{
		{"OTASP_MSG_TYPE, forward", "ansi_683.for_msg_type", number},
		{"OTASP_MSG_TYPE, reverse", "ansi_683.rev_msg_type", number},
		{"FRESH_INCL", "ansi_683.fresh_incl", number},
		{"FRESH", "ansi_683.fresh", number},
		// A mask of 0 makes Wireshark show whether the whole octet is zero, so
		// the octet is compared.
		{"reserved", "ansi_683.reserved8", raw},
		{"NUM_BLOCKS", "ansi_683.number_of_parameter_blocks", number},
		{"BLOCK_ID of a NAM block", "ansi_683.param_block_nam", number},
		{"BLOCK_ID of a validation block", "ansi_683.param_block_val", number},
		{"BLOCK_ID of an SSPR block", "ansi_683.param_block_sspr", number},
		{"BLOCK_ID of a PUZL block", "ansi_683.param_block_puzl", number},
		{"BLOCK_ID of a 3GPD block", "ansi_683.param_block_3gpd", number},
		{"BLOCK_ID of an MMD block", "ansi_683.param_block_mmd", number},
		{"BLOCK_ID of a system tag block", "ansi_683.param_block_systag", number},
		{"BLOCK_ID of an MMS block", "ansi_683.param_block_mms", number},
		{"length", "ansi_683.len", number},
		{"block data", "ansi_683.block_data", octets},
		{"RESULT_CODE", "ansi_683.result_code", number},
		{"RESULT_CODE of key exchange", "ansi_683.key_exchange_result_code", number},
		{"RESULT_CODE of commit", "ansi_683.data_commit_result_code", number},
		{"RESULT_CODE of SSPR configuration", "ansi_683.sspr_configuration_result_code", number},
		{"RESULT_CODE of SSPR download", "ansi_683.sspr_download_result_code", number},
		{"RESULT_CODE of PUZL configuration", "ansi_683.puzl_configuration_result_code", number},
		{"RESULT_CODE of secure mode", "ansi_683.secure_mode_result_code", number},
		{"RESULT_CODE of system tag configuration", "ansi_683.system_tag_result_code", number},
		{"RESULT_CODE of system tag download", "ansi_683.system_tag_download_result_code", number},
		{"RESULT_CODE of service key generation", "ansi_683.service_key_generation_result_code", number},
		{"A_KEY_P_REV", "ansi_683.a_key_protocol_revision", number},
		{"PARAM_P", "ansi_683.parameter_p", octets},
		{"PARAM_G", "ansi_683.parameter_g", octets},
		{"BS_RESULT", "ansi_683.base_station_calculation_result", octets},
		{"MS_RESULT", "ansi_683.mobile_station_calculation_result", octets},
		{"RAND", "ansi_683.random_challenge_value", octets},
		{"AUTHR", "ansi_683.authr", number},
		{"RANDC", "ansi_683.randc", number},
		{"COUNT", "ansi_683.call_history_parameter", number},
		{"AUTH_DATA", "ansi_683.authentication_data_input_parameter", number},
		{"OTASP_P_REV", "ansi_683.otasp_protocol_revision", number},
		{"NUM_CAP_RECORDS", "ansi_683.number_of_capability_records", number},
		{"CAP_RECORD_TYPE", "ansi_683.cap_info_record_type", number},
		{"capability data", "ansi_683.capability_data", octets},
		{"SEGMENT_OFFSET", "ansi_683.segment_offset", number},
		{"SEGMENT_SIZE_MAX", "ansi_683.maximum_segment_size", number},
		{"SEGMENT_SIZE of SSPR download", "ansi_683.maximum_segment_size", number}, // under the name of the request's field
		{"SEGMENT_SIZE", "ansi_683.segment_size", number},
		{"START_STOP of OTAPA", "ansi_683.otapa_session", number},
		{"START_STOP of secure mode", "ansi_683.secure_mode", number},
		{"SECURITY", "ansi_683.security", number},
		{"RAND_SM", "ansi_683.random_number_smck_generation", number},
		{"KEY_ID, IMS root key", "ansi_683.key_id.ims_root_key", number},
		{"KEY_ID, BCMCS root key", "ansi_683.key_id.bcmcs_root_key", number},
		{"KEY_ID, WLAN root key", "ansi_683.key_id.wlan_root_key", number},
		{"KEY_ID, last four bits", "ansi_683.reserved16_f", number},
		{"AUTH_OTAPA, bits behind", "ansi_683.reserved24_f", number},
		{"KEY_ID, reserved", "ansi_683.key_id.reserved", number},
		{"MOB_FIRM_REV", "ansi_683.mobile_station_fw_rev", number},
		{"MOB_MODEL", "ansi_683.mobile_station_manuf_model_number", number},
		{"NUM_FEATURES", "ansi_683.num_features", number},
		{"FEATURE_ID", "ansi_683.feature_id", number},
		{"FEATURE_P_REV", "ansi_683.feature_protocol_version", number},
		{"NAM_LOCK_IND", "ansi_683.nam_lock_indicator", number},
		{"RAND_OTAPA", "ansi_683.spasm_random_challenge", number},
		{"IDENT_INCL of PUZL", "ansi_683.identifiers.present", number},
		{"UZ_ID", "ansi_683.user_zone_id", number},
		{"UZ_SID", "ansi_683.user_zone_sid", number},
		{"OTASP_MOB_P_REV", "ansi_683.otasp_mobile_protocol_revision", number},
		{"BAND_MODE, analog", "ansi_683.band_class_0_analog", number},
		{"BAND_MODE, band class 0", "ansi_683.band_class_0_cdma", number},
		{"BAND_MODE, band class 1", "ansi_683.band_class_1_cdma", number},
		{"BAND_MODE, band class 3", "ansi_683.band_class_3_cdma", number},
		{"BAND_MODE, band class 6", "ansi_683.band_class_6_cdma", number},
		{"more additional fields", "ansi_683.more_additional_fields", octets},

		{"FIRSTCHP", "ansi_683.firstchp", number},
		{"HOME_SID", "ansi_683.home_sid", number},
		{"EX", "ansi_683.extended_address_indicator", number},
		{"SCM", "ansi_683.station_class_mark", number},
		{"SCM, extended", "ansi_683.extended_scm_indicator", number},
		{"SCM, dual mode", "ansi_683.cdma_analog_mode", number},
		{"SCM, slotted", "ansi_683.cdma_analog_slotted", number},
		{"SCM, MEID", "ansi_683.meid", number},
		{"SCM, 25 MHz", "ansi_683.25mhz_bandwidth", number},
		{"SCM, transmission", "ansi_683.transmission", number},
		{"SCM, power class", "ansi_683.power_class", number},
		{"MOB_P_REV", "ansi_683.mob_p_rev", number},
		{"IMSI_M_CLASS", "ansi_683.imsi_m_class", number},
		{"IMSI_M_ADDR_NUM, CDMA/Analog", "ansi_683.ismi_m_addr_num", number},
		{"IMSI_M_ADDR_NUM", "ansi_683.imsi_m_addr_num", number},
		{"MCC_M", "ansi_683.mcc_m", number},
		{"IMSI_M_11_12", "ansi_683.imsi_m_11_12", number},
		{"IMSI_M_S", "ansi_683.imsi_m_10", bits},
		{"ACCOLC", "ansi_683.accolc", number},
		{"LOCAL_CONTROL", "ansi_683.local_control_status", number},
		{"MOB_TERM_HOME", "ansi_683.mob_term_home", number},
		{"MOB_TERM_FOR_SID", "ansi_683.mob_term_for_sid", number},
		{"MOB_TERM_FOR_NID", "ansi_683.mob_term_for_nid", number},
		{"MAX_SID_NID", "ansi_683.max_sid_nid", number},
		{"STORED_SID_NID", "ansi_683.stored_sid_nid", number},
		{"N_SID_NID", "ansi_683.num_sid_nid", number},
		{"SID_NID pairs, first bits", "ansi_683.sid_nid_pairs", number},
		{"SID_NID pairs", "ansi_683.reserved_bytes", bits},
		{"SLOTTED_MODE", "ansi_683.slotted_mode", number},
		{"N_DIGITS", "ansi_683.n_digits", number},
		{"MDN", "ansi_683.mobile_directory_number", text},
		{"IMSI_T_CLASS", "ansi_683.imsi_t_class", number},
		{"IMSI_T_ADDR_NUM", "ansi_683.imsi_t_addr_num", number},
		{"MCC_T", "ansi_683.mcc_t", number},
		{"IMSI_T_11_12", "ansi_683.imsi_t_11_12", number},
		{"IMSI_T_S", "ansi_683.imsi_t_10", bits},
		{"SPC", "ansi_683.service_programming_code", text},
		{"AUTH_OTAPA_INCL", "ansi_683.otapa_spasm_validation_signature_indicator", number},
		{"AUTH_OTAPA", "ansi_683.otapa_spasm_validation_signature", number},
		{"NAM_LOCK", "ansi_683.spasm_protection_for_the_active_nam", number},
	},
	ignored: map[string]string{},
}

// handset draws IS-683 messages and notes what they mean.
type handset struct {
	*sample
	t *rapid.T
}

func (g handset) u8() uint8         { return rapid.Byte().Draw(g.t, "octet") }
func (g handset) u16() uint16       { return rapid.Uint16().Draw(g.t, "number") }
func (g handset) u32() uint32       { return rapid.Uint32().Draw(g.t, "number") }
func (g handset) coin() bool        { return rapid.Bool().Draw(g.t, "flag") }
func (g handset) max(n int) uint16  { return uint16(rapid.IntRange(0, n).Draw(g.t, "number")) }
func (g handset) some(n int) []byte { return rapid.SliceOfN(rapid.Byte(), 1, n).Draw(g.t, "octets") }
func (g handset) result() is683.ResultCode {
	return is683.ResultCode(g.max(50))
}

// fresh is the trailer of FRESH, which is always written here.
func (g handset) fresh() is683.Fresh {
	f := is683.Fresh{Included: g.coin()}
	if f.Included {
		f.Value = g.max(0x7fff)
	}
	return f
}

// addFresh: without a value the trailer is one octet, which Wireshark has no
// field for.
func (g handset) addFresh(f is683.Fresh) {
	g.flag("FRESH_INCL", f.Included)
	if f.Included {
		g.number("FRESH", uint64(f.Value))
	} else {
		g.add("reserved", "00")
	}
}

func bit(b bool, place int) byte {
	if b {
		return 1 << place
	}
	return 0
}

// blockID adds a BLOCK_ID under the name that Wireshark has for its kind.
func (g handset) blockID(kind string, id uint8) {
	g.number("BLOCK_ID of "+kind+" block", uint64(id))
}

const (
	aNAM        = "a NAM"
	aValidation = "a validation"
	anSSPR      = "an SSPR"
	aPUZL       = "a PUZL"
	a3GPD       = "a 3GPD"
	anMMD       = "an MMD"
	aSystemTag  = "a system tag"
	anMMS       = "an MMS"
)

func (g handset) ids(kind string, top int) is683.BlockIDs {
	ids := is683.BlockIDs(rapid.SliceOfN(rapid.ByteRange(0, uint8(top)), 1, 8).Draw(g.t, "ids"))
	g.number("NUM_BLOCKS", uint64(len(ids)))
	for _, id := range ids {
		g.blockID(kind, id)
	}
	return ids
}

// opaque draws blocks that Wireshark shows as octets.
func (g handset) opaque(kind string, top int) []is683.Block {
	bs := make([]is683.Block, 1+g.max(3))
	g.number("NUM_BLOCKS", uint64(len(bs)))
	for i := range bs {
		bs[i] = is683.Block{ID: uint8(g.max(top)), Data: g.some(100)}
		g.blockID(kind, bs[i].ID)
		g.number("length", uint64(len(bs[i].Data)))
		g.octets("block data", bs[i].Data)
	}
	return bs
}

// typed draws blocks whose layout Wireshark knows too.
func (g handset) typed(kind string, n int, draw func() (uint8, is683.TypedBlock)) []is683.Block {
	bs := make([]is683.Block, n)
	g.number("NUM_BLOCKS", uint64(len(bs)))
	for i := range bs {
		id, block := draw()
		data, err := block.Append(nil)
		if err != nil {
			panic(err)
		}
		bs[i] = is683.Block{ID: id, Data: data}
		g.blockID(kind, id)
		g.number("length", uint64(len(data)))
		g.mean(block)
	}
	return bs
}

func (g handset) results(kind string, top int) []is683.BlockResult {
	rs := make([]is683.BlockResult, 1+g.max(5))
	g.number("NUM_BLOCKS", uint64(len(rs)))
	for i := range rs {
		rs[i] = is683.BlockResult{ID: uint8(g.max(top)), Result: g.result()}
		g.blockID(kind, rs[i].ID)
		g.number("RESULT_CODE", uint64(rs[i].Result))
	}
	return rs
}

func (g handset) digits(n int) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), n, n, -1).Draw(g.t, "digits")
}

func (g handset) imsi() is683.IMSIM {
	return is683.IMSIM{Class: g.coin(), AddrNum: uint8(g.max(7)), MCC: g.digits(3), IMSI1112: g.digits(2), S: g.digits(10)}
}

func (g handset) access() is683.Access {
	return is683.Access{ACCOLC: uint8(g.max(15)), LocalControl: g.coin(), MobTermHome: g.coin(), MobTermForSID: g.coin(), MobTermForNID: g.coin()}
}

func (g handset) pairs() []is683.SIDNID {
	s := make([]is683.SIDNID, g.max(20))
	for i := range s {
		s[i] = is683.SIDNID{SID: g.max(0x7fff), NID: g.u16()}
	}
	return s
}

// namBlock draws a block of a Download Request.
func (g handset) namBlock() (uint8, is683.TypedBlock) {
	switch g.max(3) {
	case 0:
		return is683.BlockCDMAAnalogNAM, &is683.CDMAAnalogNAM{FirstCHP: g.max(2047), HomeSID: g.max(0x7fff), EX: g.coin(), IMSIM: g.imsi(), Access: g.access(), SIDNIDs: g.pairs()}
	case 1:
		return is683.BlockMDN, &is683.MDN{Digits: g.digits(1 + int(g.max(14)))}
	case 2:
		return is683.BlockCDMANAM, &is683.CDMANAM{IMSIM: g.imsi(), Access: g.access(), SIDNIDs: g.pairs()}
	}
	i := is683.IMSIT(g.imsi())
	return is683.BlockIMSIT, &i
}

// namAnswer draws a block of a Configuration Response.
func (g handset) namAnswer() (uint8, is683.TypedBlock) {
	switch g.max(3) {
	case 0:
		return is683.BlockCDMAAnalogNAM, &is683.CDMAAnalogNAMResponse{FirstCHP: g.max(2047), HomeSID: g.max(0x7fff), EX: g.coin(), SCM: is683.SCM(g.u8()), MobPRev: g.u8(),
			IMSIM: g.imsi(), Access: g.access(), MaxSIDNID: g.u8(), StoredSIDNID: g.pairs()}
	case 1:
		return is683.BlockMDN, &is683.MDN{Digits: g.digits(1 + int(g.max(14)))}
	case 2:
		return is683.BlockCDMANAM, &is683.CDMANAMResponse{SlottedMode: g.coin(), MobPRev: g.u8(), IMSIM: g.imsi(), Access: g.access(), MaxSIDNID: g.u8(), StoredSIDNID: g.pairs()}
	}
	i := is683.IMSIT(g.imsi())
	return is683.BlockIMSIT, &i
}

func (g handset) validation() (uint8, is683.TypedBlock) {
	switch g.max(2) {
	case 0:
		return is683.ValidationVerifySPC, g.spc()
	case 1:
		return is683.ValidationChangeSPC, g.spc()
	}
	p := &is683.SPASM{NAMLock: g.coin()}
	if p.AuthOTAPAIncluded = g.coin(); p.AuthOTAPAIncluded {
		p.AuthOTAPA = g.u32() >> 14
	}
	return is683.ValidationValidateSPASM, p
}

func (g handset) spc() *is683.SPC {
	digits := g.digits(6)
	swapped := []byte(digits)
	for i := 0; i < len(swapped); i += 2 {
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
	}
	g.addWrong("SPC", digits, string(swapped), spcNibbles)
	s, err := is683.ParseSPC(digits, is683.HighFirst)
	if err != nil {
		panic(err)
	}
	return &s
}

// tenForZero is a digit as IS-2000 codes it.
func tenForZero(digit byte) uint64 {
	if digit == '0' {
		return 10
	}
	return uint64(digit - '0')
}

// group is IS-2000's code of two or three digits, in which 0 stands for ten.
func group(digits string) (v uint64) {
	for i := range len(digits) {
		v = v*10 + tenForZero(digits[i])
	}
	if len(digits) == 2 {
		return v - 11
	}
	return v - 111
}

// imsiS is the 34 bits of the last ten digits.
func imsiS(s string) string {
	return fmt.Sprintf("%010b%010b%04b%010b", group(s[:3]), group(s[3:6]), tenForZero(s[6]), group(s[7:]))
}

const (
	imsiBits   = 1 + 3 + 10 + 7 + 34
	accessBits = 4 + 1 + 1 + 1 + 1
)

// meanPairs: Wireshark reads 16 bits from the octet in which the pairs begin,
// whether there are pairs or not, and shows the octets behind that octet.
func (g handset) meanPairs(begin int, pairs []is683.SIDNID, early bool) {
	var all strings.Builder
	for _, p := range pairs {
		fmt.Fprintf(&all, "%015b%016b", p.SID, p.NID)
	}
	for (begin+all.Len())%8 != 0 {
		all.WriteByte('0')
	}
	rest := all.String()
	if early { // it reads the number of pairs and the first bit
		want := strconv.Itoa(int(pairsHead(rest, begin)))
		wrong := len(pairs)<<1 | int(rest[0]-'0')
		g.addWrong("SID_NID pairs, first bits", want, strconv.Itoa(wrong), pairsEarly)
	} else if len(pairs) == 0 {
		g.add("SID_NID pairs, first bits", anything)
	} else {
		g.number("SID_NID pairs, first bits", pairsHead(rest, begin))
	}
	g.add("SID_NID pairs", rest[8-begin%8:])
}

// pairsHead are the first bits, up to the end of the second octet.
func pairsHead(rest string, begin int) uint64 {
	v, err := strconv.ParseUint(rest[:min(len(rest), 16-begin%8)], 2, 16)
	if err != nil {
		panic(err)
	}
	return v
}

func (g handset) mean(block is683.TypedBlock) {
	switch b := block.(type) {
	case *is683.CDMAAnalogNAM:
		g.analog(b.FirstCHP, b.HomeSID, b.EX)
		g.imsiM(true, &b.IMSIM)
		g.meanAccess(&b.Access)
		g.number("N_SID_NID", uint64(len(b.SIDNIDs)))
		g.meanPairs(11+15+1+imsiBits+accessBits+8, b.SIDNIDs, false)
	case *is683.CDMAAnalogNAMResponse:
		g.analog(b.FirstCHP, b.HomeSID, b.EX)
		g.number("SCM", uint64(b.SCM))
		for i, name := range []string{"extended", "dual mode", "slotted", "MEID", "25 MHz", "transmission"} {
			g.number("SCM, "+name, uint64(b.SCM)>>(7-i)&1)
		}
		g.number("SCM, power class", uint64(b.SCM)&3)
		g.number("MOB_P_REV", uint64(b.MobPRev))
		g.imsiM(true, &b.IMSIM)
		g.meanAccess(&b.Access)
		g.number("MAX_SID_NID", uint64(b.MaxSIDNID))
		g.number("STORED_SID_NID", uint64(len(b.StoredSIDNID)))
		g.meanPairs(11+15+1+8+8+imsiBits+accessBits+8+8, b.StoredSIDNID, false)
	case *is683.CDMANAM:
		g.imsiM(false, &b.IMSIM)
		g.meanAccess(&b.Access)
		g.number("N_SID_NID", uint64(len(b.SIDNIDs)))
		g.meanPairs(imsiBits+accessBits+8, b.SIDNIDs, false)
	case *is683.CDMANAMResponse:
		g.flag("SLOTTED_MODE", b.SlottedMode)
		for range 2 { // the bits before and behind
			g.octets("reserved", []byte{bit(b.SlottedMode, 5)})
		}
		g.number("MOB_P_REV", uint64(b.MobPRev))
		g.imsiM(false, &b.IMSIM)
		g.meanAccess(&b.Access)
		g.number("MAX_SID_NID", uint64(b.MaxSIDNID))
		g.number("STORED_SID_NID", uint64(len(b.StoredSIDNID)))
		g.meanPairs(16+imsiBits+accessBits+8+8, b.StoredSIDNID, true)
	case *is683.MDN:
		g.number("N_DIGITS", uint64(len(b.Digits)))
		g.add("MDN", b.Digits)
		if n := len(b.Digits); n%2 == 0 {
			g.octets("reserved", []byte{byte(tenForZero(b.Digits[n-1])) << 4})
		}
	case *is683.IMSIT:
		g.flag("IMSI_T_CLASS", b.Class)
		g.number("IMSI_T_ADDR_NUM", uint64(b.AddrNum))
		g.number("MCC_T", group(b.MCC))
		g.number("IMSI_T_11_12", group(b.IMSI1112))
		g.add("IMSI_T_S", "....."+imsiS(b.S)+".")
		low := imsiS(b.S)[27:]
		v, err := strconv.ParseUint(low+"0", 2, 8)
		if err != nil {
			panic(err)
		}
		g.octets("reserved", []byte{byte(v)})
	case *is683.SPC:
		// spc has said it: an SPC does not show its digits.
	case *is683.SPASM:
		g.flag("AUTH_OTAPA_INCL", b.AuthOTAPAIncluded)
		if b.AuthOTAPAIncluded {
			g.number("AUTH_OTAPA", uint64(b.AuthOTAPA))
			g.number("AUTH_OTAPA, bits behind", 0)
		} else {
			g.octets("reserved", []byte{bit(b.NAMLock, 6)})
		}
		g.flag("NAM_LOCK", b.NAMLock)
	default:
		panic(fmt.Sprintf("no meaning for %T", block))
	}
}

func (g handset) analog(firstCHP, homeSID uint16, ex bool) {
	g.number("FIRSTCHP", uint64(firstCHP))
	g.number("HOME_SID", uint64(homeSID))
	g.flag("EX", ex)
}

func (g handset) imsiM(analog bool, i *is683.IMSIM) {
	g.flag("IMSI_M_CLASS", i.Class)
	g.number("MCC_M", group(i.MCC))
	if analog {
		g.number("IMSI_M_ADDR_NUM, CDMA/Analog", uint64(i.AddrNum))
		g.number("IMSI_M_11_12", group(i.IMSI1112))
		g.add("IMSI_M_S", imsiS(i.S)+"......")
		return
	}
	g.number("IMSI_M_ADDR_NUM", uint64(i.AddrNum))
	wrong := group(i.MCC)&0xf<<3 | group(i.IMSI1112)>>4
	g.addWrong("IMSI_M_11_12", fmt.Sprint(group(i.IMSI1112)), fmt.Sprint(wrong), namDigits)
	g.add("IMSI_M_S", "....."+imsiS(i.S)+".")
}

func (g handset) meanAccess(a *is683.Access) {
	g.number("ACCOLC", uint64(a.ACCOLC))
	g.flag("LOCAL_CONTROL", a.LocalControl)
	g.flag("MOB_TERM_HOME", a.MobTermHome)
	g.flag("MOB_TERM_FOR_SID", a.MobTermForSID)
	g.flag("MOB_TERM_FOR_NID", a.MobTermForNID)
}

func drawIS683(name string, direction uint32, draw func(g handset) is683.Message) func(t *rapid.T) *sample {
	return func(t *rapid.T) *sample {
		g := handset{&sample{table: is683Table}, t}
		m := draw(g)
		b, err := m.Append(nil)
		if err != nil {
			panic(hex.EncodeToString(b) + ": " + err.Error())
		}
		g.kind, g.message = fmt.Sprintf("%s %v", name, m.Type()), m
		g.packet = packet{at: tableEntry("ansi_map.ota", direction), octets: b}
		g.number("OTASP_MSG_TYPE, "+name, uint64(m.Type()))
		return g.sample
	}
}

func TestIS683Forward(t *testing.T) { is683Forward().run(t) }

func is683Forward() *batch {
	return &batch{name: "IS-683 forward, all messages", against: "ansi_683", protocols: []string{"ansi_683"}, table: is683Table, draw: drawIS683("forward", 0, handset.request)}
}

func TestIS683Reverse(t *testing.T) { is683Reverse().run(t) }

func is683Reverse() *batch {
	return &batch{name: "IS-683 reverse, all messages", against: "ansi_683", protocols: []string{"ansi_683"}, table: is683Table, draw: drawIS683("reverse", 1, handset.response)}
}
