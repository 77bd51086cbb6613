package is683_test

import (
	"fmt"
	"testing"

	"github.com/otagate/otagate/otasp/is683"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		got  fmt.Stringer
		want string
	}{
		{is683.TypeReAuthenticate, "Re-Authenticate"},
		{is683.TypeThreeGPDDownload, "3GPD Download"},
		{is683.TypeMMSDownload, "MMS Download"},
		{is683.MessageType(0x18), "message type 24"},
		{is683.Accepted, "accepted"},
		{is683.SIDNIDLengthMismatch, "SID/NID length mismatch"},
		{is683.PRLFormatMismatch, "PRL format mismatch"},
		{is683.InvalidMMSURI, "invalid MMS_URI"},
		{is683.MMSSWLANMismatch, "MMSS WLAN format mismatch"},
		{is683.ResultCode(51), "reserved result 51"},
		{is683.ResultCode(128), "manufacturer's result 128"},
		{is683.ResultCode(254), "manufacturer's result 254"},
		{is683.ResultCode(255), "reserved result 255"},
		{is683.FeatureMMSS, "MMSS"},
		{is683.FeatureID(12), "reserved feature 12"},
		{is683.FeatureID(192), "manufacturer's feature 192"},
		{is683.FeatureID(255), "reserved feature 255"},
		{is683.BandModeCap(0x60), "band class 0 CDMA, band class 1 CDMA"},
		{is683.BandModeCap(0x07), "none"},
		{is683.SCM(0x6a), "dual mode, slotted, 25 MHz, power class 2"},
		{is683.SCM(0), "power class 0"},
		{is683.CapabilityMEID, "MEID"},
		{is683.CapabilityType(6), "capability record 6"},
		{is683.KeyIMSRoot | is683.KeyWLAN, "IMS root key, WLAN root key"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%T: %q, want %q", c.got, got, c.want)
		}
	}
}

func TestDefined(t *testing.T) {
	n := 0
	for r := range 256 {
		if is683.ResultCode(r).Defined() {
			n++
		}
	}
	if n != 51+127 {
		t.Errorf("%d results are defined, want 51 and the manufacturer's 127", n)
	}
}

func TestBlockName(t *testing.T) {
	for _, c := range []struct {
		t    is683.MessageType
		id   uint8
		want string
	}{
		{is683.TypeDownload, is683.BlockCDMANAM, "CDMA NAM"},
		{is683.TypeSSPRConfiguration, is683.SSPRSegment, "PRL segment"},
		{is683.TypeSSPRDownload, is683.SSPRExtendedPRL, "extended PRL"},
		{is683.TypeValidation, is683.ValidationValidateSPASM, "Validate SPASM"},
		{is683.TypeThreeGPDConfiguration, is683.ThreeGPDHRPDCHAPSecret, "HRPD CHAP SS"},
		{is683.TypeThreeGPDDownload, is683.ThreeGPDDownloadHRPDCHAPSecret, "HRPD CHAP SS"},
		{is683.TypeThreeGPDDownload, 4, "block 4"},
		{is683.TypeMMSConfiguration, 2, "block 2"},
		{is683.TypeCommit, 0, "block 0"},
		{0xff, 7, "block 7"},
	} {
		if got := is683.BlockName(c.t, c.id); got != c.want {
			t.Errorf("%v %d: %q, want %q", c.t, c.id, got, c.want)
		}
	}
}

// The two directions number 3GPD blocks differently; the names agree.
func TestThreeGPDDownloadID(t *testing.T) {
	readOnly := map[uint8]bool{0: true, 2: true, 3: true, 11: true}
	for id := range uint8(16) {
		got, ok := is683.ThreeGPDDownloadID(id)
		if ok == (readOnly[id] || id > 13) {
			t.Errorf("block %d: downloadable %t", id, ok)
		}
		if ok && is683.BlockName(is683.TypeThreeGPDDownload, got) != is683.BlockName(is683.TypeThreeGPDConfiguration, id) {
			t.Errorf("block %d is %d in the download: %s", id, got, is683.BlockName(is683.TypeThreeGPDDownload, got))
		}
	}
}

func TestBandModeCap(t *testing.T) {
	m := is683.ProtocolCapabilityResponse{Additional: []byte{0x60}}
	if b, ok := m.BandModeCap(); !ok || b != is683.BandClass0CDMA|is683.BandClass1CDMA {
		t.Errorf("%v, %t", b, ok)
	}
	if b, ok := new(is683.ProtocolCapabilityResponse).BandModeCap(); ok {
		t.Errorf("%v where there is none", b)
	}
}
