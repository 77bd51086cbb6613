package sccp

import "strconv"

// Counter is something an Endpoint counts.
type Counter uint8

// The counters. Those from Malformed on are what was dropped or refused.
const (
	Sent      Counter = iota // messages given to MTP
	Received                 // messages taken from MTP
	Delivered                // to users
	NoticeDelivered
	Returned // UDTS and XUDTS sent
	ManagementAnswered
	Paused
	Resumed
	StatusReceived

	Malformed          // cannot be read
	UnknownMessage     // type not supported
	WrongService       // not for SCCP
	UnequippedSSN      // no user
	Untranslatable     // no translation, or to another node
	HopsExhausted      // hop counter 0
	DuplicateSegment   //
	SegmentOutOfOrder  //
	ReassemblyOverflow // too many or too much at once
	ReassemblyExpired  //
	ManagementIgnored  // SCMG other than a subsystem test
	NoticeUnclaimed    // a returned message of nobody
	NotSent            // MTP did not take it
	counters           // their number
)

var counterNames = [counters]string{
	"sent", "received", "delivered", "notice delivered", "returned", "management answered",
	"paused", "resumed", "status received",
	"malformed", "unknown message", "wrong service", "unequipped ssn", "untranslatable", "hops exhausted",
	"duplicate segment", "segment out of order", "reassembly overflow", "reassembly expired",
	"management ignored", "notice unclaimed", "not sent",
}

func (c Counter) String() string {
	if c < counters {
		return counterNames[c]
	}
	return "counter " + strconv.Itoa(int(c))
}

// Stats is a snapshot of an Endpoint.
type Stats struct {
	Reassembling int
	Counts       [counters]uint64 // by Counter
}

// Of is the value of one counter.
func (s *Stats) Of(c Counter) uint64 { return s.Counts[c] }

// Stats takes a snapshot.
func (e *Endpoint) Stats() Stats {
	var s Stats
	for i := range s.Counts {
		s.Counts[i] = e.counts[i].Load()
	}
	e.joining.Lock()
	defer e.joining.Unlock()
	s.Reassembling = e.joiner.Pending()
	s.Counts[ReassemblyExpired] = e.joiner.Expired
	return s
}

func (e *Endpoint) count(c Counter) { e.counts[c].Add(1) }
