package prl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// jsonList is the JSON form of a list: what an operator writes to build one.
// The names are those of the standard in lower case; every value that has a
// name is written by name and read by name or number.
type jsonList struct {
	Message      string               `json:"message"`
	ID           uint16               `json:"pr_list_id"`
	PRev         uint8                `json:"sspr_p_rev"`
	PrefOnly     bool                 `json:"pref_only"`
	DefRoamInd   uint8                `json:"def_roam_ind"`
	Acquisition  []AcquisitionRecord  `json:"acq_table"`
	CommonSubnet []CommonSubnetRecord `json:"common_subnet_table,omitempty"`
	System       []SystemRecord       `json:"sys_table"`
	Anomalies    []string             `json:"anomalies,omitempty"`
}

const jsonMessage = "PreferredRoamingList"

// ToJSON writes a list as JSON. FromJSON reads it back to the same octets.
func ToJSON(l *List) ([]byte, error) {
	return json.MarshalIndent(jsonList{
		jsonMessage, l.ID, l.PRev, l.PrefOnly, l.DefRoamInd,
		l.Acquisition, l.CommonSubnet, l.System, l.Anomalies,
	}, "", "  ")
}

// FromJSON builds a list from JSON. A key that is not known is an error, so
// that a slip of the pen does not become a list; sspr_p_rev is 1 when absent,
// and nid_incl follows from nid. Anomalies are ignored.
func FromJSON(b []byte) (*List, error) {
	j := jsonList{PRev: Classic}
	if err := strictJSON(b, &j); err != nil {
		return nil, fmt.Errorf("preferred roaming list: %w", err)
	}
	if j.Message != "" && j.Message != jsonMessage {
		return nil, fmt.Errorf("preferred roaming list: message is %q, want %q", j.Message, jsonMessage)
	}
	return &List{
		ID: j.ID, PRev: j.PRev, PrefOnly: j.PrefOnly, DefRoamInd: j.DefRoamInd,
		Acquisition: j.Acquisition, CommonSubnet: j.CommonSubnet, System: j.System,
	}, nil
}

func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

type jsonAcquisition struct {
	Type     AcqType       `json:"acq_type"`
	AB       *AB           `json:"a_b,omitempty"`
	PriSec   *PriSec       `json:"pri_sec,omitempty"`
	Channels []uint16      `json:"chan,omitempty"`
	Blocks   []Block       `json:"block,omitempty"`
	Bands    []BandChannel `json:"band_chan,omitempty"`
	Extra    wire.Hex      `json:"extra,omitempty"`
}

// MarshalJSON writes only the fields that the record's type has.
func (a AcquisitionRecord) MarshalJSON() ([]byte, error) {
	j := jsonAcquisition{
		Type: a.Type, Channels: a.Channels, Blocks: a.Blocks,
		Bands: a.Bands, Extra: a.Extra,
	}
	switch a.Type {
	case CellularAnalog, CellularCDMAPreferred:
		j.AB = &a.AB
	case CellularCDMAStandard, JTACSCDMAStandard:
		j.AB, j.PriSec = &a.AB, &a.PriSec
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *AcquisitionRecord) UnmarshalJSON(b []byte) error {
	var j jsonAcquisition
	if err := strictJSON(b, &j); err != nil {
		return err
	}
	*a = AcquisitionRecord{
		Type: j.Type, Channels: j.Channels, Blocks: j.Blocks,
		Bands: j.Bands, Extra: j.Extra,
	}
	if j.AB != nil {
		a.AB = *j.AB
	}
	if j.PriSec != nil {
		a.PriSec = *j.PriSec
	}
	return nil
}

type jsonSystem struct {
	Type        SystemType   `json:"sys_record_type,omitempty"`
	SID         *uint16      `json:"sid,omitempty"`
	NIDIncl     *NIDIncl     `json:"nid_incl,omitempty"`
	NID         *uint16      `json:"nid,omitempty"`
	HRPD        *HRPDSystem  `json:"hrpd,omitempty"`
	PLMN        *PLMNSystem  `json:"plmn,omitempty"`
	Preferred   bool         `json:"preferred"`
	SameGeo     bool         `json:"same_geo"`
	Pri         bool         `json:"pri"`
	AcqIndex    uint16       `json:"acq_index"`
	RoamInd     *uint8       `json:"roam_ind,omitempty"`
	Association *Association `json:"association,omitempty"`
	Extra       wire.Hex     `json:"extra,omitempty"`
}

// MarshalJSON writes only the fields that the record has.
func (s SystemRecord) MarshalJSON() ([]byte, error) {
	j := jsonSystem{
		Type: s.Type, HRPD: s.HRPD, PLMN: s.PLMN, Preferred: s.Preferred,
		SameGeo: s.SameGeo, Pri: s.Pri, AcqIndex: s.AcqIndex,
		Association: s.Association, Extra: s.Extra,
	}
	if s.Type == System1x {
		j.SID, j.NIDIncl = &s.SID, &s.NIDIncl
		if s.NIDIncl == NIDGiven {
			j.NID = &s.NID
		}
	}
	if s.Preferred && s.Type.named() {
		j.RoamInd = &s.RoamInd
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *SystemRecord) UnmarshalJSON(b []byte) error {
	var j jsonSystem
	if err := strictJSON(b, &j); err != nil {
		return err
	}
	*s = SystemRecord{
		Type: j.Type, HRPD: j.HRPD, PLMN: j.PLMN, Preferred: j.Preferred,
		SameGeo: j.SameGeo, Pri: j.Pri, AcqIndex: j.AcqIndex,
		Association: j.Association, Extra: j.Extra,
	}
	if j.SID != nil {
		s.SID = *j.SID
	}
	if j.NID != nil {
		s.NID, s.NIDIncl = *j.NID, NIDGiven
	}
	if j.NIDIncl != nil {
		s.NIDIncl = *j.NIDIncl
	}
	if j.RoamInd != nil {
		s.RoamInd = *j.RoamInd
	}
	return nil
}

// enumJSON writes a value as its name, or as its number if it has none.
func enumJSON(names []string, v uint8) ([]byte, error) {
	s := enumName(names, v)
	if s == strconv.Itoa(int(v)) {
		return []byte(s), nil
	}
	return json.Marshal(s)
}

// enumFromJSON reads a name or a number.
func enumFromJSON(names []string, b []byte) (uint8, error) {
	if !bytes.HasPrefix(b, []byte{'"'}) {
		var v uint8
		err := json.Unmarshal(b, &v)
		return v, err
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return 0, err
	}
	for i, name := range names {
		if name != "" && strings.EqualFold(name, s) {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("%q is none of %s", s, strings.Join(known(names), ", "))
}

func known(names []string) []string {
	var out []string
	for _, s := range names {
		if s != "" {
			out = append(out, strconv.Quote(s))
		}
	}
	return out
}
