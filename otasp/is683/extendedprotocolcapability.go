package is683

import (
	"bytes"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// ExtendedProtocolCapabilityResponse answers an extended
// [ProtocolCapabilityRequest] (message type 0x10). All fields are mandatory.
//
//	8:OTASP_MOB_P_REV 16:MOB_FIRM_REV 8:MOB_MODEL
//	8:NUM_FEATURES {8:FEATURE_ID 8:FEATURE_P_REV}xN
//	8:NUM_CAP_RECORDS {8:CAP_RECORD_TYPE 8:CAP_RECORD_LEN data}xM
type ExtendedProtocolCapabilityResponse struct {
	OTASPMobPRev uint8
	MobFirmRev   uint16
	MobModel     uint8
	Features     []Feature
	Records      []CapabilityRecord
}

// Type is TypeExtendedProtocolCapability.
func (m *ExtendedProtocolCapabilityResponse) Type() MessageType {
	return TypeExtendedProtocolCapability
}

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ExtendedProtocolCapabilityResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeExtendedProtocolCapability)
	m.read(&c)
	return c.End()
}

func (m *ExtendedProtocolCapabilityResponse) read(c *wire.Cursor) {
	m.OTASPMobPRev = c.U8("OTASP_MOB_P_REV")
	m.MobFirmRev = c.U16("MOB_FIRM_REV")
	m.MobModel = c.U8("MOB_MODEL")
	m.Features = readFeatures(c, m.Features)
	n := c.Count(int(c.U8("NUM_CAP_RECORDS")), 2, "NUM_CAP_RECORDS")
	m.Records = slices.Grow(m.Records[:0], n)
	for range n {
		t := wire.Say(c, CapabilityType(c.U8("CAP_RECORD_TYPE")))
		m.Records = append(m.Records, CapabilityRecord{t, c.Bytes(int(c.U8("CAP_RECORD_LEN")), "CAP_RECORD_DATA")})
	}
}

// Append appends m in wire form to dst.
func (m *ExtendedProtocolCapabilityResponse) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, byte(TypeExtendedProtocolCapability), m.OTASPMobPRev, byte(m.MobFirmRev>>8), byte(m.MobFirmRev), m.MobModel)
	if dst, err = appendFeatures(dst, m.Features); err != nil {
		return dst, err
	}
	if len(m.Records) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_CAP_RECORDS", wire.ErrTooLong)
	}
	dst = append(dst, byte(len(m.Records)))
	for _, r := range m.Records {
		if dst, err = appendData(append(dst, byte(r.Type)), r.Data, "CAP_RECORD_LEN"); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// Clone returns a copy that borrows nothing.
func (m *ExtendedProtocolCapabilityResponse) Clone() *ExtendedProtocolCapabilityResponse {
	n := *m
	n.Features = slices.Clone(m.Features)
	n.Records = slices.Clone(m.Records)
	for i := range n.Records {
		n.Records[i].Data = bytes.Clone(m.Records[i].Data)
	}
	return &n
}
