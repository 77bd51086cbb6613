package sim

import (
	"time"

	"github.com/otagate/otagate/smpp"
)

// Submit is one submit_sm and what became of it.
type Submit struct {
	Number   int // counted from 1
	At       time.Time
	Account  string
	PDU      *smpp.SubmitSM
	Taken    bool   // the centre has the message
	ID       string // as spelled in the response, once taken
	Answered bool
	Status   smpp.Status // of the answer

	number uint64
}

// Receipt is a delivery receipt.
type Receipt struct {
	Submit  int // Submit.Number
	Account string
	PDU     *smpp.DeliverSM
	State   smpp.MessageState
	Sent    int         // how often it was sent
	Done    bool        // an ESME has answered, and it will not be sent again
	Status  smpp.Status // of that answer
}

// Submits is what came, in order.
func (s *SMSC) Submits() []Submit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(s.submits)
}

// Receipts is what was reported, or will be.
func (s *SMSC) Receipts() []Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(s.receipts)
}

// HandOvers is what went to the phones, in order.
func (s *SMSC) HandOvers() []HandOver { return s.air.handOvers() }

func copies[T any](in []*T) []T {
	out := make([]T, len(in))
	for i := range in {
		out[i] = *in[i]
	}
	return out
}

// enter notes what came.
func (s *SMSC) enter(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) *Submit {
	e := &Submit{At: time.Now(), Account: b.Account(), PDU: p.Clone()}
	s.mu.Lock()
	s.submits = append(s.submits, e)
	e.Number = len(s.submits)
	s.owed[r] = b
	s.mu.Unlock()
	s.news.tell()
	return e
}

// take makes the message one of the centre's and gives it its number.
func (s *SMSC) take(e *Submit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Taken, e.number, e.ID = true, s.number, s.cfg.ResponseID.spell(s.number)
	s.number++
}

// answer answers, unless that was done.
func (s *SMSC) answer(e *Submit, r *smpp.Reply, status smpp.Status) {
	s.mu.Lock()
	_, owed := s.owed[r]
	delete(s.owed, r)
	if owed {
		e.Answered, e.Status = true, status
	}
	id := e.ID
	s.mu.Unlock()
	if owed {
		r.Respond(status, id)
		s.news.tell()
	}
}
