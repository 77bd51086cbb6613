package sim

import (
	"sync"
	"time"

	"github.com/otagate/otagate/otasp/is683"
)

// Do says how a rule changes the course of things.
type Do uint8

// What a rule does.
const (
	Nothing     Do = iota
	LoseRequest    // the node never sees it
	LoseAnswer     // the node acts, its answer is lost
	Delay          // the answer comes late, by Rule.For
	HangUp         // the caller hangs up, or the channel of OTAPA is lost, before the node acts; the phone is switched off before a short message
	Run            // Rule.Func runs before the node acts
	RunAfter       // the node acts, Rule.Func runs, and the answer is lost
	RunAndLose     // Rule.Func runs and the node never sees the request

	// Of short messages only.
	Refuse      // the node says that it does not do it, and why: Rule.Code
	AnswerTwice // SMDPP: the answer comes twice
	Fail        // submit_sm: taken, and the receipt says the state Rule.Code; the phone gets nothing
	Cut         // submit_sm: the SMSC loses all connections before it acts
	CutAfter    // submit_sm: the SMSC acts, and loses all connections before it answers
)

// Rule changes one exchange.
type Rule struct {
	// Step is an ActionCode, "OTASPREQ " and an ActionCode, or an IS-683 message, as
	// the ladder prints it, whatever ActionCode it comes with; of short messages "submit_sm", "SMSREQ", "SMSNOT",
	// or "SMDPP " and the teleservice identifier.
	Step string
	Nth  int // which of the exchanges with this step, counted from 1; 0 means 1
	Do   Do
	For  time.Duration
	Func func()
	Code uint32 // smpp.Status, smpp.MessageState, ansi41.SMSCauseCode or ansi41.SMSAccessDeniedReason
}

// Script is the rules of one story.
type Script struct {
	Rules []Rule
	// Every, when it is not nil, is asked at each exchange before the rules
	// are: LoseRequest and LoseAnswer are what it may order.
	Every func(step string) Do

	mu    sync.Mutex
	count map[string]int
}

// next is the rule for the exchange that begins now with this step.
func (s *Script) next(step string) *Rule {
	none := &Rule{}
	if s == nil {
		return none
	}
	if s.Every != nil {
		if do := s.Every(step); do != Nothing {
			return &Rule{Do: do}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[string]int{}
	}
	s.count[step]++
	for i := range s.Rules {
		if r := &s.Rules[i]; r.Step == step && max(r.Nth, 1) == s.count[step] {
			return r
		}
	}
	return none
}

// Count is how often the step has begun.
func (s *Script) Count(step string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[step]
}

// before runs what comes before the node acts; true means that the request is lost.
func (r *Rule) before(hangUp func()) (lost bool) {
	switch r.Do {
	case LoseRequest:
		return true
	case HangUp:
		hangUp()
	case Run:
		r.Func()
	case RunAndLose:
		r.Func()
		return true
	}
	return false
}

// answer sends the answer, or not, or later.
func (r *Rule) answer(send func()) {
	switch r.Do {
	case LoseAnswer:
	case RunAfter:
		r.Func()
	case Delay:
		time.AfterFunc(r.For, send)
	default:
		send()
	}
}

func forwardName(msg []byte) string {
	m, err := is683.DecodeForward(msg)
	if err != nil {
		return "unreadable"
	}
	return is683.Name(m)
}
