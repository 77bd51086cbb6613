package pagelog

import "github.com/otagate/otagate/sessions/cdr"

// queue is the records that the tables do not have yet. It copies what it is
// given, into memory that it uses again and again.
type queue struct {
	batches []*batch // oldest first
	idle    []*batch
	octets  int    // of all batches
	taken   uint64 // nothing of frames up to this one waits
}

// Records are handed over when so many octets of them wait.
const enough = 512 << 10

// maxIdle is how many batches are kept to be used again.
const maxIdle = 2

func (q *queue) empty() bool { return len(q.batches) == 0 }

// add adds the records of a frame. It tells whether there is something to do.
func (q *queue) add(records []cdr.Block, number uint64) (work bool) {
	if len(records) == 0 {
		if q.empty() {
			q.taken = number
		}
		return false
	}
	n := octets(records)
	first := q.empty()
	if first || !q.newest().takes(n) {
		q.batches = append(q.batches, q.new())
	}
	q.newest().add(records, number)
	q.octets += n
	return first || q.octets >= enough
}

func (q *queue) newest() *batch { return q.batches[len(q.batches)-1] }

func (q *queue) new() *batch {
	if n := len(q.idle); n > 0 {
		b := q.idle[n-1]
		q.idle = q.idle[:n-1]
		return b
	}
	return new(batch)
}

// oldest is the batch that the tables take next. Nothing is added to it any more.
func (q *queue) oldest() *batch {
	if q.empty() {
		return nil
	}
	q.batches[0].closed = true
	return q.batches[0]
}

// drop takes the oldest batch out: it is in the tables. last is the last frame of all.
func (q *queue) drop(last uint64) {
	b := q.batches[0]
	n := copy(q.batches, q.batches[1:])
	q.batches[n] = nil
	q.batches = q.batches[:n]
	q.octets -= b.octets
	if q.taken = b.upTo; q.empty() {
		q.taken = last
	}
	if len(q.idle) < maxIdle && b.octets <= maxTaken {
		b.reset()
		q.idle = append(q.idle, b)
	}
}
