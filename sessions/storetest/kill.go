package storetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

const (
	killWriters = 16
	killSteps   = 3000
	killFinish  = 6 // the version of the finish
)

// Kill kills a process that writes to a store, with SIGKILL: every acknowledged step
// must be there; one in flight is there or not, whole. It returns the store as it is
// then, for what else is to be seen; the test closes it at its end.
func Kill(t *testing.T, open Open) (s sessions.Store) {
	t.Helper()
	write := func(dir string, tell func(...any)) error { return writeForEver(open(t, dir), tell) }
	Crash(t, 1, killSteps, write, func(dir string, told []string) {
		s = fresh(t, func(t testing.TB, _ string) sessions.Store { return open(t, dir) })
		judge(t, s, told)
	})
	return s
}

// What a step writes is a function of session and version, so that one can tell what
// must be there.
func killCorr(id sessions.ID, version uint64) sessions.Corr {
	return sessions.Corr{Kind: sessions.CorrTransaction, ID: fmt.Sprintf("%s/%d", id, version)}
}

func killState(id sessions.ID, version uint64) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 300), uint64(id))
	return append(binary.BigEndian.AppendUint64(b, version), make([]byte, 284)...)
}

func killChange(id sessions.ID, version uint64) sessions.Change {
	c := sessions.Change{
		ID: id, Key: mdn(uint64(id)), Expect: version - 1, State: killState(id, version),
		AddCorr: []sessions.Corr{killCorr(id, version)},
		Outbox:  []sessions.Outbox{{Dest: id.String(), Body: []byte{byte(version)}}},
	}
	if version > 1 {
		c.DelCorr = []sessions.Corr{killCorr(id, version-1)}
	}
	if version == killFinish {
		c.Finish, c.AddCorr = true, nil
		c.CDR = []cdr.Record{{Session: id.String(), Outcome: cdr.Done}}
	}
	return c
}

// writeForEver has many sessions live and end at once.
func writeForEver(s sessions.Store, tell func(...any)) error {
	failed := make(chan error)
	for w := range killWriters {
		go func() {
			answer := make(chan sessions.Result, 1)
			for id := sessions.ID(w + 1); ; id += killWriters {
				for version := uint64(1); version <= killFinish; version++ {
					c := killChange(id, version)
					s.Apply(&c, func(r sessions.Result) { answer <- r })
					if r := <-answer; r.Err != nil {
						failed <- r.Err
						return
					}
					tell(uint64(id), version)
				}
			}
		}()
	}
	return <-failed
}

// judge holds a store against the steps that were acknowledged.
func judge(t *testing.T, s sessions.Store, told []string) {
	t.Helper()
	acked := make(map[sessions.ID]uint64)
	var last sessions.ID
	for _, line := range told {
		var id sessions.ID
		var version uint64
		if _, err := fmt.Sscanf(line, "%d %d", (*uint64)(&id), &version); err != nil || version != acked[id]+1 {
			t.Fatalf("told %q after version %d", line, acked[id])
		}
		acked[id] = version
		last = max(last, id)
	}
	done := make(map[string]bool)
	for _, r := range records(t, s, cdr.Filter{}) {
		done[r.Session] = true
	}
	for id := sessions.ID(1); id <= last+killWriters; id++ {
		judgeOne(t, s, id, acked[id], done[id.String()])
	}
	must(t, s, sessions.Change{ID: 1 << 40, Key: mdn(1 << 30)})
}

// judgeOne looks at one session of which version acked was acknowledged.
func judgeOne(t *testing.T, s sessions.Store, id sessions.ID, acked uint64, done bool) {
	t.Helper()
	ctx := context.Background()
	rec, err := s.ByID(ctx, id)
	found := rec.Version
	if err != nil && done {
		found = killFinish
	}
	if found != acked && found != acked+1 {
		t.Errorf("session %s: version %d found, %d acknowledged", id, found, acked)
	}
	rows, cerr := s.Claim(ctx, id.String(), time.Now(), 100, time.Second)
	if cerr != nil || len(rows) != int(found) {
		t.Errorf("session %s: %d outbox rows at version %d (%v)", id, len(rows), found, cerr)
	}
	if err != nil {
		return
	}
	if done || !bytes.Equal(rec.State, killState(id, found)) {
		t.Errorf("session %s: torn at version %d, record %v", id, found, done)
	}
	for v := uint64(1); v <= killFinish; v++ {
		by, _ := s.ByCorr(ctx, killCorr(id, v))
		if (by.ID == id) != (v == found) {
			t.Errorf("session %s: correlation of version %d leads to %s at version %d", id, v, by.ID, found)
		}
	}
}
