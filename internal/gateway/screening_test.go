package gateway

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Where the nodes of the laboratory are, and one that does not belong there.
var (
	mscPC     = mtp.ANSI(1, 12, 6)
	hlrPC     = mtp.ANSI(1, 12, 7)
	hostilePC = mtp.ANSI(9, 9, 9)
)

// villain is somebody in the signalling network who sees what the gateway asks
// and writes what he likes.
type villain struct {
	t   *testing.T
	net *sim.Network

	mu      sync.Mutex
	asked   map[mtp.PointCode]ansi.TransactionID // the last query to each node
	told    []ansi.Package                       // what the gateway has sent to the villain
	toHLR   chan ansi.Package
	queries uint32
}

// watch reads along at the STP.
func (v *villain) watch(s sim.Sight) {
	var data m3ua.Data
	var udt sccp.UDT
	var p ansi.Package
	if s.Proto != "m3ua" || data.Decode(s.Octets) != nil || data.OPC != mtp.ANSI(1, 12, 5) {
		return
	}
	if udt.Decode(data.UserData) != nil || p.Decode(udt.Data) != nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case p.Type == ansi.QueryWithPermission:
		v.asked[data.DPC] = p.Originating
	case data.DPC == hostilePC:
		v.told = append(v.told, p)
	case data.DPC == hlrPC:
		v.toHLR <- p
	}
}

func (v *villain) askedOf(pc mtp.PointCode) ansi.TransactionID {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.asked[pc]
}

// send writes a package: opc is what MTP says, calling what the package says.
func (v *villain) send(opc, calling mtp.PointCode, ssn sccp.SSN, p ansi.Package) {
	v.t.Helper()
	data, err := p.Append(nil)
	if err != nil {
		v.t.Error(err)
		return
	}
	udt := sccp.UDT{
		Variant: sccp.ANSI, Class: sccp.Class0, Data: data,
		Called: sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 5), 12), Calling: sccp.PointCodeAddress(sccp.ANSI, calling, ssn),
	}
	b, err := udt.Append(nil)
	if err != nil {
		v.t.Error(err)
		return
	}
	if err := v.net.Inject(mtp.Transfer{OPC: opc, DPC: mtp.ANSI(1, 12, 5), SI: mtp.ServiceSCCP, NI: mtp.National, Data: b}); err != nil {
		v.t.Error(err)
	}
}

func (v *villain) invoke(opc, calling mtp.PointCode, ssn sccp.SSN, op ansi41.Operation) {
	v.queries++
	v.send(opc, calling, ssn, ansi.Package{Type: ansi.QueryWithPermission, Originating: ansi.TransactionID(v.queries), Components: []ansi.Component{{
		Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 1, Operation: ansi.PrivateOperation(uint8(op)),
	}}})
}

// forgeries are three ways to end a transaction: a result that names another
// handset, an abort, and one that cannot be read.
func (v *villain) forge(opc, calling mtp.PointCode, id ansi.TransactionID) {
	set, err := (&ansi41.SMDPPResult{ESN: ansi41.Some(ansi41.ESN(0xdeadbeef)), SMSBearerData: ansi41.Some(wire.Hex{5, 0})}).Append(nil)
	if err != nil {
		v.t.Error(err)
	}
	v.send(opc, calling, 8, ansi.Package{Type: ansi.Response, Responding: id, Components: []ansi.Component{{
		Type: ansi.ReturnResultLast, HasCorrelationID: true, Parameters: set,
	}}})
	v.send(opc, calling, 8, ansi.Package{Type: ansi.Abort, Responding: id, PAbort: ansi.AbortResourceUnavailable})
	v.send(opc, calling, 8, ansi.Package{Type: ansi.ConversationWithPermission, Originating: 7, Responding: id})
}

const (
	forgeries = 3  // that forge sends
	guesses   = 40 // in each exchange
)

