package gateway

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// The last columns of the README's tables of SMPP are claims about the gateway. The
// tests below try each cell over the wire, between an account and a message centre; a
// cell that they cannot try fails. The other columns are tried in package smpp.

// cellsOf are rows of a table of the README, without its head.
func cellsOf(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n| "+head+" |")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	if !found || len(lines) < 3 {
		t.Fatalf("no table of %s in the README", head)
	}
	for _, line := range lines[2:] {
		rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
	}
	return rows
}

// party is one end of a connection, PDU by PDU.
type party struct {
	t  *testing.T
	nc net.Conn
}

func (w *party) send(id smpp.CommandID, status smpp.Status, seq uint32, body smpp.Body) {
	w.t.Helper()
	b, err := smpp.AppendPDU(nil, smpp.Header{CommandID: id, Status: status, Sequence: seq}, body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(b)
}

func (w *party) write(b []byte) {
	w.t.Helper()
	if _, err := w.nc.Write(b); err != nil {
		w.t.Fatal(err)
	}
}

func (w *party) read() *smpp.PDU {
	w.t.Helper()
	w.nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	var head [4]byte
	if _, err := io.ReadFull(w.nc, head[:]); err != nil {
		w.t.Fatalf("no PDU comes: %v", err)
	}
	b := append(head[:], make([]byte, binary.BigEndian.Uint32(head[:])-4)...)
	if _, err := io.ReadFull(w.nc, b[4:]); err != nil {
		w.t.Fatal(err)
	}
	m, err := smpp.DecodePDU(b)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// wants reads one PDU, which has to be this.
func (w *party) wants(id smpp.CommandID, status smpp.Status, seq uint32) *smpp.PDU {
	w.t.Helper()
	m := w.read()
	if m.CommandID != id || m.Status != status || m.Sequence != seq {
		w.t.Fatalf("got %s %s seq %d, want %s %s seq %d", m.CommandID, m.Status, m.Sequence, id, status, seq)
	}
	return m
}

// takes reads a request of this kind and answers it.
func (w *party) takes(id smpp.CommandID, answer smpp.Body) smpp.Body {
	w.t.Helper()
	m := w.read()
	if m.CommandID != id {
		w.t.Fatalf("got %s, want %s", m.CommandID, id)
	}
	w.send(id.Response(), smpp.StatusOK, m.Sequence, answer)
	return m.Body
}

// relayWire is the relay of the example between an account, another account and a
// centre, each a party.
type relayWire struct {
	t          *testing.T
	gw         *running
	shop, desk *party
	centre     *party
	seq        uint32
	messages   int
}

func newRelayWire(t *testing.T) *relayWire {
	l := &lab{t: t, path: filepath.Join(t.TempDir(), "otagate.db"), log: zerolog.Nop()}
	ln := listen(t)
	defer ln.Close()
	l.cfg = &configs.Config{Links: []configs.Link{{URL: "smpp://" + ln.Addr().String(), PasswordEnv: "OTAGATE_TEST_PASSWORD"}}}
	l.cfg.Store.Path = l.path
	t.Setenv("OTAGATE_TEST_PASSWORD", ivrPassword)
	alone(t)(l.cfg)
	x := &relayWire{t: t, gw: l.start(l.open())}
	t.Cleanup(x.gw.stop)
	nc, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	x.centre = &party{t, nc}
	x.centre.takes(smpp.CommandBindTransceiver, &smpp.BindResp{Kind: smpp.CommandBindTransceiverResp, SystemID: []byte("smsc")})
	x.shop, x.desk = x.bind("shop"), x.bind("desk")
	return x
}

func (x *relayWire) connect() *party {
	x.t.Helper()
	nc, err := net.Dial("tcp", x.gw.Addr().String())
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { nc.Close() })
	return &party{x.t, nc}
}

func bindOf(kind smpp.CommandID, account string) *smpp.Bind {
	return &smpp.Bind{Kind: kind, SystemID: []byte(account), Password: []byte(ivrPassword), InterfaceVersion: uint8(smpp.Version34)}
}

func (x *relayWire) bind(account string) *party {
	x.t.Helper()
	w := x.connect()
	w.send(0, 0, 1, bindOf(smpp.CommandBindTransceiver, account))
	w.wants(smpp.CommandBindTransceiverResp, smpp.StatusOK, 1)
	return w
}

// next is a sequence number for a request of ours.
func (x *relayWire) next() uint32 {
	x.seq++
	return 100 + x.seq
}

// taken has the centre take a message, under an id of its own.
func (x *relayWire) taken() (m *smpp.SubmitSM, id string) {
	x.t.Helper()
	x.messages++
	id = fmt.Sprintf("C%d", x.messages)
	return x.centre.takes(smpp.CommandSubmitSM, &smpp.SubmitSMResp{MessageID: []byte(id)}).(*smpp.SubmitSM), id
}

// quiet: the centre has been sent nothing, for the next that comes is this.
func (x *relayWire) quiet() {
	x.t.Helper()
	x.submit(&smpp.SubmitSM{ShortMessage: []byte("quiet")})
	if m, _ := x.taken(); string(m.ShortMessage) != "quiet" {
		x.t.Errorf("the centre was sent %q", m.ShortMessage)
	}
}

// submit has shop submit a message to a handset.
func (x *relayWire) submit(p *smpp.SubmitSM) (id string) {
	x.t.Helper()
	seq := x.next()
	p.SourceAddr = []byte("2280")
	if p.DestinationAddr == nil {
		p.DestAddrTON, p.DestAddrNPI, p.DestinationAddr = 1, 1, []byte(phoneNumber)
	}
	x.shop.send(0, 0, seq, p)
	return string(x.shop.wants(smpp.CommandSubmitSMResp, smpp.StatusOK, seq).Body.(*smpp.SubmitSMResp).MessageID)
}

// operation is a row with what it takes to try it.
type operation struct {
	id   smpp.CommandID
	body smpp.Body
}

func operations() map[string]*operation {
	const text = "hello"
	bind := func(id smpp.CommandID) *operation { return &operation{id: id, body: bindOf(id, "shop")} }
	to := []byte(phoneNumber)
	return map[string]*operation{
		"bind_transmitter": bind(smpp.CommandBindTransmitter), "bind_receiver": bind(smpp.CommandBindReceiver), "bind_transceiver": bind(smpp.CommandBindTransceiver),
		"outbind": {id: smpp.CommandOutbind, body: &smpp.Outbind{SystemID: []byte("smsc")}},
		"unbind":  {id: smpp.CommandUnbind}, "enquire_link": {id: smpp.CommandEnquireLink}, "generic_nack": {id: smpp.CommandGenericNack},
		"submit_sm": {id: smpp.CommandSubmitSM, body: &smpp.SubmitSM{DestinationAddr: to, ShortMessage: []byte(text)}},
		"submit_multi": {id: smpp.CommandSubmitMulti, body: &smpp.SubmitMulti{
			Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: to}}, ShortMessage: []byte(text),
		}},
		"data_sm":             {id: smpp.CommandDataSM, body: &smpp.DataSM{DestinationAddr: to, TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(text)}}}},
		"deliver_sm":          {id: smpp.CommandDeliverSM, body: &smpp.DeliverSM{SourceAddr: to, ShortMessage: []byte(text)}},
		"query_sm":            {id: smpp.CommandQuerySM, body: &smpp.QuerySM{MessageID: []byte("1")}},
		"cancel_sm":           {id: smpp.CommandCancelSM, body: &smpp.CancelSM{MessageID: []byte("1")}},
		"replace_sm":          {id: smpp.CommandReplaceSM, body: &smpp.ReplaceSM{MessageID: []byte("1")}},
		"alert_notification":  {id: smpp.CommandAlertNotification, body: &smpp.AlertNotification{}},
		"broadcast_sm":        {id: smpp.CommandBroadcastSM},
		"query_broadcast_sm":  {id: smpp.CommandQueryBroadcastSM},
		"cancel_broadcast_sm": {id: smpp.CommandCancelBroadcastSM},
		"any other":           {id: 0x300},
	}
}

