package differential

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/linxGnu/gosmpp/data"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

var gosmppRows = []*row{
	{
		what: "a TLV comes twice", example: "0000001a 80000015 00000000 00000001 0381000131 0381000132",
		favour: "ours", reason: "SMPP 3.4 §4.4.1 lets callback_num and its companions come several times, and their order counts; gosmpp keeps the last",
		is: tlvTwice,
	},
	{
		what: "a TLV without a value is encoded", example: "00000014 80000015 00000000 00000001 130c0000",
		favour: "ours", reason: "SMPP 3.4 §5.3.2.41: alert_on_message_delivery has the length 0; gosmpp leaves it out",
		is: func(d *difference) bool {
			return d.stage != reads && d.kind == value && d.field == "tlvs" && d.ours != absent && d.theirs == tlvText(lastOfEach(notEmpty(parseTLVs(d.ours)))) && d.theirs != tlvText(lastOfEach(parseTLVs(d.ours)))
		},
	},
	{
		what: "a PDU of more than 64 KiB", example: "00010010 80000015 00000000 00000001 0424fffc" + strings.Repeat("00", 0xfffc),
		favour: "neither", reason: "SMPP 3.4 §3.2 gives command_length four octets and no limit; gosmpp has one. Our codec leaves it to the connection, which has one too",
		is: func(d *difference) bool { return d.kind == theyRefuse && len(d.octets) > data.MAX_PDU_LEN },
	},
	{
		what: "a TLV of 32,768 octets or more", example: "00000014 80000015 00000000 00000001 0424ffff",
		favour: "ours", reason: "SMPP 3.4 §3.2.4.1: the length is an unsigned number of two octets, and message_payload (§5.3.2.32) goes to 64 K; gosmpp reads a negative one",
		is: func(d *difference) bool {
			var e *wire.Error
			if d.refused(wire.ErrShort, "value") {
				e = d.err.(*wire.Error)
				return e.Offset >= 2 && binary.BigEndian.Uint16(d.octets[e.Offset-2:]) >= 0x8000
			}
			return (d.kind == theyRefuse || d.kind == value && d.field == "tlvs") &&
				slices.ContainsFunc(parseTLVs(d.meant.get("tlvs")), func(t smpp.TLV) bool { return len(t.Value) >= 0x8000 })
		},
	},
	{
		what: "more than 256 TLVs", example: "00000414 80000015 00000000 00000001 " + strings.Repeat("14000000", 257),
		favour: "theirs", reason: "SMPP 3.4 §3.2.4 has no limit; ours keeps a hostile peer from spreading a PDU over memory, and no network sends so many",
		is: func(d *difference) bool { return d.refused(wire.ErrTooLong, "TLVs") },
	},
	{
		what: "a data_coding that gosmpp does not know", example: "00000021 00000004 00000000 00000001 00 0000 00 0000 00 000000 0000 0000f10000",
		favour: "ours", reason: "SMPP 3.4 §5.2.19 has message classes and reserved values, which are to be handed on; gosmpp forgets them and encodes 0",
		is: func(d *difference) bool {
			if d.kind != value || d.field != "data_coding" || !slices.Contains([]string{absent, "0"}, d.theirs) {
				return false
			}
			coding, err := octet(d.ours)
			return err == nil && data.FromDataCoding(coding) == nil && (d.theirs == absent) == (d.stage == reads)
		},
	},
	{
		what: "a user data header that is not made of whole elements", example: "00000024 00000004 00000000 00000001 00 0000 00 0000 00 400000 0000 0000040003 030000",
		favour: "ours", reason: "for SMPP short_message is octets (SMPP 3.4 §5.2.22); the header is the affair of handsets, who pass over what they cannot read (GSM 03.40 §9.2.3.24). gosmpp refuses the PDU, or puts a length of its own",
		is: func(d *difference) bool {
			return hasBadHeader(d) && (d.kind == theyRefuse || d.kind == value && d.field == "short_message")
		},
	},
	{
		what: "a C-octet string longer than its field", example: "00000024 00000001 00000000 00000001 00 00 41414141414141414141414141 00 34 0000 00",
		favour: "ours", reason: "SMPP 3.4 §3.1 and the tables of each operation limit it; gosmpp takes any length",
		is: stringTooLong,
	},
	{
		what: "a response without a body that should have one", example: "00000010 80000009 00000000 00000001",
		favour: "theirs", reason: "SMPP 3.4 §4.1.2 and §4.4.2 leave the body out with an error status only, §4.1.6, §4.6.2 and those of the operations beside them never; peers leave it out everywhere, and nothing is lost by taking it",
		is: func(d *difference) bool {
			id := command(d)
			return d.kind == theyRefuse && d.meant.get("body") == "none" && (id == smpp.CommandBindTransceiverResp || id == smpp.CommandDeliverSMResp || hasBody(id) ||
				(id == smpp.CommandBindTransmitterResp || id == smpp.CommandBindReceiverResp) && d.meant.get("command_status") == "00000000")
		},
	},
	{
		what: "a response without a body is encoded", example: "00000010 80000004 00000001 00000001",
		favour: "ours", reason: "SMPP 3.4 §4.1.2, §4.4.2: with an error status there is no body; gosmpp writes an empty system_id or message_id",
		is: grownBody,
	},
	{
		what: "bind_transmitter_resp or bind_receiver_resp with an error status and a body", example: "00000012 80000002 0000000d 00000001 4100",
		favour: "ours", reason: "SMPP 3.4 §4.1.2: there is none. Who sends one nevertheless sends system_id; gosmpp reads it as TLVs",
		is: func(d *difference) bool {
			id := command(d)
			return (id == smpp.CommandBindTransmitterResp || id == smpp.CommandBindReceiverResp) && len(d.octets) > smpp.HeaderLen && status(d) != 0 &&
				d.stage != writes && (d.kind != value || d.field == "system_id" || d.field == "tlvs")
		},
	},
	{
		what: "submit_sm_resp whose message_id has no NUL", example: "00000011 80000004 00000000 00000001 31",
		favour: "ours", reason: "SMPP 3.4 §3.1: a C-octet string ends with one; gosmpp takes the PDU and forgets the octets",
		is: func(d *difference) bool {
			return command(d) == smpp.CommandSubmitSMResp && d.refused(wire.ErrShort, "message_id")
		},
	},
	{
		what: "an unknown command_id", example: "00000010 00000300 00000000 00000001",
		favour: "ours", reason: "SMPP 3.4 §3.3, §4.3.1: it is answered with generic_nack, for which the sequence number has to be read; gosmpp hands out an error and nothing else",
		is: func(d *difference) bool {
			return opaque(d) && d.kind == theyRefuse && strings.Contains(d.err.Error(), "Unknown command id")
		},
	},
	{
		what: "query_sm with a TLV", example: "00000019 00000003 00000000 00000001 00 0000 00 1400000100",
		favour: "ours", reason: "SMPP 3.4 §3.3: unexpected TLVs are passed over; gosmpp panics",
		is: func(d *difference) bool {
			return command(d) == smpp.CommandQuerySM && d.kind == theyFail
		},
	},
}

