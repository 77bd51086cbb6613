package gateway

import (
	"fmt"
	"time"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
)

// answer turns what became of an invoke into the machine's event.
func (q *question) answer(o tcap.Outcome, at time.Time) otasp.Event {
	ev := otasp.Event{Kind: otasp.Failed, Req: q.req, At: at}
	switch o.Kind {
	case tcap.OutcomeResult:
		return q.result(ev, o.Parameters)
	case tcap.OutcomeTimeout, tcap.OutcomeShutdown:
		ev.Failure = otasp.Failure{Class: otasp.NoAnswer, Detail: "no answer in time"}
	case tcap.OutcomeNotice:
		ev.Failure = otasp.Failure{Class: otasp.NotReached, Detail: "returned by the network: " + o.ReturnCause.String()}
	case tcap.OutcomeError:
		if o.ErrorCode.National || o.ErrorCode.Wide {
			ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: "RETURN ERROR " + o.ErrorCode.String()}
			break
		}
		code := ansi41.ErrorCode(o.ErrorCode.Code)
		ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: "RETURN ERROR " + code.String()}
		if q.wants == wantAttach && (code == ansi41.UnrecognizedMIN || code == ansi41.UnrecognizedParameterValue) {
			ev.Failure.Class = otasp.UnknownTRN
		}
	case tcap.OutcomeReject:
		ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: "REJECT " + o.Problem.String()}
	default:
		ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: fmt.Sprintf("ABORT %s", o.PAbort)}
	}
	return ev
}

// result reads a RETURN RESULT. One that cannot be read counts as no answer:
// the peer may have acted. So does one that names another handset: it may be a
// forgery, and the peer may have acted all the same.
func (q *question) result(ev otasp.Event, params []byte) otasp.Event {
	w := q.wants
	switch w {
	case wantAC:
		return q.acResult(ev, params)
	case wantPlace:
		return q.place(ev, params)
	}
	var r ansi41.SMDPPResult
	if err := r.Decode(params); err != nil {
		return unreadable(ev, err)
	}
	if q.who.contradicts(r.ESN, r.MEID, r.MobileStationMIN, r.Unknown) {
		return noAnswer(ev, otherHandset)
	}
	if w == wantStart && r.SMSCauseCode.OK && r.SMSCauseCode.V == causePostponed {
		ev.Kind = otasp.Postponed
		return ev
	}
	if f, failed := smdppFailure(w, &r); failed {
		ev.Failure = f
		return ev
	}
	switch w {
	case wantAttach:
		ev.Kind, ev.Terminal = otasp.Attached, terminal(&r)
	case wantReverse, wantStart:
		ev.Kind, ev.Message = otasp.Reverse, otasp.Octets(r.SMSBearerData.V)
	default:
		ev.Kind = otasp.MSCDone
	}
	return ev
}

func unreadable(ev otasp.Event, err error) otasp.Event {
	return noAnswer(ev, "the answer cannot be read: "+err.Error())
}

func noAnswer(ev otasp.Event, why string) otasp.Event {
	ev.Failure = otasp.Failure{Class: otasp.NoAnswer, Detail: why}
	return ev
}

// smdppFailure: an MSC that cannot carry out an SMDPP answers with a RETURN
// RESULT that names the cause.
func smdppFailure(w wanted, r *ansi41.SMDPPResult) (otasp.Failure, bool) {
	switch {
	case r.SMSCauseCode.OK:
		return causeFailure(w, r.SMSCauseCode.V), true
	case r.AuthorizationDenied.OK:
		return otasp.Failure{Class: otasp.PeerRefused, Detail: "AuthorizationDenied " + r.AuthorizationDenied.V.String()}, true
	case r.DenyAccess.OK:
		return otasp.Failure{Class: otasp.PeerRefused, Detail: "DenyAccess " + r.DenyAccess.V.String()}, true
	case w == wantAttach && !r.ESN.OK && !r.MEID.OK:
		return otasp.Failure{Class: otasp.PeerRefused, Detail: "the attach result names no handset"}, true
	case (w == wantReverse || w == wantStart) && len(r.SMSBearerData.V) == 0:
		return otasp.Failure{Class: otasp.HandsetMute, Detail: "the MSC returned no message of the handset"}, true
	}
	return otasp.Failure{}, false
}

