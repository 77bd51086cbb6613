package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
)

// statements are those of the writer, prepared once.
type statements struct {
	begin, commit, rollback stmt

	create, finish                     stmt
	step, stepDue, stepKey, stepDueKey stmt
	version, byKey                     stmt

	addCorr, delCorr, corrOwner, clearCorr stmt
	addSeen, delSeen, seenBy, sweepSeen    stmt
	addOutbox, delOutbox, retryOutbox      stmt
	findDue, lease                         stmt
	findLeased, leaseAgain                 stmt
	withdraw, byDedup                      stmt
	addCDR, putBlob                        stmt
	addBlock, putMark                      stmt
	addRun, addPiece                       stmt
	orderOpen, orderDone, putOrder         stmt
	ping                                   stmt

	all []driver.Stmt
}

const stepSQL = " session SET version = version + 1, state = ?"

// dueSQL finds due rows. A parameter that is the whole LIMIT would have the statement
// compiled anew each time it is bound: the engine looks whether it is a number.
const dueSQL = " FROM outbox WHERE dest = ? AND next_at <= ? ORDER BY next_at, row LIMIT ? + 0"

func (s *statements) prepare(conn driver.Conn) error {
	for _, p := range [...]struct {
		to  *stmt
		sql string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		{&s.rollback, "ROLLBACK"},
		{&s.create, "INSERT INTO session (id, kind, number, version, due_at, state) VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING"},
		{&s.finish, "DELETE FROM session WHERE id = ? AND version = ?"},
		{&s.step, "UPDATE" + stepSQL + " WHERE id = ? AND version = ?"},
		{&s.stepDue, "UPDATE" + stepSQL + ", due_at = ? WHERE id = ? AND version = ?"},
		// OR IGNORE: a key that is taken must not end the statement with an
		// error. The changed rows are counted instead.
		{&s.stepKey, "UPDATE OR IGNORE" + stepSQL + ", kind = ?, number = ? WHERE id = ? AND version = ?"},
		{&s.stepDueKey, "UPDATE OR IGNORE" + stepSQL + ", due_at = ?, kind = ?, number = ? WHERE id = ? AND version = ?"},
		{&s.version, "SELECT version FROM session WHERE id = ?"},
		{&s.byKey, "SELECT id FROM session WHERE kind = ? AND number = ?"},
		{&s.addCorr, "INSERT INTO correlation (kind, id, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"},
		{&s.delCorr, "DELETE FROM correlation WHERE kind = ? AND id = ? AND session = ?"},
		{&s.corrOwner, "SELECT session FROM correlation WHERE kind = ? AND id = ?"},
		{&s.clearCorr, "DELETE FROM correlation WHERE session = ?"},
		{&s.addSeen, "INSERT INTO seen (key, session, expires_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE" +
			" SET session = excluded.session, expires_at = excluded.expires_at WHERE seen.expires_at <= ?"},
		{&s.delSeen, "DELETE FROM seen WHERE key = ?"},
		{&s.seenBy, "SELECT session FROM seen WHERE key = ? AND expires_at > ?"},
		{&s.sweepSeen, "DELETE FROM seen WHERE key IN (SELECT key FROM seen WHERE expires_at <= ? LIMIT ?)"},
		{&s.addOutbox, "INSERT INTO outbox (dest, next_at, due_at, validity_at, lease_until, attempt, session, kind, number, dedup, body)" +
			" VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"},
		{&s.delOutbox, "DELETE FROM outbox WHERE row = ?"},
		{&s.retryOutbox, "UPDATE outbox SET next_at = ?, due_at = ?, lease_until = 0 WHERE row = ? AND (attempt = ? OR ? = 0)"},
		{&s.findDue, "SELECT " + outboxColumns + dueSQL},
		{&s.lease, "UPDATE outbox SET attempt = attempt + 1, lease_until = ?, next_at = ? WHERE row IN (SELECT row" + dueSQL + ")"},
		{&s.findLeased, "SELECT " + outboxColumns + " FROM outbox WHERE dest = ? AND lease_until > 0 ORDER BY row"},
		{&s.leaseAgain, "UPDATE outbox SET lease_until = ?, next_at = ? WHERE dest = ? AND lease_until > 0"},
		{&s.withdraw, "DELETE FROM outbox WHERE dedup = ? AND lease_until = 0"},
		{&s.byDedup, "SELECT 1 FROM outbox WHERE dedup = ?"},
		{&s.addCDR, "INSERT INTO cdr (ended_at, mdn, session, flow, outcome, record) VALUES (?, ?, ?, ?, ?, ?)"},
		{&s.orderOpen, "SELECT 1 FROM provisioning_order WHERE name = ? AND revision = ? AND done = 0"},
		{&s.orderDone, "UPDATE provisioning_order SET done = 1, updated_at = ? WHERE name = ? AND revision = ?"},
		{&s.putOrder, "INSERT INTO provisioning_order (" + orderColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (name) DO UPDATE" +
			" SET mdn = excluded.mdn, min = excluded.min, imsi = excluded.imsi, esn = excluded.esn, meid = excluded.meid, doc = excluded.doc," +
			" done = excluded.done, updated_at = excluded.updated_at, revision = revision + 1"},
		{&s.putBlob, "INSERT OR REPLACE INTO blob (name, data, updated_at) VALUES (?, ?, ?)"},
		{&s.addBlock, "INSERT INTO cdr_block (seq, first_at, last_at, flow, records) VALUES (?, ?, ?, ?, ?)"},
		{&s.putMark, "INSERT OR REPLACE INTO page_log (one, log, taken) VALUES (1, ?, ?)"},
		{&s.addRun, "INSERT INTO cdr_run (upto) VALUES (?)"},
		{&s.addPiece, "INSERT INTO cdr_piece (upto, first, entries) VALUES (?, ?, ?)"},
		{&s.ping, "INSERT OR REPLACE INTO heartbeat (one, at) VALUES (1, ?)"},
	} {
		st, err := conn.Prepare(p.sql)
		if err != nil {
			return fmt.Errorf("%s: %w", p.sql, err)
		}
		s.all = append(s.all, st)
		p.to.exec = st.(driver.StmtExecContext)
		p.to.rows = st.(driver.StmtQueryContext)
	}
	return nil
}

func (s *statements) close() error {
	var errs []error
	for _, st := range s.all {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}