// TestHostileNode: while everything that an order can ask for is carried out,
// a node that nobody named does what it can in every exchange, before the node
// that was asked acts. The session ends as ordered, the villain hears nothing,
// and the counters tell.
func TestHostileNode(t *testing.T) {
	o := testOrder()
	o.AKey, o.ReAuth = true, true
	v := &villain{t: t, asked: map[mtp.PointCode]ansi.TransactionID{}, toHLR: make(chan ansi.Package, 1000)}
	var steps []string
	nc := sim.LabConfig()
	nc.Observe = v.watch
	nc.Script = &sim.Script{Every: func(step string) sim.Do {
		steps = append(steps, step)
		node := mscPC
		if strings.HasPrefix(step, "OTASPREQ ") {
			node = hlrPC
		}
		v.invoke(hostilePC, hostilePC, 8, ansi41.SMSDeliveryPointToPoint)
		v.invoke(hostilePC, hostilePC, 6, ansi41.OTASPRequest)
		v.invoke(hostilePC, hlrPC, 6, ansi41.SMSNotification) // in the HLR's name
		v.invoke(hlrPC, hlrPC, 6, ansi41.SMSNotification)     // as the HLR
		v.forge(hostilePC, hostilePC, v.askedOf(node))
		v.forge(hostilePC, node, v.askedOf(node)) // in the node's name
		for i := range guesses {
			v.send(hostilePC, hostilePC, 8, ansi.Package{Type: ansi.ConversationWithPermission, Originating: 7, Responding: ansi.TransactionID(i)})
		}
		return sim.Nothing
	}}
	l := newLabOn(t, nc, o)
	v.net = l.net
	var log testlog.Log
	l.log = zerolog.New(&log)
	hc := sim.DefaultHandset()
	h := sim.NewHandset(hc)
	g := l.start(l.open())
	ivr := g.ivr()
	r := l.receipt(ivr, l.submit(ivr, "TRN="+l.dial(h).TRN, smpp.StatusOK))
	for range steps {
		select {
		case p := <-v.toHLR:
			if len(p.Components) != 1 || p.Components[0].Type != ansi.Reject || p.Components[0].Problem != ansi.UnrecognizedOperation {
				t.Errorf("the HLR was sent %+v", p)
			}
		case <-time.After(time.Minute):
			t.Fatal("the HLR gets no answer")
		}
	}
	stats, screened, tc := g.Stats(), g.Screening(), g.ss7.tcap.Stats()
	g.stop()

	if r.Stat != smpp.MessageDelivered || r.Text != "ok" {
		t.Errorf("%+v", r)
	}
	if err := programmed(&o, h.Memory()); err != nil {
		t.Error(err)
	}
	n := uint64(len(steps))
	if n == 0 || stats.TimedOut != 0 || stats.Bad != 0 || stats.Answered != n {
		t.Errorf("%d exchanges: %+v", n, stats)
	}
	for op, want := range map[string]uint64{"SMDPP": n, "OTASPREQ": n, "SMSNOT": 2 * n} {
		if got := screened.Refused[op]; got != want {
			t.Errorf("%s was refused %d times, want %d", op, got, want)
		}
	}
	if got := screened.Of(screen.FromStranger); got != 3*n {
		t.Errorf("%d of strangers, want %d", got, 3*n)
	}
	if got := screened.Of(screen.NotForPeer); got != n {
		t.Errorf("%d of the HLR, want %d", got, n)
	}
	if got := screened.Of(screen.ForeignAnswer); got != 2*forgeries*n || tc.Of(tcap.ForeignAnswer) != got {
		t.Errorf("%d foreign answers, TCAP has %d, want %d", got, tc.Of(tcap.ForeignAnswer), 2*forgeries*n)
	}
	if got := screened.Of(screen.Guess); got != (2*forgeries+guesses)*n || screened.Of(screen.Alarm) != 1 || screened.Of(screen.GuessHeld) == 0 {
		t.Errorf("%d guesses, %d alarms, %d held", got, screened.Of(screen.Alarm), screened.Of(screen.GuessHeld))
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.told) > 0 {
		t.Errorf("the villain was answered: %+v", v.told)
	}
	if len(v.toHLR) != 0 {
		t.Errorf("the HLR got %d answers more", len(v.toHLR))
	}
	for line, want := range map[string]int{"ALARM": 1, "operation refused": 2, "answer of another node refused": 1} {
		if got := strings.Count(log.String(), line); got != want {
			t.Errorf("%d lines %q, want %d", got, line, want)
		}
	}
	if !strings.Contains(log.String(), `"screening":{`) {
		t.Error("the counters of screening are not in the log")
	}
}

