package tcap

import "strconv"

// Counter is something an Endpoint counts.
type Counter uint8

// The counters. Those from LateAnswer on are what was dropped or refused.
const (
	Invoked        Counter = iota // queries sent
	ResultReceived                // outcomes
	ErrorReported
	RejectReported
	AbortReported
	TimedOut
	Noticed
	ShutDown
	QueryReceived
	UnidirectionalReceived
	Answered // Responses and Conversations sent

	LateAnswer          // Response for no open transaction: late, duplicate or not ours
	ForeignAnswer       // for an open transaction, from a node that may not answer it
	LateAbort           // Abort for no open transaction
	LateNotice          // a returned message for no open transaction
	UnassignedID        // Conversation for no open transaction
	DuplicateQuery      // the transaction is open already
	QueryRefused        // too many open, or shutting down
	QueryExpired        // the Handler did not answer in time
	QueryDropped        // the Handler dropped it
	SecondAnswer        // the Handler answered twice
	AnswerTooLate       // the Handler answered an expired query, or one that wants no answer
	NotSent             // SCCP took an answer or an abort not
	UnknownPackage      // unrecognized package type
	BadTransaction      // transaction portion
	BadDialogue         // dialogue portion
	BadComponent        // component portion
	DuplicateInvoke     // invoke id twice in one package
	WrongCorrelation    // an answer to an invoke that is not open
	UnexpectedComponent // such as an INVOKE inside a conversation
	UnexpectedPackage   // the state of the transaction does not allow it
	counters            // their number
)

var counterNames = [counters]string{
	"invoked", "result", "error", "reject", "abort", "timeout", "notice", "shutdown",
	"query received", "unidirectional received", "answered",
	"late answer", "foreign answer", "late abort", "late notice", "unassigned transaction id", "duplicate query",
	"query refused", "query expired", "query dropped", "second answer", "answer too late", "not sent",
	"unknown package type", "bad transaction portion", "bad dialogue portion", "bad component",
	"duplicate invoke id", "wrong correlation id", "unexpected component", "unexpected package",
}

func (c Counter) String() string {
	if c < counters {
		return counterNames[c]
	}
	return "counter " + strconv.Itoa(int(c))
}

// Stats is a snapshot of an Endpoint.
type Stats struct {
	OpenOutgoing int
	OpenIncoming int
	Counts       [counters]uint64 // by Counter
}

// Of is the value of one counter.
func (s *Stats) Of(c Counter) uint64 { return s.Counts[c] }

// Stats takes a snapshot.
func (e *Endpoint) Stats() Stats {
	var s Stats
	e.mu.Lock()
	s.OpenIncoming = len(e.queries)
	s.OpenOutgoing = len(e.open) - s.OpenIncoming
	e.mu.Unlock()
	for i := range s.Counts {
		s.Counts[i] = e.counts[i].Load()
	}
	return s
}

func (e *Endpoint) count(c Counter) { e.counts[c].Add(1) }
