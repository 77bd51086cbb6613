package push

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Run delivers until ctx ends. Then nothing more is sent, what is under way gets
// some time for its answer, the binds are closed, and the runtime stops last: an
// answer that has come is stored, or its part would be in doubt at the next start.
func (s *Service) Run(ctx context.Context) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var chores sync.WaitGroup
	defer chores.Wait()
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- s.runtime.Run(running) }()
	for range choreWorkers {
		chores.Go(func() { s.do.work(running) })
	}
	select {
	case <-s.runtime.Ready():
	case err := <-failed:
		return err
	case <-ctx.Done():
		stop()
		return <-failed
	}
	chores.Go(func() { s.letters.run(running) })
	chores.Go(func() { s.failover(running) })
	s.deliver(ctx, running)
	stop()
	return <-failed
}

// deliver sends until ctx ends, and then closes the binds.
func (s *Service) deliver(ctx, running context.Context) {
	bound, unbind := context.WithCancel(running)
	defer s.lanes.binds.Wait()
	defer unbind()
	s.lanes.sail(s, bound, ctx)
	<-ctx.Done()
	s.lanes.anchor()
	if s.hlr != nil {
		s.hlr.asks.close()
	}
	s.lanes.senders.Wait()
	s.drain()
	for _, one := range s.do.senders.all() {
		one.giveBack(running) // what was refused meanwhile is not in doubt
	}
}

// drain waits until the answer to each part that is under way is there and on the disk,
// but not longer than it may: what the shards have not stepped yet when they stop is in doubt.
func (s *Service) drain() {
	end, tick := time.After(s.cfg.Patience), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for slices.ContainsFunc(s.do.senders.all(), func(one *sender) bool { return one.holds() }) {
		select {
		case <-tick.C:
		case <-end:
			return
		}
	}
}