var goSMPPRows = []*row{
	{
		what: "a TLV comes twice", example: "0000001a 80000015 00000000 00000001 0381000131 0381000132",
		favour: "ours", reason: "SMPP 3.4 §4.4.1 lets callback_num and its companions come several times, and their order counts; go-smpp keeps the last",
		is: tlvTwice,
	},
	{
		what: "a PDU of more than 4096 octets", example: "00001014 80000015 00000000 00000001 04241000" + strings.Repeat("00", 0x1000),
		favour: "ours", reason: "SMPP 3.4 §5.3.2.32: message_payload goes to 64 K octets; go-smpp has a limit of its own",
		is: func(d *difference) bool { return d.kind == theyRefuse && len(d.octets) > 4096 },
	},
	{
		what: "more than 256 TLVs", example: "00000414 80000015 00000000 00000001 " + strings.Repeat("14000000", 257),
		favour: "theirs", reason: "SMPP 3.4 §3.2.4 has no limit; ours keeps a hostile peer from spreading a PDU over memory, and no network sends so many",
		is: func(d *difference) bool { return d.refused(wire.ErrTooLong, "TLVs") },
	},
	{
		what: "a PDU that ends in its mandatory part", example: "00000010 00000002 00000000 00000001",
		favour: "ours", reason: "SMPP 3.4 §3.2.1: mandatory parameters are there. go-smpp takes the PDU without what is missing",
		is: func(d *difference) bool { return d.refused(wire.ErrShort, mandatory...) },
	},
	{
		what: "a C-octet string longer than its field", example: "00000024 00000001 00000000 00000001 00 00 41414141414141414141414141 00 34 0000 00",
		favour: "ours", reason: "SMPP 3.4 §3.1 and the tables of each operation limit it; go-smpp takes any length",
		is: stringTooLong,
	},
	{
		what: "one to three octets behind the last TLV", example: "00000011 80000015 00000000 00000001 00",
		favour: "ours", reason: "SMPP 3.4 §3.2.4.1: a TLV begins with four octets. go-smpp passes over what is shorter",
		is: func(d *difference) bool {
			e, ok := d.err.(*wire.Error)
			return d.stage == reads && d.refused(wire.ErrShort, "tag", "length") && ok && len(d.octets)-e.Offset < 4
		},
	},
	{
		what: "deliver_sm is encoded", example: "00000022 00000005 00000000 00000001 00 0000 00 0000 00 000000 0000 0000000001 41",
		favour: "ours", reason: "SMPP 3.4 §4.6.1: short_message follows sm_length. go-smpp puts the length of a user data header between them, which is 0 without one, and a NUL behind each element of the header",
		is: func(d *difference) bool {
			if d.stage == reads || command(d) != smpp.CommandDeliverSM {
				return false
			}
			if esm, err := octet(d.meant.get("esm_class")); d.field == "short_message" && (err != nil || esm&0x40 == 0) {
				return d.theirs == ("00" + d.ours)[:len(d.ours)] // as long as it was
			}
			return d.kind == weRefuse || d.field == "short_message" || d.field == "tlvs"
		},
	},
	{
		what: "deliver_sm with a user data header that is not made of whole elements", example: "00000021 00000005 00000000 00000001 00 0000 00 0000 00 400000 0000 0000000000",
		favour: "ours", reason: "sm_length says how long short_message is (SMPP 3.4 §5.2.21), whatever the header says (GSM 03.40 §9.2.3.24); go-smpp refuses the PDU or reads on into the TLVs",
		is: func(d *difference) bool {
			if d.stage != reads || command(d) != smpp.CommandDeliverSM {
				return false
			}
			if d.kind == weRefuse {
				var m smpp.SubmitSM // what can be read of it
				_ = m.Decode(d.octets[smpp.HeaderLen:])
				return m.ESMClass&0x40 != 0 && !wholeElements(m.ShortMessage)
			}
			return hasBadHeader(d) && (d.kind == theyRefuse || d.field == "short_message" || d.field == "tlvs")
		},
	},
	{
		what: "a response without a body is encoded", example: "00000010 80000004 00000001 00000001",
		favour: "ours", reason: "SMPP 3.4 §4.1.2, §4.4.2: with an error status there is no body; go-smpp writes an empty system_id or message_id",
		is: grownBody,
	},
	{
		what: "an operation that go-smpp does not decode", example: "00000010 00000300 00000000 00000001",
		favour: "neither", reason: "it refuses unknown ones; for the answer (SMPP 3.4 §3.3) we need their header",
		is: func(d *difference) bool { return opaque(d) && d.kind == theyRefuse },
	},
	{
		what: "an operation that go-smpp decodes in part, or not", example: "00000014 00000003 00000000 00000001 00 0000 00",
		favour: "ours", reason: "it refuses data_sm, cancel_sm, replace_sm, outbind and alert_notification, and reads message_state and error_code of query_sm_resp (SMPP 3.4 §4.8.2) as C-octet strings; nothing of the operations beside submit_sm and deliver_sm is compared",
		is: func(d *difference) bool { return beside(command(d)) },
	},
}

