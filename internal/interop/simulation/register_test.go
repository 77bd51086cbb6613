package simulation

import (
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// register is what HLR and MSC do about messages.
type register struct {
	w       *world
	gateway sccp.Address
	msc     sim.Node
	hlr     *node

	mu       sync.Mutex
	waiting  map[string]bool                // MINs that somebody waits for
	open     int                            // SMSNOTs without an answer
	verdicts map[ansi.TransactionID]verdict // what the MSC has made of an SMDPP
	notes    map[ansi.TransactionID]string  // what SMSNOTs are about
	answers  map[ansi.TransactionID]bool    // which of them have left the gateway
}

// verdict is an answer of the MSC to a part.
type verdict struct {
	made     bool
	ok, fail bool // neither: nobody can say
	silent   bool
	res      ansi41.SMDPPResult
	code     ansi41.ErrorCode
}

// switchboard has messages go to the register, and all else to the lab.
type switchboard struct {
	w   *world
	lab tcap.Handler
}

func (b switchboard) Invoke(q *tcap.Incoming) {
	switch q.Operation {
	case ansi.PrivateOperation(uint8(ansi41.SMSRequest)):
		b.w.register.locate(q)
		return
	case ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint)):
		var inv ansi41.SMDPPInvoke
		if inv.Decode(q.Parameters) == nil && isMessage(&inv) {
			b.w.register.take(q, &inv)
			return
		}
	}
	b.lab.Invoke(q)
}

func isMessage(inv *ansi41.SMDPPInvoke) bool {
	return inv.SMSTeleserviceIdentifier.Given && !inv.ActionCode.OK
}

func newRegister(w *world, cfg *sim.Config) *register {
	return &register{
		w: w, gateway: sccp.PointCodeAddress(sccp.ANSI, cfg.Gateway.PC, cfg.Gateway.SSN), msc: cfg.MSC,
		waiting: map[string]bool{}, verdicts: map[ansi.TransactionID]verdict{}, notes: map[ansi.TransactionID]string{}, answers: map[ansi.TransactionID]bool{},
	}
}

func (r *register) address() ansi41.Digits {
	return ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: r.msc.PC, SSN: uint8(r.msc.SSN)}
}

// elsewhere is an MSC that the gateway does not know.
func (r *register) elsewhere() ansi41.Digits {
	a := r.address()
	a.PC = mtp.ANSI(9, 9, 9)
	return a
}

// locate answers SMSREQ.
func (r *register) locate(q *tcap.Incoming) {
	w, pl := r.w, &r.w.plan.post
	var inv ansi41.SMSREQInvoke
	if inv.Decode(q.Parameters) != nil {
		w.breach("an SMSREQ that cannot be read")
		return
	}
	min := inv.MIN.V.String()
	w.mu.Lock()
	name := w.nth("SMSREQ " + min)
	w.mu.Unlock()
	d := w.dice("answer to " + name)
	p := w.phoneOf(min)
	res := ansi41.SMSREQResult{ESN: ansi41.Some(ansi41.ESN(0x82000000))}
	switch {
	case p == nil:
		w.breach("SMSREQ about %s, which is nobody", min)
		return
	case w.fault("HLR silent", name, pl.hlrSilent):
		return
	case w.fault("HLR denies", name, pl.hlrDenies/2):
		res = ansi41.SMSREQResult{SMSAccessDeniedReason: ansi41.Some([]ansi41.SMSAccessDeniedReason{1, 3, 3, 4}[d.IntN(4)])}
	case w.fault("HLR wrong", name, pl.hlrWrong):
		switch d.IntN(3) {
		case 0:
			other, err := ansi41.ParseMIN("5559999999")
			if err == nil {
				res.MIN, res.SMSAddress = ansi41.Some(other), ansi41.Some(r.address())
			}
		case 1:
			res.SMSAddress = ansi41.Some(r.elsewhere())
		}
	case p.isAway():
		res = ansi41.SMSREQResult{SMSAccessDeniedReason: ansi41.Some(ansi41.AccessPostponed)}
		r.await(min)
	default:
		res.SMSAddress = ansi41.Some(r.address())
	}
	params, err := res.Append(nil)
	if err != nil {
		w.breach("SMSREQ: %v", err)
		return
	}
	w.say("HLR answers %s: %+v", name, res.SMSAccessDeniedReason)
	w.after(w.between("time of "+name, time.Millisecond, 100*time.Millisecond), func() { q.Result(params) })
}

// await: somebody is to hear when this phone is back, unless that is forgotten.
func (r *register) await(min string) {
	if r.w.fault("HLR forgets", min, r.w.plan.post.hlrWrong) {
		return
	}
	r.mu.Lock()
	r.waiting[min] = true
	r.mu.Unlock()
}

// take is a part at the MSC.
func (r *register) take(q *tcap.Incoming, inv *ansi41.SMDPPInvoke) {
	w := r.w
	r.mu.Lock()
	v := r.verdicts[q.TransactionID]
	r.mu.Unlock()
	of := w.ledger.sending(q.TransactionID)
	if of == nil {
		w.breach("an SMDPP that nobody has sent")
		return
	}
	if !v.made {
		v = r.judge(of, inv)
		r.mu.Lock()
		r.verdicts[q.TransactionID] = v
		r.mu.Unlock()
	}
	if v.ok || !v.fail { // vague, or taken: the handset has it
		if p := w.phoneOf(inv.MIN.V.String()); p != nil {
			p.agent.Receive(sim.ShortMessage{From: "2280", Teleservice: inv.SMSTeleserviceIdentifier.ID, Octets: slices.Clone(inv.SMSBearerData)})
		}
	}
	if v.silent {
		w.say("MSC does not answer %s", of.name())
		return
	}
	w.say("MSC answers %s: ok %t, fail %t", of.name(), v.ok, v.fail)
	answer := func() {
		params, err := v.res.Append(nil)
		switch {
		case v.code != 0:
			q.Error(uint8(v.code), nil)
		case err != nil:
			w.breach("SMDPP: %v", err)
		default:
			q.Result(params)
		}
	}
	w.after(w.between("MSC time "+of.name(), time.Millisecond, 400*time.Millisecond), answer)
}

