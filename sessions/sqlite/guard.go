package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

// applicationID marks our files: "OTAG".
const applicationID = 0x4F544147

//go:embed migrations/*.sql
var migrations embed.FS

// newFile makes the file of a new store, for its owner alone: it holds service
// programming codes, and who has which number. SQLite gives the files beside it
// the same mode. What is wrong with the place, SQLite says.
func newFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil
	}
	return f.Close()
}

// prepareFile makes sure that the file is ours, then migrates it.
func prepareFile(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, "busy_timeout(2000)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := claimFile(ctx, db); err != nil {
		return err
	}
	return migrate(ctx, db)
}

// claimFile refuses a file of another program and marks a new one as ours.
func claimFile(ctx context.Context, db *sql.DB) error {
	var id, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	if id != 0 || tables != 0 {
		return fmt.Errorf("the file belongs to another program (application_id %#x, %d tables and indexes): choose another path", id, tables)
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return err
}

// migrate brings the tables up to date. Tables of a newer version are refused:
// what they hold is not known here.
func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	sources := p.ListSources()
	known := sources[len(sources)-1].Version
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	switch v, err := p.GetDBVersion(ctx); {
	case err != nil:
		return err
	case v > known:
		return fmt.Errorf("the tables are of version %d and this program knows %d: use the newer program", v, known)
	}
	return nil
}

// guard refuses a connection on which COMMIT does not mean "on the disk".
func (w *writer) guard() error {
	var mode string
	var sync int64
	if err := w.queryRow("PRAGMA journal_mode", &mode); err != nil {
		return err
	}
	if err := w.queryRow("PRAGMA synchronous", &sync); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("journal_mode is %s and must be WAL: a local disk and no other pragma", mode)
	}
	if sync < 2 {
		return fmt.Errorf("synchronous is %d and must be at least 2 (FULL): acknowledged steps would be lost with the power", sync)
	}
	return nil
}
