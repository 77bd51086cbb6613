package demo

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
)

const (
	startPage = "http://m.acme.example/start"
	userPIN   = "80247135"
	// provision is the trigger of the settings, less the number.
	provision = "TYPE=CP;PROFILE=internet;SEC=USERPIN;PIN=" + userPIN + ";MDN="
)

// delivered is the end of a message by the IVR.
var delivered = Ending{Outcome: "done", Reason: "ok", Stat: "DELIVERED"}

// pushStories are the stories of messages to handsets.
func pushStories() []Story {
	return []Story{
		{
			Name: "push-sl", Promise: "a Service Loading through HLR and MSC: the handset opens the URL once",
			Push: &Push{Want: openedOnce},
			Play: message("TYPE=SL;ACTION=execute-high;MDN=" + byMSC + ";HREF=" + startPage),
			Ends: parts(delivered, "1/1:delivered"),
		},
		{
			Name: "push-cp-userpin", Promise: "settings in several short messages, proved by a PIN: the user types it, the handset has what the document says",
			Push: &Push{PINs: []string{"1357", userPIN}, Want: func(r *run) []row { return r.settings(1, 2, 0) }},
			Play: message(provision + byCentre),
			Ends: parts(delivered, "1/3:delivered", "2/3:delivered", "3/3:delivered"),
		},
		{
			Name: "push-cp-wrong-pin", Promise: "the user types three wrong PINs: the handset stores nothing; it has got the message, which is all that the network can see",
			Push: &Push{PINs: []string{"0000", "1111", "9999"}, Want: func(r *run) []row { return r.settings(0, 3, 1) }},
			Play: message(provision + byMSC),
			Ends: parts(delivered, "1/3:delivered", "2/3:delivered", "3/3:delivered"),
		},
		{
			Name: "push-postponed", Promise: "the handset is away, the gateway is killed while the message waits; the HLR says that the handset is back, and it comes once",
			Push:    &Push{Want: openedOnce},
			Process: true,
			Play:    postponed,
			Ends:    recovered(parts(delivered, "1/1:delivered")),
		},
		{
			Name: "push-relay", Promise: "four short messages over a line that loses, repeats and reorders: the handset has the message once, the initiator hears it once",
			Push: &Push{Centre: sim.Air{Duplicate: 0.3, Reorder: 0.3, Seed: 4}, Want: indicated},
			Rules: func(*Lab) []sim.Rule {
				return []sim.Rule{{Step: "submit_sm", Nth: 2, Do: sim.LoseRequest}, {Step: "submit_sm", Nth: 4, Do: sim.LoseAnswer}}
			},
			Play: submission(byCentre, textSI(startPage, news)),
			Ends: with(parts(Ending{Outcome: "done", Reason: "ok", State: pap.StateDelivered},
				"1/4:delivered", "2/4:delivered:2", "3/4:delivered", "4/4:delivered"), receiptsTaken),
		},
	}
}

// parts says what the record has to tell of each short message, and how often
// it was sent when that is more than once.
func parts(e Ending, steps ...string) Ending {
	e.Steps = steps
	return e
}

// news is as long as four short messages.
var news = strings.TrimSpace(strings.Repeat("The plan of the month is here. ", 13))

// openedOnce is the table of one Service Loading.
func openedOnce(r *run) []row {
	a := r.lab.agent
	return append([]row{
		{what: "URL opened", want: startPage, have: strings.Join(a.Opened(), " ")},
		{what: "times", want: "1", have: strconv.Itoa(len(a.Opened()))},
	}, r.datagrams()...)
}

// indicated is the table of one Service Indication.
func indicated(r *run) []row {
	var href, text []string
	for _, i := range r.lab.agent.Indications() {
		href, text = append(href, i.Href), append(text, i.Text)
	}
	n := r.lab.agent.Counts()
	return append([]row{
		{what: "URL shown", want: startPage, have: strings.Join(href, " ")},
		{what: "text", want: size(news), have: either(strings.Join(text, "|") == news, size(news), "another")},
		{what: "short messages, repetitions left out", want: "4", have: strconv.Itoa(n.Messages - n.Duplicates)},
		{what: "sent to the centre", want: "5", have: strconv.Itoa(len(r.lab.smsc.Submits()))},
		{what: "on the air", want: "held back 2, repeated 1", have: faults(r.lab.smsc.HandOvers())},
	}, r.datagrams()...)
}

// faults counts what the air has done to short messages. One that comes twice is
// among the hand-overs twice.
func faults(all []sim.HandOver) string {
	held, repeated := 0, 0
	for i := range all {
		switch all[i].Fault {
		case "held back":
			held++
		case "repeated":
			repeated++
		}
	}
	return fmt.Sprintf("held back %d, repeated %d", held, repeated/2)
}

func size(text string) string { return fmt.Sprintf("%d characters, as pushed", len(text)) }

// datagrams is what holds of every message that comes once.
func (r *run) datagrams() []row {
	n := r.lab.agent.Counts()
	return []row{
		{what: "datagrams", want: "1", have: strconv.Itoa(n.Datagrams)},
		{what: "incomplete", want: "0", have: strconv.Itoa(n.Incomplete)},
		{what: "unreadable", want: "0", have: strconv.Itoa(n.Malformed)},
	}
}

// settings is the table of one document of which so many are stored, after so
// many PINs, and so many refused.
func (r *run) settings(stored, pins, refused int) []row {
	a := r.lab.agent
	n := a.Counts()
	rows := []row{
		{what: "documents stored", want: strconv.Itoa(stored), have: strconv.Itoa(len(a.Settings()))},
		{what: "PINs typed", want: strconv.Itoa(pins), have: strconv.Itoa(n.PINAttempts)},
		{what: "documents refused", want: strconv.Itoa(refused), have: strconv.Itoa(n.MACFailures)},
	}
	for _, d := range a.Settings() {
		rows = append(rows, sameSettings(&d)...)
	}
	return append(rows, r.datagrams()...)
}

// sameSettings holds settings against the profile, without showing a secret.
func sameSettings(have *omacp.Document) []row {
	want, err := omacp.ParseXML([]byte(internet))
	if err != nil {
		return []row{{what: "document", want: "one", have: err.Error()}}
	}
	value := func(d *omacp.Document, of, name string) string {
		for _, c := range d.Of(of) {
			return c.Value(name)
		}
		return "none"
	}
	var rows []row
	for _, v := range [...][2]string{{"PXLOGICAL", "NAME"}, {"PXLOGICAL", "STARTPAGE"}, {"NAPDEF", "BEARER"}, {"NAPDEF", "NAP-ADDRESS"}} {
		rows = append(rows, row{what: v[0] + " " + v[1], want: value(want, v[0], v[1]), have: value(have, v[0], v[1])})
	}
	a, err1 := want.Append(nil)
	b, err2 := have.Append(nil)
	return append(rows, row{what: "all of it", want: "as the document", have: either(err1 == nil && err2 == nil && bytes.Equal(a, b), "as the document", "another")})
}

// receiptsTaken: each short message that the centre took was reported, and the
// gateway has said that it knows which one that was.
func receiptsTaken(r *run) error {
	all := r.lab.smsc.Receipts()
	if len(all) != 4 {
		return fmt.Errorf("%d receipts, want one for each of 4 short messages", len(all))
	}
	for i := range all {
		if x := &all[i]; !x.Done || x.Status != 0 || x.Sent != 1 {
			return fmt.Errorf("receipt %d was sent %d times, answered %t with %v", i+1, x.Sent, x.Done, x.Status)
		}
	}
	return nil
}
