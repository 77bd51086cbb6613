package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Options of a store. Zero fields get their defaults.
type Options struct {
	// Queue is how many operations may wait for the writer. Default 8192.
	Queue int
	// Pragmas tune the connection that writes, as in "cache_size(-65536)". One
	// that makes the store unsafe keeps it from opening.
	Pragmas []string
}

// readers is the number of connections that only read.
const readers = 4

// Store is a sessions.Store in a SQLite file.
type Store struct {
	path  string
	queue chan op
	read  *sql.DB
	find  map[string]*sql.Stmt // orders, by the field looked at
	lock  driver.Conn
	write *writer
	quit  chan struct{} // closed when the store is to close
	ended chan struct{} // closed when the actor has ended
	once  sync.Once     // for quit

	mu     sync.RWMutex // guards closed against sends to queue
	closed bool
}

// Open opens the file at path, makes it when it is not there, and brings its
// tables up to date.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	if path == "" || path == ":memory:" || strings.HasPrefix(path, "file:") {
		return nil, fmt.Errorf("sqlite: %q is not the path of a file on a disk", path)
	}
	if opts.Queue <= 0 {
		opts.Queue = 8192
	}
	lock, err := takeLock(path)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, path, opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: opening %s: %w", path, explain(err)), lock.Close())
	}
	s.lock = lock
	go s.act()
	return s, nil
}

func open(ctx context.Context, path string, opts Options) (*Store, error) {
	if err := newFile(path); err != nil {
		return nil, err
	}
	if err := prepareFile(ctx, path); err != nil {
		return nil, err
	}
	w, err := openWriter(dsn(path), append(writerPragmas(), opts.Pragmas...))
	if err != nil {
		return nil, err
	}
	read, err := sql.Open("sqlite", dsn(path, "busy_timeout(2000)", "query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	find, err := finders(ctx, read)
	if err == nil {
		err = openAll(ctx, read)
	}
	if err == nil {
		w.block, err = w.ends.load(ctx, read)
	}
	if err != nil {
		return nil, errors.Join(err, w.close(), read.Close())
	}
	return &Store{
		path:  path,
		queue: make(chan op, opts.Queue),
		read:  read,
		find:  find,
		write: w,
		quit:  make(chan struct{}),
		ended: make(chan struct{}),
	}, nil
}

// Path is the file.
func (s *Store) Path() string { return s.path }

// openAll opens all reading connections now: in a process that is out of file
// descriptors later, what is open goes on working.
func openAll(ctx context.Context, db *sql.DB) (err error) {
	for range readers {
		c, cerr := db.Conn(ctx)
		if cerr != nil {
			return errors.Join(err, cerr)
		}
		defer func() { err = errors.Join(err, c.Close()) }() // back to the pool
		var n int
		if err = c.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&n); err != nil {
			return err // with the first read the engine opens the rest of its files
		}
	}
	return nil
}

// writerPragmas are the settings of the writer. The operator's come after them
// and are judged by the guard.
func writerPragmas() []string {
	return []string{
		"busy_timeout(2000)", // another program may look at the file, and may lock it while it does
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"wal_autocheckpoint(4000)",
		"journal_size_limit(67108864)",
		"cache_size(-8192)",
		"temp_store(MEMORY)",
	}
}

// dsn names the file. The driver executes the pragmas of a name in the order
// of the alphabet, so those whose order matters are not given here.
func dsn(path string, pragmas ...string) string {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// ErrInUse is the error of Open for a store that another process has.
var ErrInUse = errors.New("in use by another process")

// takeLock holds an exclusive lock on an empty SQLite file beside the store.
// The store itself is not locked: its own readers, a backup and the sqlite3
// shell may look at it.
func takeLock(path string) (driver.Conn, error) {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Driver().Open(dsn(path+".lock", "busy_timeout(0)"))
	if err == nil {
		if err = execute(conn, "BEGIN EXCLUSIVE"); err == nil {
			return conn, nil
		}
		err = errors.Join(err, conn.Close())
	}
	if code(err) == sqlite3.SQLITE_BUSY {
		return nil, fmt.Errorf("sqlite: %s is %w: stop that one first", path, ErrInUse)
	}
	return nil, fmt.Errorf("sqlite: locking %s.lock: %w", path, err)
}

// code is the primary result code of an SQLite error, 0 for any other.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// explain adds what to do to an error whose text does not say it.
func explain(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the directory must be there and writable: %w", err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the file is something else, choose another path: %w", err)
	}
	return err
}
