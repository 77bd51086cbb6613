package push

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/smpp"
)

// Centre takes submit_sm. An SMPP client is one.
type Centre interface {
	SubmitAsync(p *smpp.SubmitSM, done func(status smpp.Status, resp *smpp.SubmitSMResp, err error)) error
}

// centre is the link to a message centre, as a carrier: it binds, binds again
// when the bind ends, and holds back while the centre says that it is busy.
type centre struct {
	cfg     *configs.SMSLink
	svc     *Service
	classes classes
	wake    func() // there is room

	mu     sync.Mutex
	bound  Centre // nil while there is no bind
	tried  bool   // the first bind has come about, or has not
	flying int
	until  time.Time // nothing is sent before
	slow   uint      // how often in a row the centre was busy
}

func newCentre(l *configs.SMSLink, s *Service, cl classes) *centre {
	return &centre{cfg: l, svc: s, classes: cl, wake: func() {}}
}

// run keeps a bind until ctx ends.
func (c *centre) run(ctx context.Context) {
	log := c.svc.cfg.Log.With().Str("link", c.cfg.Name).Logger()
	if dial := c.svc.cfg.Dial; dial != nil {
		c.set(dial(c.cfg.Name))
		<-ctx.Done()
		return
	}
	again := newBindPause()
	for ctx.Err() == nil {
		begun := time.Now()
		cl, err := c.dial(ctx)
		if err == nil {
			log.Info().Msg("bound")
			c.set(cl)
			c.hold(ctx, cl)
			c.set(nil)
			log.Warn().Stringer("reason", cl.Reason()).Msg("bind ended")
		} else if ctx.Err() == nil {
			log.Warn().Err(err).Msg("not bound")
			c.set(nil)
		}
		t := time.NewTimer(again.after(time.Since(begun)))
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
	}
}

// bindPause is the time between two binds. It grows also when the centre takes
// each and ends it soon: what is under way then is in doubt each time.
type bindPause struct{ *backoff.ExponentialBackOff }

func newBindPause() bindPause {
	p := backoff.NewExponentialBackOff()
	p.InitialInterval, p.MaxInterval = 500*time.Millisecond, 30*time.Second
	return bindPause{p}
}

// after is the pause after a bind, or an attempt, that has lasted so long.
func (p bindPause) after(lasted time.Duration) time.Duration {
	if lasted > p.MaxInterval {
		p.Reset()
	}
	return p.NextBackOff()
}

// hold waits for the end of a bind.
func (c *centre) hold(ctx context.Context, cl *smpp.Client) {
	select {
	case <-cl.Done():
	case <-ctx.Done():
		cl.Close()
	}
}

// receiptWindow is how many receipts of a bind may be without an answer. They
// wait for a commit, and a few for their message id; more would be refused.
const receiptWindow = 1000

// bindTime is how long a centre may take to take a bind.
const bindTime = 15 * time.Second

func (c *centre) dial(ctx context.Context) (*smpp.Client, error) {
	password, err := c.cfg.Password()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, bindTime)
	defer cancel()
	return smpp.Dial(ctx, smpp.ClientConfig{
		Address: c.cfg.Address, SystemID: c.cfg.SystemID, Password: password, LongPassword: true, SystemType: c.cfg.SystemType,
		Window: c.cfg.Window, InboundWindow: receiptWindow, EnquireLink: c.cfg.EnquireLink, Response: c.cfg.Response,
		Inactivity:     -1, // a silent centre is asked; enquire_link without an answer ends the bind
		OnDeliverLater: func(p *smpp.DeliverSM, r *smpp.Reply) { c.svc.letters.take(c.cfg, p, r) },
		Logger:         c.svc.cfg.Log,
	})
}

func (c *centre) set(to Centre) {
	if cl, ok := to.(*smpp.Client); ok && cl == nil {
		to = nil
	}
	c.mu.Lock()
	c.bound, c.tried = to, true
	c.mu.Unlock()
	c.wake()
}

// up: before the first attempt to bind nobody knows; a start of the gateway must
// not lead messages to the tiers behind.
func (c *centre) up() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bound != nil || !c.tried
}

func (c *centre) room() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bound == nil || c.svc.cfg.Clock.Now().Before(c.until) {
		return 0
	}
	return c.cfg.Window - c.flying
}

func (c *centre) under() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flying
}

var errNotBound = errors.New("there is no bind")

// send submits one part. Only SubmitAsync's own refusals say that nothing has
// left; after it a lost answer is a doubt.
func (c *centre) send(p *part, done func(delivery.Event)) error {
	pdu, err := c.submitSM(p)
	if err != nil {
		done(meaning{class: delivery.Permanent}.event(err.Error()))
		return nil
	}
	c.mu.Lock()
	to := c.bound
	c.flying++
	c.mu.Unlock()
	if to == nil {
		c.landed()
		return errNotBound
	}
	err = to.SubmitAsync(pdu, func(status smpp.Status, resp *smpp.SubmitSMResp, err error) {
		done(c.answer(status, resp, err)) // nothing is under way of which the message does not know
		c.landed()
	})
	if err != nil {
		c.landed()
		return err
	}
	c.svc.counts.sent.Add(1)
	return nil
}

