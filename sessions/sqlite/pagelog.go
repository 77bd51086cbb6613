package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// LogMark is what was taken from the log of messages last; the zero mark when nothing
// ever was.
func (s *Store) LogMark(ctx context.Context) (sessions.LogMark, error) {
	var log, taken int64
	err := s.read.QueryRowContext(ctx, "SELECT log, taken FROM page_log").Scan(&log, &taken)
	if errors.Is(err, sql.ErrNoRows) {
		return sessions.LogMark{}, nil
	}
	return sessions.LogMark{Log: uint64(log), Taken: uint64(taken)}, readError(err)
}

// TakeRecords commits blocks of records and the mark of the log that they are from in one
// transaction, with whatever else is there to be committed. It returns when they are on
// the disk or were not taken, whatever becomes of ctx.
func (s *Store) TakeRecords(ctx context.Context, blocks []cdr.Block, mark sessions.LogMark) error {
	_, err := do(context.WithoutCancel(ctx), s, func(w *writer) (struct{}, error) { return struct{}{}, w.takeRecords(blocks, mark) })
	return err
}

func (w *writer) takeRecords(blocks []cdr.Block, mark sessions.LogMark) error {
	for i := range blocks {
		b := &blocks[i]
		w.block++
		if _, err := w.exec(&w.st.addBlock, w.block, b.First, b.Last, b.Flow, b.Body); err != nil {
			return err
		}
		w.ends.add(b.Sessions, w.block)
	}
	_, err := w.exec(&w.st.putMark, int64(mark.Log), int64(mark.Taken))
	return err
}

// OldPages gives the pages to each that a build has left which had its log in this file,
// the oldest first. A page's body is only valid during the call.
func (s *Store) OldPages(ctx context.Context, each func(p sessions.Page) error) error {
	rows, err := s.read.QueryContext(ctx, "SELECT seq, body FROM page ORDER BY seq")
	if err != nil {
		return readError(err)
	}
	defer rows.Close()
	var p sessions.Page
	var body sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&p.Seq, &body); err != nil {
			return readError(err)
		}
		p.Body = body
		if err := each(p); err != nil {
			return err
		}
	}
	return readError(rows.Err())
}

// DropOldPages deletes what OldPages gives.
func (s *Store) DropOldPages(ctx context.Context) error {
	_, err := do(ctx, s, func(w *writer) (struct{}, error) { return struct{}{}, execute(w.conn, "DELETE FROM page") })
	return err
}

// MessagesInTables counts what a build before the log of pages has left on its
// way: live messages and rows of messages.
func (s *Store) MessagesInTables(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM session WHERE kind = ?1) + (SELECT count(*) FROM outbox WHERE kind = ?1)",
		int64(sessions.KeyMessage)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting messages: %w", readError(err))
	}
	return n, nil
}
