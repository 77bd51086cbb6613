package gateway

import (
	"context"
	"sync"
)

// postmen are those of all accounts that there were since the start: receipts of an
// account that is gone wait for its return, until their time is over.
type postmen struct {
	mu      sync.RWMutex
	of      map[string][]*postman // one for each store, by account
	ctx     context.Context       // of run; nil before and after it
	running sync.WaitGroup
}

// add has the postmen of an account begin, unless it has some.
func (p *postmen) add(account string, all []*postman) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[account] != nil {
		return
	}
	if p.of == nil {
		p.of = map[string][]*postman{}
	}
	p.of[account] = all
	p.begin(all)
}

// nudgeLast wakes the one for the receipts of messages.
func (p *postmen) nudgeLast(account string) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if all := p.of[account]; len(all) > 0 {
		all[len(all)-1].nudge()
	}
}

// begin is under the lock.
func (p *postmen) begin(all []*postman) {
	ctx := p.ctx
	if ctx == nil {
		return
	}
	for _, one := range all {
		p.running.Go(func() { one.run(ctx) })
	}
}

// run has all of them deliver until ctx ends.
func (p *postmen) run(ctx context.Context) error {
	p.mu.Lock()
	p.ctx = ctx
	for _, all := range p.of {
		p.begin(all)
	}
	p.mu.Unlock()
	<-ctx.Done()
	p.mu.Lock()
	p.ctx = nil
	p.mu.Unlock()
	p.running.Wait()
	return nil
}

// nudge has those of an account look now.
func (p *postmen) nudge(account string) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, one := range p.of[account] {
		one.nudge()
	}
}

// addPostmen makes a postman for each store in which receipts of an account may be.
func (g *Gateway) addPostmen(account string) {
	var all []*postman
	for _, box := range g.boxes() {
		p := newPostman(account, box, g.binds.Of(account), g.cfg.SMPP.Response, g.counts, g.log)
		p.clock = g.out.Clock
		all = append(all, p)
	}
	g.postmen.add(account, all)
}
