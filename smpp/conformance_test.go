package smpp_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/smpp"
)

// The tables of doc.go are claims. The tests below read them, hold those of the
// README against them, and try each cell: a cell that they cannot try fails.

var columns = regexp.MustCompile(`  +`)

// tableOf reads the table of doc.go whose head begins with a word.
func tableOf(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(read(t, "doc.go")) {
		cells, found := strings.CutPrefix(strings.TrimRight(line, "\n"), "//\t")
		switch {
		case found && (len(rows) > 0 || strings.HasPrefix(cells, head+"  ")):
			rows = append(rows, columns.Split(cells, -1))
		case len(rows) > 0:
			return rows
		}
	}
	t.Fatalf("no table of %s in doc.go", head)
	return nil
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// markdownOf reads the same table of the README.
func markdownOf(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(read(t, "../README.md")) {
		inner, found := strings.CutPrefix(strings.TrimSpace(line), "| ")
		switch {
		case found && (len(rows) > 0 || strings.HasPrefix(inner, head+" |")):
			rows = append(rows, strings.Split(strings.TrimSuffix(inner, " |"), " | "))
		case len(rows) > 0 && !strings.HasPrefix(line, "|--"):
			return rows
		}
	}
	t.Fatalf("no table of %s in the README", head)
	return nil
}

// The README's tables have the columns of doc.go and, behind them, those of the
// gateway, which its own tests try.
func TestTablesOfREADME(t *testing.T) {
	for _, head := range []string{"operation", "TLV"} {
		ours, theirs := tableOf(t, head), markdownOf(t, head)
		for i, row := range theirs {
			theirs[i] = row[:min(len(row), len(ours[0]))]
		}
		if d := cmp.Diff(ours, theirs); d != "" {
			t.Errorf("the README's table of %s is not that of doc.go (-doc.go +README):\n%s", head, d)
		}
	}
}

// claim is one row of the operations with what it takes to try it.
type claim struct {
	id       smpp.CommandID
	body     smpp.Body               // nil: none
	byServer func(b *smpp.BoundPeer) // sends it; nil where that is for the session itself
	byClient func(cl *smpp.Client)   //
}

func claims() map[string]*claim {
	to := []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte("1")}}
	ctx := context.Background()
	ignore := func(smpp.Status, error) {}
	bind := func(id smpp.CommandID) *claim { return &claim{id: id, body: bindPDU(id, "esme", "secret")} }
	return map[string]*claim{
		"bind_transmitter": bind(smpp.CommandBindTransmitter), "bind_receiver": bind(smpp.CommandBindReceiver), "bind_transceiver": bind(smpp.CommandBindTransceiver),
		"outbind":      {id: smpp.CommandOutbind, body: &smpp.Outbind{SystemID: []byte("centre"), Password: []byte("ring")}},
		"unbind":       {id: smpp.CommandUnbind, byServer: func(b *smpp.BoundPeer) { b.Close() }, byClient: func(cl *smpp.Client) { go cl.Close() }},
		"enquire_link": {id: smpp.CommandEnquireLink},
		"generic_nack": {id: smpp.CommandGenericNack},
		"submit_sm":    {id: smpp.CommandSubmitSM, body: &smpp.SubmitSM{}, byClient: func(cl *smpp.Client) { go cl.Submit(ctx, &smpp.SubmitSM{}) }},
		"submit_multi": {id: smpp.CommandSubmitMulti, body: &smpp.SubmitMulti{Destinations: to}, byClient: func(cl *smpp.Client) { go cl.SubmitMulti(ctx, &smpp.SubmitMulti{Destinations: to}) }},
		"data_sm": {id: smpp.CommandDataSM, body: &smpp.DataSM{}, byServer: func(b *smpp.BoundPeer) { go b.SendDataSM(&smpp.DataSM{}, ignore) },
			byClient: func(cl *smpp.Client) { go cl.DataSM(ctx, &smpp.DataSM{}) }},
		"deliver_sm":          {id: smpp.CommandDeliverSM, body: &smpp.DeliverSM{}, byServer: func(b *smpp.BoundPeer) { go b.SendDeliverSM(&smpp.DeliverSM{}, ignore) }},
		"query_sm":            {id: smpp.CommandQuerySM, body: &smpp.QuerySM{MessageID: []byte("m")}, byClient: func(cl *smpp.Client) { go cl.QuerySM(ctx, &smpp.QuerySM{}) }},
		"cancel_sm":           {id: smpp.CommandCancelSM, body: &smpp.CancelSM{MessageID: []byte("m")}, byClient: func(cl *smpp.Client) { go cl.CancelSM(ctx, &smpp.CancelSM{}) }},
		"replace_sm":          {id: smpp.CommandReplaceSM, body: &smpp.ReplaceSM{MessageID: []byte("m")}, byClient: func(cl *smpp.Client) { go cl.ReplaceSM(ctx, &smpp.ReplaceSM{}) }},
		"alert_notification":  {id: smpp.CommandAlertNotification, body: &smpp.AlertNotification{}, byServer: func(b *smpp.BoundPeer) { b.AlertNotification(&smpp.AlertNotification{}) }},
		"broadcast_sm":        {id: smpp.CommandBroadcastSM},
		"query_broadcast_sm":  {id: smpp.CommandQueryBroadcastSM},
		"cancel_broadcast_sm": {id: smpp.CommandCancelBroadcastSM},
		"any other":           {id: 0x300},
	}
}