func TestOperationsOfGateway(t *testing.T) {
	all := operations()
	for _, row := range cellsOf(t, "operation") {
		o := all[row[0]]
		if o == nil || len(row) != 7 {
			t.Errorf("%q: there is no test of it", row)
			continue
		}
		delete(all, row[0])
		t.Run(row[0], func(t *testing.T) {
			o.try(t, row[5], func(x *relayWire) *party { return x.shop })
			o.try(t, row[6], func(x *relayWire) *party { return x.centre })
		})
	}
	for name := range all {
		t.Errorf("%s is not in the table", name)
	}
}

// try sends the operation from one side and looks whether that becomes of it what the
// cell says.
func (o *operation) try(t *testing.T, cell string, side func(*relayWire) *party) {
	t.Helper()
	x := newRelayWire(t)
	w := side(x)
	response := o.id.Response()
	switch o.id {
	case smpp.CommandOutbind, smpp.CommandAlertNotification, smpp.CommandGenericNack, 0x300:
		response = smpp.CommandGenericNack
	}
	const seq = 7
	switch cell {
	case "bound":
		w = x.connect()
		w.send(0, 0, seq, o.body)
		w.wants(response, smpp.StatusOK, seq)
		return
	case "answered":
		w.send(o.id, 0, seq, o.body)
		w.wants(response, smpp.StatusOK, seq)
		if o.id == smpp.CommandUnbind { // which is the end
			return
		}
	case "passed over":
		w.send(o.id, 0, seq, o.body)
		w.send(smpp.CommandEnquireLink, 0, seq+1, nil)
		w.wants(smpp.CommandEnquireLinkResp, smpp.StatusOK, seq+1)
	case "relayed":
		o.goesOn(x, w)
	case "of our queue":
		o.ofQueue(x, w)
	default:
		status, err := configs.NameOrNumber(cell).Status()
		if err != nil {
			t.Fatalf("%q: there is no test of it", cell)
		}
		w.send(o.id, 0, seq, o.body)
		w.wants(response, status, seq)
	}
	x.quiet()
}