func causeFailure(w wanted, c ansi41.SMSCauseCode) otasp.Failure {
	f := otasp.Failure{Class: otasp.PeerRefused, Detail: "SMS_CauseCode " + c.String()}
	switch {
	case w == wantAttach && (c == ansi41.CauseAddressTranslationFailure || c == ansi41.CauseOtherGeneralProblems):
		f.Class = otasp.UnknownTRN
	case c == ansi41.CauseSessionNotActive || c == ansi41.CauseMSDisconnect:
		f.Class = otasp.HandsetGone
	case c == ansi41.CauseOtherTerminalProblem || c.Temporary():
		f.Class = otasp.HandsetMute
	}
	return f
}

// causePostponed: the handset is away, and will be announced.
const causePostponed ansi41.SMSCauseCode = 36

// place is where the HLR says that the handset is. Messages go to MSCs of the
// configuration only.
func (q *question) place(ev otasp.Event, params []byte) otasp.Event {
	var r ansi41.SMSREQResult
	if err := r.Decode(params); err != nil {
		return unreadable(ev, err)
	}
	switch {
	case q.who.contradicts(r.ESN, ansi41.Optional[ansi41.MEID]{}, r.MIN, r.Unknown):
		return noAnswer(ev, otherHandset)
	case r.SMSAddress.OK:
		if ev.MSC, ev.Kind = q.mscAt(&r.SMSAddress.V), otasp.Located; ev.MSC == "" {
			ev.Kind = otasp.Failed
			ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: "the serving MSC is none of ss7.mscs"}
		}
		ev.Terminal = &otasp.Terminal{ESN: uint32(r.ESN.V)}
	case r.SMSAccessDeniedReason.OK:
		return placeDenied(ev, r.SMSAccessDeniedReason.V)
	case r.SMSCauseCode.OK && r.SMSCauseCode.V == causePostponed:
		ev.Kind = otasp.Postponed
	case r.SMSCauseCode.OK:
		ev.Failure = causeFailure(wantPlace, r.SMSCauseCode.V)
	default:
		return noAnswer(ev, "the HLR gives neither an address nor a reason")
	}
	return ev
}

func placeDenied(ev otasp.Event, why ansi41.SMSAccessDeniedReason) otasp.Event {
	switch why {
	case ansi41.AccessPostponed:
		ev.Kind = otasp.Postponed
	case ansi41.AccessUnavailable:
		ev.Failure = otasp.Failure{Class: otasp.HandsetMute, Detail: "SMS_AccessDeniedReason " + why.String()}
	default:
		ev.Failure = otasp.Failure{Class: otasp.PeerRefused, Detail: "SMS_AccessDeniedReason " + why.String()}
	}
	return ev
}

func terminal(r *ansi41.SMDPPResult) *otasp.Terminal {
	t := &otasp.Terminal{ESN: uint32(r.ESN.V)}
	if r.MobileStationMIN.OK && r.MobileStationMIN.V.Decimal() {
		t.MIN = r.MobileStationMIN.V.String()
	}
	if r.MobileStationIMSI.OK {
		t.IMSI = r.MobileStationIMSI.V.String()
	}
	if r.MEID.OK {
		t.MEID = r.MEID.V.String()
		if !r.ESN.OK {
			t.ESN = uint32(r.MEID.V.PseudoESN())
		}
	}
	t.SystemID, t.Switch = r.MSCID.V.MarketID, r.MSCID.V.SwitchNumber
	if len(r.SystemCapabilities.V) > 0 {
		t.Capabilities = r.SystemCapabilities.V[0]
	}
	return t
}

func (q *question) acResult(ev otasp.Event, params []byte) otasp.Event {
	var r ansi41.OTASPREQResult
	if err := r.Decode(params); err != nil {
		return unreadable(ev, err)
	}
	if q.who.contradicts(ansi41.Optional[ansi41.ESN]{}, ansi41.Optional[ansi41.MEID]{}, ansi41.Optional[ansi41.MIN]{}, r.Unknown) {
		return noAnswer(ev, otherHandset)
	}
	a := &otasp.ACResult{
		Result: uint8(r.OTASPResultCode.V), HasResult: r.OTASPResultCode.OK,
		Modulus: otasp.Octets(r.ModulusValue.V), Primitive: otasp.Octets(r.PrimitiveValue.V), BSKey: otasp.Octets(r.BaseStationPartialKey.V),
		SSDUpdate: uint8(r.SSDUpdateReport.V), UniqueChall: uint8(r.UniqueChallengeReport.V),
		DenyAccess: uint8(r.DenyAccess.V), AuthBS: uint32(r.AUTHBS.V),
	}
	if len(r.AKeyProtocolVersion.V) > 0 {
		a.AKeyVersion = r.AKeyProtocolVersion.V[0]
	}
	ev.Kind, ev.AC = otasp.ACAnswer, a
	return ev
}
