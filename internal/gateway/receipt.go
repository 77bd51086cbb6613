package gateway

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// registered_delivery, SMPP 3.4 §5.2.17, bits 1 and 0.
const (
	receiptAlways  = 1
	receiptFailure = 2
)

// networkIS95 is the network type in network_error_code.
const networkIS95 = 2

// letter is a receipt waiting in the outbox.
type letter struct {
	ID        string    `json:"id"` // session id, as submit_sm_resp gave it
	From      address   `json:"from"`
	To        address   `json:"to"`
	State     uint8     `json:"state"`
	Code      uint16    `json:"code"`
	Text      string    `json:"text"`
	Submitted time.Time `json:"submitted"`
	Finished  time.Time `json:"finished"`
	Reference []byte    `json:"reference,omitempty"` // user_message_reference of the trigger
}

const receiptValidity = 72 * time.Hour

// receiptRow is the outbox row of a receipt, when the trigger asked for one.
func receiptRow(id uint64, o *origin, v verdict, at, began time.Time) (sessions.Outbox, bool) {
	switch o.Receipt & 3 {
	case receiptAlways:
	case receiptFailure:
		if v.state == smpp.MessageDelivered || v.state == smpp.MessageAccepted {
			return sessions.Outbox{}, false
		}
	default:
		return sessions.Outbox{}, false
	}
	l := letter{
		ID: sessions.ID(id).String(), From: o.Destination, To: o.Source,
		State: uint8(v.state), Code: v.code, Text: v.text,
		Submitted: began, Finished: at, Reference: []byte(o.UserReference),
	}
	body, err := json.Marshal(&l)
	if err != nil {
		return sessions.Outbox{}, false // a struct of strings and numbers cannot fail
	}
	// Due at once, not at the time it is: the clock may be set back.
	return sessions.Outbox{
		Dest: destOf(o.Account), Validity: at.Add(receiptValidity),
		ID: sessions.ID(id), Dedup: "receipt/" + l.ID, Body: body,
	}, true
}

// destOf is the outbox destination of an SMPP account.
func destOf(account string) string { return "smpp/" + account }

// deliverSM is the receipt as the IVR gets it.
func (l *letter) deliverSM() (smpp.DeliverSM, error) {
	state := smpp.MessageState(l.State)
	r := smpp.Receipt{
		ID: l.ID, Sub: 1, SubmitDate: l.Submitted, DoneDate: l.Finished, Stat: state,
		Err: pad3(l.Code), Text: l.Text,
	}
	if state == smpp.MessageDelivered {
		r.Dlvrd = 1
	}
	text, err := r.Append(nil)
	tlvs := smpp.AppendReceiptTLVs(nil, l.ID, state, &smpp.NetworkError{NetworkType: networkIS95, Code: l.Code})
	if len(l.Reference) > 0 {
		tlvs = append(tlvs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: l.Reference})
	}
	return smpp.DeliverSM{
		SourceAddrTON: l.From.TON, SourceAddrNPI: l.From.NPI, SourceAddr: []byte(l.From.Addr),
		DestAddrTON: l.To.TON, DestAddrNPI: l.To.NPI, DestinationAddr: []byte(l.To.Addr),
		ESMClass:     smpp.ESMClassReceipt,
		ShortMessage: text,
		TLVs:         tlvs,
	}, err
}

func pad3(v uint16) string {
	return strconv.Itoa(1000 + int(v%1000))[1:]
}
