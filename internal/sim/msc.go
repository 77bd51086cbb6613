package sim

import (
	"fmt"
	"sync"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// MSC is a serving MSC: it hands out a TRN to each call it extends to the
// customer service centre, attaches the gateway by it, and relays IS-683 to
// the handset. It takes short messages to the phones that are switched on, and
// sets up channels to idle handsets for OTAPA; see msc_sms.go and msc_otapa.go.
type MSC struct {
	id     ansi41.MSCID
	script *Script
	air    func(toHandset bool, msg []byte) // told of every radio message
	send   func(op ansi41.Operation, params []byte, done func(tcap.Outcome))
	pool   []string
	again  func(q *tcap.Incoming, params []byte) // sends the answer once more
	way    *air                                  // to the phones

	mu     sync.Mutex
	calls  map[string]*Call   // by TRN
	byMIN  map[string]*Call   // by activation MIN, while attached
	phones map[string]Phone   // by MIN; nil when switched off
	idle   map[string]*camped // by MIN: handsets that OTAPA reaches; see msc_otapa.go
}

// Call is one call of a handset to the customer service centre.
type Call struct {
	TRN     string
	Handset *Handset

	min    string // activation MIN
	newMIN string
	gone   bool
}

// Dial is a subscriber dialling the star code: the MSC takes a TRN for the call.
func (m *MSC) Dial(h *Handset) (*Call, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.pool) == 0 {
		return nil, fmt.Errorf("the MSC has no TRN left")
	}
	c := &Call{TRN: m.pool[0], Handset: h}
	m.pool = m.pool[1:]
	m.calls[c.TRN] = c
	return c, nil
}

// HangUp ends the call of the handset. The TRN stays taken until it is released.
func (m *MSC) HangUp(c *Call) {
	m.mu.Lock()
	c.gone = true
	m.mu.Unlock()
	c.Handset.CallEnded()
}

// Taken is the number of TRNs not given back.
func (m *MSC) Taken() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.calls)
}

// Attached is the number of activation MINs in use.
func (m *MSC) Attached() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.byMIN)
}

// Invoke answers one operation of the gateway.
func (m *MSC) Invoke(q *tcap.Incoming) {
	if q.Operation != ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint)) {
		q.Reject(ansi.UnrecognizedOperation)
		return
	}
	var inv ansi41.SMDPPInvoke
	if err := inv.Decode(q.Parameters); err != nil {
		q.Error(uint8(ansi41.ParameterError), nil)
		return
	}
	if isShortMessage(&inv) {
		m.shortMessage(q, &inv)
		return
	}
	rule := &Rule{}
	if m.script != nil {
		rule = m.script.next(stepOf(&inv))
	}
	if rule.before(func() { m.cutOff(&inv) }) {
		return // the request was lost on its way
	}
	res, after := m.carryOut(&inv)
	rule.answer(func() {
		reply(q, res)
		if after != nil {
			after()
		}
	})
}

func reply(q *tcap.Incoming, res *ansi41.SMDPPResult) {
	params, err := res.Append(nil)
	if err != nil {
		q.Error(uint8(ansi41.SystemFailure), nil)
		return
	}
	q.Result(params)
}

// stepOf names an SMDPP for scripts: the IS-683 message, or the action of one
// that carries none.
func stepOf(inv *ansi41.SMDPPInvoke) string {
	if inv.ActionCode.OK && len(inv.SMSBearerData) == 0 {
		return inv.ActionCode.V.String()
	}
	return forwardName(inv.SMSBearerData)
}

// cutOff has the caller hang up whom an SMDPP is about.
func (m *MSC) cutOff(inv *ansi41.SMDPPInvoke) {
	if inv.ServiceIndicator.V == ansi41.ServiceCDMAOTAPA {
		m.LoseChannel(inv.MIN.V.String())
		return
	}
	m.mu.Lock()
	c := m.calls[inv.TRN.V.String()]
	if !inv.TRN.OK || c == nil {
		c = m.byMIN[inv.MIN.V.String()]
	}
	m.mu.Unlock()
	if c != nil {
		m.HangUp(c)
	}
}

