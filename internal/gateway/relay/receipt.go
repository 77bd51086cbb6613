package relay

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Receipt is a delivery receipt that waits in the outbox.
//
//	version (1), state (1), sub (1), dlvrd (1), submitted (8), done (8), network_error_code (text), err (text), id (8), origin
//
// The version is an octet that no JSON begins with: the receipts of triggers have
// the same rows.
type Receipt struct {
	id              sessions.ID
	state           smpp.MessageState
	submitted, done time.Time
	sub, dlvrd      uint8 // parts, and those that were delivered
	network, err    []byte
	origin          origin
}

const receiptVersion = 1

// IsReceipt tells the rows of this package from those of others.
func IsReceipt(body []byte) bool { return len(body) > 0 && body[0] == receiptVersion }

func (r *Receipt) append(dst []byte) []byte {
	dst = append(dst, receiptVersion, byte(r.state), r.sub, r.dlvrd)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.submitted.UnixMilli()))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.done.UnixMilli()))
	dst = appendText(appendText(dst, r.network), r.err)
	return r.origin.append(binary.BigEndian.AppendUint64(dst, uint64(r.id)))
}

// Decode reads the body of a row, which r borrows.
func (r *Receipt) Decode(b []byte) error {
	c := wire.NewCursor("receipt", b)
	if v := c.U8("version"); c.Err() == nil && v != receiptVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	r.state, r.sub, r.dlvrd = smpp.MessageState(c.U8("state")), c.U8("sub"), c.U8("dlvrd")
	r.submitted, r.done = time.UnixMilli(int64(c.U64("submitted"))), time.UnixMilli(int64(c.U64("done")))
	r.network, r.err = readText(&c, "network_error_code"), readText(&c, "err")
	r.id = sessions.ID(c.U64("id"))
	r.origin.read(&c)
	return c.End()
}

// textLen is what the text of a receipt has beside the message id and the beginning of
// its message.
const textLen = 112

// DeliverSM is the receipt as the account gets it: from the destination of its
// message to the source.
func (r *Receipt) DeliverSM() (smpp.DeliverSM, error) {
	o, told := &r.origin, r.id
	if o.told != 0 {
		told = sessions.ID(o.told)
	}
	id := spell(told, o.decimal)
	text := smpp.Receipt{
		ID: id, Sub: int(r.sub), Dlvrd: int(r.dlvrd), SubmitDate: r.submitted, DoneDate: r.done, Stat: r.state, Text: string(o.text),
	}
	if len(r.err) <= 3 && !bytes.ContainsAny(r.err, " \x00") { // some centres have long ones
		text.Err = string(r.err)
	}
	body, err := text.Append(make([]byte, 0, textLen+len(id)+len(o.text)))
	tlvs := smpp.AppendReceiptTLVs(make(smpp.TLVs, 0, 4), id, r.state, nil)
	if len(r.network) > 0 {
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.TagNetworkErrorCode, Value: r.network})
	}
	if len(o.reference) > 0 {
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: o.reference})
	}
	return smpp.DeliverSM{
		SourceAddrTON: o.dest.ton, SourceAddrNPI: o.dest.npi, SourceAddr: o.dest.addr,
		DestAddrTON: o.source.ton, DestAddrNPI: o.source.npi, DestinationAddr: o.source.addr,
		ESMClass: smpp.ESMClassReceipt, ShortMessage: body, TLVs: tlvs,
	}, err
}

// Report gives the row of a receipt, when its account wants one.
func (d *Door) Report(e *push.End) (sessions.Outbox, bool) {
	a := d.account(e.Origin.Account)
	r := Receipt{id: e.ID, submitted: e.Began, done: e.Ended, network: e.Told.Network, sub: uint8(e.Parts), dlvrd: uint8(e.Good)}
	if a == nil || r.origin.decode(e.Origin.Data) != nil {
		return sessions.Outbox{}, false
	}
	r.state, r.err = verdict(e)
	if !r.origin.wants(r.state) {
		return sessions.Outbox{}, false
	}
	size := 64 + len(e.Origin.Data)
	// Due at once, not at the time it is: the clock may be set back.
	return sessions.Outbox{
		Dest: d.cfg.Box(e.Origin.Account), Validity: e.Ended.Add(a.receiptTTL), ID: e.ID,
		Dedup: string(e.ID.Append(append(make([]byte, 0, 32), "receipt/"...))), Body: r.append(make([]byte, 0, size)),
	}, true
}

// Reported wakes who delivers the receipts of an account.
func (d *Door) Reported(e *push.End) { d.cfg.Wake(e.Origin.Account) }

// ownErrors are the err of receipts that no centre has given. They never change.
var ownErrors = map[delivery.Reason]int{
	delivery.ReasonExpired: 70, delivery.ReasonUndeliverable: 71, delivery.ReasonAttempts: 72, delivery.ReasonCancelled: 73,
	delivery.ReasonInDoubt: 74, delivery.ReasonNoReceipt: 75,
}

// known: a number that has no word cannot be in the text of a receipt.
func known(s smpp.MessageState) smpp.MessageState {
	if s > smpp.MessageSkipped {
		return smpp.MessageUnknown
	}
	return s
}

// verdict is the end of a message as its receipt tells it: what the centre has said,
// or else what we know.
func verdict(e *push.End) (smpp.MessageState, []byte) {
	ended := e.Result.Reason == delivery.ReasonDelivered || e.Result.Reason == delivery.ReasonUndeliverable
	if ended && !e.Told.IsZero() {
		return known(e.Told.State), []byte(e.Told.Err)
	}
	state := smpp.MessageUndeliverable
	switch {
	case e.Result.Outcome == delivery.Uncertain:
		state = smpp.MessageUnknown
	case e.Result.Reason == delivery.ReasonDelivered:
		return smpp.MessageDelivered, nil
	case e.Result.Reason == delivery.ReasonAccepted:
		return smpp.MessageAccepted, nil
	case e.Result.Reason == delivery.ReasonExpired:
		state = smpp.MessageExpired
	case e.Result.Reason == delivery.ReasonCancelled:
		state = smpp.MessageDeleted
	}
	return state, fmt.Appendf(nil, "%03d", ownErrors[e.Result.Reason])
}