func TestOperationsOfTable(t *testing.T) {
	rows := tableOf(t, "operation")
	if d := cmp.Diff([]string{"operation", "server takes", "server sends", "client takes", "client sends"}, rows[0]); d != "" {
		t.Fatal(d)
	}
	all := claims()
	for _, row := range rows[1:] {
		c, known := all[row[0]]
		if !known {
			t.Errorf("%s: there is no test of it", row[0])
			continue
		}
		delete(all, row[0])
		if row[0] != "any other" && c.id.String() != row[0] {
			t.Errorf("%s is tried as %s", row[0], c.id)
		}
		t.Run(row[0], func(t *testing.T) {
			c.serverTakes(t, row[1])
			c.serverSends(t, row[2])
			c.clientTakes(t, row[3])
			c.clientSends(t, row[4])
		})
	}
	for name := range all {
		t.Errorf("%s is not in the table", name)
	}
}

func (c *claim) isBind() bool {
	return c.id == smpp.CommandBindTransmitter || c.id == smpp.CommandBindReceiver || c.id == smpp.CommandBindTransceiver
}

// statuses are the cells that refuse.
var statuses = map[string]smpp.Status{
	"ESME_RINVBNDSTS": smpp.StatusInvalidBindStatus, "ESME_RINVCMDID": smpp.StatusInvalidCommandID,
}

// interfaces are the cells that name one, each with a handler that has no other.
// Without it the answer is ESME_RINVCMDID.
func interfaces(e *everything) map[string]smpp.Handler {
	return map[string]smpp.Handler{
		"SubmitMultiHandler": struct {
			smpp.Handler
			smpp.SubmitMultiHandler
		}{e, e},
		"DataSMHandler": struct {
			smpp.Handler
			smpp.DataSMHandler
		}{e, e},
		"QuerySMHandler": struct {
			smpp.Handler
			smpp.QuerySMHandler
		}{e, e},
		"CancelSMHandler": struct {
			smpp.Handler
			smpp.CancelSMHandler
		}{e, e},
		"ReplaceSMHandler": struct {
			smpp.Handler
			smpp.ReplaceSMHandler
		}{e, e},
	}
}

// callback is a cell that names one.
type callback struct {
	cfg     func(called func()) smpp.ClientConfig // has no other
	without smpp.Status
}

var callbacks = map[string]callback{
	"OnDeliver": {func(called func()) smpp.ClientConfig {
		return smpp.ClientConfig{OnDeliver: func(*smpp.DeliverSM) smpp.Status { called(); return smpp.StatusOK }}
	}, smpp.StatusReceiverTemporaryError},
	"OnData": {func(called func()) smpp.ClientConfig {
		return smpp.ClientConfig{OnData: func(_ *smpp.DataSM, r *smpp.Reply) { called(); r.Respond(smpp.StatusOK, "") }}
	}, smpp.StatusInvalidCommandID},
	"OnAlert": {func(called func()) smpp.ClientConfig {
		return smpp.ClientConfig{OnAlert: func(*smpp.AlertNotification) { called() }}
	}, smpp.StatusOK},
}