// TestScreening: what a configuration comes to.
func TestScreening(t *testing.T) {
	c := &labConfig("127.0.0.1:2905").SS7
	c.MSCs[0].Route.AnswersFrom = []string{"1-12-16"}
	c.MSCs = append(c.MSCs,
		configs.MSC{Name: "title", Route: configs.Route{GlobalTitle: "16195551234", SSN: 8, AnswersFrom: []string{"1-12-26"}}},
		configs.MSC{Name: "any", Route: configs.Route{GlobalTitle: "18585551234", SSN: 8, AnswersFrom: []string{"any"}}})
	c.Translations = []configs.Translation{{Name: "west", Prefix: "1", PointCode: "1-12-1"}, {Name: "south", Prefix: "1619", PointCode: "1-12-2"}}
	c.Screening.Peers = []configs.ScreenedPeer{{
		Name: "hlr1", PointCodes: []string{"1-12-7"}, SSNs: []uint8{6}, Operations: []string{"SMSNOT", "RegistrationNotification"}, Rate: 1, Burst: 1,
	}}
	table, err := translations(c)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := screening(c, table)
	if err != nil {
		t.Fatal(err)
	}
	r := &sc.Rules
	asked := func(m int) sccp.Address { return r.Routes[m].Asked }
	from := func(pc mtp.PointCode) tcap.Origin {
		return tcap.Origin{PointCode: pc, Calling: sccp.PointCodeAddress(sccp.ANSI, pc, 8)}
	}
	for _, a := range []struct {
		name  string
		asked sccp.Address
		from  mtp.PointCode
		want  bool
	}{
		{"the MSC", asked(0), mscPC, true},
		{"its other point code", asked(0), mtp.ANSI(1, 12, 16), true},
		{"the HLR for the MSC", asked(0), hlrPC, false},
		{"the HLR", asked(3), hlrPC, true},
		{"the HLR has no other point code", asked(3), mtp.ANSI(1, 12, 16), false},
		{"the node that translates", asked(1), mtp.ANSI(1, 12, 2), true},
		{"one that translates another title", asked(1), mtp.ANSI(1, 12, 1), false},
		{"a node behind the title", asked(1), mtp.ANSI(1, 12, 26), true},
		{"anybody", asked(2), hostilePC, true},
		{"not anybody", asked(1), hostilePC, false},
	} {
		if got := r.MayAnswer(a.asked, from(a.from)); got != a.want {
			t.Errorf("%s may answer: %t", a.name, got)
		}
	}
	hlr := tcap.Origin{PointCode: hlrPC, Calling: sccp.PointCodeAddress(sccp.ANSI, hlrPC, 6)}
	for _, a := range []struct {
		from tcap.Origin
		op   ansi41.Operation
		want screen.Reason
	}{
		{hlr, ansi41.SMSNotification, screen.Allowed},
		{hlr, ansi41.RegistrationNotification, screen.Allowed},
		{hlr, ansi41.OTASPRequest, screen.WrongOperation},
		{from(hlrPC), ansi41.SMSNotification, screen.WrongSSN},
		{from(mscPC), ansi41.SMSNotification, screen.WrongOperation},
		{from(hostilePC), ansi41.SMSNotification, screen.Stranger},
	} {
		if p, got := r.Judge(a.from, ansi.PrivateOperation(uint8(a.op))); got != a.want {
			t.Errorf("%s of %s (%s): %s, want %s", a.op, a.from.Calling, p.Name, got, a.want)
		}
	}
	c.Screening.Peers[0].Operations[0] = "SMSNOTE"
	if _, err := screening(c, table); err == nil || !strings.Contains(err.Error(), "ss7.screening.peers[hlr1]: operations: \"SMSNOTE\"") {
		t.Errorf("%v", err)
	}
}
