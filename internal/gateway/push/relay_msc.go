package push

import (
	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sms"
)

// throughMSC makes a relayed text one that the signalling network carries: characters of
// ASCII in one short message of IS-637, to a number of digits.
func (s *Service) throughMSC(p *parcel, r *Relay) error {
	if r.Data != nil || !isNumber(p.to) || len(p.to) > 15 {
		return noLink{}
	}
	pdu := r.Submit
	place, isPart := sarPlace(pdu.TLVs)
	if pdu.ESMClass&esmClassUDHI != 0 || isPart && place.Total > 1 {
		return ErrContent
	}
	coding, ok := characters(pdu.DataCoding, s.alphabetOf(r.From))
	if !ok {
		return ErrContent
	}
	text, err := sms.DecodeText(coding, textOf(pdu))
	if err != nil {
		return ErrContent
	}
	ascii, err := sms.AppendText(nil, sms.ASCII, text)
	if err != nil {
		return ErrContent
	}
	p.relay, p.content = text7, sms.Message{Coding: sms.ASCII, Payload: ascii}
	if err := s.way(p, configs.LinkSS7); err != nil {
		return err
	}
	plan, err := sms.Split(&p.content, p.way, p.limits)
	p.fit(&shape{body: ascii, alphabet: sms.ASCII, parts: plan.Segments(), way: p.way, limits: p.limits})
	return err
}

// characters is what the octets of a text are; false when it is none.
func characters(dataCoding uint8, alphabet sms.Coding) (sms.Coding, bool) {
	switch dataCoding {
	case 0:
		return alphabet, true
	case 1:
		return sms.ASCII, true
	case 3:
		return sms.Latin1, true
	case 8:
		return sms.UCS2, true
	}
	return 0, false
}

// source7 is the source address of a part that an MSC is to show, when it is a number.
func (p *part) source7(c *configs.PushSS7) string {
	if isNumber(p.from) && len(p.from) <= 15 {
		return p.from
	}
	return c.Source
}
