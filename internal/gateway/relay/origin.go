package relay

import (
	"encoding/binary"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// address is an SMPP address.
type address struct {
	ton, npi uint8
	addr     []byte
}

// origin is what is kept of who sent a message, for its receipt: the Data of its
// push.Origin.
//
//	flags (1), registered_delivery (1), source, destination, user_message_reference, text, told (8, if there is one)
//	address  TON (1), NPI (1), text
//	text     length (1), octets
type origin struct {
	decimal      bool // message ids are told in decimal
	registered   uint8
	source, dest address
	reference    []byte // user_message_reference, as it came
	text         []byte // beginning of the message
	told         uint64 // message id of a submit_multi, which all its messages have; 0: their own
}

// The bits of registered_delivery that ask for receipts (SMPP 3.4 section 5.2.17).
const (
	receiptMask    = 3
	receiptAlways  = 1
	receiptFailure = 2
	receiptSuccess = 3
)

const (
	flagDecimal = 1
	flagTold    = 2
)

func (o *origin) append(dst []byte) []byte {
	flags := byte(0)
	if o.decimal {
		flags = flagDecimal
	}
	if o.told != 0 {
		flags |= flagTold
	}
	dst = append(dst, flags, o.registered, o.source.ton, o.source.npi)
	dst = append(appendText(dst, o.source.addr), o.dest.ton, o.dest.npi)
	dst = appendText(dst, o.dest.addr)
	dst = appendText(appendText(dst, o.reference), o.text)
	if o.told != 0 {
		dst = binary.BigEndian.AppendUint64(dst, o.told)
	}
	return dst
}

func (o *origin) read(c *wire.Cursor) {
	flags := c.U8("flags")
	o.decimal = flags&flagDecimal != 0
	o.registered = c.U8("registered_delivery")
	for _, a := range [...]*address{&o.source, &o.dest} {
		a.ton, a.npi = c.U8("ton"), c.U8("npi")
		a.addr = readText(c, "address")
	}
	o.reference, o.text = readText(c, "user_message_reference"), readText(c, "text")
	if flags&flagTold != 0 {
		o.told = c.U64("message id")
	}
}

func (o *origin) decode(b []byte) error {
	c := wire.NewCursor("origin of a relayed message", b)
	o.read(&c)
	return c.End()
}

func appendText[T string | []byte](dst []byte, s T) []byte {
	s = s[:min(len(s), 255)]
	return append(append(dst, byte(len(s))), s...)
}

func readText(c *wire.Cursor, field string) []byte { return c.Bytes(int(c.U8("length")), field) }

// wants tells whether a message that ended so is reported.
func (o *origin) wants(state smpp.MessageState) bool {
	good := state == smpp.MessageDelivered || state == smpp.MessageAccepted
	switch o.registered & receiptMask {
	case receiptAlways:
		return true
	case receiptFailure:
		return !good
	case receiptSuccess:
		return good
	}
	return false
}

// spell is a message id as its account is told it.
func spell(id sessions.ID, decimal bool) string {
	if decimal {
		return strconv.FormatUint(uint64(id), 10)
	}
	return id.String()
}

// beginning is what a receipt shows of a message: of a text of one octet a character.
func beginning(p *smpp.SubmitSM) []byte {
	const most, udhi = 20, 0x40
	if p.ESMClass&udhi != 0 || p.DataCoding > 1 && p.DataCoding != 3 {
		return nil
	}
	text := p.ShortMessage
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok && len(text) == 0 {
		text = payload
	}
	return text[:min(len(text), most)]
}
