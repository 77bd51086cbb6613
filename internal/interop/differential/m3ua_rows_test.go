package differential

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
)

var goM3UARows = []*row{
	{
		what: "another version", example: "02000301 00000008",
		favour: "ours", reason: "RFC 4666 §3.1.1 has version 1 only, §3.8.1 has an error for any other; go-m3ua takes all",
		is: func(d *difference) bool { return d.refused(wire.ErrUnsupported, "version") },
	},
	{
		what: "a message length that is not that of the octets", example: "01000301 00000009",
		favour: "ours", reason: "RFC 4666 §3.1.4; but for the padding of the last parameter it counts all octets. go-m3ua never looks at it",
		is: func(d *difference) bool {
			if d.stage != reads || d.kind != weRefuse || len(d.octets) < m3ua.HeaderLen {
				return false
			}
			cut := int(binary.BigEndian.Uint32(d.octets[4:])) < len(d.octets) // by less than a word, and so a parameter
			return d.refused(wire.ErrLength, "message_length") || cut && (d.refused(wire.ErrLength) || d.refused(wire.ErrShort))
		},
	},
	{
		what: "a class and type that make another message when they are put into one octet", example: "01000011 00000008",
		favour: "ours", reason: "RFC 4666 §3.1.2, §3.1.3 give each an octet; go-m3ua shifts the class by four and adds the type, so that class 0 type 17 is DATA for it",
		is: func(d *difference) bool {
			return len(d.octets) >= 4 && !known(d.octets[2], d.octets[3]) && slices.ContainsFunc(types, func(t m3ua.Type) bool {
				return t.Class() != 9 && fold(t.Class(), t.Number()) == fold(d.octets[2], d.octets[3])
			})
		},
	},
	{
		what: "a mandatory parameter is missing", example: "01000101 00000008",
		favour: "ours", reason: "RFC 4666 §3.3 to §3.8 mark them, and §3.8.1 has Missing Parameter; go-m3ua takes the message, and its accessors panic",
		is: func(d *difference) bool {
			return d.stage == reads && d.refused(wire.ErrMissing) && d.octets[2] != 9
		},
	},
	{
		what: "a parameter whose length is not that of its value", example: "01000201 0000001c 0006000500000000 0012000c0000000100000002",
		favour: "ours", reason: "RFC 4666 §3.2 with the layout of each parameter, §3.8.1 Parameter Field Error; go-m3ua reads 0 or an empty list",
		is: func(d *difference) bool {
			return d.stage == reads && d.refused(wire.ErrLength, fixed...) && d.octets[2] != 9
		},
	},
	{
		what: "a point code of more than 24 bits in DATA", example: "01000101 00000018 02100010 01000001 00000002 03020005",
		favour: "ours", reason: "RFC 4666 §3.3.1: it stands at the low end, unused bits are 0, and no network has more than 24; go-m3ua takes 32",
		is: func(d *difference) bool { return d.stage == reads && d.refused(wire.ErrValue, "opc", "dpc") },
	},
	{
		what: "a parameter that the message does not define", example: "01000301 0000000c 03000004",
		favour: "theirs", reason: "RFC 4666 §3.8.1 has Unexpected Parameter for it, and go-m3ua refuses it; we keep it and pass over it on purpose, since extensions come so",
		is: func(d *difference) bool {
			return d.stage == reads && d.kind == theyRefuse && strings.Contains(d.err.Error(), "invalid parameter inside") && (d.meant.get("others") != absent)
		},
	},
	{
		what: "a parameter comes twice", example: "01000401 00000018 0006000800000001 0006000800000002",
		favour: "neither", reason: "RFC 4666 §3.2 allows one of a kind only. We take the first and keep the others apart, go-m3ua takes the last and writes a wrong message length when it encodes the message again",
		is: func(d *difference) bool {
			if d.stage == reads && (d.refused(wire.ErrLength) || d.refused(wire.ErrValue)) {
				return badTwice(d)
			}
			tags := twice(d)
			switch {
			case len(tags) == 0:
				return false
			case d.kind == weRefuse:
				return d.stage == again && d.refused(wire.ErrLength, "message_length")
			case d.kind == theyRefuse: // the last is too short
				return d.stage == reads && slices.Contains(tags, "protocol_data")
			case d.kind != value:
				return false
			case d.field == "others":
				return d.theirs == absent
			}
			return slices.Contains(tags, d.field) || slices.Contains(tags, "protocol_data") && slices.Contains([]string{"opc", "dpc", "si", "ni", "mp", "sls", "user_data"}, d.field)
		},
	},
	{
		what: "what is inside registration messages", example: "01000901 00000008",
		favour: "ours", reason: "RFC 4666 §3.6; go-m3ua leaves their parameters unread",
		is: func(d *difference) bool {
			return d.stage == reads && d.kind == weRefuse && len(d.octets) >= 4 && d.octets[2] == 9 && known(9, d.octets[3])
		},
	},
}

// fixed are the parameters whose length is fixed or a multiple of four.
var fixed = []string{
	"network_appearance", "routing_context", "correlation_id", "affected_point_code", "concerned_destination", "congestion_indications",
	"user_cause", "asp_identifier", "traffic_mode_type", "error_code", "status",
}

// types are those of RFC 4666.
var types = []m3ua.Type{
	m3ua.TypeError, m3ua.TypeNotify, m3ua.TypeData, m3ua.TypeDUNA, m3ua.TypeDAVA, m3ua.TypeDAUD, m3ua.TypeSCON, m3ua.TypeDUPU, m3ua.TypeDRST,
	m3ua.TypeASPUp, m3ua.TypeASPDown, m3ua.TypeBeat, m3ua.TypeASPUpAck, m3ua.TypeASPDownAck, m3ua.TypeBeatAck,
	m3ua.TypeASPActive, m3ua.TypeASPInactive, m3ua.TypeASPActiveAck, m3ua.TypeASPInactiveAck,
	m3ua.TypeRegistrationRequest, m3ua.TypeRegistrationResponse, m3ua.TypeDeregistrationRequest, m3ua.TypeDeregistrationResponse,
}

func known(class, number uint8) bool {
	return slices.Contains(types, m3ua.Type(uint16(class)<<8|uint16(number)))
}

func fold(class, number uint8) uint8 { return class<<4 | number }

// twice are the names of the parameters that came a second time.
func twice(d *difference) (names []string) {
	others := d.meant.get("others")
	if others == absent {
		return nil
	}
	for _, w := range strings.Fields(others) {
		tag, _, _ := strings.Cut(w, "=")
		t, err := strconv.ParseUint(tag, 16, 16)
		if err != nil {
			return nil
		}
		name := m3ua.Tag(t).String()
		if d.meant.get(name) == absent && name != "protocol_data" {
			return nil // one that is not defined: go-m3ua refuses the message
		}
		names = append(names, name)
	}
	return names
}

// badTwice tells that the parameter which we refuse comes again.
func badTwice(d *difference) bool {
	var m m3ua.Other
	if m.Decode(d.octets) != nil {
		return false
	}
	field := d.err.(*wire.Error).Field
	if field == "opc" || field == "dpc" {
		field = "protocol_data"
	}
	n := 0
	for _, p := range m.Parameters {
		if p.Tag.String() == field {
			n++
		}
	}
	return n > 1
}
