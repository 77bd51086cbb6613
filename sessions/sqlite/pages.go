package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/otagate/otagate/sessions"
)

// AppendPage commits p in one transaction with whatever else is there to be
// committed. done is called once, when it is on the disk or was not taken; it
// must not block. p must stay untouched until then.
func (s *Store) AppendPage(p *sessions.Page, done func(error)) {
	o := op{exec: func(w *writer) error { return w.page(p) }, ack: done}
	if err := s.wait(context.Background(), o); err != nil {
		done(err)
	}
}

func (w *writer) page(p *sessions.Page) error {
	if p.Body != nil {
		if _, err := w.exec(&w.st.addPage, p.Seq, p.Body); err != nil {
			return err
		}
		if _, err := w.exec(&w.st.dropPages, p.First); err != nil {
			return err
		}
	}
	for i := range p.Records {
		b := &p.Records[i]
		w.block++
		if _, err := w.exec(&w.st.addBlock, w.block, b.First, b.Last, b.Flow, b.Body); err != nil {
			return err
		}
		w.ends.add(b.Sessions, w.block)
	}
	return nil
}

// Pages gives the pages of the log to each, the oldest first. A page's body is
// only valid during the call.
func (s *Store) Pages(ctx context.Context, each func(p sessions.Page) error) error {
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