func (c *centre) landed() {
	c.mu.Lock()
	c.flying--
	c.mu.Unlock()
	c.wake()
}

func (c *centre) answer(status smpp.Status, resp *smpp.SubmitSMResp, err error) delivery.Event {
	if err != nil {
		c.svc.counts.doubts.Add(1)
		return meaning{unknown: true}.event("submit_sm: " + err.Error())
	}
	c.pace(status)
	if status == smpp.StatusOK {
		return delivery.Event{Kind: delivery.Taken, MessageID: string(resp.MessageID)}
	}
	ev := c.classes.of(submitStatus, uint32(status)).event("submit_sm_resp " + status.String())
	c.svc.counts.refused.Add(1)
	return ev
}

const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// pace slows the link down while its centre says that it is sent too much.
func (c *centre) pace(status smpp.Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if status != smpp.StatusThrottled && status != smpp.StatusMessageQueueFull {
		c.slow = 0
		return
	}
	now := c.svc.cfg.Clock.Now()
	if now.Before(c.until) {
		return // an answer to what had left before
	}
	pause := min(firstPause<<min(c.slow, 8), lastPause)
	c.slow++
	c.until = now.Add(pause)
	c.svc.cfg.Clock.After(pause, c.wake)
}

// esmClassUDHI says that the short message begins with a user data header.
const esmClassUDHI = 0x40

// maxShortMessage is what short_message holds in SMPP 3.4.
const maxShortMessage = 254

// submitSM is a part as the link wants it.
func (c *centre) submitSM(p *part) (*smpp.SubmitSM, error) {
	l := c.cfg
	pdu := &smpp.SubmitSM{
		ServiceType:   []byte(l.ServiceType),
		SourceAddrTON: l.SourceTON, SourceAddrNPI: l.SourceNPI, SourceAddr: []byte(l.Source),
		DestAddrTON: l.DestTON, DestAddrNPI: l.DestNPI, DestinationAddr: []byte(p.to),
		ESMClass: l.ESMClass, PriorityFlag: p.priority, DataCoding: c.dataCoding(p.coding),
		ValidityPeriod: c.validity(p.until), ShortMessage: p.userData,
	}
	if l.Receipts {
		pdu.RegisteredDelivery = 1
	}
	pdu.TLVs = pdu.TLVs.AppendU16(smpp.TagUserMessageReference, p.mark)
	ports := p.source != 0 || p.dest != 0
	switch {
	case p.way == sms.UDH8 || p.way == sms.UDH16:
		if ports || p.total > 1 {
			pdu.ESMClass |= esmClassUDHI
		}
	case ports:
		pdu.TLVs = pdu.TLVs.AppendU16(smpp.TagSourcePort, p.source).AppendU16(smpp.TagDestinationPort, p.dest)
	}
	switch {
	case p.way == sms.SAR && p.total > 1:
		pdu.TLVs = pdu.TLVs.AppendU16(smpp.TagSARMsgRefNum, p.reference).
			AppendU8(smpp.TagSARTotalSegments, p.total).AppendU8(smpp.TagSARSegmentSeqnum, p.number+1)
	case p.way == sms.Payload:
		pdu.ShortMessage = nil
		pdu.TLVs = append(pdu.TLVs, smpp.TLV{Tag: smpp.TagMessagePayload, Value: p.userData})
	}
	if p.total > 1 && p.number+1 < p.total && p.way != sms.Payload {
		pdu.TLVs = pdu.TLVs.AppendU8(smpp.TagMoreMessagesToSend, 1)
	}
	if len(pdu.ShortMessage) > maxShortMessage {
		return nil, fmt.Errorf("%d octets do not fit into short_message", len(pdu.ShortMessage))
	}
	return pdu, nil
}

// dataCoding: that of octets is the link's choice.
func (c *centre) dataCoding(coding sms.Coding) uint8 {
	if coding == sms.Octets {
		return c.cfg.DataCoding
	}
	return dataCoding(coding)
}

// dataCoding is the alphabet in SMPP 3.4.
func dataCoding(coding sms.Coding) uint8 {
	switch coding {
	case sms.Octets:
		return 4
	case sms.UCS2:
		return 8
	case sms.ASCII:
		return 1
	case sms.Latin1:
		return 3
	}
	return 0
}

// validity is the relative time YYMMDDhhmmss000R, which needs no common clock.
func (c *centre) validity(until time.Time) []byte {
	left := until.Sub(c.svc.cfg.Clock.Now())
	if until.IsZero() {
		return nil
	}
	s := max(int64(math.Ceil(left.Seconds())), 1) // none would be the centre's own
	return fmt.Appendf(nil, "0000%02d%02d%02d%02d000R", min(s/86400, 30), s/3600%24, s/60%60, s%60)
}
