//go:build interop

package stp

import (
	"strings"
	"testing"
)

// page is a URL that takes three segments of 60 octets.
const page = "http://push.example.org/a/page/whose/address/is/long/enough/to/take/three/segments/of/sixty/octets/0123456789/0123456789"

const segments = 3

// pushed sends the page to the one subscriber: the handset has to open it once,
// and the gateway's one record has to be that of a message.
func (l *laboratory) pushed() {
	l.t.Helper()
	r := l.delivered(l.ivr("FLOW=push;TYPE=sl;MDN=5551234567;HREF=" + page + ";CORR=push-1"))
	if r.Flow != "push" {
		l.t.Errorf("CDR of a flow %q", r.Flow)
	}
	const opened = "handset 5551234567 opened URL " + page + "\n"
	l.net.out.Wait(l.t, patience, opened, 1)
	if out := l.net.out.String(); strings.Count(out, "opened URL") != 1 || strings.Contains(out, "dropped") {
		l.t.Errorf("the handset has done more than open one URL once:\n%s", out)
	}
}

var (
	smsreq = operation{nodeGateway, nodeHLR, "SMS Request"}
	smsnot = operation{nodeHLR, nodeGateway, "SMS Notification"}
	smdpp  = operation{nodeGateway, nodeMSC, "SMS Delivery Point to Point"}
)

// onTheWire fails the test unless an operation has passed so often.
func onTheWire(t *testing.T, seen passed, op operation, want int) {
	t.Helper()
	if n := seen.count(t, op); n != want {
		t.Errorf("%s: %d on the wire, want %d: %v", op.name, n, want, seen)
	}
}

// TestPush is one message from trigger to record.
func TestPush(t *testing.T) {
	cases := show(t, "a message to a handset (FLOW=push, Service Loading): otagate serve, sim network and sim ivr as processes; SMSREQ to the HLR, three SMDPP with a segment each to the MSC, seen before and behind osmo-stp, the segments decoded by tshark; the handset opens the URL once, receipt DELIVRD, CDR done")
	watch := startCapture(t)
	l := startLaboratory(t, "--subscriber", "5551234567:8204F1A2")
	l.pushed()
	watch.end()
	watch.wellFormed()
	seen := operations(watch)
	onTheWire(t, seen, smsreq, 1)
	onTheWire(t, seen, smdpp, segments)
	onTheWire(t, seen, smsnot, 0)
	watch.wapTeleservice(2 * segments)
	*cases++
}

// wapTeleservice fails the test unless tshark has seen so many messages of
// IS-637, all with the same MESSAGE_ID, as segments of one datagram have.
func (c *capture) wapTeleservice(want int) {
	c.t.Helper()
	ids := map[string]int{}
	for _, line := range c.decode("-Y", "ansi_637_tele", "-T", "fields", "-e", "ansi_637_tele.msg_id") {
		for id := range strings.SplitSeq(line, ",") { // chunks in one packet
			ids[id]++
		}
	}
	for _, n := range ids {
		if len(ids) == 1 && n == want {
			return
		}
	}
	c.t.Errorf("tshark shows these MESSAGE_IDs of IS-637, want one %d times: %v", want, ids)
}

// TestPushPostponed: the handset is away at first.
func TestPushPostponed(t *testing.T) {
	cases := show(t, "the same to a handset that is away: the HLR answers SMSREQ with postponed, later it sends SMSNOT, which osmo-stp takes to the gateway; then three SMDPP, the URL opened once, receipt DELIVRD, CDR done")
	watch := startCapture(t)
	l := startLaboratory(t, "--subscriber", "5551234567:8204F1A2", "--away", "1s")
	l.pushed()
	l.net.out.Wait(t, patience, "handset 5551234567 is back", 1)
	watch.end()
	watch.wellFormed()
	seen := operations(watch)
	onTheWire(t, seen, smsreq, 1)
	onTheWire(t, seen, smsnot, 1)
	onTheWire(t, seen, smdpp, segments)
	*cases++
}
