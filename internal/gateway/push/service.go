package push

import (
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
)

// Service delivers messages.
type Service struct {
	cfg     Config
	lanes   lanes
	routes  atomic.Pointer[route.Table]
	tlvs    atomic.Pointer[configs.Dictionary]
	retries retries
	esmes   esmes
	ids     ids
	dir     *directory
	gather  *gathering
	do      *performer
	runtime *sessions.Runtime[parcel, event, effect]
	letters *receipts
	hlr     *hlr
	counts  *counters
	asks    atomic.Uint64
}

// choreWorkers do what may block; choreQueue chores may wait for them.
const (
	choreWorkers = 4
	choreQueue   = 1024
)

// mailbox is how many events may wait for a shard: the windows of some busy binds on
// either side.
const mailbox = 16384

// New puts a service together; Run runs it.
func New(cfg Config) (*Service, error) {
	s := &Service{cfg: cfg, ids: ids{random: cfg.Random, next: map[string]sessions.ID{}}, dir: newDirectory(), counts: &counters{}}
	s.routes.Store(cfg.Routes)
	s.tlvs.Store(cfg.TLVs)
	if err := s.retries.set(cfg.Push.Retries); err != nil {
		return nil, err
	}
	s.do = &performer{
		dir: s.dir, box: cfg.Store, doors: cfg.Doors, chores: make(chan chore, choreQueue),
		clock: cfg.Clock, counts: s.counts, log: cfg.Log, waiting: map[uint64]chan bool{}, told: map[string]bool{},
	}
	if s.cfg.Handsets == nil {
		s.cfg.Handsets = nobody{}
	}
	s.do.rehome = s.rehome
	s.gather = newGathering(s.do, s.counts, s.assemble)
	s.do.gather = s.gather
	s.letters = newReceipts(s.dir, s.do, cfg.Clock, s.counts, cfg.Log)
	s.letters.oldest = s.oldest
	if err := s.carriers(); err != nil {
		return nil, err
	}
	s.runtime = sessions.NewRuntime(&flow{svc: s, dir: s.dir, doors: cfg.Doors, do: s.do}, cfg.Store, sessions.Options{
		MaxSessions: cfg.Push.MaxMessages, Shards: cfg.Shards, Now: cfg.Clock.Now, Mailbox: mailbox,
		Owns: Owns,
		Fault: func(ref sessions.Ref, err error) {
			cfg.Log.Error().Stringer("session", ref.ID).Err(err).Msg("message fault")
		},
	})
	s.do.mail = s.runtime
	return s, nil
}

// Owns tells which sessions of a store are messages.
func Owns(k sessions.Key) bool { return k.Kind == sessions.KeyMessage }

// carriers makes a sender for each centre and for each MSC.
func (s *Service) carriers() error {
	if err := s.firstLinks(); err != nil {
		return err
	}
	if s.cfg.SMPP != nil {
		s.SetAccounts(s.cfg.SMPP.Accounts)
	}
	if s.cfg.Push.SS7.HLR == "" {
		return nil
	}
	s.hlr = newHLR(s, &s.retries)
	s.do.hlr = s.hlr
	for name, addr := range s.cfg.MSCs {
		m := &msc{name: name, addr: addr, svc: s, classes: &s.retries}
		m.wake = s.sender(destOf("", name), m, s.cfg.Push.SS7.Rate, s.cfg.SMDPP).nudge
	}
	return nil
}

func (s *Service) sender(dest string, c carrier, rate float64, answer time.Duration) *sender {
	one := newSender(dest, c, s.cfg.Store, s.do, rate, answer)
	s.do.senders.add(one)
	return one
}

// Links tells how the links are.
func (s *Service) Links() []links.Stats {
	all := []links.Stats{}
	for _, one := range s.lanes.all() {
		if l := one.link.Load(); l != nil {
			all = append(all, l.Stats())
		}
	}
	return all
}

// Ready is closed when the messages of an earlier run are loaded.
func (s *Service) Ready() <-chan struct{} { return s.runtime.Ready() }

// Live is the number of messages on their way.
func (s *Service) Live() int { return s.runtime.Len() }

// Known is the number of entries in the directories: zero when no message is on its way.
func (s *Service) Known() int { return s.dir.size() + s.gather.size() }
