package sim

import (
	"math/big"
	"sync"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// HLR is a home location register with its authentication centre.
type HLR struct {
	script *Script

	mu       sync.Mutex
	temp     map[string]*exchange // by activation MIN, until committed or released
	keys     map[string][8]byte   // committed A-keys, by MIN
	verified map[string]bool      // activation MINs whose handset proved the temporary key
	at       map[string]ansi41.MSCID
	prove    func(activationMIN string, key [8]byte) bool

	// Of short messages; see hlr_sms.go.
	subscribers map[string]*subscriber // by MIN
	msc         Node                   // that serves them
	send        func(to sccp.Address, params []byte, done func(tcap.Outcome)) error
	timers      timers
	news        news
}

// NewHLR returns an HLR. prove runs the SSD update between AC, MSC and
// handset, which the gateway sees nothing of: it reports whether the handset
// of this activation holds the same key.
func NewHLR(script *Script, prove func(activationMIN string, key [8]byte) bool) *HLR {
	return &HLR{
		script: script, temp: map[string]*exchange{}, keys: map[string][8]byte{},
		verified: map[string]bool{}, at: map[string]ansi41.MSCID{}, prove: prove,
		subscribers: map[string]*subscriber{},
	}
}

// Values of the reports that the codec has no name for.
const (
	ssdUpdateFailed   = 4
	denyAUTHRMismatch = 5
)

// Temporary is the number of A-keys neither committed nor released.
func (h *HLR) Temporary() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.temp)
}

// AKey is the committed A-key of a MIN.
func (h *HLR) AKey(min string) (key [8]byte, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key, ok = h.keys[min]
	return key, ok
}

// Registered tells whether the MIN has registered.
func (h *HLR) Registered(min string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.at[min]
	return ok
}

// Invoke answers one operation.
func (h *HLR) Invoke(q *tcap.Incoming) {
	switch q.Operation {
	case ansi.PrivateOperation(uint8(ansi41.OTASPRequest)):
		h.otaspreq(q)
	case ansi.PrivateOperation(uint8(ansi41.RegistrationNotification)):
		h.regnot(q)
	case ansi.PrivateOperation(uint8(ansi41.SMSRequest)):
		h.smsreq(q)
	default:
		q.Reject(ansi.UnrecognizedOperation)
	}
}

func (h *HLR) regnot(q *tcap.Incoming) {
	var inv ansi41.REGNOTInvoke
	if err := inv.Decode(q.Parameters); err != nil {
		q.Error(uint8(ansi41.ParameterError), nil)
		return
	}
	h.mu.Lock()
	h.at[inv.MIN.V.String()] = inv.MSCID
	h.mu.Unlock()
	res := ansi41.REGNOTResult{SystemMyTypeCode: ansi41.SystemMyTypeCode(simVendor), AuthorizationPeriod: ansi41.Some(ansi41.AuthorizationPeriod{Period: 6})}
	params, err := res.Append(nil)
	if err != nil {
		q.Error(uint8(ansi41.SystemFailure), nil)
		return
	}
	q.Result(params)
}

func (h *HLR) otaspreq(q *tcap.Incoming) {
	var inv ansi41.OTASPREQInvoke
	if err := inv.Decode(q.Parameters); err != nil {
		q.Error(uint8(ansi41.ParameterError), nil)
		return
	}
	rule := h.script.next("OTASPREQ " + inv.ActionCode.V.String())
	if rule.before(func() {}) {
		return
	}
	res := h.act(&inv)
	rule.answer(func() {
		params, err := res.Append(nil)
		if err != nil {
			q.Error(uint8(ansi41.SystemFailure), nil)
			return
		}
		q.Result(params)
	})
}

func result(code ansi41.OTASPResultCode) *ansi41.OTASPREQResult {
	return &ansi41.OTASPREQResult{OTASPResultCode: ansi41.Some(code)}
}

func (h *HLR) act(inv *ansi41.OTASPREQInvoke) *ansi41.OTASPREQResult {
	h.mu.Lock()
	defer h.mu.Unlock()
	min := inv.MIN.V.String()
	switch inv.ActionCode.V {
	case ansi41.ActionGeneratePublicEncryptionValues:
		return h.values(min)
	case ansi41.ActionGenerateAKey:
		return h.agree(min, inv.MobileStationPartialKey.V)
	case ansi41.ActionPerformSSDUpdate:
		return h.ssdUpdate(min)
	case ansi41.ActionPerformReauthentication:
		return h.reAuthenticate(min, inv)
	case ansi41.ActionCommitAKey:
		return h.commit(min, inv.NewlyAssignedMIN.V.String())
	case ansi41.ActionGenerateAuthenticationSignature:
		return h.signature(inv)
	case ansi41.ActionReleaseResources:
		delete(h.temp, min)
		delete(h.verified, min)
		return result(ansi41.ResultAccepted)
	}
	return result(ansi41.ResultRejected)
}

