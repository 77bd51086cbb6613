package gateway

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// request is one accepted-for-checking trigger, copied out of the read buffer.
type request struct {
	trigger *configs.Trigger
	values  values
	err     error // why the text cannot be used

	priority uint8
	origin   origin
	reply    Replier
}

// SubmitSM is the front door: it runs on the reader of the bind and only
// copies; the workers do what may block.
func (g *Gateway) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	g.Submit(b.Account(), p, r)
}

// Submit is a submit_sm of an account: a trigger, or else a message to be relayed.
func (g *Gateway) Submit(account string, p *smpp.SubmitSM, r Replier) {
	r, status := g.limits.admit(account, p.SourceAddr, p.DestinationAddr, p.Segments(), r)
	if status != smpp.StatusOK {
		r.Respond(status, "")
		return
	}
	trigger := g.triggerOf(account, p)
	if trigger == nil {
		g.counts.noTrigger.Add(1)
		g.relay.Submit(account, p, r)
		return
	}
	req := request{trigger: trigger, reply: r, origin: origin{
		Account: account, Receipt: p.RegisteredDelivery,
		Source:      address{p.SourceAddrTON, p.SourceAddrNPI, string(p.SourceAddr)},
		Destination: address{p.DestAddrTON, p.DestAddrNPI, string(p.DestinationAddr)},
	}}
	req.values, req.err = readValues(req.trigger, p)
	req.priority = p.PriorityFlag
	req.origin.Corr = req.values.Corr
	if ref, ok := p.TLVs.Find(smpp.TagUserMessageReference); ok {
		req.origin.UserReference = string(ref)
	}
	select {
	case g.requests <- req:
	default:
		g.counts.throttled.Add(1)
		r.Respond(smpp.StatusThrottled, "")
	}
}

// triggerOf is the first trigger that a submit_sm is; nil for none. Its text is
// looked at only where there is one.
func (g *Gateway) triggerOf(account string, p *smpp.SubmitSM) *configs.Trigger {
	flow, looked := "", false
	triggers := g.live.Load().Triggers
	for i := range triggers {
		t := &triggers[i]
		if !matches(t, account, p) {
			continue
		}
		if !looked {
			flow, looked = flowOf(p), true
		}
		if flow == "" || flow == t.Flow {
			return t
		}
	}
	return nil
}

// DataSM is a data_sm of an account. No trigger comes so.
func (g *Gateway) DataSM(b *smpp.BoundPeer, p *smpp.DataSM, r *smpp.Reply) {
	reply, status := g.limits.admit(b.Account(), p.SourceAddr, p.DestinationAddr, p.Segments(), r)
	if status != smpp.StatusOK {
		r.Respond(status, "")
		return
	}
	g.relay.Data(b.Account(), p, reply)
}

// SubmitMulti is a submit_multi of an account. No trigger comes so.
func (g *Gateway) SubmitMulti(b *smpp.BoundPeer, p *smpp.SubmitMulti, r *smpp.MultiReply) {
	g.submitMulti(b.Account(), p, r)
}

// QuerySM, CancelSM and ReplaceSM are about relayed messages.
func (g *Gateway) QuerySM(b *smpp.BoundPeer, p *smpp.QuerySM, r *smpp.QueryReply) {
	g.relay.Query(b.Account(), p, r)
}

// CancelSM takes back what waits.
func (g *Gateway) CancelSM(b *smpp.BoundPeer, p *smpp.CancelSM, r *smpp.Reply) {
	g.relay.Cancel(b.Account(), p, r)
}

// ReplaceSM puts another text into what waits.
func (g *Gateway) ReplaceSM(b *smpp.BoundPeer, p *smpp.ReplaceSM, r *smpp.Reply) {
	g.relay.Replace(b.Account(), p, r)
}

// work starts sessions until ctx ends.
func (g *Gateway) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case req := <-g.requests:
			if req.trigger.Flow == flowPush {
				g.startPush(&req)
				continue
			}
			g.start(ctx, &req)
		}
	}
}

