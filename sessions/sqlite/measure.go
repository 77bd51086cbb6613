package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// measuredSteps is the number of steps between create and finish.
const measuredSteps = 12

// MeasureSessions finds how many sessions a second the bare store takes from
// so many workers. Each session is 1 create under a TRN with a correlation, 12
// steps that all move the deadline, one of which moves the session to its MDN
// and adds a second correlation, and a finish with a record; the state has 300
// octets and each commit is waited for. The store is left without live
// sessions, and with the records.
//
// The next change of a session is queued in the answer to the last one, so
// that nothing but the store takes time: it is a ceiling. The store's queue
// must have room for all workers.
func MeasureSessions(ctx context.Context, store sessions.Store, workers int, d time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	base := uint64(time.Now().UnixNano())
	all := make([]*measurement, workers)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range all {
		m := &measurement{ctx: ctx, store: store, stride: uint64(workers), n: base + uint64(i), done: wg.Done}
		m.change.State = make([]byte, 300)
		m.answer = m.hear
		all[i] = m
		wg.Add(1)
		m.begin()
	}
	wg.Wait()
	elapsed := time.Since(start).Seconds()
	sum := 0
	for _, m := range all {
		if m.err != nil {
			return 0, fmt.Errorf("measuring the store: %w", m.err)
		}
		sum += m.sessions
	}
	return float64(sum) / elapsed, nil
}

// MeasureRead reads the live sessions of a file that no store has open with one
// bare query and lets go of each: a ceiling for Open and Load. It returns their number.
func MeasureRead(ctx context.Context, path string) (n int, err error) {
	db, err := sql.Open("sqlite", dsn(path, "query_only(1)"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, recordSQL)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var id, kind, number, version, due int64
	var state sql.RawBytes
	for ; rows.Next(); n++ {
		if err := rows.Scan(&id, &kind, &number, &version, &due, &state); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// measurement is one worker: one session after the other.
type measurement struct {
	ctx       context.Context
	store     sessions.Store
	n, stride uint64
	change    sessions.Change
	answer    func(sessions.Result)
	done      func()
	began     time.Time
	sessions  int
	err       error
}

// begin creates the next session, or ends the worker.
func (m *measurement) begin() {
	if m.ctx.Err() != nil {
		m.done()
		return
	}
	m.n += m.stride
	m.began = time.Now()
	number := m.n % 10_000_000_000
	state := m.change.State
	// Ids are random in life; multiplying spreads these over the tree.
	id := sessions.ID(m.n*0x9E3779B97F4A7C15 | 1)
	binary.BigEndian.PutUint64(state, uint64(id))
	m.change = sessions.Change{
		ID: id, Key: sessions.TRNKey(sessions.TRN(number)), State: state, Due: m.began,
		AddCorr: []sessions.Corr{{Kind: sessions.CorrTrigger, ID: "ivr/" + strconv.FormatUint(m.n, 36)}},
	}
	m.store.Apply(&m.change, m.answer)
}

// hear takes an answer and queues what comes next.
func (m *measurement) hear(res sessions.Result) {
	c := &m.change
	switch {
	case res.Err != nil:
		m.err = res.Err
		m.done()
		return
	case c.Finish:
		m.sessions++
		m.begin()
		return
	}
	c.Key, c.NewKey, c.AddCorr = c.FinalKey(), nil, nil
	c.Expect++
	c.Due = c.Due.Add(time.Second)
	switch number := m.n % 10_000_000_000; c.Expect {
	case 3:
		mdn := sessions.MDNKey(sessions.MDN(number + 1))
		c.NewKey = &mdn
		c.AddCorr = []sessions.Corr{{Kind: sessions.CorrActivationMIN, ID: strconv.FormatUint(number, 10)}}
	case measuredSteps + 1:
		c.Finish = true
		c.CDR = []cdr.Record{{
			Session: c.ID.String(), Flow: "otasp", MDN: strconv.FormatUint(number+1, 10),
			Started: m.began, Ended: time.Now(), Outcome: cdr.Done, Reason: "ok",
			Steps: []string{"nam", "mdn", "imsi_m", "prl", "commit"}, Attempts: 1,
		}}
	}
	m.store.Apply(c, m.answer)
}
