package push

import (
	"errors"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/smpp"
)

// shape is a relayed message as its target wants it: the body, in how many parts it goes,
// and what data_coding 0 is in it.
type shape struct {
	body     []byte
	alphabet sms.Coding
	parts    int
	way      sms.Way
	limits   sms.Limits
}

// alphabets are the words of alphabet; empty is that of GSM.
var alphabets = map[string]sms.Coding{
	"": sms.GSM7, configs.AlphabetGSM7: sms.GSM7, configs.AlphabetASCII: sms.ASCII, configs.AlphabetLatin1: sms.Latin1, configs.AlphabetUCS2: sms.UCS2,
}

// shaped fits a submit_sm to a target. from is what data_coding 0 is in it; pdu is not
// changed.
func shaped(pdu *smpp.SubmitSM, from sms.Coding, to *target) (shape, error) {
	sh := shape{parts: 1, way: to.way, limits: to.limits, alphabet: to.alphabet}
	q := *pdu
	if err := sh.change(&q, from, to); err != nil {
		return sh, err
	}
	return sh, sh.take(q.Append(make([]byte, 0, sizeOf(&q))))
}

// shapedData is shaped of a data_sm, whose text is always a message_payload.
func shapedData(pdu *smpp.DataSM, from sms.Coding, to *target) (shape, error) {
	sh := shape{parts: 1, way: to.way, limits: to.limits, alphabet: to.alphabet}
	q := asSubmit(pdu)
	if err := sh.change(&q, from, to); err != nil {
		return sh, err
	}
	changed := asData(pdu, &q)
	return sh, sh.take(changed.Append(nil))
}

// change converts the text, and arranges it unless it is to go as it came.
func (sh *shape) change(pdu *smpp.SubmitSM, from sms.Coding, to *target) error {
	convert(pdu, from, to.alphabet)
	if to.asIs {
		return nil
	}
	return sh.arrange(pdu)
}

// take keeps the body.
func (sh *shape) take(body []byte, err error) error {
	sh.body = body
	if err == nil && len(body) > maxRelay {
		return &sms.TooLongError{Segments: 2, Limit: 1}
	}
	return err
}

// asSubmit is what a data_sm has of a submit_sm, as far as its text is concerned.
func asSubmit(d *smpp.DataSM) smpp.SubmitSM {
	return smpp.SubmitSM{ESMClass: d.ESMClass, DataCoding: d.DataCoding, TLVs: d.TLVs}
}

// asData puts what has become of that back.
func asData(d *smpp.DataSM, p *smpp.SubmitSM) *smpp.DataSM {
	q := *d
	if len(p.ShortMessage) > 0 {
		setText(p, p.ShortMessage, true)
	}
	q.ESMClass, q.DataCoding, q.TLVs = p.ESMClass, p.DataCoding, p.TLVs
	return &q
}

// arrange finds out how a message goes that is not to go as it came: a part has its
// place in the header or in the TLVs, and a whole that is too long becomes parts.
func (sh *shape) arrange(pdu *smpp.SubmitSM) error {
	place, isPart := sarPlace(pdu.TLVs)
	switch headed := pdu.ESMClass&esmClassUDHI != 0; {
	case headed && sh.way == sms.SAR:
		toSAR(pdu)
	case isPart && !headed && (sh.way == sms.UDH8 || sh.way == sms.UDH16):
		toHeader(pdu, place, sh.way)
	case headed || isPart:
	default:
		return sh.split(pdu)
	}
	return nil
}

// split makes parts of a whole message, when one short message does not take it.
func (sh *shape) split(pdu *smpp.SubmitSM) error {
	m := sms.Message{Coding: textCoding(pdu.DataCoding, sh.alphabet), Payload: textOf(pdu)}
	plan, err := sms.Split(&m, sms.UDH8, sms.Limits{Octets: sh.limits.Octets})
	if errors.Is(err, sms.ErrPayload) { // it is not what its data_coding says
		m.Coding = sms.Octets
		plan, err = sms.Split(&m, sms.UDH8, sms.Limits{Octets: sh.limits.Octets})
	}
	switch {
	case err != nil:
		return err
	case plan.Segments() == 1 && len(m.Payload) <= maxShortMessage:
		setText(pdu, m.Payload, false)
		return nil
	case sh.way == sms.Payload:
		setText(pdu, m.Payload, true)
		return nil
	}
	if plan, err = sms.Split(&m, sh.way, sh.limits); err == nil {
		sh.parts = plan.Segments()
	}
	return err
}

