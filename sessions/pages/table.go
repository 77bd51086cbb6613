package pages

// rowTable finds rows by their numbers. These count up, so that what comes together
// and goes together is in one piece: a map of all rows would be a miss of the caches
// for each.
type rowTable struct {
	pieces map[int64]*piece
	count  int
}

const pieceBits = 6

// piece are the rows whose numbers differ in the lowest bits only.
type piece struct {
	rows  [1 << pieceBits]*row
	count int
}

func (t *rowTable) get(n int64) *row {
	if p := t.pieces[n>>pieceBits]; p != nil {
		return p.rows[n&(1<<pieceBits-1)]
	}
	return nil
}

// put makes r the row of its number.
func (t *rowTable) put(r *row) {
	p := t.pieces[r.number>>pieceBits]
	if p == nil {
		p = new(piece)
		t.pieces[r.number>>pieceBits] = p
	}
	at := &p.rows[r.number&(1<<pieceBits-1)]
	if *at == nil {
		p.count++
		t.count++
	}
	*at = r
}

// drop takes out a row that is there.
func (t *rowTable) drop(n int64) {
	p := t.pieces[n>>pieceBits]
	p.rows[n&(1<<pieceBits-1)] = nil
	t.count--
	if p.count--; p.count == 0 {
		delete(t.pieces, n>>pieceBits)
	}
}

// all gives the rows, in no order.
func (t *rowTable) all(yield func(*row) bool) {
	for _, p := range t.pieces {
		for _, r := range p.rows {
			if r != nil && !yield(r) {
				return
			}
		}
	}
}
