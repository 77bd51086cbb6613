package is683_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

type blockCase struct {
	name, hex   string
	empty, want is683.TypedBlock
}

// blockCases hold octets of blocks from the vectors against their meaning.
func blockCases() []blockCase {
	imsi := is683.IMSIM{MCC: "310", IMSI1112: "00", S: "5551234567"}
	access := is683.Access{ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true}
	home := []is683.SIDNID{{SID: 4139, NID: 65535}}
	return []blockCase{
		{"CDMA NAM", "03471b78062390ee0240affffc", &is683.CDMANAM{},
			&is683.CDMANAM{IMSIM: imsi, Access: access, SIDNIDs: home}},
		{"CDMA/Analog NAM", "29a40ac068e36f00c4721dc04815ffff80", &is683.CDMAAnalogNAM{},
			&is683.CDMAAnalogNAM{FirstCHP: 333, HomeSID: 4139, IMSIM: imsi, Access: access, SIDNIDs: home}},
		{"CDMA NAM read back", "200603471b78062390ee080240affffc", &is683.CDMANAMResponse{},
			&is683.CDMANAMResponse{SlottedMode: true, MobPRev: 6, IMSIM: imsi, Access: access, MaxSIDNID: 4, StoredSIDNID: home}},
		{"MDN", "a55512345670", &is683.MDN{}, &is683.MDN{Digits: "5551234567"}},
		{"MDN of a zero", "1a", &is683.MDN{}, &is683.MDN{Digits: "0"}},
		{"MDN of four digits", "412340", &is683.MDN{}, &is683.MDN{Digits: "1234"}},
		{"no MDN", "00", &is683.MDN{}, &is683.MDN{}},
		{"IMSI_T", "03471b78062390", &is683.IMSIT{}, &is683.IMSIT{MCC: "310", IMSI1112: "00", S: "5551234567"}},
		{"SPASM without signature", "40", &is683.SPASM{}, &is683.SPASM{NAMLock: true}},
		{"SPASM", "d55550", &is683.SPASM{}, &is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: 0x2aaaa, NAMLock: true}},
		{"PRL dimensions", "0fa00138123401400c", &is683.PRLDimensions{},
			&is683.PRLDimensions{MaxSize: 4000, CurSize: 312, PRListID: 0x1234, NumAcqRecs: 5, NumSysRecs: 12}},
		{"extended dimensions, classic list", "0fa0013812340101400c", &is683.ExtendedPRLDimensions{},
			&is683.ExtendedPRLDimensions{MaxSize: 4000, CurSize: 312, PRListID: 0x1234, SSPRPRev: 1, NumAcqRecs: 5, NumSysRecs: 12}},
		{"extended dimensions, extended list", "0fa0013812340301004003", &is683.ExtendedPRLDimensions{},
			&is683.ExtendedPRLDimensions{MaxSize: 4000, CurSize: 312, PRListID: 0x1234, SSPRPRev: 3, NumAcqRecs: 2, NumCommonSubnetRecs: 1, NumSysRecs: 3}},
		{"PRL segment", "01010203aabbcc", &is683.PRLSegment{},
			&is683.PRLSegment{Last: true, Offset: 0x102, Data: wire.Hex{0xaa, 0xbb, 0xcc}}},
		{"home tag", "00453178425453", &is683.HomeTag{}, &is683.HomeTag{Encoding: is683.TagEncodingASCII, Tag: wire.Hex("1xBTS")}},
		{"home tag read back", "8c453178425453", &is683.HomeTagResponse{},
			&is683.HomeTagResponse{CallPromptIncluded: true, CallPrompt: 3, Encoding: is683.TagEncodingASCII, Tag: wire.Hex("1xBTS")}},
		{"MMS URI", "10066d6d733a2f2f", &is683.MMSURI{}, &is683.MMSURI{Entries: []is683.MMSURIEntry{{Index: 0, URI: "mms://"}}}},
		{"two MMS URIs", "20014110242430", &is683.MMSURI{},
			&is683.MMSURI{Entries: []is683.MMSURIEntry{{Index: 0, URI: "A"}, {Index: 1, URI: "BC"}}}},
		{"MMS URI capability", "2ff0", &is683.MMSURICapability{}, &is683.MMSURICapability{MaxNum: 2, MaxLength: 255}},
	}
}

