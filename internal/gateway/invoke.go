package gateway

import (
	"time"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

// effectKind says what is to be done after the commit.
type effectKind uint8

const (
	doInvoke   effectKind = iota + 1
	doFail                // the request cannot be sent: tell the machine
	doResolve             // ask for the order
	doAwait               // SMSNOT about this subscriber is for the session
	doInvite              // push the call-back to the handset
	doDocument            // the handset is to do this next
	doEnd                 // nobody may call back any more
	doReturn              // give the activation MIN back: the call is over, the session is not
	doForget              // the session is over: give the activation MIN back
	doAnomaly
)

// effect is what Perform does. It holds everything it needs.
type effect struct {
	kind    effectKind
	req     uint16
	attempt uint8
	wants   wanted
	who     identity
	timeout time.Duration // how long the peer may take
	op      ansi41.Operation
	called  sccp.Address
	params  []byte
	query   otasp.Query
	min     string
	account string // whose postman is to look

	invitation *invitation
	exchange   *exchange
	expected   rendezvous.Expected
	result     otasp.Result
	note       string
}

// wanted is how an answer is to be read.
type wanted uint8

const (
	wantAttach wanted = iota + 1
	wantReverse
	wantDone
	wantAC
	wantStart // the answer to OTAPA Request, or that the handset is away
	wantPlace // where the handset is
)

// compose turns a request of the machine into an ANSI-41 operation.
func (r *routes) compose(c *call, e *otasp.Effect) effect {
	out := effect{kind: doInvoke, req: e.Req, attempt: e.Attempt, who: identityOf(&c.otasp)}
	var err error
	switch e.Kind {
	case otasp.AskAC:
		err = r.composeOTASPREQ(c, e, &out)
	case otasp.Locate:
		err = r.composeSMSREQ(c, &out)
	default:
		err = r.composeSMDPP(c, e, &out)
	}
	if err != nil {
		return effect{kind: doFail, req: e.Req, note: err.Error()}
	}
	return out
}

// composeSMDPP: one SMDPP for each request to the serving MSC. Bearer data and
// teleservice are present with length 0 where there is nothing to carry.
func (r *routes) composeSMDPP(c *call, e *otasp.Effect, out *effect) error {
	s := &c.otasp
	msc, ok := r.mscs[s.Trigger.MSC]
	if !ok {
		return errNoRoute("MSC " + s.Trigger.MSC)
	}
	out.op, out.called, out.timeout, out.wants = ansi41.SMSDeliveryPointToPoint, msc.addr, r.timers.SMDPP, wantDone
	n := numbers{}
	inv := ansi41.SMDPPInvoke{MIN: n.min(knownAs(s)), ServiceIndicator: ansi41.Some(service(s))}
	if e.Kind != otasp.Attach {
		inv.ESN, inv.MEID = n.esn(s.Terminal.ESN), n.meid(s.Terminal.MEID)
	}
	switch e.Kind {
	case otasp.Attach:
		inv.ActionCode, inv.TRN = ansi41.Some(ansi41.ActionAttachMSCToOTAF), n.trn(s.Trigger.TRN)
		out.wants = wantAttach
	case otasp.Relay:
		inv.SMSBearerData, out.wants = wire.Hex(e.Message), wantReverse
		if e.Channel {
			inv.ActionCode, out.wants = ansi41.Some(ansi41.ActionAllocateResources), wantStart
		}
	case otasp.ReleaseChannel:
		inv.ActionCode = ansi41.Some(ansi41.ActionReleaseResources)
	case otasp.ReleaseTRN:
		inv.ActionCode, inv.TRN = ansi41.Some(ansi41.ActionReleaseTRN), n.trn(s.Trigger.TRN)
	case otasp.RecordNewMSID:
		inv.ActionCode, inv.NewlyAssignedMIN = ansi41.Some(ansi41.ActionRecordNEWMSID), n.min(s.Order.MIN())
	case otasp.InitiateREGNOT:
		inv.ActionCode, inv.NewlyAssignedMIN = ansi41.Some(ansi41.ActionInitiateRegistrationNotification), n.min(s.Order.MIN())
	}
	if n.err != nil {
		return n.err
	}
	var err error
	out.params, err = inv.Append(make([]byte, 0, 64+len(e.Message)))
	return err
}

// knownAs is the MIN that the network knows the session's handset by: the one
// lent for an activation, or its own.
func knownAs(s *otasp.Session) string {
	if s.Way == otasp.ByNetwork {
		return s.Terminal.MIN
	}
	return s.Trigger.ActivationMIN
}

func service(s *otasp.Session) ansi41.ServiceIndicator {
	if s.Way == otasp.ByNetwork {
		return ansi41.ServiceCDMAOTAPA
	}
	return ansi41.ServiceCDMAOTASP
}

// notifyWhenBack is SMS_NotificationIndicator: SMSNOT is wanted.
const notifyWhenBack = 1

// composeSMSREQ asks the HLR where the handset is.
func (r *routes) composeSMSREQ(c *call, out *effect) error {
	if r.ac == nil {
		return errNoRoute("HLR")
	}
	s, n := &c.otasp, numbers{}
	out.op, out.called, out.timeout, out.wants = ansi41.SMSRequest, *r.ac, r.smsreq, wantPlace
	inv := ansi41.SMSREQInvoke{
		MIN: n.min(s.Terminal.MIN), ESN: n.esn(s.Terminal.ESN), ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTAPA),
		SMSNotificationIndicator: ansi41.Some(ansi41.SMSNotificationIndicator(notifyWhenBack)),
	}
	if n.err != nil {
		return n.err
	}
	var err error
	out.params, err = inv.Append(nil)
	return err
}

