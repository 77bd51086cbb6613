package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/otagate/otagate/sessions"
)

// writer is the one connection that writes. It speaks to the driver directly:
// the pool of database/sql would be one more lock and copy for each statement.
type writer struct {
	conn driver.Conn
	st   statements
	now  int64 // of the batch, in Unix microseconds

	block int64 // the highest number of a block of records ever given
	ends  ends
	added []sessions.Corr // correlations that the change at work has inserted
	noted bool            // its seen entry was inserted
}

func openWriter(dsn string, pragmas []string) (*writer, error) {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Driver().Open(dsn)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn}
	if err := w.start(pragmas); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *writer) start(pragmas []string) error {
	for _, p := range pragmas {
		if err := execute(w.conn, "PRAGMA "+p); err != nil {
			return fmt.Errorf("PRAGMA %s: %w", p, err)
		}
	}
	if err := w.guard(); err != nil {
		return err
	}
	return w.st.prepare(w.conn)
}

func (w *writer) close() error {
	return errors.Join(w.st.close(), w.conn.Close())
}

// stmt is one prepared statement and room for its arguments.
type stmt struct {
	exec driver.StmtExecContext
	rows driver.StmtQueryContext
	args []driver.NamedValue
}

func (s *stmt) bind(args []driver.Value) []driver.NamedValue {
	s.args = s.args[:0]
	for i, a := range args {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s.args
}

// exec runs s and tells how many rows it touched.
func (w *writer) exec(s *stmt, args ...driver.Value) (int64, error) {
	res, err := s.exec.ExecContext(context.Background(), s.bind(args))
	clear(s.args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query gives each row of s to each; the values are only valid during the call.
func (w *writer) query(s *stmt, each func([]driver.Value) error, args ...driver.Value) (err error) {
	rows, err := s.rows.QueryContext(context.Background(), s.bind(args))
	clear(s.args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return eachRow(rows, each)
}

// one reads a single number; false when there is no row.
func (w *writer) one(s *stmt, args ...driver.Value) (n int64, ok bool, err error) {
	err = w.query(s, func(v []driver.Value) error {
		n, ok = v[0].(int64)
		return nil
	}, args...)
	return n, ok, err
}

// queryRow runs a statement that is not prepared and reads one value.
func (w *writer) queryRow(query string, into any) (err error) {
	s, err := w.conn.Prepare(query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return eachRow(rows, func(v []driver.Value) error {
		var ok bool
		switch p := into.(type) {
		case *int64:
			*p, ok = v[0].(int64)
		case *string:
			*p, ok = v[0].(string)
		}
		if !ok {
			return fmt.Errorf("%s gave %T", query, v[0])
		}
		return nil
	})
}

func eachRow(rows driver.Rows, each func([]driver.Value) error) error {
	vals := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(vals); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := each(vals); err != nil {
			return err
		}
	}
}

func execute(conn driver.Conn, query string) error {
	_, err := conn.(driver.ExecerContext).ExecContext(context.Background(), query, nil)
	return err
}
