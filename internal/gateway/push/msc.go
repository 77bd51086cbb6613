package push

import (
	"strings"
	"sync"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// msc is a serving MSC as a carrier: each part is an SMDPP, whose answer says
// that the handset has it.
type msc struct {
	name    string
	addr    sccp.Address
	svc     *Service
	classes *retries
	wake    func()

	mu     sync.Mutex
	flying int
}

// up: whether an MSC can be reached is the network's to say, message by message.
func (m *msc) up() bool { return true }

func (m *msc) room() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.svc.cfg.Push.SS7.Window - m.flying
}

func (m *msc) under() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flying
}

func (m *msc) send(p *part, done func(answer)) error {
	params, err := m.smdpp(p)
	if err != nil {
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	m.count(1)
	inv := tcap.Invoke{
		Called: m.addr, Operation: ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint)),
		Parameters: params, Timeout: m.svc.cfg.SMDPP,
	}
	esn := p.esn
	_, err = m.svc.cfg.Network.Invoke(inv, func(o tcap.Outcome) {
		done(answer{ev: m.answer(esn, o)})
		m.count(-1)
		m.wake()
	})
	if err != nil {
		m.count(-1)
		return err
	}
	m.svc.counts.sent.Add(1)
	return nil
}

func (m *msc) count(n int) {
	m.mu.Lock()
	m.flying += n
	m.mu.Unlock()
}

// smdpp is a part as IS-637 bearer data. All parts of a message, and all
// sendings of a part, have the same MESSAGE_ID: that is what the handset
// reassembles by, and what it knows a repetition by.
func (m *msc) smdpp(p *part) ([]byte, error) {
	c := &m.svc.cfg.Push.SS7
	min, err := ansi41.ParseMIN(p.min)
	if err != nil {
		return nil, err
	}
	bearer, err := bearerOf(p)
	if err != nil {
		return nil, err
	}
	inv := ansi41.SMDPPInvoke{
		SMSBearerData:            wire.Hex(bearer),
		SMSTeleserviceIdentifier: teleservice(c, p.coding),
		MIN:                      ansi41.Some(min),
	}
	if p.esn != 0 {
		inv.ESN = ansi41.Some(ansi41.ESN(p.esn))
	}
	if source := p.source7(c); source != "" {
		inv.SMSOriginalOriginatingAddress = ansi41.Some(ansi41.E164(strings.TrimPrefix(source, "+"), 0))
	}
	return inv.Append(make([]byte, 0, 64+len(inv.SMSBearerData)))
}

// teleservice of a message: text has one of its own.
func teleservice(c *configs.PushSS7, coding sms.Coding) ansi41.TeleserviceIdentifier {
	if coding == sms.ASCII {
		return ansi41.Teleservice(uint16(is637.TeleserviceWMT))
	}
	return ansi41.Teleservice(c.Teleservice)
}

// bearerOf is what SMS_BearerData holds.
func bearerOf(p *part) ([]byte, error) {
	if p.coding != sms.ASCII {
		return is637.AppendDeliver(make([]byte, 0, 16+len(p.userData)), is637.MessageID(p.reference), p.userData)
	}
	u, err := is637.NewText(is637.EncodingASCII, string(p.userData))
	if err != nil {
		return nil, err
	}
	b := is637.Bearer{Identifier: is637.MessageIdentifier{Type: is637.TypeDeliver, ID: is637.MessageID(p.reference)}, UserData: is637.Some(u)}
	return b.Append(nil)
}

// answer is what an outcome says of a part for the handset with esn, 0 when it is not known.
func (m *msc) answer(esn uint32, o tcap.Outcome) delivery.Event {
	if o.Kind != tcap.OutcomeResult {
		return m.classes.outcome("SMDPP", o, m.svc.counts)
	}
	var r ansi41.SMDPPResult
	switch err := r.Decode(o.Parameters); {
	case err != nil:
		m.svc.counts.doubts.Add(1)
		return meaning{unknown: true}.event("smdpp: " + err.Error())
	case r.SMSCauseCode.OK:
		m.svc.counts.refused.Add(1)
		return m.classes.of(smsCause, uint32(r.SMSCauseCode.V)).event("smdpp: SMS_CauseCode " + r.SMSCauseCode.V.String())
	case r.AuthorizationDenied.OK || r.DenyAccess.OK:
		m.svc.counts.refused.Add(1)
		return meaning{class: delivery.Permanent}.event("smdpp: the MSC denies access")
	case esn != 0 && r.ESN.OK && uint32(r.ESN.V) != esn:
		m.svc.counts.doubts.Add(1)
		return meaning{unknown: true}.event("smdpp: the answer is about another handset")
	}
	return delivery.Event{Kind: delivery.Taken}
}

// outcome is what became of an invoke without a result. A message that the
// network has returned was not taken; one without an answer may have been.
func (c *retries) outcome(op string, o tcap.Outcome, counts *counters) delivery.Event {
	switch o.Kind {
	case tcap.OutcomeNotice:
		return meaning{class: delivery.Temporary}.event(op + ": returned by the network: " + o.ReturnCause.String())
	case tcap.OutcomeError:
		counts.refused.Add(1)
		if o.ErrorCode.National || o.ErrorCode.Wide {
			return meaning{class: delivery.Permanent}.event(op + ": RETURN ERROR " + o.ErrorCode.String())
		}
		code := ansi41.ErrorCode(o.ErrorCode.Code)
		return c.of(returnError, uint32(code)).event(op + ": RETURN ERROR " + code.String())
	case tcap.OutcomeReject:
		counts.refused.Add(1)
		return meaning{class: delivery.Permanent}.event(op + ": REJECT " + o.Problem.String())
	}
	counts.doubts.Add(1)
	return meaning{unknown: true}.event(op + ": no answer")
}
