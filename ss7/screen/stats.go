package screen

import (
	"maps"
	"strconv"
)

// Counter is something a Screen counts.
type Counter uint8

// The counters. The first are the reasons.
const (
	InvokeAllowed Counter = Counter(Allowed)
	FromStranger  Counter = Counter(Stranger)
	FromWrongSSN  Counter = Counter(WrongSSN)
	NotForPeer    Counter = Counter(WrongOperation)
	OverRate      Counter = Counter(TooFast)
)

// The others.
const (
	ForeignAnswer Counter = iota + OverRate + 1 // an answer of a node that may not
	BlockedAnswer                               // a good one of a node that guesses
	Guess                                       // what belongs to no transaction
	GuessHeld                                   // the same, above the rate
	Alarm                                       // nodes that began to guess too often
	counters                                    // their number
)

var counterNames = [counters]string{
	"allowed", "refused: stranger", "refused: wrong subsystem", "refused: wrong operation", "refused: too fast",
	"foreign answer", "blocked answer", "guess", "guess held", "alarm",
}

func (c Counter) String() string {
	if c < counters {
		return counterNames[c]
	}
	return "counter " + strconv.Itoa(int(c))
}

// Stats is a snapshot of a Screen.
type Stats struct {
	Counts  [counters]uint64  // by Counter
	Refused map[string]uint64 // by operation
}

// Of is the value of one counter.
func (s *Stats) Of(c Counter) uint64 { return s.Counts[c] }

// Stats takes a snapshot.
func (s *Screen) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{s.counts, maps.Clone(s.refused)}
}