func (h *HLR) values(min string) *ansi41.OTASPREQResult {
	p, ok := new(big.Int).SetString(modulus768, 16)
	e := h.temp[min]
	if e == nil { // a repetition gets the values of the first time
		e = &exchange{}
	}
	if !ok || e.begin(p.Bytes(), []byte{2}) != is683.Accepted {
		return result(ansi41.ResultComputationFailure)
	}
	h.temp[min] = e
	res := result(ansi41.ResultAccepted)
	res.AKeyProtocolVersion = ansi41.Some(ansi41.AKeyProtocolVersions{2})
	res.ModulusValue, res.PrimitiveValue = ansi41.Some(wire.Hex(p.Bytes())), ansi41.Some(wire.Hex{2})
	res.BaseStationPartialKey = ansi41.Some(wire.Hex(e.public()))
	return res
}

func (h *HLR) agree(min string, msKey []byte) *ansi41.OTASPREQResult {
	e := h.temp[min]
	if e == nil || !e.agree(msKey) {
		return result(ansi41.ResultComputationFailure)
	}
	return result(ansi41.ResultAccepted)
}

// ssdUpdate: the AC has MSC and handset prove that they hold the same key.
func (h *HLR) ssdUpdate(min string) *ansi41.OTASPREQResult {
	e := h.temp[min]
	if e == nil || !e.agreed {
		return result(ansi41.ResultRejected)
	}
	res := result(ansi41.ResultAccepted)
	report := ansi41.SSDUpdateReport(ssdUpdateFailed)
	if h.prove(min, e.key) {
		report = ansi41.SSDUpdateSuccessful
		h.verified[min] = true
		res.UniqueChallengeReport = ansi41.Some(ansi41.UniqueChallengeSuccessful)
	}
	res.SSDUpdateReport = ansi41.Some(report)
	return res
}

func (h *HLR) reAuthenticate(min string, inv *ansi41.OTASPREQInvoke) *ansi41.OTASPREQResult {
	e := h.temp[min]
	if e == nil || !e.agreed {
		return result(ansi41.ResultRejected)
	}
	authR, _ := standInCAVE(e.key, uint32(inv.RAND.V), uint32(inv.ESN.V))
	res := result(ansi41.ResultAccepted)
	if uint32(inv.AUTHR.V) != authR {
		res.DenyAccess = ansi41.Some(ansi41.DenyAccess(denyAUTHRMismatch))
		return res
	}
	res.SignalingMessageEncryptionReport = ansi41.Some(ansi41.SignalingMessageEncryptionEnabled)
	return res
}

func (h *HLR) commit(min, newMIN string) *ansi41.OTASPREQResult {
	e := h.temp[min]
	if e == nil || !e.agreed { // public values alone are no key
		if _, done := h.keys[newMIN]; done {
			return result(ansi41.ResultAccepted) // a repetition
		}
		return result(ansi41.ResultUnableToCommit)
	}
	h.keys[newMIN] = e.key
	delete(h.temp, min)
	delete(h.verified, min)
	return result(ansi41.ResultAccepted)
}

// SetAKey gives the authentication centre the key of a MIN, as if it had been
// committed.
func (h *HLR) SetAKey(min string, key [8]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys[min] = key
}

// signature signs the challenge of a handset with the key of its subscriber,
// who is named by the number he has now; MIN may be one of the gateway's own.
func (h *HLR) signature(inv *ansi41.OTASPREQInvoke) *ansi41.OTASPREQResult {
	key, ok := h.keys[inv.MIN.V.String()]
	if !ok {
		key, ok = h.keys[inv.MobileStationMIN.V.String()]
	}
	if !ok || !inv.RANDBS.OK || !inv.ESN.OK {
		return result(ansi41.ResultRejected)
	}
	res := result(ansi41.ResultAccepted)
	res.AUTHBS = ansi41.Some(ansi41.AuthenticationValue(standInSignature(key, uint32(inv.RANDBS.V), uint32(inv.ESN.V))))
	return res
}

// Spoil makes the authentication centre forget what it agreed with handsets,
// so that the next proof fails.
func (h *HLR) Spoil() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.temp {
		e.key = [8]byte{}
	}
}
