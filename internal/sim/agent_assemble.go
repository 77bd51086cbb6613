package sim

import (
	"bytes"
	"time"
)

// part is a datagram or a segment of one.
type part struct {
	partKey
	number int    // from 0
	ports  *Ports // nil when the segment has none, or the whole is text
	octets []byte
	text   bool // octets are text for the user
}

// partKey tells datagrams apart that come at the same time.
type partKey struct {
	from  string
	kind  partKind
	ref   int
	total int
}

// partKind is where the reference is from: numbers of different kinds have
// nothing to do with each other.
type partKind uint8

const (
	kindNone partKind = iota // no reference: a whole datagram
	kindUDH8
	kindUDH16
	kindSAR
	kindIS637 // MESSAGE_ID
)

// datagram is what segments make.
type datagram struct {
	from   string
	ports  *Ports
	octets []byte
	text   bool
}

// verdict is what became of a part.
type verdict uint8

const (
	partMissing verdict = iota // others are missing
	partAgain                  // it was there already
	partLast                   // it completes a datagram
)

// assembler puts segments together, in any order and however often they come.
// A complete datagram is remembered for a while, so that its segments are
// known when they come again.
type assembler struct {
	timeout, remember time.Duration
	open, done        map[partKey]*pieces
	dropped           int // incomplete datagrams
}

// pieces is the segments of one datagram, by number.
type pieces struct {
	parts []*part
	have  int
	since time.Time // the first segment, or the last when complete
}

func newAssembler(timeout, remember time.Duration) assembler {
	return assembler{timeout: timeout, remember: remember, open: map[partKey]*pieces{}, done: map[partKey]*pieces{}}
}

// forget drops what has waited too long.
func (a *assembler) forget(now time.Time) {
	for k, p := range a.open {
		if now.Sub(p.since) >= a.timeout {
			delete(a.open, k)
			a.dropped++
		}
	}
	for k, p := range a.done {
		if now.Sub(p.since) >= a.remember {
			delete(a.done, k)
		}
	}
}

// add takes a part.
func (a *assembler) add(p *part, now time.Time) (*datagram, verdict) {
	a.forget(now)
	if p.kind == kindNone {
		return &datagram{p.from, p.ports, p.octets, p.text}, partLast
	}
	set := a.open[p.partKey]
	switch {
	case set == nil && a.done[p.partKey].holds(p), set.holds(p):
		return nil, partAgain
	case set == nil:
		set = a.begin(p.partKey, now)
	case set.parts[p.number] != nil:
		// Another segment under the same number: the sender has begun anew
		// with a reference that he has used before.
		a.dropped++
		set = a.begin(p.partKey, now)
	}
	set.parts[p.number] = p
	if set.have++; set.have < p.total {
		return nil, partMissing
	}
	delete(a.open, p.partKey)
	set.since = now
	a.done[p.partKey] = set
	return set.datagram(), partLast
}

func (a *assembler) begin(k partKey, now time.Time) *pieces {
	delete(a.done, k)
	set := &pieces{parts: make([]*part, k.total), since: now}
	a.open[k] = set
	return set
}

// holds tells whether the very same segment is there.
func (s *pieces) holds(p *part) bool {
	if s == nil {
		return false
	}
	old := s.parts[p.number]
	return old != nil && bytes.Equal(old.octets, p.octets)
}

func (s *pieces) datagram() *datagram {
	d := &datagram{from: s.parts[0].from, text: s.parts[0].text}
	for _, p := range s.parts {
		if d.ports == nil {
			d.ports = p.ports
		}
		d.octets = append(d.octets, p.octets...)
	}
	return d
}