// wants sends the request and looks for a status. One without a response is
// passed over when nothing comes before the answer to an enquire_link.
func (c *claim) wants(p *peer, status smpp.Status) {
	p.t.Helper()
	p.send(c.id, 0, 7, c.body)
	switch {
	case status == smpp.StatusOK && (c.id == smpp.CommandGenericNack || c.id == smpp.CommandAlertNotification):
		p.send(smpp.CommandEnquireLink, 0, 8, nil)
		p.want(smpp.CommandEnquireLinkResp, smpp.StatusOK, 8)
	case c.id == smpp.CommandGenericNack:
		p.t.Errorf("a generic_nack is answered with %s", status)
	case c.id == smpp.CommandOutbind, c.id == smpp.CommandAlertNotification, c.id == 0x300:
		p.want(smpp.CommandGenericNack, status, 7)
	default:
		p.want(c.id.Response(), status, 7)
	}
}

func (c *claim) serverTakes(t *testing.T, cell string) {
	bound := func(h smpp.Handler) *peer {
		_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
		p := connect(t, addr)
		if !c.isBind() {
			p.bind(smpp.CommandBindTransceiver)
		}
		return p
	}
	if status, refused := statuses[cell]; refused {
		c.wants(bound(newEverything()), status)
		return
	}
	h, needs := interfaces(newEverything())[cell]
	switch {
	case needs:
		c.wants(bound(handlerFunc(accept)), smpp.StatusInvalidCommandID)
	case cell == "yes":
		h = handlerFunc(accept)
	default:
		t.Fatalf("server takes %q: there is no test of it", cell)
	}
	c.wants(bound(h), smpp.StatusOK)
}

func (c *claim) clientTakes(t *testing.T, cell string) {
	if status, refused := statuses[cell]; refused {
		_, p := dialCentre(t, smpp.ClientConfig{
			OnDeliver: func(*smpp.DeliverSM) smpp.Status { return smpp.StatusOK },
			OnData:    func(_ *smpp.DataSM, r *smpp.Reply) { r.Respond(smpp.StatusOK, "") },
			OnAlert:   func(*smpp.AlertNotification) {},
		})
		c.wants(p, status)
		return
	}
	if back, needs := callbacks[cell]; needs {
		_, p := dialCentre(t, smpp.ClientConfig{})
		c.wants(p, back.without)
		called := make(chan struct{}, 1)
		_, p = dialCentre(t, back.cfg(func() { called <- struct{}{} }))
		c.wants(p, smpp.StatusOK)
		waitFor(t, cell, called)
		return
	}
	if cell != "yes" || c.id == smpp.CommandAlertNotification { // that it was taken, no answer would show
		t.Fatalf("client takes %q: there is no test of it", cell)
	}
	if c.id == smpp.CommandOutbind {
		addr, _ := waitForOutbind(t, outbound())
		p := connect(t, addr)
		p.send(0, 0, 7, c.body)
		if m := p.read(); m.CommandID != smpp.CommandBindTransceiver {
			t.Errorf("an outbind is answered with %s", m.CommandID)
		}
		return
	}
	_, p := dialCentre(t, smpp.ClientConfig{})
	c.wants(p, smpp.StatusOK)
}

// never: no state of a session lets the application send it, and the server or
// client has no method for it.
func (c *claim) never(t *testing.T, role smpp.Role) {
	for _, st := range tableStates() {
		s := smpp.NewSession(st.role, testTimers)
		for _, ev := range st.evs {
			s, _ = s.Step(ev, nil)
		}
		_, effects := s.Step(request(c.id), nil)
		if st.role == role && (s.Sends(c.id) || len(effects) > 0 && effects[0].Kind == smpp.EffectSend) {
			t.Errorf("%s sends %s", st.name, c.id)
		}
	}
	switch {
	case role == smpp.RoleServer && c.byServer != nil, role == smpp.RoleClient && (c.byClient != nil || c.isBind()):
		t.Errorf("there is a way to send %s", c.id)
	case c.byItself():
		t.Errorf("%s is sent without being asked for", c.id)
	}
}

