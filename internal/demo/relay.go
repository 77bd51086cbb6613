package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// relayedText is a message that an ESME submits.
const relayedText = "Your parcel is at the counter"

// relayStories are those of messages of others.
func relayStories() []Story {
	return []Story{{
		Name: "relay", Promise: "an ESME submits a message, the gateway is killed when the centre has it: the handset gets it once, the ESME its receipt",
		Push: &Push{Doubt: "20s", Want: relayedOnce},
		Rules: func(l *Lab) []sim.Rule {
			return []sim.Rule{{Step: "submit_sm", Do: sim.RunAfter, Func: l.Crash}}
		},
		Process: true,
		Play:    relayed,
		Ends:    recovered(with(parts(Ending{Outcome: "done", Reason: "ok"}, "1/1:delivered"), ownReceipt)),
	}}
}

// relayed is one submit_sm that no trigger takes, and its receipt.
func relayed(r *run) error {
	r.corr = "" // of a trigger, which this is not
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	status, id, err := r.ivr.Submit(ctx, &smpp.SubmitSM{
		SourceAddrTON: 5, SourceAddr: []byte("Parcels"), DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte(byCentre),
		RegisteredDelivery: 1, ShortMessage: []byte(relayedText), TLVs: smpp.TLVs{}.AppendU16(smpp.TagUserMessageReference, 4711),
	})
	r.lab.heard()
	if err != nil || status != smpp.StatusOK {
		return fmt.Errorf("the message was answered with %s: %w", status, err)
	}
	r.id = id
	if err := r.await(); err != nil {
		return err
	}
	return r.quiet()
}

// relayedOnce is the table of that message.
func relayedOnce(r *run) []row {
	rows := []row{
		{what: "submitted to the centre", want: "1", have: strconv.Itoa(len(r.lab.smsc.Submits()))},
		{what: "receipts from the centre", want: "1", have: strconv.Itoa(len(r.lab.smsc.Receipts()))},
		{what: "short messages", want: "1", have: strconv.Itoa(len(r.lab.smsc.HandOvers()))},
	}
	for _, s := range r.lab.smsc.Submits() {
		rows = append(rows, row{what: "text", want: relayedText, have: string(s.PDU.ShortMessage)},
			row{what: "from", want: "Parcels", have: string(s.PDU.SourceAddr)})
	}
	return rows
}

// ownReceipt: the receipt has the id that the ESME was told, and the beginning of its text.
func ownReceipt(r *run) error {
	if x := &r.receipt; x.ID != r.id || x.Stat != smpp.MessageDelivered || x.Text != relayedText[:20] {
		return fmt.Errorf("the receipt says %+v of message %s", *x, r.id)
	}
	return nil
}