// carryOut does what an SMDPP asks; after runs when the answer is on its way.
func (m *MSC) carryOut(inv *ansi41.SMDPPInvoke) (res *ansi41.SMDPPResult, after func()) {
	switch {
	case inv.ServiceIndicator.V == ansi41.ServiceCDMAOTAPA:
		return m.otapa(inv)
	case inv.ActionCode.OK && inv.ActionCode.V == ansi41.ActionAttachMSCToOTAF:
		return m.attach(inv), nil
	case inv.ActionCode.OK && inv.ActionCode.V == ansi41.ActionReleaseTRN:
		return m.release(inv), nil
	case inv.ActionCode.OK && inv.ActionCode.V == ansi41.ActionRecordNEWMSID:
		return m.withCall(inv, func(c *Call) { c.newMIN = inv.NewlyAssignedMIN.V.String() }), nil
	case inv.ActionCode.OK && inv.ActionCode.V == ansi41.ActionInitiateRegistrationNotification:
		var call *Call
		res = m.withCall(inv, func(c *Call) { call = c })
		return res, func() { m.registerCall(call) }
	}
	return m.relay(inv), nil
}

func cause(c ansi41.SMSCauseCode) *ansi41.SMDPPResult {
	return &ansi41.SMDPPResult{SMSCauseCode: ansi41.Some(c)}
}

func (m *MSC) attach(inv *ansi41.SMDPPInvoke) *ansi41.SMDPPResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.calls[inv.TRN.V.String()]
	switch {
	case c == nil:
		return cause(ansi41.CauseAddressTranslationFailure)
	case c.gone:
		return cause(ansi41.CauseMSDisconnect)
	}
	c.min = inv.MIN.V.String()
	m.byMIN[c.min] = c
	res := &ansi41.SMDPPResult{
		ESN:                ansi41.Some(ansi41.ESN(c.Handset.ESN())),
		MSCID:              ansi41.Some(m.id),
		SystemCapabilities: ansi41.Some(ansi41.SystemCapabilities{0x00}),
	}
	if min, err := ansi41.ParseMIN(c.Handset.Memory().IMSIM.S); err == nil {
		res.MobileStationMIN = ansi41.Some(min)
	}
	return res
}

func (m *MSC) release(inv *ansi41.SMDPPInvoke) *ansi41.SMDPPResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.calls[inv.TRN.V.String()]
	if c == nil {
		return &ansi41.SMDPPResult{} // released already: saying so again does no harm
	}
	delete(m.calls, c.TRN)
	delete(m.byMIN, c.min)
	m.pool = append(m.pool, c.TRN)
	return &ansi41.SMDPPResult{}
}

func (m *MSC) withCall(inv *ansi41.SMDPPInvoke, do func(*Call)) *ansi41.SMDPPResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.byMIN[inv.MIN.V.String()]
	if c == nil {
		return cause(ansi41.CauseSessionNotActive)
	}
	do(c)
	return &ansi41.SMDPPResult{}
}

// attached is the call of an activation MIN, nil when there is none, and
// whether its caller has hung up.
func (m *MSC) attached(min string) (c *Call, gone bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c = m.byMIN[min]
	return c, c != nil && c.gone
}

// relay passes an IS-683 message over the radio and returns the answer.
func (m *MSC) relay(inv *ansi41.SMDPPInvoke) *ansi41.SMDPPResult {
	c, gone := m.attached(inv.MIN.V.String())
	switch {
	case c == nil:
		return cause(ansi41.CauseSessionNotActive)
	case gone:
		return cause(ansi41.CauseMSDisconnect)
	}
	return m.carry(c.Handset, inv.SMSBearerData)
}

// registerCall has the new identity of a caller registered with the HLR.
func (m *MSC) registerCall(c *Call) {
	if c == nil {
		return
	}
	m.mu.Lock()
	now := c.newMIN
	m.mu.Unlock()
	m.register(c.Handset, now, accessOTASP)
}

func (m *MSC) register(h *Handset, number string, access uint8) {
	min, err := ansi41.ParseMIN(number)
	if err != nil {
		return
	}
	inv := ansi41.REGNOTInvoke{
		ESN: ansi41.ESN(h.ESN()), MIN: ansi41.Some(min), MSCID: m.id,
		QualificationInformationCode: validationAndProfile, SystemMyTypeCode: ansi41.SystemMyTypeCode(simVendor),
		SystemAccessType: ansi41.Some(ansi41.SystemAccessType(access)),
	}
	params, err := inv.Append(nil)
	if err != nil {
		return
	}
	m.send(ansi41.RegistrationNotification, params, func(tcap.Outcome) {})
}

// Values of REGNOT parameters.
const (
	simVendor            = 7 // SystemMyTypeCode
	validationAndProfile = 3
	accessAutonomous     = 3
	accessOTASP          = 9
)

// Prove runs the SSD update between AC and handset, which the gateway sees
// nothing of: whether the handset of an activation has agreed on this key.
func (m *MSC) Prove(activationMIN string, key [8]byte) bool {
	c, gone := m.attached(activationMIN)
	return c != nil && !gone && c.Handset.holds(key)
}