func (c *claim) serverSends(t *testing.T, cell string) {
	switch cell {
	case "no":
		c.never(t, smpp.RoleServer)
		return
	case "yes":
	default:
		t.Errorf("server sends %q: there is no test of it", cell)
	}
	if c.id == smpp.CommandOutbind {
		c.outbindBy(t, serveForOutbind(t, smpp.ServerConfig{Accounts: esme(t)}, newEverything()))
		return
	}
	h := newEverything()
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t), EnquireLink: c.quickly()}, h)
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransceiver)
	b := waitFor(t, "the bind", h.bound)
	c.provoke(p, c.byServer != nil, func() { c.byServer(b) })
}

// byItself: the session sends it when it is time to, whoever has it.
func (c *claim) byItself() bool {
	return c.id == smpp.CommandEnquireLink || c.id == smpp.CommandGenericNack
}

// quickly is the time after which the session asks for a sign of life.
func (c *claim) quickly() time.Duration {
	if c.id == smpp.CommandEnquireLink {
		return 10 * time.Millisecond
	}
	return 0
}

// provoke makes the other side send the request, by what it has for that.
func (c *claim) provoke(p *peer, can bool, send func()) {
	p.t.Helper()
	switch {
	case c.id == smpp.CommandEnquireLink: // of its own accord
	case c.id == smpp.CommandGenericNack:
		p.send(0x300, 0, 7, nil)
	case can:
		send()
	default:
		p.t.Fatalf("nobody can send a %s", c.id)
	}
	m := p.read()
	if m.CommandID != c.id {
		p.t.Errorf("got %s, want %s", m.CommandID, c.id)
	}
	p.nc.Close() // which ends whoever waits for an answer
}

func (c *claim) outbindBy(t *testing.T, s *smpp.Server) {
	addr, accepted := centre(t)
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := s.Outbind(context.Background(), nc, c.body.(*smpp.Outbind))
		ended <- err
	}()
	c.provoke(<-accepted, true, func() {})
	if err := waitFor(t, "the end", ended); err == nil {
		t.Error("bound without a bind")
	}
}

func (c *claim) clientSends(t *testing.T, cell string) {
	switch cell {
	case "no":
		c.never(t, smpp.RoleClient)
		return
	case "yes":
	default:
		t.Errorf("client sends %q: there is no test of it", cell)
	}
	if c.isBind() {
		addr, accepted := centre(t)
		failed := make(chan error, 1)
		go func() {
			_, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, Kind: c.id})
			failed <- err
		}()
		c.provoke(<-accepted, true, func() {})
		<-failed
		return
	}
	cl, p := dialCentre(t, smpp.ClientConfig{EnquireLink: c.quickly()})
	c.provoke(p, c.byClient != nil, func() { c.byClient(cl) })
}

// Rows that are not about one TLV.
const (
	rowUnknown = "any other"
	rowPastEnd = "past the end"
	rowTooMany = "more than 256"
)

// tagsOf are the tags that a row of the TLVs is about: that which it names, by number
// too, or some without a name.
func tagsOf(t *testing.T, row []string) []smpp.Tag {
	if none := row[0] == rowUnknown || row[0] == rowPastEnd || row[0] == rowTooMany; none && row[1] != "-" {
		t.Errorf("%s is no tag", row[0])
	}
	switch row[0] {
	case rowUnknown:
		return []smpp.Tag{0x0001, 0x0009, 0x060c, 0x1400, 0x1501, 0x3fff, 0xffff}
	case rowPastEnd, rowTooMany:
		return nil
	}
	n, err := strconv.ParseUint(row[1], 0, 16)
	if tag := smpp.Tag(n); err == nil && tag.String() == row[0] {
		return []smpp.Tag{tag}
	}
	t.Errorf("%s is not %s", row[1], row[0])
	return nil
}

