package m3ua

import "github.com/otagate/otagate/internal/wire"

// StateMaintenance is the body of ASPUP, ASPUP ACK, ASPDN and ASPDN ACK.
//
//	ASP Identifier  O   ASPUP and ASPUP ACK only, among the unknown of the others; C when the SGP cannot tell ASPs apart otherwise
//	INFO String     O
type StateMaintenance struct {
	ASPIdentifier Optional[uint32] `json:",omitzero"`
	Info          wire.Hex         `json:",omitzero"`
	Unknown       []Parameter      `json:",omitempty"`
}

func (m *StateMaintenance) append(dst []byte, t Type) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, t)
	if m.ASPIdentifier.Set && !identifies(t) {
		return dst, wire.Unencodable(proto, "asp_identifier", wire.ErrValue)
	}
	dst = appendOptional(dst, TagASPIdentifier, m.ASPIdentifier)
	return appendTail(dst, start, m.Info, m.Unknown)
}

func (m *StateMaintenance) readAs(c *wire.Cursor, t Type) {
	*m = StateMaintenance{}
	h := readHeader(c, t)
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagASPIdentifier && !m.ASPIdentifier.Set && identifies(t):
			m.ASPIdentifier = Some(p.u32(c))
		case p.tag == TagInfoString && m.Info == nil:
			m.Info = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	closeHeader(c, h)
}

// identifies tells whether a message of type t may have an ASP Identifier.
func identifies(t Type) bool { return t == TypeASPUp || t == TypeASPUpAck }

// ASPUp (RFC 4666 §3.5.1): the ASP is there, not yet ready for traffic.
type ASPUp struct{ StateMaintenance }

// ASPUpAck (§3.5.2) answers ASPUp.
type ASPUpAck struct{ StateMaintenance }

// ASPDown (§3.5.3): the ASP goes away.
type ASPDown struct{ StateMaintenance }

// ASPDownAck (§3.5.4) answers ASPDown.
type ASPDownAck struct{ StateMaintenance }

// Heartbeat is the body of BEAT and BEAT ACK: opaque data that the ack repeats.
//
//	Heartbeat Data  O
type Heartbeat struct {
	HeartbeatData wire.Hex    `json:",omitzero"`
	Unknown       []Parameter `json:",omitempty"`
}

func (m *Heartbeat) append(dst []byte, t Type) ([]byte, error) {
	start := len(dst)
	dst, err := appendOctets(appendHeader(dst, t), TagHeartbeatData, m.HeartbeatData)
	if err != nil {
		return dst, err
	}
	return appendTail(dst, start, nil, m.Unknown)
}

func (m *Heartbeat) readAs(c *wire.Cursor, t Type) {
	*m = Heartbeat{}
	h := readHeader(c, t)
	for c.More() {
		p := openParameter(c)
		if p.tag == TagHeartbeatData && m.HeartbeatData == nil {
			m.HeartbeatData = p.octets(c)
		} else {
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	closeHeader(c, h)
}

// Beat (§3.5.5) asks whether the peer is alive.
type Beat struct{ Heartbeat }

// BeatAck (§3.5.6) answers Beat with the same data.
type BeatAck struct{ Heartbeat }

// Type is TypeASPUp.
func (m *ASPUp) Type() Type { return TypeASPUp }

// Append appends the wire form.
func (m *ASPUp) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPUp) }

// Decode fills m from b, one whole message.
func (m *ASPUp) Decode(b []byte) error { return decode(m, b) }

func (m *ASPUp) read(c *wire.Cursor) { m.readAs(c, TypeASPUp) }

// Type is TypeASPUpAck.
func (m *ASPUpAck) Type() Type { return TypeASPUpAck }

// Append appends the wire form.
func (m *ASPUpAck) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPUpAck) }

// Decode fills m from b, one whole message.
func (m *ASPUpAck) Decode(b []byte) error { return decode(m, b) }

func (m *ASPUpAck) read(c *wire.Cursor) { m.readAs(c, TypeASPUpAck) }

// Type is TypeASPDown.
func (m *ASPDown) Type() Type { return TypeASPDown }

// Append appends the wire form.
func (m *ASPDown) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPDown) }

// Decode fills m from b, one whole message.
func (m *ASPDown) Decode(b []byte) error { return decode(m, b) }

func (m *ASPDown) read(c *wire.Cursor) { m.readAs(c, TypeASPDown) }

// Type is TypeASPDownAck.
func (m *ASPDownAck) Type() Type { return TypeASPDownAck }

// Append appends the wire form.
func (m *ASPDownAck) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPDownAck) }

// Decode fills m from b, one whole message.
func (m *ASPDownAck) Decode(b []byte) error { return decode(m, b) }

func (m *ASPDownAck) read(c *wire.Cursor) { m.readAs(c, TypeASPDownAck) }

// Type is TypeBeat.
func (m *Beat) Type() Type { return TypeBeat }

// Append appends the wire form.
func (m *Beat) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeBeat) }

// Decode fills m from b, one whole message.
func (m *Beat) Decode(b []byte) error { return decode(m, b) }

func (m *Beat) read(c *wire.Cursor) { m.readAs(c, TypeBeat) }

// Type is TypeBeatAck.
func (m *BeatAck) Type() Type { return TypeBeatAck }

// Append appends the wire form.
func (m *BeatAck) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeBeatAck) }

// Decode fills m from b, one whole message.
func (m *BeatAck) Decode(b []byte) error { return decode(m, b) }

func (m *BeatAck) read(c *wire.Cursor) { m.readAs(c, TypeBeatAck) }