// judge says what becomes of a part, the same for all copies that the network makes.
func (r *register) judge(of *posting, inv *ansi41.SMDPPInvoke) verdict {
	w, pl, name := r.w, &r.w.plan.post, of.name()
	d := w.dice("verdict on " + name)
	min := inv.MIN.V.String()
	cause := func(c ansi41.SMSCauseCode) verdict {
		return verdict{made: true, fail: true, res: ansi41.SMDPPResult{SMSCauseCode: ansi41.Some(c)}}
	}
	p := w.phoneOf(min)
	switch {
	case p == nil:
		w.breach("SMDPP for %s, which is nobody", min)
		return cause(ansi41.CauseAddressVacant)
	case p.isAway() && d.IntN(2) == 0:
		r.await(min)
		return cause(ansi41.CauseSMSDeliveryPostponed)
	case p.isAway():
		return cause(ansi41.CauseNoPageResponse)
	case w.fault("MSC refuses", name, pl.mscRefuses):
		all := []ansi41.SMSCauseCode{
			ansi41.CauseNetworkFailure, ansi41.CauseDestinationBusy, ansi41.CauseDestinationNoLongerAtAddress,
			ansi41.CauseDestinationOutOfService, ansi41.CauseRadioInterfaceShortage, ansi41.CauseInvalidTeleserviceID,
		}
		if n := d.IntN(len(all) + 1); n < len(all) {
			return cause(all[n])
		}
		return verdict{made: true, fail: true, code: ansi41.UnrecognizedMIN}
	case w.fault("MSC vague", name, pl.mscVague/2):
		return verdict{made: true, res: ansi41.SMDPPResult{ESN: ansi41.Some(ansi41.ESN(0x82ffffff))}}
	case w.fault("MSC silent", name, pl.mscSilent):
		return verdict{made: true, silent: true, ok: true}
	}
	return verdict{made: true, ok: true}
}

// back: a phone can be reached again.
func (r *register) back(p *phone) {
	r.mu.Lock()
	waited := r.waiting[p.min]
	delete(r.waiting, p.min)
	r.mu.Unlock()
	if waited || r.w.fault("SMSNOT for nobody", p.min, r.w.plan.post.notForNobody) {
		r.notify(p.min)
	}
}

// notify sends SMSNOT until it is answered.
func (r *register) notify(min string) {
	r.mu.Lock()
	r.open++
	r.mu.Unlock()
	r.invoke(min)
}

// smsnotTime is how long the HLR waits for an answer.
const smsnotTime = 8 * time.Second

func (r *register) invoke(min string) {
	w := r.w
	w.mu.Lock()
	name := w.nth("SMSNOT " + min)
	w.mu.Unlock()
	number, err := ansi41.ParseMIN(min)
	if err != nil {
		w.breach("%v", err)
		return
	}
	inv := ansi41.SMSNOTInvoke{ESN: 0x82000000, MIN: ansi41.Some(number), SMSTeleserviceIdentifier: ansi41.Some(ansi41.Teleservice(4100))}
	switch w.dice(name).IntN(5) {
	case 0:
	case 1:
		inv.SMSAddress = ansi41.Some(r.elsewhere())
	default:
		inv.SMSAddress = ansi41.Some(r.address())
	}
	params, err := inv.Append(nil)
	if err != nil {
		w.breach("%v", err)
		return
	}
	w.say("HLR sends %s", name)
	again := func() { w.after(w.between("again "+name, 2*time.Second, 15*time.Second), func() { r.invoke(min) }) }
	q := tcap.Invoke{Called: r.gateway, Operation: ansi.PrivateOperation(uint8(ansi41.SMSNotification)), Parameters: params, Timeout: smsnotTime}
	r.mu.Lock()
	r.notes[0] = min // until the network sees its transaction
	r.mu.Unlock()
	_, err = r.hlr.tcap.Invoke(q, func(o tcap.Outcome) {
		if o.Kind == tcap.OutcomeResult {
			w.say("HLR: %s is answered", name)
			w.count("notifications answered")
			r.mu.Lock()
			r.open--
			r.mu.Unlock()
			return
		}
		again()
	})
	if err != nil {
		again()
	}
}

// about is what an SMSNOT with this transaction is about.
func (r *register) about(id ansi.TransactionID, first bool) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if first {
		r.notes[id] = r.notes[0]
	}
	return r.notes[id]
}

// arrives: an SMSNOT comes to a process, and left: its answer leaves it.
func (r *register) arrives(p *process, s *sign) {
	r.w.due(p, smsnotTime, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return !r.answers[s.id]
	}, s.String())
}

func (r *register) left(id ansi.TransactionID) {
	r.mu.Lock()
	r.answers[id] = true
	r.mu.Unlock()
}

func (r *register) idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open == 0
}
