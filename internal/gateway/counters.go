package gateway

import (
	"sync/atomic"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/ss7/tcap"
)

// counters count what the gateway did since its start.
type counters struct {
	started, duplicates, refused      atomic.Uint64
	noTrigger, throttled              atomic.Uint64
	badSource, badDestination         atomic.Uint64
	queueFull, overQuota              atomic.Uint64
	done, partial, failed             atomic.Uint64
	anomalies, notSent, late          atomic.Uint64
	postponed                         atomic.Uint64
	answered, timedOut, returned, bad atomic.Uint64
	receipts, receiptsRetried         atomic.Uint64
	receiptsDropped                   atomic.Uint64
	contradicted                      atomic.Uint64 // answers that name another handset than their session
}

func (c *counters) ended(r otasp.Result) {
	switch r.Outcome {
	case otasp.Done:
		c.done.Add(1)
	case otasp.Partial:
		c.partial.Add(1)
	default:
		c.failed.Add(1)
	}
}

func (c *counters) outcome(k tcap.OutcomeKind) {
	switch k {
	case tcap.OutcomeResult:
		c.answered.Add(1)
	case tcap.OutcomeTimeout:
		c.timedOut.Add(1)
	case tcap.OutcomeNotice:
		c.returned.Add(1)
	default:
		c.bad.Add(1)
	}
}

// Stats is a snapshot of the counters.
type Stats struct {
	Started, Duplicates, Refused, NoTrigger, Throttled uint64
	Done, Partial, Failed                              uint64
	Anomalies, NotSent, Late, Postponed                uint64
	Answered, TimedOut, Returned, Bad                  uint64
	Receipts, ReceiptsRetried, ReceiptsDropped         uint64
	Contradicted                                       uint64

	// Submissions that an account may not make, or not now.
	BadSource, BadDestination, QueueFull, OverQuota uint64
}

func (c *counters) snapshot() Stats {
	return Stats{
		Started: c.started.Load(), Duplicates: c.duplicates.Load(), Refused: c.refused.Load(),
		NoTrigger: c.noTrigger.Load(), Throttled: c.throttled.Load(),
		Done: c.done.Load(), Partial: c.partial.Load(), Failed: c.failed.Load(),
		Anomalies: c.anomalies.Load(), NotSent: c.notSent.Load(), Late: c.late.Load(), Postponed: c.postponed.Load(),
		Answered: c.answered.Load(), TimedOut: c.timedOut.Load(), Returned: c.returned.Load(), Bad: c.bad.Load(),
		Receipts: c.receipts.Load(), ReceiptsRetried: c.receiptsRetried.Load(), ReceiptsDropped: c.receiptsDropped.Load(),
		Contradicted: c.contradicted.Load(),
		BadSource:    c.badSource.Load(), BadDestination: c.badDestination.Load(), QueueFull: c.queueFull.Load(), OverQuota: c.overQuota.Load(),
	}
}
