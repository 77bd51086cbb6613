package sessions

import (
	"runtime"
	"time"
)

// Options of a runtime. Zero fields get their defaults.
type Options struct {
	// Shards is the number of goroutines that own sessions. Default: one for
	// each second processor, since others read, write and commit: with as many shards as
	// processors what belongs to a session goes from one to the other and back.
	Shards int
	// Mailbox is how many events may wait at one shard. Default 4096.
	Mailbox int
	// Backlog is how many events of one session may wait. Default 64.
	Backlog int
	// MaxSessions is how many sessions may live. Default 1,000,000.
	MaxSessions int
	// RecoverWindow is how many recovered sessions of one shard may have their
	// first step in flight at a time. Default 256.
	RecoverWindow int
	// CreateWindow is how many new sessions of one shard may have their first step in
	// flight at a time. The others wait, so that what lives goes before what is new: or a
	// rush of new sessions would fill the store's queue, and nothing would end. Default 512.
	CreateWindow int
	// Owns tells which of the stored sessions are of this runtime's flow, where
	// several flows share a store. Default: all.
	Owns func(Key) bool
	// Fault is told of what should not happen: a state that cannot be encoded
	// or decoded, a session that another writer has changed. It must not block.
	Fault func(ref Ref, err error)
	// Now is the wall clock that deadlines are held against. Default time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Shards <= 0 {
		o.Shards = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if o.Mailbox <= 0 {
		o.Mailbox = 4096
	}
	if o.Backlog <= 0 {
		o.Backlog = 64
	}
	if o.MaxSessions <= 0 {
		o.MaxSessions = 1_000_000
	}
	if o.RecoverWindow <= 0 {
		o.RecoverWindow = 256
	}
	if o.CreateWindow <= 0 {
		o.CreateWindow = 512
	}
	if o.Owns == nil {
		o.Owns = func(Key) bool { return true }
	}
	if o.Fault == nil {
		o.Fault = func(Ref, error) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Stats are counters since the start, and what there is now.
type Stats struct {
	Live       int // sessions now
	Recovering int // of them, those whose Recovered event has not been stepped yet
	Resting    int // of them, those of which only the encoded state is kept
	Mailbox    int // events and completions that wait for a shard now
	InFlight   int // changes that wait for the store now

	Created     uint64 // sessions whose first step is committed
	Finished    uint64 // sessions that ended
	Steps       uint64 // calls of Step
	Commits     uint64 // changes the store has committed
	Skipped     uint64 // steps that changed nothing durable
	Refused     uint64 // changes refused because of another session or as duplicates
	Retries     uint64 // changes and decodings tried again after trouble in the store
	Busy        uint64 // events and creates answered with ErrBusy
	StaleTimers uint64 // expiries dropped because the timer was set or stopped meanwhile
	Dropped     uint64 // events that came for a session after its last step
	Faults      uint64 // calls of Options.Fault
}
