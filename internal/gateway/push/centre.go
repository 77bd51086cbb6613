package push

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// Centre stands in for the SMPP client of a bind.
type Centre = links.Centre

// centre is the link to a message centre, as a carrier.
type centre struct {
	link    *links.Link
	cfg     *configs.Link
	svc     *Service
	classes *retries
	strip   []smpp.Tag // of relayed messages
	pdus    sync.Pool  // *smpp.SubmitSM, which the link only borrows
}

func (c *centre) up() bool   { return c.link.Up() }
func (c *centre) room() int  { return c.link.Room() }
func (c *centre) under() int { return c.link.InFlight() }

// send submits one part.
func (c *centre) send(p *part, done func(answer)) error {
	err := c.submit(p, done)
	switch {
	case err == nil:
		c.svc.counts.sent.Add(1)
	case unsendable(err):
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	return err
}

// submit fails when nothing has left.
func (c *centre) submit(p *part, done func(answer)) error {
	var pdu *smpp.SubmitSM
	var err error
	switch p.relay {
	case dataSM:
		data, err := c.relayedData(p)
		if err != nil {
			return err
		}
		err = c.link.Data(data, func(status smpp.Status, resp *smpp.DataSMResp, err error) {
			done(c.answer(status, (*smpp.SubmitSMResp)(resp), err))
		})
		if !errors.Is(err, smpp.ErrVersion) {
			return err
		}
		pdu = submitOf(data) // 3.3 has no data_sm
	case submitted:
		pdu = c.pdu()
		defer c.spare(pdu)
		err = c.relayed(pdu, p)
	default:
		pdu, err = c.submitSM(p)
	}
	if err != nil {
		return err
	}
	return c.link.Submit(pdu, func(status smpp.Status, resp *smpp.SubmitSMResp, err error) { done(c.answer(status, resp, err)) })
}

// pdu is an empty one.
func (c *centre) pdu() *smpp.SubmitSM {
	if pdu, _ := c.pdus.Get().(*smpp.SubmitSM); pdu != nil {
		return pdu
	}
	return new(smpp.SubmitSM)
}

// spare takes it back.
func (c *centre) spare(pdu *smpp.SubmitSM) {
	clear(pdu.TLVs)
	*pdu = smpp.SubmitSM{TLVs: pdu.TLVs[:0]}
	c.pdus.Put(pdu)
}

// unsendable tells whether a part cannot be said in SMPP, or not in that of the peer.
func unsendable(err error) bool {
	var octets *wire.Error
	return errors.Is(err, smpp.ErrVersion) || errors.As(err, &octets) || errors.Is(err, errShortMessage)
}

func (c *centre) answer(status smpp.Status, resp *smpp.SubmitSMResp, err error) answer {
	if err == nil {
		c.svc.counts.answered.Add(1)
	}
	switch {
	case err != nil:
		c.svc.counts.doubts.Add(1)
		return answer{ev: meaning{unknown: true}.event("submit_sm: " + err.Error())}
	case status == smpp.StatusOK:
		ev := delivery.Event{Kind: delivery.Taken}
		if resp != nil {
			ev.MessageID = string(resp.MessageID)
		}
		return answer{ev: ev}
	}
	c.svc.counts.refused.Add(1)
	return answer{
		ev:       c.classes.of(submitStatus, uint32(status)).event("submit_sm_resp " + status.String()),
		unwanted: links.Throttled(status) && !c.classes.told(submitStatus, uint32(status)),
	}
}

// esmClassUDHI says that the short message begins with a user data header.
const esmClassUDHI = 0x40

// maxShortMessage is what short_message holds in SMPP 3.4.
const maxShortMessage = 254

var errShortMessage = errors.New("do not fit into short_message")

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
		return nil, fmt.Errorf("%d octets %w", len(pdu.ShortMessage), errShortMessage)
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