// start checks a trigger and creates its session. The answer goes out when the
// session is committed, never before.
func (g *Gateway) start(ctx context.Context, req *request) {
	id := g.newID()
	t, key, no := g.admit(ctx, req)
	if no != nil {
		g.refuse(id, req, *no)
		return
	}
	min, ok := "", true
	var corr []sessions.Corr
	if t.TRN != "" {
		if min, ok = g.mins.Take(); !ok {
			g.refuse(id, req, refusalNoMIN)
			return
		}
		corr = []sessions.Corr{{Kind: sessions.CorrTRN, ID: t.TRN}, {Kind: sessions.CorrActivationMIN, ID: min}}
	}
	t.ActivationMIN = min
	now := g.out.Clock.Now()
	c := sessions.Create[call, otasp.Event]{
		ID: id, Key: key,
		State: &call{id: uint64(id), origin: req.origin, began: now, token: g.tokenFor(&t)},
		Event: otasp.Event{Kind: otasp.Start, At: now, Trigger: &t},
		Seen:  req.seen(now.Add(g.cfg.OTASP.TriggerMemory)),
		Corr:  corr,
	}
	kept := *req
	err := g.runtime.Create(c, func(res sessions.Result) { g.started(id, min, &kept, res) })
	if err != nil {
		g.release(min)
		g.refuse(id, req, refusalOf(err))
	}
}

// release gives back the activation MIN of a session that has one.
func (g *Gateway) release(min string) {
	if min != "" {
		g.mins.Release(min)
	}
}

// started runs on the shard after the first commit.
func (g *Gateway) started(id sessions.ID, min string, req *request, res sessions.Result) {
	o, reply := &req.origin, req.reply
	if res.Err == nil {
		g.counts.started.Add(1)
		g.log.Info().Stringer("session", id).Str("account", o.Account).Str("corr", o.Corr).Msg("session started")
		reply.Respond(smpp.StatusOK, id.String())
		return
	}
	g.release(min)
	if errors.Is(res.Err, sessions.ErrDuplicate) {
		g.repeated(req, res.First)
		return
	}
	g.refuse(id, req, refusalOf(res.Err))
}

// repeated answers a trigger as it was answered the first time.
func (g *Gateway) repeated(req *request, first sessions.ID) {
	g.counts.duplicates.Add(1)
	g.log.Info().Stringer("session", first).Str("corr", req.origin.Corr).Msg("trigger repeated")
	req.reply.Respond(smpp.StatusOK, first.String())
}

// admit checks what can be known before a session exists.
func (g *Gateway) admit(ctx context.Context, req *request) (otasp.Trigger, sessions.Key, *refusal) {
	var t otasp.Trigger
	v := &req.values
	switch {
	case req.err != nil:
		return t, sessions.Key{}, refusalText(req.err.Error())
	case v.Flow != flowOTASP && v.TRN == "":
		return g.admitIdle(ctx, v)
	}
	trn, err := sessions.ParseTRN(v.TRN)
	if err != nil {
		return t, sessions.Key{}, refusalText("TRN: want ten digits")
	}
	msc, ok := g.routes.trns.Lookup(trn)
	if !ok {
		no := refusalUnknownTRN
		return t, sessions.Key{}, &no
	}
	key := trn.Key()
	if v.MDN != "" {
		mdn, err := sessions.ParseMDN(v.MDN)
		if err != nil {
			return t, sessions.Key{}, refusalText("MDN: want up to 15 digits, none of them a leading zero")
		}
		key = mdn.Key()
	}
	t = otasp.Trigger{
		TRN: v.TRN, MSC: msc, MDN: v.MDN, MIN: v.MIN, OrderName: v.Order, PRL: v.PRL,
		Options: g.options(),
	}
	t.Options.SegmentSize = g.routes.mscs[msc].segment
	if no := g.carriers(&t, v); no != nil {
		return t, sessions.Key{}, no
	}
	if no := g.hasOrder(ctx, &t); no != nil {
		return t, sessions.Key{}, no
	}
	t.Rand = g.random32()
	return t, key, nil
}

// options are the choices of the configuration.
func (g *Gateway) options() otasp.Options {
	c, i := &g.cfg.OTASP, &g.cfg.IOTA
	return otasp.Options{
		SegmentSize: g.routes.segment, Repeats: c.Repeats, SessionTime: c.SessionTime, AKeyVersions: c.AKeyVersions,
		SPCLowFirst: c.SPCLowFirst, AwayTime: c.AwayTime, AskAgain: c.AskAgain,
		CallbackTime: i.Validity, IdleTime: i.Idle, ChunkSize: uint16(i.Chunk), ListAsObject: i.ListAsObject, OTAPAInMMC: i.OTAPARequest,
	}
}

// carrierWays are the ways by the words of CARRIERS.
var carrierWays = map[string]otasp.StartKind{carrierIOTA: otasp.ByCallback, carrierSS7: otasp.ByNetwork}

// carriersOf are those of a flow whose trigger names none.
var carriersOf = map[string]string{flowIOTA: carrierIOTA, flowOTAPA: carrierSS7}

