package push

import (
	"bytes"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// Relay is a message as a peer of SMPP gave it: a submit_sm or a data_sm. It goes
// out as it came, but for what is ours or the link's; see centre.relayed. It is
// borrowed until Accept has returned.
type Relay struct {
	From    string // the account or the link it came from, for the routes
	Submit  *smpp.SubmitSM
	Data    *smpp.DataSM // instead
	Receipt bool         // somebody wants to hear what became of it
	Join    bool         // a segment may be joined with others of its message, where the link wants that
}

// relayKind is what a relayed message came as, and goes out as.
type relayKind uint8

const (
	composed relayKind = iota // by us: nothing came
	submitted
	dataSM
	text7 // a text for the signalling network, which is no PDU any more
)

// isPDU tells whether the body of a PDU is kept.
func (k relayKind) isPDU() bool { return k == submitted || k == dataSM }

// maxRelay is how long the body of a relayed PDU may be in a stored state.
const maxRelay = 1<<16 - 1

// look is what routes look at.
func (r *Relay) look() route.Message {
	if r.Data != nil {
		return route.Data(r.From, r.Data)
	}
	return route.Submitted(r.From, r.Submit)
}

// shape fits the message to its target. The body is encoded once: the same octets are
// stored and handed to the sender.
func (r *Relay) shape(alphabet sms.Coding, to *target) (shape, error) {
	if r.Data == nil {
		return shaped(r.Submit, alphabet, to)
	}
	return shapedData(r.Data, alphabet, to)
}

// alphabetOf is what data_coding 0 is in the messages of an account or a link.
func (s *Service) alphabetOf(from string) sms.Coding {
	if l := s.linkOf(from); l != nil {
		return alphabets[l.Relay.Alphabet]
	}
	if a := s.esmes.get(from); a != nil {
		return a.rules.Load().alphabet
	}
	return sms.GSM7
}

// led takes over what a message is led to, and how it goes there. The first part stays
// what it is.
func (p *parcel) led(to *target, sh *shape) {
	p.link, p.receipt = to.link, to.receipt
	p.delivery.Bearer, p.delivery.Policy = delivery.ByCentre, to.policy
	p.fit(sh)
}

func (p *parcel) fit(sh *shape) {
	p.content.Payload, p.content.Coding, p.way, p.limits = sh.body, sh.alphabet, sh.way, sh.limits
	if n := len(p.delivery.Parts); n != sh.parts {
		parts := delivery.NewParts(sh.parts)
		if n > 0 {
			parts[0] = p.delivery.Parts[0]
		}
		p.delivery.Parts = parts
	}
}

// serviceType is what the body of a relayed message begins with.
func (p *parcel) serviceType() string {
	text, _, _ := bytes.Cut(p.content.Payload, []byte{0})
	return string(text)
}

// sizeOf is the length of the body of p: 33 octets are the most that the texts but
// the addresses and the octets between them take.
func sizeOf(p *smpp.SubmitSM) int {
	n := 64 + len(p.ServiceType) + len(p.SourceAddr) + len(p.DestinationAddr) + len(p.ShortMessage)
	for i := range p.TLVs {
		n += 4 + len(p.TLVs[i].Value)
	}
	return n
}

// relayed is a part as the link wants it: what is ours takes the place of what came.
// pdu is room for it.
func (c *centre) relayed(pdu *smpp.SubmitSM, p *part) error {
	if err := pdu.Decode(p.userData); err != nil {
		return err
	}
	l := &c.cfg.Relay
	if l.Source != "" {
		pdu.SourceAddrTON, pdu.SourceAddrNPI, pdu.SourceAddr = l.SourceTON, l.SourceNPI, []byte(l.Source)
	}
	if l.ServiceType != "" {
		pdu.ServiceType = []byte(l.ServiceType)
	}
	// Schedule and replacement were done here; what is left of the validity counts.
	pdu.ScheduleDeliveryTime, pdu.ReplaceIfPresentFlag, pdu.ValidityPeriod = nil, 0, nil
	if p.timed {
		pdu.ValidityPeriod = c.validity(p.until)
	}
	pdu.RegisteredDelivery = registered(pdu.RegisteredDelivery, p.receipt)
	pdu.TLVs = c.tlvs(pdu.TLVs, p)
	return nil
}

// relayedData is relayed of a data_sm.
func (c *centre) relayedData(p *part) (*smpp.DataSM, error) {
	pdu := new(smpp.DataSM)
	if err := pdu.Decode(p.userData); err != nil {
		return nil, err
	}
	l := &c.cfg.Relay
	if l.Source != "" {
		pdu.SourceAddrTON, pdu.SourceAddrNPI, pdu.SourceAddr = l.SourceTON, l.SourceNPI, []byte(l.Source)
	}
	if l.ServiceType != "" {
		pdu.ServiceType = []byte(l.ServiceType)
	}
	pdu.RegisteredDelivery = registered(pdu.RegisteredDelivery, p.receipt)
	pdu.TLVs = c.tlvs(pdu.TLVs, p)
	return pdu, nil
}

// receiptRequests are the bits of registered_delivery that ask for receipts and
// for intermediate notifications (SMPP 3.4 section 5.2.17).
const receiptRequests = 0x13

// registered keeps what is asked of the handset; receipts are our own matter.
func registered(v uint8, receipt bool) uint8 {
	v &^= receiptRequests
	if receipt {
		v |= 1
	}
	return v
}

// tlvs leaves out those that the link strips. Where a receipt is to come the
// user_message_reference is ours, by which it is found; the sender's own goes back
// to it with its receipt.
func (c *centre) tlvs(t smpp.TLVs, p *part) smpp.TLVs {
	kept := t[:0]
	for i := range t {
		if p.receipt && t[i].Tag == smpp.TagUserMessageReference || c.strips(t[i].Tag) {
			continue
		}
		kept = append(kept, t[i])
	}
	if p.receipt {
		kept = kept.AppendU16(smpp.TagUserMessageReference, p.mark)
	}
	return kept
}

func (c *centre) strips(tag smpp.Tag) bool {
	for _, s := range c.strip {
		if s == tag {
			return true
		}
	}
	return false
}

// Told is what a receipt has said of a relayed message, as it said it.
type Told struct {
	State   smpp.MessageState
	Err     string // of the text, at most 3 characters
	Network []byte // network_error_code
}

// IsZero tells that there was no receipt.
func (t *Told) IsZero() bool { return t.State == 0 && t.Err == "" && len(t.Network) == 0 }

const (
	maxErr     = 3
	networkLen = 3
)

func (t *Told) append(dst []byte) []byte {
	dst = appendText(append(dst, byte(t.State)), t.Err)
	return append(append(dst, byte(len(t.Network))), t.Network...)
}

func (t *Told) read(c *wire.Cursor) {
	t.State, t.Err = smpp.MessageState(c.U8("state")), readText(c)
	if b := c.Bytes(int(c.U8("length")), "network error"); len(b) > 0 {
		t.Network = append([]byte(nil), b...)
	}
}

// TLVs are those of the message.
func (r *Relay) TLVs() smpp.TLVs {
	if r.Data != nil {
		return r.Data.TLVs
	}
	return r.Submit.TLVs
}