// mandatory are the fields that go-smpp does without.
var mandatory = []string{
	"system_id", "password", "system_type", "interface_version", "addr_ton", "addr_npi", "address_range", "message_id",
	"service_type", "source_addr_ton", "source_addr_npi", "source_addr", "dest_addr_ton", "dest_addr_npi", "destination_addr",
	"esm_class", "protocol_id", "priority_flag", "schedule_delivery_time", "validity_period", "registered_delivery",
	"replace_if_present_flag", "data_coding", "sm_default_msg_id", "sm_length", "final_date", "dl_name", "esme_addr",
}

func stringTooLong(d *difference) bool {
	return d.stage == reads && d.refused(wire.ErrTooLong, mandatory...)
}

func tlvTwice(d *difference) bool {
	return d.kind == value && d.field == "tlvs" && d.theirs == tlvText(lastOfEach(parseTLVs(d.ours)))
}

func grownBody(d *difference) bool {
	return d.stage == again && d.kind == value && d.meant.get("body") == "none" && slices.Contains([]string{"body", "system_id", "message_id", "tlvs"}, d.field) &&
		slices.Contains([]string{absent, `""`, ""}, d.theirs)
}

// lastOfEach is what a map keeps of TLVs in the order of their tags.
func lastOfEach(tlvs smpp.TLVs) (kept smpp.TLVs) {
	for i, t := range tlvs {
		if i+1 == len(tlvs) || tlvs[i+1].Tag != t.Tag {
			kept = append(kept, t)
		}
	}
	return kept
}

func notEmpty(tlvs smpp.TLVs) (kept smpp.TLVs) {
	for _, t := range lastOfEach(tlvs) {
		if len(t.Value) > 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

func command(d *difference) smpp.CommandID {
	if len(d.octets) < smpp.HeaderLen {
		return 0
	}
	return smpp.CommandID(binary.BigEndian.Uint32(d.octets[4:]))
}

func status(d *difference) uint32 { return binary.BigEndian.Uint32(d.octets[8:]) }

// opaque tells that we have taken a PDU whose body we do not decode.
func opaque(d *difference) bool {
	body := d.meant.get("body")
	return body != absent && body != "none"
}

func octet(text string) (byte, error) {
	n, err := strconv.ParseUint(text, 10, 8)
	return byte(n), err
}

// hasBadHeader tells that UDHI is set and short_message does not begin with
// whole elements.
func hasBadHeader(d *difference) bool {
	esm, err := octet(d.meant.get("esm_class"))
	if err != nil || esm&0x40 == 0 {
		return false
	}
	text, err := hex.DecodeString(d.meant.get("short_message"))
	return err == nil && !wholeElements(text)
}

// wholeElements tells whether text begins with a user data header whose length
// is that of its elements.
func wholeElements(text []byte) bool {
	if len(text) == 0 || text[0] == 0 || int(text[0]) >= len(text) {
		return false
	}
	header := text[1 : 1+text[0]]
	for len(header) >= 2 && len(header) >= 2+int(header[1]) {
		header = header[2+header[1]:]
	}
	return len(header) == 0
}
