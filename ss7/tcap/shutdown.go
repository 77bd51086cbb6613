package tcap

import "context"

// Shutdown takes no new transactions and waits for the open ones. When ctx
// ends first, the users of our invokes hear OutcomeShutdown, queries that the
// Handler has not answered are aborted, and the error of ctx is returned.
func (e *Endpoint) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	if !e.closing {
		e.closing = true
		if len(e.open) == 0 {
			close(e.empty)
		}
	}
	e.mu.Unlock()
	select {
	case <-e.empty:
		return nil
	case <-ctx.Done():
	}
	e.mu.Lock()
	var all []todo
	for _, tx := range e.open {
		var do todo
		if tx.machine.State != InitiationSent {
			do.abort(tx, 0)
		}
		e.step(tx, SendAbort, nil, Outcome{Kind: OutcomeShutdown}, &do)
		all = append(all, do)
	}
	e.mu.Unlock()
	for i := range all {
		e.perform(&all[i])
	}
	return ctx.Err()
}
