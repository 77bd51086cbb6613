package prl

import "github.com/otagate/otagate/internal/wire"

const proto = "prl"

// The two forms of a list, as SSPR_P_REV counts them.
const (
	Classic  = 1
	Extended = 3
)

// Octets of a list without any record.
const (
	minClassic  = 10
	minExtended = 13
)

// List is one preferred roaming list. Nothing in it aliases the octets it was
// decoded from.
//
//	classic:  16:PR_LIST_SIZE 16:PR_LIST_ID 1:PREF_ONLY 8:DEF_ROAM_IND
//	          9:NUM_ACQ_RECS 14:NUM_SYS_RECS ACQ_TABLE SYS_TABLE padding 16:PR_LIST_CRC
//	extended: 16:PR_LIST_SIZE 16:PR_LIST_ID 8:CUR_SSPR_P_REV 1:PREF_ONLY
//	          8:DEF_ROAM_IND 9:NUM_ACQ_RECS 9:NUM_COMMON_SUBNET_RECS
//	          14:NUM_EXT_SYS_RECS 7:reserved, the three tables, 16:PR_LIST_CRC
//
// Source: C.S0016-D 3.5.5, by two independent open decoders that read real
// carrier lists.
type List struct {
	ID         uint16 // PR_LIST_ID, the operator's number
	PRev       uint8  // Classic or Extended
	PrefOnly   bool   // PREF_ONLY: use no system but the preferred ones listed
	DefRoamInd uint8  // DEF_ROAM_IND, shown on systems that are not listed

	Acquisition  []AcquisitionRecord
	CommonSubnet []CommonSubnetRecord // extended only
	System       []SystemRecord

	// Anomalies are what was odd in the octets but could be read, such as
	// padding behind the list. Append does not reproduce them.
	Anomalies []string
}

// Decode reads one whole list of either form. Octets of padding (all 00 or all
// FF) behind PR_LIST_SIZE are accepted and reported as an anomaly.
func Decode(b []byte) (*List, error) {
	c := wire.NewCursor(proto, b)
	return Read(&c)
}

// CommonSubnetRecord is the common front part of HRPD subnets:
// 4:reserved 4:LENGTH and LENGTH octets. System records refer to it by its
// octet offset from the start of the table.
type CommonSubnetRecord struct {
	Subnet wire.Hex `json:"subnet"`
}

func (l *List) odd(s string) { l.Anomalies = append(l.Anomalies, s) }
