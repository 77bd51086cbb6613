package disk

import (
	"context"
	"errors"
	"fmt"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/pages"
)

// Tables are the tables that messages are beside. *sqlite.Store is one.
type Tables interface {
	pagelog.Tables
	// Path is the file of the tables.
	Path() string
	// MessagesInTables counts what a build has left that had messages in tables.
	MessagesInTables(ctx context.Context) (int, error)
	// OldPages and DropOldPages are what a build has left that had its log in the tables.
	OldPages(ctx context.Context, each func(sessions.Page) error) error
	DropOldPages(ctx context.Context) error
}

// Messages are messages on their way. Close closes their log, and leaves the tables open.
type Messages struct {
	*pages.Store
	log *pagelog.Log
}

// LogOf is the folder of the log beside a file of tables.
func LogOf(path string) string { return path + ".messages" }

// OpenMessages opens the messages that belong to the tables, which stay open until they
// are closed. It makes their log when there never was one.
func OpenMessages(ctx context.Context, t Tables, opts pages.Options) (*Messages, error) {
	switch n, err := t.MessagesInTables(ctx); {
	case err != nil:
		return nil, err
	case n > 0:
		return nil, fmt.Errorf("the store has %d messages, parts and results of an earlier build, which this one does not send:"+
			" start that build without triggers of push until it has sent them, or begin with another store", n)
	}
	log, err := pagelog.Open(ctx, LogOf(t.Path()), t, pagelog.Options{})
	if err != nil {
		return nil, err
	}
	err = adopt(ctx, log, t)
	var store *pages.Store
	if err == nil {
		store, err = pages.Open(ctx, log, opts)
	}
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	return &Messages{store, log}, nil
}

// adopt moves the pages of an earlier build into the log. After a crash it goes on
// where it was.
func adopt(ctx context.Context, log *pagelog.Log, t Tables) error {
	var last, moved int64
	if err := log.Pages(ctx, func(p sessions.Page) error { last = p.Seq; return nil }); err != nil {
		return err
	}
	err := t.OldPages(ctx, func(p sessions.Page) error {
		moved++
		if p.Seq <= last {
			return nil
		}
		p.First = p.Seq - moved + 1 // none is dropped: they have no gap
		return log.AppendPage(&p)
	})
	if err != nil || moved == 0 {
		return err
	}
	return t.DropOldPages(ctx)
}

// LogStats is what the log has.
func (m *Messages) LogStats() pagelog.Stats { return m.log.Stats() }

// Close commits what is queued, and hands what has ended to the tables.
func (m *Messages) Close() error { return errors.Join(m.Store.Close(), m.log.Close()) }

// TakeRecords hands the records to the tables that a gateway has left in its log which
// was killed. A gateway does so when it starts.
func TakeRecords(ctx context.Context, t Tables) error {
	mark, err := t.LogMark(ctx)
	if err != nil || mark.Log == 0 {
		return err
	}
	log, err := pagelog.Open(ctx, LogOf(t.Path()), t, pagelog.Options{})
	if err != nil {
		return err
	}
	return log.Close()
}
