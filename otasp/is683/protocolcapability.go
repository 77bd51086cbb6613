package is683

import (
	"bytes"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// ProtocolCapabilityRequest asks what the handset can be programmed with (message
// type 0x06). It is empty, or, when Extended, asks for capability records too;
// a handset of 683-C or later then answers with an
// [ExtendedProtocolCapabilityResponse].
//
//	nothing, or 8:OTASP_P_REV 8:NUM_CAP_RECORDS {8:CAP_RECORD_TYPE}xN
type ProtocolCapabilityRequest struct {
	Extended  bool
	OTASPPRev uint8
	Records   []CapabilityType
}

// Type is TypeProtocolCapability.
func (m *ProtocolCapabilityRequest) Type() MessageType { return TypeProtocolCapability }

// Decode fills m from b, one whole message.
func (m *ProtocolCapabilityRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeProtocolCapability)
	m.read(&c)
	return c.End()
}

func (m *ProtocolCapabilityRequest) read(c *wire.Cursor) {
	m.OTASPPRev, m.Records = 0, m.Records[:0]
	if m.Extended = c.More(); !m.Extended {
		return
	}
	m.OTASPPRev = c.U8("OTASP_P_REV")
	n := c.Count(int(c.U8("NUM_CAP_RECORDS")), 1, "NUM_CAP_RECORDS")
	for range n {
		m.Records = append(m.Records, wire.Say(c, CapabilityType(c.U8("CAP_RECORD_TYPE"))))
	}
}

// Append appends m in wire form to dst.
func (m *ProtocolCapabilityRequest) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeProtocolCapability))
	if !m.Extended {
		return dst, nil
	}
	if len(m.Records) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_CAP_RECORDS", wire.ErrTooLong)
	}
	dst = append(dst, m.OTASPPRev, byte(len(m.Records)))
	for _, t := range m.Records {
		dst = append(dst, byte(t))
	}
	return dst, nil
}

// Clone returns a copy that borrows nothing.
func (m *ProtocolCapabilityRequest) Clone() *ProtocolCapabilityRequest {
	n := *m
	n.Records = slices.Clone(m.Records)
	return &n
}

// ProtocolCapabilityResponse lists the handset's features (message type 0x06).
// All fields are mandatory; the additional octets may be none.
//
//	16:MOB_FIRM_REV 8:MOB_MODEL 8:NUM_FEATURES {8:FEATURE_ID 8:FEATURE_P_REV}xN
//	8:ADD_LENGTH, then that many octets, the first of them BAND_MODE_CAP
type ProtocolCapabilityResponse struct {
	MobFirmRev uint16
	MobModel   uint8
	Features   []Feature
	Additional wire.Hex // at most 255 octets
}

// Type is TypeProtocolCapability.
func (m *ProtocolCapabilityResponse) Type() MessageType { return TypeProtocolCapability }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *ProtocolCapabilityResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeProtocolCapability)
	m.read(&c)
	return c.End()
}

func (m *ProtocolCapabilityResponse) read(c *wire.Cursor) {
	m.MobFirmRev = c.U16("MOB_FIRM_REV")
	m.MobModel = c.U8("MOB_MODEL")
	m.Features = readFeatures(c, m.Features)
	m.Additional = readAdditional(c)
}

// Append appends m in wire form to dst.
func (m *ProtocolCapabilityResponse) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, byte(TypeProtocolCapability), byte(m.MobFirmRev>>8), byte(m.MobFirmRev), m.MobModel)
	if dst, err = appendFeatures(dst, m.Features); err != nil {
		return dst, err
	}
	return appendData(dst, m.Additional, "ADD_LENGTH")
}

// Clone returns a copy that borrows nothing.
func (m *ProtocolCapabilityResponse) Clone() *ProtocolCapabilityResponse {
	n := *m
	n.Features = slices.Clone(m.Features)
	n.Additional = bytes.Clone(m.Additional)
	return &n
}

// BandModeCap is BAND_MODE_CAP; ok is false when the handset left it out.
func (m *ProtocolCapabilityResponse) BandModeCap() (b BandModeCap, ok bool) {
	if len(m.Additional) == 0 {
		return 0, false
	}
	return BandModeCap(m.Additional[0]), true
}

func readAdditional(c *wire.Cursor) []byte {
	n := int(c.U8("ADD_LENGTH"))
	if c.Trace() == nil || n == 0 {
		return c.Bytes(n, "ADD_FIELDS")
	}
	off, tr := c.Off(), c.Mute()
	b := c.Bytes(n, "ADD_FIELDS")
	c.Unmute(tr)
	each := wire.NewCursorAt(proto, b, off, tr)
	if each.More() {
		wire.Say(&each, BandModeCap(each.U8("BAND_MODE_CAP")))
	}
	if each.More() {
		each.Rest("ADD_FIELDS")
	}
	return b
}

func readFeatures(c *wire.Cursor, dst []Feature) []Feature {
	n := c.Count(int(c.U8("NUM_FEATURES")), 2, "NUM_FEATURES")
	dst = slices.Grow(dst[:0], n)
	for range n {
		id := wire.Say(c, FeatureID(c.U8("FEATURE_ID")))
		dst = append(dst, Feature{id, c.U8("FEATURE_P_REV")})
	}
	return dst
}

func appendFeatures(dst []byte, fs []Feature) ([]byte, error) {
	if len(fs) > 0xff {
		return dst, wire.Unencodable(proto, "NUM_FEATURES", wire.ErrTooLong)
	}
	dst = append(dst, byte(len(fs)))
	for _, f := range fs {
		dst = append(dst, byte(f.ID), f.PRev)
	}
	return dst, nil
}