func TestTLVsOfTable(t *testing.T) {
	rows := tableOf(t, "TLV")
	if d := cmp.Diff([]string{"TLV", "tag", "to the peer", "from the peer"}, rows[0]); d != "" {
		t.Fatal(d)
	}
	others := map[smpp.Tag]bool{}
	for tag := range smpp.Tag(0xffff) {
		if !strings.HasPrefix(tag.String(), "0x") {
			others[tag] = true
		}
	}
	w := newTLVWorld(t)
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			tags := tagsOf(t, row)
			for _, tag := range tags {
				if row[0] != rowUnknown && !others[tag] {
					t.Errorf("%s is there twice", tag)
				}
				delete(others, tag)
			}
			w.t, w.row = t, row[0]
			to, from := w.tests()[row[2]], w.tests()[row[3]]
			if to == nil || from == nil {
				t.Fatalf("%q or %q: there is no test of it", row[2], row[3])
			}
			to(tags, true)
			from(tags, false)
		})
	}
	if len(others) > 0 {
		t.Errorf("not in the table: %v", others)
	}
}

// tlvWorld is a server with peers of each version that are bound to it.
type tlvWorld struct {
	t      *testing.T
	row    string
	s      *smpp.Server
	p      map[smpp.Version]*peer
	b      map[smpp.Version]*smpp.BoundPeer
	bind   map[smpp.Version]*smpp.BindResp
	seen   chan smpp.TLVs // of messages that the server was given
	centre *peer          // of a client
	client *smpp.Client
}

func newTLVWorld(t *testing.T) *tlvWorld {
	w := &tlvWorld{t: t, p: map[smpp.Version]*peer{}, b: map[smpp.Version]*smpp.BoundPeer{}, bind: map[smpp.Version]*smpp.BindResp{}, seen: make(chan smpp.TLVs, 1)}
	h := newEverything()
	h.handlerFunc = func(_ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
		w.seen <- p.TLVs.Clone()
		r.Respond(smpp.StatusOK, "m")
	}
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	w.s = s
	for _, v := range []smpp.Version{smpp.Version33, smpp.Version34, smpp.Version50} {
		w.p[v] = connect(t, addr)
		ask := bindPDU(smpp.CommandBindTransceiver, "esme", "secret")
		ask.InterfaceVersion = uint8(v)
		w.p[v].send(0, 0, 1, ask)
		w.bind[v] = w.p[v].want(smpp.CommandBindTransceiverResp, 0, 1).Body.(*smpp.BindResp)
		w.b[v] = waitFor(t, "the bind", h.bound)
	}
	w.client, w.centre = dialCentre(t, smpp.ClientConfig{Window: 1000})
	return w
}

// tests are what the cells of the table say, each with a way to try it for
// some tags, to the peer or from it.
func (w *tlvWorld) tests() map[string]func(tags []smpp.Tag, to bool) {
	return map[string]func([]smpp.Tag, bool){
		"passed on":                                func(tags []smpp.Tag, to bool) { w.passedOn(tags, to); w.ordinary(tags) },
		"passed on; left out below 3.4":            func(tags []smpp.Tag, to bool) { w.passedOn(tags, to); w.leftOut(tags); w.ordinary(tags) },
		"passed on; ErrVersion below 3.4":          func(tags []smpp.Tag, to bool) { w.passedOn(tags, to); w.indispensable(tags) },
		"passed on, ReceiptTLVs":                   func(tags []smpp.Tag, to bool) { w.passedOn(tags, to); w.receipt(tags) },
		"from the server, with the bind, from 3.4": func([]smpp.Tag, bool) { w.of(smpp.TagSCInterfaceVersion.String()); w.withTheBind() },
		"taken by the client":                      func([]smpp.Tag, bool) { w.of(smpp.TagSCInterfaceVersion.String()); w.takenByClient() },
		"from the server, SetCongestion, from 5.0": func([]smpp.Tag, bool) { w.of(smpp.TagCongestionState.String()); w.congestion() },
		"passed on, AppendReceiptTLVs; left out below 3.4": func(tags []smpp.Tag, to bool) {
			w.passedOn(tags, to)
			w.receipt(tags)
			w.leftOut(tags)
		},
		"never":             func([]smpp.Tag, bool) { w.of(rowPastEnd); w.neverHalf() },
		"refused by Append": func([]smpp.Tag, bool) { w.of(rowTooMany); w.tooManyOfOurs() },
		"ESME_RINVPARLEN":   func([]smpp.Tag, bool) { w.of(rowPastEnd, rowTooMany); w.badLength() },
	}
}