// carriers puts the ways to the handset into a trigger: those that it names, or
// the one of its flow.
func (g *Gateway) carriers(t *otasp.Trigger, v *values) *refusal {
	if v.Flow == flowOTASP {
		return nil
	}
	var ways []otasp.StartKind
	for w := range strings.SplitSeq(cmp.Or(v.Carriers, carriersOf[v.Flow]), ",") {
		way, known := carrierWays[strings.TrimSpace(w)]
		switch {
		case !known || slices.Contains(ways, way):
			return refusalText("CARRIERS: want iota and otapa-ss7, each once")
		case way == otasp.ByCallback && g.callbacks == nil:
			return refusalText("CARRIERS: iota is not configured")
		}
		ways = append(ways, way)
	}
	if v.TRN != "" && ways[0] != otasp.ByCallback {
		return refusalText("TRN: only iota begins with a call")
	}
	t.Start, t.Ways, t.OldMDN = ways[0], ways[1:], v.OldMDN
	// Who has just called is not idle; whoever was programmed before may hold much of it.
	t.Options.OTAPAInMMC = t.Options.OTAPAInMMC && v.TRN == ""
	t.Options.SkipSame = v.TRN == ""
	return nil
}

// tokenFor is the token of a session whose handset may be called back.
func (g *Gateway) tokenFor(t *otasp.Trigger) iota.Token {
	if t.Start == otasp.ByCallback || slices.Contains(t.Ways, otasp.ByCallback) {
		return g.newToken()
	}
	return iota.Token{}
}

// admitIdle checks a trigger for a handset that has not called.
func (g *Gateway) admitIdle(ctx context.Context, v *values) (otasp.Trigger, sessions.Key, *refusal) {
	var t otasp.Trigger
	mdn, err := sessions.ParseMDN(v.MDN)
	if err != nil {
		return t, sessions.Key{}, refusalText("MDN: want up to 15 digits, none of them a leading zero")
	}
	t = otasp.Trigger{MDN: v.MDN, MIN: v.MIN, OrderName: v.Order, PRL: v.PRL, Options: g.options(), Rand: g.random32()}
	if no := g.carriers(&t, v); no != nil {
		return t, sessions.Key{}, no
	}
	if v.ESN != "" {
		esn, _ := strconv.ParseUint(v.ESN, 16, 32) // it was checked when it was read
		t.ESN = uint32(esn)
	}
	if n := len(v.MDN); t.MIN == "" && g.cfg.OTASP.MINOfMDN && n >= 10 {
		t.MIN = v.MDN[n-10:]
	}
	if t.MIN == "" && (t.Start == otasp.ByNetwork || slices.Contains(t.Ways, otasp.ByNetwork)) {
		return t, sessions.Key{}, &refusal{status: smpp.StatusSubmitFailed, reason: "no-min", detail: "the MIN of the subscriber is not known"}
	}
	return t, mdn.Key(), g.hasOrder(ctx, &t)
}

// hasOrder asks early when the caller is known, so that the IVR hears at once
// that there is nothing to program.
func (g *Gateway) hasOrder(ctx context.Context, t *otasp.Trigger) *refusal {
	if t.MDN == "" && t.OrderName == "" && t.MIN == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	o, err := g.orders.find(ctx, otasp.Query{OrderName: t.OrderName, MDN: t.MDN, MIN: t.MIN})
	switch {
	case err != nil:
		no := refusalOf(err)
		return &no
	case o == nil && t.MDN == "" && t.OrderName == "":
		return nil // the ESN may still find it
	case o == nil:
		no := refusalNoOrder
		return &no
	}
	if why, detail := o.Suits(t); why != otasp.ReasonNone {
		return &refusal{status: smpp.StatusSubmitFailed, reason: why, detail: detail}
	}
	return nil
}

// seen is what makes two triggers the same one sent twice. Only CORR tells
// that surely: without it, a TRN that the MSC has given to another call would
// look like a repetition, and the second caller would never be programmed.
func (r *request) seen(until time.Time) sessions.Seen {
	v := &r.values
	if v.Corr == "" {
		return sessions.Seen{}
	}
	return sessions.Seen{Key: strings.Join([]string{r.origin.Account, v.TRN, v.MDN, v.MIN, v.PRL, v.Order, v.Corr}, "|"), Until: until}
}

func (g *Gateway) newID() sessions.ID {
	var b [8]byte
	g.out.random(b[:])
	if id := sessions.ID(binary.BigEndian.Uint64(b[:])); id != 0 {
		return id
	}
	return 1
}

func (g *Gateway) random32() uint32 {
	var b [4]byte
	g.out.random(b[:])
	return binary.BigEndian.Uint32(b[:])
}
