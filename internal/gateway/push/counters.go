package push

import (
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/internal/delivery"
)

// counters count what the service did since its start.
type counters struct {
	accepted, duplicates                      atomic.Uint64
	done, failed, unknown                     atomic.Uint64
	sent, answered, notSent, refused, doubts  atomic.Uint64
	receipts, parked, unmatched, otherDeliver atomic.Uint64
	delivered, moved                          atomic.Uint64
	joined, scattered                         atomic.Uint64
	notifications                             atomic.Uint64
	anomalies, late, postponed                atomic.Uint64
	committing                                atomic.Int64 // nanoseconds of all that were accepted
}

func (c *counters) ended(r delivery.Result, n uint64) {
	switch r.Outcome {
	case delivery.Done:
		c.done.Add(n)
	case delivery.Uncertain:
		c.unknown.Add(n)
	default:
		c.failed.Add(n)
	}
}

// Stats is a snapshot of the counters.
type Stats struct {
	Accepted, Duplicates         uint64
	Committing                   time.Duration // from their arrival to the disk, of all that were accepted
	Done, Failed, Unknown        uint64
	Sent, NotSent                uint64 // parts given to a carrier, and those that it could not take
	Answered                     uint64 // by message centres
	Refused, Doubts              uint64 // parts refused, and those without an answer
	Receipts, Parked, Unmatched  uint64 // receipts; those that came before their message id; those of no message
	OtherDeliver                 uint64 // deliver_sm and data_sm that are no receipts
	Delivered                    uint64 // messages given to accounts
	Moved                        uint64 // messages asked to take another route, or routed again as their link was gone
	Joined, Scattered            uint64 // messages joined of segments, and segments that have waited for that in vain
	Notifications                uint64 // SMSNOT
	Anomalies, Late, PutOffTimes uint64
	InLine                       int // messages that wait for their turn to ask the HLR, now
}

// Stats are the counters.
func (s *Service) Stats() Stats {
	c, inLine := s.counts, 0
	if s.hlr != nil {
		inLine = s.hlr.asks.inLine()
	}
	return Stats{
		Accepted: c.accepted.Load(), Committing: time.Duration(c.committing.Load()), Duplicates: c.duplicates.Load(),
		Done: c.done.Load(), Failed: c.failed.Load(), Unknown: c.unknown.Load(),
		Sent: c.sent.Load(), Answered: c.answered.Load(), NotSent: c.notSent.Load(), Refused: c.refused.Load(), Doubts: c.doubts.Load(),
		Receipts: c.receipts.Load(), Parked: c.parked.Load(), Unmatched: c.unmatched.Load(), OtherDeliver: c.otherDeliver.Load(), Delivered: c.delivered.Load(), Moved: c.moved.Load(),
		Joined: c.joined.Load(), Scattered: c.scattered.Load(),
		Notifications: c.notifications.Load(), Anomalies: c.anomalies.Load(), Late: c.late.Load(), PutOffTimes: c.postponed.Load(),
		InLine: inLine,
	}
}