// of wants a cell to be in one of the rows that it can be true of.
func (w *tlvWorld) of(rows ...string) {
	w.t.Helper()
	if !slices.Contains(rows, w.row) {
		w.t.Errorf("said of %s, and it is about %v", w.row, rows)
	}
}

// odd are TLVs of all lengths, one of them twice.
func odd(tag smpp.Tag) smpp.TLVs {
	return smpp.TLVs{{Tag: tag, Value: []byte{1}}, {Tag: tag}, {Tag: tag, Value: []byte("a value of its own")}, {Tag: tag, Value: []byte{1}}}
}

func same(a, b smpp.TLVs) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Tag != b[i].Tag || !bytes.Equal(a[i].Value, b[i].Value) {
			return false
		}
	}
	return true
}

// passedOn: as they are, in both directions between a peer of 3.4 and the
// application.
func (w *tlvWorld) passedOn(tags []smpp.Tag, to bool) {
	if len(tags) == 0 {
		w.t.Error("nothing is passed on")
	}
	for _, tag := range tags {
		want := odd(tag)
		var got smpp.TLVs
		if to {
			m := &smpp.DeliverSM{TLVs: want}
			if err := w.b[smpp.Version34].SendDeliverSM(m, func(smpp.Status, error) {}); err != nil {
				w.t.Fatal(err)
			}
			got = w.answer(smpp.Version34).(*smpp.DeliverSM).TLVs
		} else {
			w.p[smpp.Version34].send(0, 0, 9, &smpp.SubmitSM{TLVs: want})
			got = waitFor(w.t, "the message", w.seen)
			w.p[smpp.Version34].want(smpp.CommandSubmitSMResp, 0, 9)
		}
		if !same(got, want) {
			w.t.Errorf("%s: %v became %v", tag, want, got)
		}
	}
}

// answer reads what the server sends and answers it.
func (w *tlvWorld) answer(v smpp.Version) smpp.Body {
	m := w.p[v].read()
	w.p[v].send(m.CommandID.Response(), 0, m.Sequence, nil)
	return m.Body
}

func (w *tlvWorld) leftOut(tags []smpp.Tag) {
	for _, tag := range tags {
		if err := w.b[smpp.Version33].SendDeliverSM(&smpp.DeliverSM{TLVs: odd(tag)}, func(smpp.Status, error) {}); err != nil {
			w.t.Fatal(err)
		}
		if got := w.answer(smpp.Version33).(*smpp.DeliverSM).TLVs; len(got) != 0 {
			w.t.Errorf("%s goes to a peer of 3.3", tag)
		}
	}
}

func (w *tlvWorld) indispensable(tags []smpp.Tag) {
	for _, tag := range tags {
		if err := w.b[smpp.Version33].SendDeliverSM(&smpp.DeliverSM{TLVs: odd(tag)}, nil); !errors.Is(err, smpp.ErrVersion) {
			w.t.Errorf("%s to a peer of 3.3: %v", tag, err)
		}
	}
}

func (w *tlvWorld) receipt(tags []smpp.Tag) {
	written := smpp.AppendReceiptTLVs(nil, "m1", smpp.MessageDelivered, &smpp.NetworkError{NetworkType: 3, Code: 10})
	id, state, network, ok := smpp.ReceiptTLVs(written)
	if !ok || id != "m1" || state != smpp.MessageDelivered || network == nil || network.Code != 10 {
		w.t.Errorf("%v reads as %s %s %v", written, id, state, network)
	}
	for _, tag := range tags {
		if _, there := written.Find(tag); !there {
			w.t.Errorf("%s is not written", tag)
		}
	}
}