func TestTypedBlocks(t *testing.T) {
	for _, c := range blockCases() {
		t.Run(c.name, func(t *testing.T) {
			b := unhex(t, c.hex)
			if err := c.empty.Decode(b); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, c.empty); d != "" {
				t.Errorf("decoded (-want +got):\n%s", d)
			}
			got, err := c.want.Append([]byte{0xee})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff("ee"+c.hex, hex.EncodeToString(got)); d != "" {
				t.Errorf("encoded (-want +got):\n%s", d)
			}
			for n := range b {
				cut := c.empty.Decode(b[:n])
				var we *wire.Error
				if cut == nil || !errors.As(cut, &we) {
					t.Errorf("cut to %d of %d octets: %v, want a wire error", n, len(b), cut)
				}
			}
			if err := c.empty.Decode(append(b, 1)); err == nil {
				t.Error("an octet too many: no error")
			}
		})
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A block filled up with an octet of zero is read; one with anything else in
// place of a digit is not.
func TestMDN(t *testing.T) {
	var m is683.MDN
	if err := m.Decode([]byte{0x1a, 0}); err != nil || m.Digits != "0" {
		t.Errorf("1a00 = %q, %v", m.Digits, err)
	}
	for _, bad := range []string{"10", "1b", "1f", "1a0001", "f1", ""} {
		if err := m.Decode(unhex(t, bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	for _, bad := range []string{"555-1234", "1234567890123456", "*228"} {
		if _, err := (&is683.MDN{Digits: bad}).Append(nil); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestTypedBlockLimits(t *testing.T) {
	imsi := is683.IMSIM{MCC: "310", IMSI1112: "00", S: "5551234567"}
	for field, b := range map[string]is683.TypedBlock{
		"ACCOLC":                 &is683.CDMANAM{IMSIM: imsi, Access: is683.Access{ACCOLC: 16}},
		"SID":                    &is683.CDMANAM{IMSIM: imsi, SIDNIDs: []is683.SIDNID{{SID: 1 << 15}}},
		"N_SID_NID":              &is683.CDMANAM{IMSIM: imsi, SIDNIDs: make([]is683.SIDNID, 256)},
		"STORED_SID_NID":         &is683.CDMAAnalogNAMResponse{IMSIM: imsi, StoredSIDNID: make([]is683.SIDNID, 256)},
		"MCC_M":                  &is683.CDMANAMResponse{},
		"FIRSTCHP":               &is683.CDMAAnalogNAM{IMSIM: imsi, FirstCHP: 1 << 11},
		"HOME_SID":               &is683.CDMAAnalogNAM{IMSIM: imsi, HomeSID: 1 << 15},
		"AUTH_OTAPA":             &is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: 1 << 18},
		"NUM_ACQ_RECS":           &is683.PRLDimensions{NumAcqRecs: 512},
		"NUM_SYS_RECS":           &is683.PRLDimensions{NumSysRecs: 1 << 14},
		"CUR_SSPR_P_REV":         &is683.ExtendedPRLDimensions{SSPRPRev: 2},
		"NUM_COMMON_SUBNET_RECS": &is683.ExtendedPRLDimensions{SSPRPRev: 3, NumCommonSubnetRecs: 512},
		"NUM_EXT_SYS_RECS":       &is683.ExtendedPRLDimensions{SSPRPRev: 3, NumSysRecs: 1 << 14},
		"SEGMENT_SIZE":           &is683.PRLSegment{Data: make([]byte, is683.MaxPRLSegment+1)},
		"TAG_LEN":                &is683.HomeTag{Tag: make([]byte, 32)},
		"TAG_ENCODING":           &is683.HomeTagResponse{Encoding: 32},
		"CALL_PRMPT":             &is683.HomeTagResponse{CallPrompt: 32},
		"NUM_MMS_URI":            &is683.MMSURI{Entries: make([]is683.MMSURIEntry, 16)},
		"MMS_URI_LENGTH":         &is683.MMSURI{Entries: []is683.MMSURIEntry{{URI: string(make([]byte, 256))}}},
		"MAX_NUM_MMS_URI":        &is683.MMSURICapability{MaxNum: 16},
	} {
		_, err := b.Append(nil)
		wantField(t, field, err)
	}
}

// wantField checks that err is about the named field of a value to be encoded.
func wantField(t *testing.T, field string, err error) {
	t.Helper()
	var we *wire.Error
	if !errors.As(err, &we) || we.Field != field || we.Offset != -1 {
		t.Errorf("error is %v, want one of encoding %s", err, field)
	}
}

// Pairs are counted before room is made for them.
func TestPairsCounted(t *testing.T) {
	b := unhex(t, "03471b78062390ee0f40affffc") // N_SID_NID 7 with room for one
	err := new(is683.CDMANAM).Decode(b)
	var we *wire.Error
	if !errors.As(err, &we) || we.Field != "N_SID_NID" || !errors.Is(err, wire.ErrLength) {
		t.Errorf("got %v", err)
	}
}
