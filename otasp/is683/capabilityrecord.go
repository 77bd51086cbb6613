package is683

import (
	"encoding/json"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

// CapabilityType is CAP_RECORD_TYPE, what a capability record is about.
type CapabilityType uint8

// The capability records.
const (
	CapabilityOperatingModes CapabilityType = 0
	CapabilityBandClasses    CapabilityType = 1
	CapabilityMEID           CapabilityType = 2 // 7 octets
	CapabilityICCID          CapabilityType = 3
	CapabilityExtUIMID       CapabilityType = 4
	CapabilityMEIDME         CapabilityType = 5
)

var capabilityNames = [...]string{"operating modes", "CDMA band classes", "MEID", "ICCID", "EXT_UIM_ID", "MEID_ME"}

// String is the record's name; unknown ones keep their number.
func (t CapabilityType) String() string {
	if int(t) < len(capabilityNames) {
		return capabilityNames[t]
	}
	return "capability record " + strconv.Itoa(int(t))
}

// MarshalJSON writes the number, so that a list of them is a list in JSON.
func (t CapabilityType) MarshalJSON() ([]byte, error) { return json.Marshal(uint8(t)) }

// UnmarshalJSON reads the number.
func (t *CapabilityType) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, (*uint8)(t)) }

// CapabilityRecord is one record of an extended capability response. The inner
// layout of operating modes and band classes is not public.
type CapabilityRecord struct {
	Type CapabilityType
	Data wire.Hex // at most 255 octets
}
