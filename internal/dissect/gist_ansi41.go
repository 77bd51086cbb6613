package dissect

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

func (g Gister) ansi41(c *wire.Cursor) (string, error) {
	m, err := ansi.Read(c)
	if err != nil {
		return "", err
	}
	p, is := m.(*ansi.Package)
	if !is {
		return "", wire.ErrUnsupported
	}
	if p.Type == ansi.Abort {
		return g.abort(p), nil
	}
	if len(p.Components) == 0 {
		return gistPackage(p), nil
	}
	if g.Queries != nil {
		g.Operation = g.Queries.follow(p)
	}
	parts := make([]string, len(p.Components))
	for i := range p.Components {
		if parts[i], err = g.component(&p.Components[i]); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, " | "), nil
}

func (g Gister) abort(p *ansi.Package) string {
	if p.UserAbort {
		return "abort by the user"
	}
	return "abort  " + p.PAbort.String()
}

func (g Gister) component(k *ansi.Component) (string, error) {
	switch {
	case k.Type == ansi.ReturnError && !k.Error.National && !k.Error.Wide:
		return "return error  " + ansi41.ErrorCode(k.Error.Code).String(), nil
	case k.Type == ansi.ReturnError:
		return "return error  " + k.Error.String(), nil
	case k.Type == ansi.Reject:
		return "reject  " + k.Problem.String(), nil
	case k.Type.IsInvoke() && !isANSI41(k.Operation):
		return fmt.Sprintf("invoke  %v", k.Operation), nil
	case k.Type.IsInvoke():
		return g.set(k.Parameters, ansi41.Operation(k.Operation.Specifier), ansi41.Invoke)
	}
	op := g.Operation
	if op == 0 {
		op = guess(k.Parameters)
	}
	return g.set(k.Parameters, op, ansi41.ReturnResult)
}

// set is about a parameter set: the acronym in capitals asks, in small letters
// it answers.
func (g Gister) set(b []byte, op ansi41.Operation, kind ansi41.Component) (string, error) {
	c := wire.NewCursor("ansi41", b)
	name, read := op.Acronym()+" invoke", ansi41.ReadInvoke
	if kind == ansi41.ReturnResult {
		name, read = strings.ToLower(op.Acronym())+" result", ansi41.ReadResult
		if op == 0 {
			name = "result"
		}
	}
	m, err := read(&c, op)
	if err != nil {
		return "", err
	}
	about, err := g.message(m)
	if len(about) > 0 {
		name += "  " + strings.Join(about, " ")
	}
	return name, err
}

func (g Gister) ansi41Set(c *wire.Cursor) (string, error) {
	op, kind := g.Operation, g.Component
	if op == 0 {
		op = ansi41.SMSDeliveryPointToPoint
	}
	if kind == 0 {
		kind = ansi41.Invoke
	}
	s, err := g.set(c.Rest("parameter set"), op, kind)
	if s != "" {
		err = nil // it is what SMS_BearerData holds that is wrong
	}
	return s, err
}

// words collects what is worth saying of a message.
type words struct {
	g   Gister
	out []string
	err error
}

func (w *words) add(s ...string) { w.out = append(w.out, s...) }

// say adds an optional parameter, with a label unless that is empty.
func say[T fmt.Stringer](w *words, label string, o ansi41.Optional[T]) {
	if !o.OK {
		return
	}
	if label != "" {
		w.add(label)
	}
	w.add(o.V.String())
}

// who adds an identity.
func who[T fmt.Stringer](w *words, label string, o ansi41.Optional[T]) {
	if o.OK {
		w.add(label, w.g.mask(o.V.String()))
	}
}

func (g Gister) message(m ansi41.Message) ([]string, error) {
	w := words{g: g}
	switch m := m.(type) {
	case *ansi41.SMDPPInvoke:
		w.smdppInvoke(m)
	case *ansi41.SMDPPResult:
		w.smdppResult(m)
	case *ansi41.OTASPREQInvoke:
		say(&w, "", m.ActionCode)
		who(&w, "MIN", m.MIN)
		who(&w, "MSMIN", m.MobileStationMIN)
		who(&w, "ESN", m.ESN)
	case *ansi41.OTASPREQResult:
		say(&w, "", m.OTASPResultCode)
		say(&w, "SSD update", m.SSDUpdateReport)
		say(&w, "unique challenge", m.UniqueChallengeReport)
	case *ansi41.SMSREQInvoke:
		say(&w, "", m.ServiceIndicator)
		who(&w, "MIN", m.MIN)
		who(&w, "ESN", m.ESN)
	case *ansi41.SMSREQResult:
		w.address("SMS_Address", m.SMSAddress)
		say(&w, "access denied:", m.SMSAccessDeniedReason)
		say(&w, "cause", m.SMSCauseCode)
	case *ansi41.SMSNOTInvoke:
		who(&w, "MIN", m.MIN)
		w.address("SMS_Address", m.SMSAddress)
		say(&w, "access denied:", m.SMSAccessDeniedReason)
	case *ansi41.REGNOTInvoke:
		who(&w, "MIN", m.MIN)
	case *ansi41.REGNOTResult:
		say(&w, "authorization denied:", m.AuthorizationDenied)
	case *ansi41.MSINACTInvoke:
		who(&w, "MIN", m.MIN)
		say(&w, "", m.DeregistrationType)
	}
	return w.out, w.err
}

func (w *words) smdppInvoke(m *ansi41.SMDPPInvoke) {
	switch {
	case len(m.SMSBearerData) == 0:
	case carriesIS683(m):
		r, err := is683.DecodeForward(m.SMSBearerData)
		if w.err = err; err == nil {
			w.add(is683.Gist(r))
		} else {
			w.add(octets(len(m.SMSBearerData)))
		}
	default:
		w.teleservice(m)
	}
	say(w, "", m.ActionCode)
	who(w, "MIN", m.MIN)
	who(w, "new MIN", m.NewlyAssignedMIN)
	who(w, "new IMSI", m.NewlyAssignedIMSI)
	who(w, "ESN", m.ESN)
	say(w, "TRN", m.TRN)
}

// teleservice is a short message, or octets that we do not know how to read.
func (w *words) teleservice(m *ansi41.SMDPPInvoke) {
	if t, ok := carriesIS637(m); ok {
		c := wire.NewCursor("is637-bearer", m.SMSBearerData)
		if about, err := w.g.bearer(&c, t); err == nil {
			w.add("teleservice", t.String()+",", about)
			return
		}
	}
	w.add(fmt.Sprintf("teleservice %v, %s", m.SMSTeleserviceIdentifier, octets(len(m.SMSBearerData))))
}

func (w *words) smdppResult(m *ansi41.SMDPPResult) {
	if v := m.SMSBearerData; v.OK && len(v.V) > 0 {
		if r, err := is683.DecodeReverse(v.V); err == nil {
			w.add(is683.Gist(r))
		} else {
			w.add(octets(len(v.V)))
		}
	}
	say(w, "cause", m.SMSCauseCode)
	say(w, "authorization denied:", m.AuthorizationDenied)
	say(w, "access denied:", m.DenyAccess)
	who(w, "MSMIN", m.MobileStationMIN)
	who(w, "ESN", m.ESN)
	say(w, "MSCID", m.MSCID)
}

func (w *words) address(label string, o ansi41.Optional[ansi41.Digits]) {
	switch d := &o.V; {
	case !o.OK:
	case d.Digits != "":
		w.add(label, w.g.mask(printable([]byte(d.Digits))))
	case d.SSN != 0:
		w.add(label, fmt.Sprintf("%v SSN %d", d.PC, d.SSN))
	}
}
