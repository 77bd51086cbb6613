package is683

import "strconv"

// FeatureID names what a handset can be programmed with, in a Protocol
// Capability Response.
type FeatureID uint8

// The features. 12 to 191 are reserved, 192 to 254 are the manufacturer's.
const (
	FeatureNAMDownload     FeatureID = 0
	FeatureKeyExchange     FeatureID = 1
	FeatureSystemSelection FeatureID = 2
	FeatureProgrammingLock FeatureID = 3
	FeatureOTAPA           FeatureID = 4
	FeaturePUZL            FeatureID = 5
	FeatureThreeGPD        FeatureID = 6
	FeatureSecureMode      FeatureID = 7
	FeatureMMD             FeatureID = 8
	FeatureSystemTag       FeatureID = 9
	FeatureMMS             FeatureID = 10
	FeatureMMSS            FeatureID = 11
)

var featureNames = [...]string{
	FeatureNAMDownload:     "NAM download",
	FeatureKeyExchange:     "key exchange",
	FeatureSystemSelection: "system selection",
	FeatureProgrammingLock: "service programming lock",
	FeatureOTAPA:           "OTAPA",
	FeaturePUZL:            "PUZL",
	FeatureThreeGPD:        "3G packet data",
	FeatureSecureMode:      "secure mode",
	FeatureMMD:             "multimedia domain",
	FeatureSystemTag:       "system tag download",
	FeatureMMS:             "MMS",
	FeatureMMSS:            "MMSS",
}

// String is the feature's name; unknown ones keep their number.
func (f FeatureID) String() string {
	switch {
	case int(f) < len(featureNames):
		return featureNames[f]
	case f >= 192 && f < 255:
		return "manufacturer's feature " + strconv.Itoa(int(f))
	}
	return "reserved feature " + strconv.Itoa(int(f))
}

// Feature is one entry of a capability list: the feature and the revision of
// it that the handset speaks (FEATURE_P_REV).
type Feature struct {
	ID   FeatureID
	PRev uint8
}

// BandModeCap is BAND_MODE_CAP, the first additional octet of a Protocol
// Capability Response: which band classes the handset has.
type BandModeCap uint8

// Bits of BAND_MODE_CAP; the three low ones are reserved.
const (
	BandClass0Analog BandModeCap = 0x80
	BandClass0CDMA   BandModeCap = 0x40
	BandClass1CDMA   BandModeCap = 0x20
	BandClass3CDMA   BandModeCap = 0x10
	BandClass6CDMA   BandModeCap = 0x08
)

// String lists the bands.
func (b BandModeCap) String() string {
	return listBits(uint8(b), [8]string{"band class 0 analog", "band class 0 CDMA", "band class 1 CDMA",
		"band class 3 CDMA", "band class 6 CDMA"})
}

// SCM is the station class mark of a CDMA/Analog NAM response (C.S0005).
type SCM uint8

// Bits of SCM; the two low ones are the analog power class.
const (
	SCMBandClass1Or4 SCM = 0x80
	SCMDualMode      SCM = 0x40
	SCMSlotted       SCM = 0x20
	SCMMEID          SCM = 0x10
	SCM25MHz         SCM = 0x08
	SCMDiscontinuous SCM = 0x04
	SCMPowerClass    SCM = 0x03
)

// String lists the bits that are set and the power class.
func (s SCM) String() string {
	t := "power class " + strconv.Itoa(int(s&SCMPowerClass))
	if l := listBits(uint8(s&^SCMPowerClass), [8]string{"band class 1 or 4", "dual mode", "slotted", "MEID",
		"25 MHz", "discontinuous transmission"}); l != "none" {
		t = l + ", " + t
	}
	return t
}

// listBits joins the names of the bits set in v, most significant first.
func listBits(v uint8, names [8]string) string {
	s := ""
	for i, n := range names {
		if v&(0x80>>i) == 0 || n == "" {
			continue
		}
		if s != "" {
			s += ", "
		}
		s += n
	}
	if s == "" {
		return "none"
	}
	return s
}