// segment is the body of one part of a message that was split here.
func (p *parcel) segment(number uint8) ([]byte, error) {
	if p.relay == dataSM {
		var data smpp.DataSM
		if err := data.Decode(p.content.Payload); err != nil {
			return nil, err
		}
		pdu := asSubmit(&data)
		if err := p.cut(&pdu, number); err != nil {
			return nil, err
		}
		return asData(&data, &pdu).Append(nil)
	}
	var pdu smpp.SubmitSM
	if err := pdu.Decode(p.content.Payload); err != nil {
		return nil, err
	}
	if err := p.cut(&pdu, number); err != nil {
		return nil, err
	}
	return pdu.Append(nil)
}

// cut makes one part of a message that was split here.
func (p *parcel) cut(pdu *smpp.SubmitSM, number uint8) error {
	m := sms.Message{Coding: textCoding(pdu.DataCoding, p.content.Coding), Payload: textOf(pdu), Reference: p.content.Reference}
	plan, err := sms.Split(&m, p.way, p.limits)
	if errors.Is(err, sms.ErrPayload) {
		m.Coding = sms.Octets
		plan, err = sms.Split(&m, p.way, p.limits)
	}
	if err != nil {
		return err
	}
	setText(pdu, plan.AppendUserData(nil, int(number)), false)
	total := uint8(plan.Segments())
	switch {
	case p.way == sms.SAR:
		pdu.TLVs = appendPlace(pdu.TLVs, udh.Concatenation{Reference: m.Reference, Total: total, Number: number + 1})
	default:
		pdu.ESMClass |= esmClassUDHI
	}
	if number+1 < total {
		pdu.TLVs = dropped(pdu.TLVs, smpp.TagMoreMessagesToSend).AppendU8(smpp.TagMoreMessagesToSend, 1)
	}
	return nil
}

// textOf is the text of a message, wherever it is.
func textOf(pdu *smpp.SubmitSM) []byte {
	if payload, ok := pdu.TLVs.Find(smpp.TagMessagePayload); ok && len(pdu.ShortMessage) == 0 {
		return payload
	}
	return pdu.ShortMessage
}

// setText puts a text into short_message, or where that does not take it, or is not
// wanted, into message_payload. The TLVs that were are not changed.
func setText(pdu *smpp.SubmitSM, text []byte, payload bool) {
	rest := dropped(pdu.TLVs, smpp.TagMessagePayload)
	if !payload && len(text) <= maxShortMessage {
		pdu.ShortMessage, pdu.TLVs = text, rest
		return
	}
	pdu.ShortMessage, pdu.TLVs = nil, append(rest, smpp.TLV{Tag: smpp.TagMessagePayload, Value: text})
}

// dropped is a list without TLVs of these tags, and without room behind it.
func dropped(t smpp.TLVs, tags ...smpp.Tag) smpp.TLVs {
	if !slices.ContainsFunc(t, func(x smpp.TLV) bool { return slices.Contains(tags, x.Tag) }) {
		return t[:len(t):len(t)]
	}
	var kept smpp.TLVs
	for i := range t {
		if !slices.Contains(tags, t[i].Tag) {
			kept = append(kept, t[i])
		}
	}
	return kept
}

// textCoding is how the characters of a text are counted. A centre of GSM has to put
// IA5 into its own alphabet; octets are data, and what nobody knows here.
func textCoding(dataCoding uint8, alphabet sms.Coding) sms.Coding {
	switch {
	case dataCoding == 0:
		if alphabet == sms.ASCII {
			return sms.GSM7
		}
		return alphabet
	case dataCoding == 1, dataCoding&0xfc == 0xf0: // and a class with the default alphabet
		return sms.GSM7
	case dataCoding == 8:
		return sms.UCS2
	}
	return sms.Octets
}

// sarPlace is the place of a part, by the sar_ TLVs.
func sarPlace(t smpp.TLVs) (udh.Concatenation, bool) {
	ref, ok1 := t.Find(smpp.TagSARMsgRefNum)
	total, ok2 := t.Find(smpp.TagSARTotalSegments)
	number, ok3 := t.Find(smpp.TagSARSegmentSeqnum)
	if !ok1 || !ok2 || !ok3 || len(ref) != 2 || len(total) != 1 || len(number) != 1 || number[0] == 0 || number[0] > total[0] {
		return udh.Concatenation{}, false
	}
	return udh.Concatenation{Reference: uint16(ref[0])<<8 | uint16(ref[1]), Total: total[0], Number: number[0]}, true
}

