package prl

import "github.com/otagate/otagate/internal/wire"

// SystemType is SYS_RECORD_TYPE of an extended list. Records of a classic list
// are all System1x.
type SystemType uint8

// System record types; 2 is reserved.
const (
	System1x   SystemType = 0
	SystemHRPD SystemType = 1
	SystemPLMN SystemType = 3
)

var systemTypeNames = [...]string{System1x: "1x", SystemHRPD: "HRPD", SystemPLMN: "PLMN"}

func (t SystemType) String() string { return enumName(systemTypeNames[:], uint8(t)) }

// NIDIncl is NID_INCL: which networks of a SID are meant. 3 is reserved.
type NIDIncl uint8

// Values of NID_INCL.
const (
	NIDAny    NIDIncl = 0 // no NID given, any (65535)
	NIDGiven  NIDIncl = 1
	NIDPublic NIDIncl = 2 // no NID given, 0
)

var nidInclNames = [...]string{NIDAny: "any", NIDGiven: "given", NIDPublic: "public"}

func (v NIDIncl) String() string { return enumName(nidInclNames[:], uint8(v)) }

// AnySID is the wildcard SID and AnyNID the wildcard NID.
const (
	AnySID = 0
	AnyNID = 65535
)

// SystemRecord names a system and says whether and how to use it.
//
//	classic:  15:SID 2:NID_INCL [16:NID] 1:PREF_NEG 1:GEO [1:PRI] 9:ACQ_INDEX [8:ROAM_IND]
//	extended: 5:SYS_RECORD_LENGTH 4:SYS_RECORD_TYPE 1:PREF_NEG 1:GEO 1:PRI 9:ACQ_INDEX,
//	          the identity by type, [8:ROAM_IND] 1:ASSOCIATION_INC
//	          [8:ASSOCIATION_TAG 1:PN_ASSOCIATION 1:DATA_ASSOCIATION] padding
//	1x:       1:reserved 2:NID_INCL 15:SID [16:NID]
//
// ROAM_IND is there in preferred records only, as is PRI in classic lists.
type SystemRecord struct {
	Type      SystemType
	Preferred bool   // PREF_NEG: false means never to be used
	SameGeo   bool   // GEO: in the geographic area of the record before
	Pri       bool   // PRI: more desirable than the next record
	AcqIndex  uint16 // ACQ_INDEX into the acquisition table
	RoamInd   uint8

	SID     uint16 // 1x; 0 is any system
	NIDIncl NIDIncl
	NID     uint16 // with NIDGiven

	HRPD        *HRPDSystem  // SystemHRPD
	PLMN        *PLMNSystem  // SystemPLMN
	Association *Association // extended only

	// Extra are whole octets behind the known fields. In a record of a type
	// without a name it is all that follows ACQ_INDEX: three bits in the
	// first octet, then whole octets.
	Extra wire.Hex
}

// Association ties records of different technologies that stand together.
type Association struct {
	Tag  uint8 `json:"association_tag"`
	PN   bool  `json:"pn_association"`
	Data bool  `json:"data_association"`
}

const (
	maxSID        = 1<<15 - 1
	maxAcqIndex   = 1<<9 - 1
	maxSystemSize = 1<<5 - 1

	systemClassicMin = 28 // bits of the shortest classic record
	systemFixed      = 21 // bits before the identity of an extended record
)

// EffectiveNID is the NID that the record means.
func (s *SystemRecord) EffectiveNID() uint16 {
	switch s.NIDIncl {
	case NIDGiven:
		return s.NID
	case NIDPublic:
		return 0
	}
	return AnyNID
}

func (t SystemType) named() bool { return t == System1x || t == SystemHRPD || t == SystemPLMN }

func prefNeg(preferred bool) string {
	if preferred {
		return "preferred"
	}
	return "negative"
}
