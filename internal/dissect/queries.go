package dissect

import (
	"sync"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Queries remembers the operation of each open query by its transaction id.
// It is for one network, where no two nodes use the same id at a time, and for
// watching, not for signalling. Safe for concurrent use; the zero value is ready.
type Queries struct {
	mu  sync.Mutex
	ops map[ansi.TransactionID]ansi41.Operation
}

// maxQueries bounds what is remembered: a query that is never answered is
// forgotten with all others when so many are open.
const maxQueries = 1 << 16

// follow notes a query, or finds what a response answers, 0 when that is not known.
func (q *Queries) follow(p *ansi.Package) ansi41.Operation {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch p.Type {
	case ansi.QueryWithPermission, ansi.QueryWithoutPermission:
		if k := &p.Components[0]; k.Type.IsInvoke() && isANSI41(k.Operation) {
			if q.ops == nil || len(q.ops) >= maxQueries {
				q.ops = make(map[ansi.TransactionID]ansi41.Operation)
			}
			q.ops[p.Originating] = ansi41.Operation(k.Operation.Specifier)
		}
	case ansi.Response:
		op := q.ops[p.Responding]
		delete(q.ops, p.Responding)
		return op
	}
	return 0
}
