package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions/cdr"
)

// end says that a session has a record in a block.
type end struct {
	session int64 // the 64 bits of the id
	block   int64
}

// ends are those that no run has yet. The writer adds to them, and makes a run
// when there are many; who looks for a session looks here first.
type ends struct {
	mu   sync.Mutex
	list []end
	kept int // of list, before the transaction
	run  int // of list, that the transaction has put into a run
}

// runLength is how many ends make a run, and pieceLength how many of them a row
// of it: so many that a row needs no pages of its own.
const (
	runLength   = 16_384
	pieceLength = 56
)

func (e *ends) add(sessions []uint64, block int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range sessions {
		e.list = append(e.list, end{int64(id), block})
	}
}

// begin begins a transaction.
func (e *ends) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept, e.run = len(e.list), 0
}

// end ends a transaction.
func (e *ends) end(committed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !committed {
		e.list = e.list[:e.kept]
		return
	}
	e.list = slices.Delete(e.list, 0, e.run)
}

// of adds the blocks of a session to list.
func (e *ends) of(session int64, list []int64) []int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.list {
		if x.session == session {
			list = append(list, x.block)
		}
	}
	return list
}

// load reads what came after the last run, and returns the highest number of a
// block: blocks may have been deleted since that are in a run.
func (e *ends) load(ctx context.Context, db *sql.DB) (last int64, err error) {
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(upto), 0) FROM cdr_run").Scan(&last); err != nil {
		return 0, err
	}
	rows, err := db.QueryContext(ctx, "SELECT seq, records FROM cdr_block WHERE seq > ? ORDER BY seq", last)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var records sql.RawBytes
		if err := rows.Scan(&last, &records); err != nil {
			return 0, err
		}
		all, err := cdr.BlockSessions(records)
		if err != nil {
			return 0, fmt.Errorf("block %d of records: %w", last, err)
		}
		e.add(all, last)
	}
	return last, rows.Err()
}

// writeRun makes a run of all that is committed, when it is long enough.
func (w *writer) writeRun() error {
	if w.ends.kept < runLength { // nobody else writes it
		return nil
	}
	run := slices.Clone(w.ends.list[:w.ends.kept])
	upto := run[len(run)-1].block // blocks come in order
	slices.SortFunc(run, func(a, b end) int { return cmp.Or(cmp.Compare(a.session, b.session), cmp.Compare(a.block, b.block)) })
	if _, err := w.exec(&w.st.addRun, upto); err != nil {
		return err
	}
	w.ends.run = w.ends.kept
	for len(run) > 0 {
		n := min(pieceLength, len(run))
		for n < len(run) && run[n].session == run[n-1].session { // one session is in one piece
			n++
		}
		var piece []byte
		for _, x := range run[:n] {
			piece = binary.BigEndian.AppendUint64(piece, uint64(x.session))
			piece = binary.BigEndian.AppendUint64(piece, uint64(x.block))
		}
		if _, err := w.exec(&w.st.addPiece, upto, run[0].session, piece); err != nil {
			return err
		}
		run = run[n:]
	}
	return nil
}

// piecesSQL gives the one piece of each run in which a session can be.
const piecesSQL = "SELECT (SELECT entries FROM cdr_piece p WHERE p.upto = r.upto AND p.first <= ? ORDER BY p.first DESC LIMIT 1) FROM cdr_run r"

// blocks are those that have records of a session; 0 is none.
func (s *Store) blocks(ctx context.Context, session uint64) (list []int64, err error) {
	if session == 0 {
		return nil, nil
	}
	// First what no run has: what goes into one meanwhile is found there.
	list = s.write.ends.of(int64(session), nil)
	rows, err := s.read.QueryContext(ctx, piecesSQL, int64(session))
	if err != nil {
		return nil, readError(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var piece sql.RawBytes
		if err := rows.Scan(&piece); err != nil {
			return nil, readError(err)
		}
		if list, err = pieceOf(piece, session, list); err != nil {
			return nil, err
		}
	}
	return list, readError(rows.Err())
}

// pieceOf adds the blocks of a session to list.
func pieceOf(piece []byte, session uint64, list []int64) ([]int64, error) {
	c := wire.NewCursor("piece of a run", piece)
	for c.More() {
		id, block := c.U64("session"), int64(c.U64("block"))
		if id == session && c.Err() == nil {
			list = append(list, block)
		}
	}
	return list, c.End()
}