// ordinary TLVs have no meaning here: neither receipts nor binds have them.
func (w *tlvWorld) ordinary(tags []smpp.Tag) {
	ours := smpp.AppendReceiptTLVs(nil, "m1", smpp.MessageDelivered, &smpp.NetworkError{NetworkType: 3, Code: 10})
	for _, r := range w.bind {
		ours = append(ours, r.TLVs...)
	}
	for _, tag := range tags {
		if _, there := ours.Find(tag); there {
			w.t.Errorf("%s is not only passed on", tag)
		}
	}
}

func (w *tlvWorld) withTheBind() {
	for v, r := range w.bind {
		said, there := r.TLVs.Find(smpp.TagSCInterfaceVersion)
		if there != (v >= smpp.Version34) || there && smpp.Version(said[0]) != v {
			w.t.Errorf("a peer of %s is told %x", v, said)
		}
	}
}

// takenByClient: a client that would do 5.0 finds a centre of 3.3.
func (w *tlvWorld) takenByClient() {
	addr, accepted := centre(w.t)
	done := make(chan *smpp.Client, 1)
	go func() {
		cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, InterfaceVersion: 0x50})
		if err != nil {
			w.t.Error(err)
		}
		done <- cl
	}()
	p := <-accepted
	p.send(0, 0, p.read().Sequence, &smpp.BindResp{Kind: smpp.CommandBindTransceiverResp, TLVs: smpp.TLVs{}.AppendU8(smpp.TagSCInterfaceVersion, 0x33)})
	cl := <-done
	if cl != nil && cl.Version() != smpp.Version33 {
		w.t.Errorf("the client takes the centre for %s", cl.Version())
	}
	p.nc.Close()
	<-cl.Done()
}

func (w *tlvWorld) congestion() {
	w.s.SetCongestion(42)
	defer w.s.SetCongestion(-1)
	for v, p := range w.p {
		p.send(0, 0, 10, &smpp.SubmitSM{})
		<-w.seen
		r := p.want(smpp.CommandSubmitSMResp, 0, 10).Body.(*smpp.SubmitSMResp)
		state, there := r.TLVs.Find(smpp.TagCongestionState)
		if there != (v == smpp.Version50) || there && !bytes.Equal(state, []byte{42}) {
			w.t.Errorf("a peer of %s is told %x", v, state)
		}
	}
}

// neverHalf: what we encode ends where its last TLV does.
func (w *tlvWorld) neverHalf() {
	b := encode(w.t, 0, 0, 1, &smpp.SubmitSM{TLVs: odd(smpp.TagPrivacyIndicator)})
	if _, err := smpp.DecodePDU(b); err != nil {
		w.t.Error(err)
	}
	long := &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 1<<16)}}}
	if err := w.client.SubmitAsync(long, nil); err == nil {
		w.t.Error("a TLV is sent whose length has no room")
	}
}

func many() smpp.TLVs { return make(smpp.TLVs, smpp.MaxTLVs+1) }

func (w *tlvWorld) tooManyOfOurs() {
	if err := w.client.SubmitAsync(&smpp.SubmitSM{TLVs: many()}, nil); err == nil {
		w.t.Error("more TLVs are sent than are taken")
	}
}

// badLength is for TLVs past the end and too many of them.
func (w *tlvWorld) badLength() {
	p := w.p[smpp.Version34]
	short := encode(w.t, 0, 0, 11, &smpp.SubmitSM{TLVs: odd(0x1400)})
	short[len(short)-2]++ // the length of the last
	p.raw(short)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusInvalidTLVLength, 11)
	body := append(make([]byte, 17), bytes.Repeat([]byte{0x14, 0, 0, 0}, smpp.MaxTLVs+1)...)
	p.send(smpp.CommandSubmitSM, 0, 12, &smpp.Opaque{ID: smpp.CommandSubmitSM, Octets: body})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusInvalidTLVLength, 12)
}