// goesOn: the message is answered, and the other side has it.
func (o *operation) goesOn(x *relayWire, from *party) {
	const seq = 7
	from.send(0, 0, seq, o.body)
	answered := func() { from.wants(o.id.Response(), smpp.StatusOK, seq) }
	var got []byte
	switch {
	case from == x.shop && o.id == smpp.CommandDataSM:
		answered()
		got, _ = x.centre.takes(o.id, &smpp.DataSMResp{MessageID: []byte("C")}).(*smpp.DataSM).TLVs.Find(smpp.TagMessagePayload)
	case from == x.shop:
		answered()
		m, _ := x.taken()
		got = m.ShortMessage
	case o.id == smpp.CommandDataSM:
		answered()
		got, _ = x.shop.takes(o.id, &smpp.DataSMResp{}).(*smpp.DataSM).TLVs.Find(smpp.TagMessagePayload)
	default:
		answered()
		got = x.shop.takes(smpp.CommandDeliverSM, &smpp.DeliverSMResp{}).(*smpp.DeliverSM).ShortMessage
	}
	if string(got) != "hello" {
		x.t.Errorf("%q came", got)
	}
}

// ofQueue: the operation is about a message that waits here.
func (o *operation) ofQueue(x *relayWire, w *party) {
	id := []byte(x.submit(&smpp.SubmitSM{ScheduleDeliveryTime: relative(time.Hour), ShortMessage: []byte("later")}))
	from := []byte("2280")
	const seq = 7
	switch o.id {
	case smpp.CommandQuerySM:
		w.send(0, 0, seq, &smpp.QuerySM{MessageID: id, SourceAddr: from})
	case smpp.CommandCancelSM:
		w.send(0, 0, seq, &smpp.CancelSM{MessageID: id, SourceAddr: from, DestinationAddr: []byte(phoneNumber)})
	case smpp.CommandReplaceSM:
		w.send(0, 0, seq, &smpp.ReplaceSM{MessageID: id, SourceAddr: from, ShortMessage: []byte("another")})
	default:
		x.t.Fatalf("%s is not about a message", o.id)
	}
	w.wants(o.id.Response(), smpp.StatusOK, seq)
}

// The rows of the TLVs that are not about one of them.
const (
	rowUnknown = "any other"
	rowPastEnd = "past the end"
	rowTooMany = "more than 256"
)