// composeOTASPREQ: one OTASPREQ for each request to the authentication centre.
func (r *routes) composeOTASPREQ(c *call, e *otasp.Effect, out *effect) error {
	if r.ac == nil {
		return errNoRoute("authentication centre")
	}
	s, a, n := &c.otasp, &e.AC, numbers{}
	out.op, out.called, out.timeout, out.wants = ansi41.OTASPRequest, *r.ac, r.timers.OTASPREQ, wantAC
	inv := ansi41.OTASPREQInvoke{
		ActionCode:       ansi41.Some(ansi41.ActionCode(a.Action)),
		ESN:              n.esn(s.Terminal.ESN),
		MEID:             n.meid(s.Terminal.MEID),
		MIN:              n.min(knownAs(s)),
		MobileStationMIN: n.min(s.Terminal.MIN),
		ServiceIndicator: ansi41.Some(service(s)),
	}
	if s.Terminal.SystemID != 0 { // what the attach has told
		inv.SystemCapabilities = ansi41.Some(ansi41.SystemCapabilities{s.Terminal.Capabilities})
		inv.MSCID = ansi41.Some(ansi41.MSCID{MarketID: s.Terminal.SystemID, SwitchNumber: s.Terminal.Switch})
	}
	switch a.Action {
	case otasp.GenerateValues:
		inv.AKeyProtocolVersion = ansi41.Some(ansi41.AKeyProtocolVersions(a.Versions))
	case otasp.GenerateAKey:
		inv.MobileStationPartialKey = ansi41.Some(wire.Hex(a.MSKey))
	case otasp.SSDUpdate:
		out.timeout = r.timers.SSDUpdate
	case otasp.AuthenticateBS:
		inv.RANDBS = ansi41.Some(ansi41.RandomVariable(a.RandBS))
	case otasp.CommitAKey:
		inv.NewlyAssignedMIN = n.min(a.NewMIN)
	case otasp.ReAuthenticate:
		inv.RAND = ansi41.Some(ansi41.RandomVariable(a.Rand))
		inv.AUTHR, inv.COUNT = ansi41.Some(ansi41.AuthenticationValue(a.AuthR)), ansi41.Some(a.Count)
		inv.AuthenticationData = ansi41.Some(ansi41.AuthenticationValue(a.AuthData))
	}
	if n.err != nil {
		return n.err
	}
	var err error
	out.params, err = inv.Append(make([]byte, 0, 96+len(a.MSKey)))
	return err
}

// numbers turns the text of identities into parameters; an empty text is an
// absent parameter. It keeps the first error.
type numbers struct{ err error }

func (n *numbers) keep(err error) {
	if n.err == nil {
		n.err = err
	}
}

func (n *numbers) min(s string) (o ansi41.Optional[ansi41.MIN]) {
	if s == "" {
		return o
	}
	v, err := ansi41.ParseMIN(s)
	n.keep(err)
	return ansi41.Some(v)
}

func (n *numbers) trn(s string) ansi41.Optional[ansi41.TRN] {
	v, err := ansi41.ParseTRN(s)
	n.keep(err)
	return ansi41.Some(v)
}

func (n *numbers) esn(v uint32) (o ansi41.Optional[ansi41.ESN]) {
	if v == 0 {
		return o
	}
	return ansi41.Some(ansi41.ESN(v))
}

func (n *numbers) meid(s string) (o ansi41.Optional[ansi41.MEID]) {
	if s == "" {
		return o
	}
	v, err := ansi41.ParseMEID(s)
	n.keep(err)
	return ansi41.Some(v)
}