func appendPlace(t smpp.TLVs, c udh.Concatenation) smpp.TLVs {
	return dropped(t, smpp.TagSARMsgRefNum, smpp.TagSARTotalSegments, smpp.TagSARSegmentSeqnum).AppendU16(smpp.TagSARMsgRefNum, c.Reference).
		AppendU8(smpp.TagSARTotalSegments, c.Total).AppendU8(smpp.TagSARSegmentSeqnum, c.Number)
}

// toHeader puts the place of a part into a user data header. One whose text then does not fit
// stays as it is.
func toHeader(pdu *smpp.SubmitSM, c udh.Concatenation, way sms.Way) {
	c.Wide = way == sms.UDH16
	h := udh.Header{Elements: []udh.Element{c.Element()}}
	text, err := h.Append(nil)
	if err != nil || len(text)+len(textOf(pdu)) > maxShortMessage {
		return
	}
	setText(pdu, append(text, textOf(pdu)...), false)
	pdu.ESMClass |= esmClassUDHI
	pdu.TLVs = dropped(pdu.TLVs, smpp.TagSARMsgRefNum, smpp.TagSARTotalSegments, smpp.TagSARSegmentSeqnum)
}

// toSAR takes the place of a part out of its header. The other elements stay.
func toSAR(pdu *smpp.SubmitSM) {
	header, text, ok := cutHeader(pdu)
	var h udh.Header
	if !ok || h.Decode(header) != nil {
		return
	}
	c, isPart := h.Concatenation()
	if !isPart {
		return
	}
	h.Elements = slices.DeleteFunc(h.Elements, func(e udh.Element) bool { return e.ID == udh.Concatenation8 || e.ID == udh.Concatenation16 })
	rest := text
	if len(h.Elements) > 0 {
		b, err := h.Append(nil)
		if err != nil {
			return
		}
		rest = append(b, text...)
	} else {
		pdu.ESMClass &^= esmClassUDHI
	}
	setText(pdu, rest, false)
	pdu.TLVs = appendPlace(pdu.TLVs, c)
}

// cutHeader parts a user data header, where there is one, from the text.
func cutHeader(pdu *smpp.SubmitSM) (header, text []byte, ok bool) {
	text = textOf(pdu)
	if pdu.ESMClass&esmClassUDHI == 0 {
		return nil, text, true
	}
	if len(text) == 0 || len(text) <= int(text[0]) {
		return nil, nil, false
	}
	n := 1 + int(text[0])
	return text[:n:n], text[n:], true
}

// partOctets is the user data of one short message.
const partOctets = 140

// convert says a text of data_coding 0 in the alphabet of the target. What that has no
// characters for goes in UCS2; where a part has no room for it they become question marks.
// All other data_codings say what they are.
func convert(pdu *smpp.SubmitSM, from, to sms.Coding) {
	if pdu.DataCoding != 0 || from == to {
		return
	}
	header, octets, ok := cutHeader(pdu)
	if !ok {
		return
	}
	text, err := sms.DecodeText(from, octets)
	if err != nil {
		return // it is not what it was said to be
	}
	coding := to
	b, err := sms.AppendText(slices.Clip(header), to, text)
	if err != nil {
		coding = sms.UCS2
		b, err = sms.AppendText(slices.Clip(header), sms.UCS2, text)
		if _, isPart := sarPlace(pdu.TLVs); err == nil && (isPart || len(header) > 0) && len(b) > partOctets {
			coding, b = to, append(slices.Clip(header), lossy(to, text)...)
		}
	}
	if err != nil {
		return
	}
	if coding == sms.UCS2 && to != sms.UCS2 {
		pdu.DataCoding = 8
	}
	_, payload := pdu.TLVs.Find(smpp.TagMessagePayload)
	setText(pdu, b, payload && len(pdu.ShortMessage) == 0)
}

// lossy is text in a coding that has not all of its characters.
func lossy(c sms.Coding, text string) (b []byte) {
	for _, r := range text {
		one, err := sms.AppendText(nil, c, string(r))
		if err != nil {
			one = []byte{'?'}
		}
		b = append(b, one...)
	}
	return b
}