func TestTLVsRelayed(t *testing.T) {
	x := newRelayWire(t)
	receipt := x.receipt(nil)
	var mixed smpp.TLVs
	for _, row := range cellsOf(t, "TLV") {
		if len(row) != 5 {
			t.Fatalf("%q", row)
		}
		tags := []smpp.Tag{0x0001, 0x060c, 0x1400, 0x3fff, 0xffff}
		n, err := strconv.ParseUint(row[1], 0, 16)
		if row[0] != rowUnknown {
			tags = []smpp.Tag{smpp.Tag(n)}
		}
		none := row[0] == rowPastEnd || row[0] == rowTooMany
		if (err == nil) == (none || row[0] == rowUnknown) {
			t.Errorf("%s has the tag %s", row[0], row[1])
		}
		_, ours := receipt.Find(tags[0])
		cell := row[4]
		t.Run(row[0], func(t *testing.T) {
			x.on(t)
			for _, tag := range tags {
				if none != (cell == "ESME_RINVPARLEN") {
					t.Fatalf("%q: that cannot be", cell)
				}
				switch cell {
				case "as it came":
					x.unchanged(several(tag), 0)
					x.unchanged(several(tag), 1)
					x.arrives(tag)
					if ours {
						t.Errorf("receipts have a %s of ours", tag)
					}
				case "as it came; ours in receipts":
					x.unchanged(several(tag), 0)
					x.unchanged(several(tag), 1)
					if !ours {
						t.Errorf("receipts have no %s", tag)
					}
				case "as it came; with a receipt ours, and theirs is in the receipt":
					x.unchanged(smpp.TLVs{{Tag: tag, Value: []byte{1, 2}}, {Tag: tag}}, 0)
					x.arrives(tag)
					x.swapped(tag)
				case "ESME_RINVPARLEN":
					x.refuses(row[0])
				default:
					t.Errorf("%q: there is no test of it", cell)
				}
				if cell == "as it came" {
					mixed = append(smpp.TLVs{{Tag: tag}, {Tag: tag, Value: []byte(row[0])}}, append(mixed, smpp.TLV{Tag: tag, Value: []byte{7}})...)
				}
			}
		})
	}
	x.on(t)
	x.unchanged(mixed, 0) // all of them in one message, in their order
}

// on has the following said to a test.
func (x *relayWire) on(t *testing.T) {
	for _, w := range []*party{x.shop, x.desk, x.centre} {
		w.t = t
	}
	x.t = t
}

// several are TLVs of all lengths, one of them twice.
func several(tag smpp.Tag) smpp.TLVs {
	return smpp.TLVs{{Tag: tag, Value: []byte{1}}, {Tag: tag, Value: []byte{}}, {Tag: tag, Value: []byte("a value of its own")}, {Tag: tag, Value: []byte{1}}}
}

func (x *relayWire) same(what string, got, want smpp.TLVs) {
	x.t.Helper()
	a, _ := (&smpp.SubmitSM{TLVs: got}).Append(nil)
	b, _ := (&smpp.SubmitSM{TLVs: want}).Append(nil)
	if !bytes.Equal(a, b) {
		x.t.Errorf("%s: %v became %v", what, want, got)
	}
}

// unchanged: from an account to a centre, by every operation with which it submits, and to
// another account; and where a receipt is to come.
func (x *relayWire) unchanged(want smpp.TLVs, registered uint8) {
	x.t.Helper()
	x.submit(&smpp.SubmitSM{RegisteredDelivery: registered, TLVs: want})
	m, id := x.taken()
	got := m.TLVs
	if registered != 0 {
		if n := len(got) - 1; n < 0 || got[n].Tag != smpp.TagUserMessageReference {
			x.t.Errorf("submit_sm: no reference of ours: %v", got)
		} else {
			got = got[:n]
		}
		x.reports(id, nil)
	}
	x.same("submit_sm", got, want)
	if registered != 0 {
		return
	}
	seq := x.next()
	x.shop.send(0, 0, seq, &smpp.DataSM{DestinationAddr: []byte(phoneNumber), TLVs: want})
	x.shop.wants(smpp.CommandDataSMResp, smpp.StatusOK, seq)
	x.same("data_sm", x.centre.takes(smpp.CommandDataSM, &smpp.DataSMResp{MessageID: []byte("C")}).(*smpp.DataSM).TLVs, want)
	seq = x.next()
	x.shop.send(0, 0, seq, &smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte(phoneNumber)}}, TLVs: want})
	x.shop.wants(smpp.CommandSubmitMultiResp, smpp.StatusOK, seq)
	m, _ = x.taken()
	x.same("submit_multi", m.TLVs, want)
	x.submit(&smpp.SubmitSM{DestinationAddr: []byte("7474"), TLVs: want})
	x.same("to an account", x.desk.takes(smpp.CommandDeliverSM, &smpp.DeliverSMResp{}).(*smpp.DeliverSM).TLVs, want)
}

