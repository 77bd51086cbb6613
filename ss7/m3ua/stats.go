package m3ua

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Stats counts what went over the associations of a Client or Server.
type Stats struct {
	Received, Sent         uint64            // messages
	DataReceived, DataSent uint64            // DATA among them
	Refused                uint64            // Transfer calls that returned an error
	ErrorsSent             map[string]uint64 // ERR by code
	ErrorsReceived         map[string]uint64
	Anomalies              map[string]uint64 // by reason
	AssociationsLost       uint64
}

// counters is Stats while it is being counted.
type counters struct {
	received, sent         atomic.Uint64
	dataReceived, dataSent atomic.Uint64
	refused, lost          atomic.Uint64

	mu                  sync.Mutex
	errSent, errGot, an map[string]uint64
}

func (c *counters) errorSent(code ErrorCode)     { c.count(&c.errSent, code.String()) }
func (c *counters) errorReceived(code ErrorCode) { c.count(&c.errGot, code.String()) }
func (c *counters) anomaly(reason string)        { c.count(&c.an, reason) }

// reasonsMax bounds the reasons kept apart: a peer chooses the codes it sends.
const reasonsMax = 64

func (c *counters) count(m *map[string]uint64, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *m == nil {
		*m = map[string]uint64{}
	}
	if _, known := (*m)[reason]; !known && len(*m) >= reasonsMax {
		reason = "other"
	}
	(*m)[reason]++
}

func (c *counters) stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Received: c.received.Load(), Sent: c.sent.Load(),
		DataReceived: c.dataReceived.Load(), DataSent: c.dataSent.Load(),
		Refused: c.refused.Load(), AssociationsLost: c.lost.Load(),
		ErrorsSent: maps.Clone(c.errSent), ErrorsReceived: maps.Clone(c.errGot), Anomalies: maps.Clone(c.an),
	}
}
