package sccp

import (
	"bytes"
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// Segmentation gives a long message at most sixteen parts.
const maxSegments = 16

// maxMessage bounds a message that is joined from segments.
const maxMessage = maxSegments * 255

// Verdict is what became of a segment.
type Verdict uint8

// The verdicts.
const (
	Waiting    Verdict = iota // more segments have to come
	Complete                  // the message is whole
	Duplicate                 // seen already, dropped
	OutOfOrder                // dropped, and with it what had come
	Overflow                  // no room, dropped
	verdicts
)

func (v Verdict) String() string {
	names := [...]string{"waiting", "complete", "duplicate", "out of order", "overflow"}
	if v < verdicts {
		return names[v]
	}
	return "verdict"
}

// Reassembler joins the segments of messages, by calling address and local
// reference. It has no clock and no lock; time comes in with each segment. Its
// memory is bounded by Max times the 4,080 octets of the longest message.
//
// The zero value holds nothing; set Timeout and Max before use.
type Reassembler struct {
	Timeout time.Duration
	Max     int // messages in the making
	Expired uint64

	pending map[segmentKey]*assembly
}

type segmentKey struct {
	calling   Address
	reference uint32
}

type assembly struct {
	remaining uint8
	from      mtp.PointCode // 0 when the segments came from several nodes
	data      []byte
	last      int // start of the latest segment in data
	deadline  time.Time
}

// Add takes a segment that came from a node. With Complete it returns the whole
// message, which is the caller's, and the node that all of it came from, 0 when
// there were several; a segment that is first and last at once is returned as it
// is.
func (r *Reassembler) Add(now time.Time, from mtp.PointCode, calling Address, s Segmentation, data []byte) ([]byte, mtp.PointCode, Verdict) {
	k := segmentKey{calling, s.LocalReference}
	a := r.pending[k]
	if a != nil && !now.Before(a.deadline) {
		delete(r.pending, k)
		r.Expired++
		a = nil
	}
	switch {
	case a != nil && s.Remaining == a.remaining && bytes.Equal(a.data[a.last:], data) && s.First == (a.last == 0):
		return nil, 0, Duplicate
	case s.First:
		whole, v := r.begin(now, from, k, s, data)
		return whole, from, v
	case a == nil:
		return nil, 0, OutOfOrder
	case s.Remaining != a.remaining-1:
		delete(r.pending, k)
		return nil, 0, OutOfOrder
	case len(a.data)+len(data) > maxMessage:
		delete(r.pending, k)
		return nil, 0, Overflow
	}
	if a.from != from {
		a.from = 0
	}
	a.last, a.remaining = len(a.data), s.Remaining
	a.data = append(a.data, data...)
	if s.Remaining > 0 {
		return nil, 0, Waiting
	}
	delete(r.pending, k)
	return a.data, a.from, Complete
}

// begin starts over when the reference is in use: the peer has given up the
// message it belonged to.
func (r *Reassembler) begin(now time.Time, from mtp.PointCode, k segmentKey, s Segmentation, data []byte) ([]byte, Verdict) {
	if r.pending[k] != nil {
		delete(r.pending, k)
		r.Expired++
	}
	switch {
	case s.Remaining == 0:
		return data, Complete
	case len(r.pending) >= r.Max && r.Expire(now) == 0:
		return nil, Overflow
	case r.pending == nil:
		r.pending = map[segmentKey]*assembly{}
	}
	room := make([]byte, 0, (int(s.Remaining)+1)*len(data))
	r.pending[k] = &assembly{remaining: s.Remaining, from: from, data: append(room, data...), deadline: now.Add(r.Timeout)}
	return nil, Waiting
}

// Expire drops what has waited too long and returns the number dropped.
func (r *Reassembler) Expire(now time.Time) int {
	n := 0
	for k, a := range r.pending {
		if !now.Before(a.deadline) {
			delete(r.pending, k)
			n++
		}
	}
	r.Expired += uint64(n)
	return n
}

// Pending is the number of messages in the making.
func (r *Reassembler) Pending() int { return len(r.pending) }

// split is the number of segments that data of n octets takes and the size of
// all but the last; ok is false when sixteen are too few.
func split(n, size int) (segments, each int, ok bool) {
	if size <= 0 || n <= 0 {
		return 0, 0, false
	}
	segments = (n + size - 1) / size
	if segments > maxSegments {
		return 0, 0, false
	}
	// Nearly equal parts, none longer than the first.
	return segments, (n + segments - 1) / segments, true
}