// arrives: from a centre to an account.
func (x *relayWire) arrives(tag smpp.Tag) {
	x.t.Helper()
	want := several(tag)
	seq := x.next()
	x.centre.send(0, 0, seq, &smpp.DeliverSM{SourceAddr: []byte(phoneNumber), DestinationAddr: []byte("7000"), TLVs: want})
	x.centre.wants(smpp.CommandDeliverSMResp, smpp.StatusOK, seq)
	x.same("deliver_sm", x.shop.takes(smpp.CommandDeliverSM, &smpp.DeliverSMResp{}).(*smpp.DeliverSM).TLVs, want)
	seq = x.next()
	x.centre.send(0, 0, seq, &smpp.DataSM{SourceAddr: []byte(phoneNumber), DestinationAddr: []byte("7000"), TLVs: want})
	x.centre.wants(smpp.CommandDataSMResp, smpp.StatusOK, seq)
	x.same("data_sm", x.shop.takes(smpp.CommandDataSM, &smpp.DataSMResp{}).(*smpp.DataSM).TLVs, want)
}

// reports has the centre report a message, and shop take the receipt.
func (x *relayWire) reports(id string, network *smpp.NetworkError) smpp.TLVs {
	x.t.Helper()
	seq := x.next()
	r := &smpp.Receipt{ID: id, Sub: 1, Dlvrd: 1, SubmitDate: time.Now(), DoneDate: time.Now(), Stat: smpp.MessageDelivered, Err: "000"}
	text, err := r.Append(nil)
	if err != nil {
		x.t.Fatal(err)
	}
	x.centre.send(0, 0, seq, &smpp.DeliverSM{
		ESMClass: smpp.ESMClassReceipt, SourceAddr: []byte(phoneNumber), DestinationAddr: []byte("2280"), ShortMessage: text,
		TLVs: smpp.AppendReceiptTLVs(nil, id, smpp.MessageDelivered, network),
	})
	x.centre.wants(smpp.CommandDeliverSMResp, smpp.StatusOK, seq)
	return x.shop.takes(smpp.CommandDeliverSM, &smpp.DeliverSMResp{}).(*smpp.DeliverSM).TLVs.Clone()
}

// receipt is that of a message with some TLVs: it has our message id, and what the
// centre says.
func (x *relayWire) receipt(tlvs smpp.TLVs) smpp.TLVs {
	x.t.Helper()
	id := x.submit(&smpp.SubmitSM{RegisteredDelivery: 1, TLVs: tlvs})
	_, theirs := x.taken()
	got := x.reports(theirs, &smpp.NetworkError{NetworkType: 3, Code: 10})
	if ours, state, network, ok := smpp.ReceiptTLVs(got); !ok || ours != id || state != smpp.MessageDelivered || network == nil || network.Code != 10 {
		x.t.Errorf("the receipt of %s has %v", id, got)
	}
	return got
}

// swapped: with a receipt the centre has one of ours in its place, and the receipt has
// that of the account.
func (x *relayWire) swapped(tag smpp.Tag) {
	x.t.Helper()
	theirs := []byte{0x12, 0x34}
	x.submit(&smpp.SubmitSM{RegisteredDelivery: 1, TLVs: smpp.TLVs{{Tag: tag, Value: theirs}, {Tag: 0x1400, Value: []byte{}}}})
	m, id := x.taken()
	if v, ok := m.TLVs.Find(tag); !ok || bytes.Equal(v, theirs) || len(m.TLVs) != 2 {
		x.t.Errorf("the centre has %v", m.TLVs)
	}
	if v, _ := x.reports(id, nil).Find(tag); !bytes.Equal(v, theirs) {
		x.t.Errorf("the receipt has %x", v)
	}
}

// refuses: what has a wrong length goes nowhere.
func (x *relayWire) refuses(row string) {
	x.t.Helper()
	seq := x.next()
	body := append([]byte{0, 1, 1, '2', 0, 1, 1, '1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, bytes.Repeat([]byte{0x14, 0, 0, 0}, smpp.MaxTLVs)...)
	switch row {
	case rowPastEnd:
		body[len(body)-1]++
	case rowTooMany:
		body = append(body, 0x14, 0, 0, 0)
	default:
		x.t.Fatalf("%s is not refused", row)
	}
	x.shop.send(smpp.CommandSubmitSM, 0, seq, &smpp.Opaque{ID: smpp.CommandSubmitSM, Octets: body})
	x.shop.wants(smpp.CommandSubmitSMResp, smpp.StatusInvalidTLVLength, seq)
	x.quiet()
}
