package pages_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
)

// crashFile, in the environment, makes the test binary the process that dies.
const crashFile = "OTAGATE_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		writeForEver(path)
		return
	}
	os.Exit(m.Run())
}

const (
	crashWorkers  = 16
	crashSteps    = 5 // versions 1 to 5, then the finish
	crashAcks     = 3000
	finishVersion = crashSteps + 1
	crashSlack    = 20_000 // so that pages are dropped all the time
	crashSegment  = 1 << 16
)

// crashKey, crashCorr and crashState are functions of the session, so that the
// parent can tell what must be there.
func crashCorr(id sessions.ID, version uint64) sessions.Corr {
	return sessions.Corr{Kind: sessions.CorrTransaction, ID: fmt.Sprintf("%s/%d", id, version)}
}

func crashState(id sessions.ID, version uint64) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 300), uint64(id))
	return append(binary.BigEndian.AppendUint64(b, version), make([]byte, 284)...)
}

func crashChange(id sessions.ID, version uint64) sessions.Change {
	c := sessions.Change{
		ID: id, Key: key(int(id)), Expect: version - 1, State: crashState(id, version),
		AddCorr: []sessions.Corr{crashCorr(id, version)},
		Outbox:  []sessions.Outbox{{Dest: id.String(), Body: []byte{byte(version)}}},
	}
	if version > 1 {
		c.DelCorr = []sessions.Corr{crashCorr(id, version-1)}
	}
	if version == finishVersion {
		c.Finish, c.AddCorr = true, nil
		c.CDR = []cdr.Record{{Session: id.String(), Outcome: cdr.Done}}
	}
	return c
}

// writeForEver is the child: it tells each acknowledged step and is killed.
func writeForEver(path string) {
	tables, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	log, err := pagelog.Open(context.Background(), path+".messages", tables, pagelog.Options{Segment: crashSegment})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s, err := pages.Open(context.Background(), log, pages.Options{Slack: crashSlack})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	for w := range crashWorkers {
		go func() {
			for id := sessions.ID(w + 1); ; id += crashWorkers {
				for version := uint64(1); version <= finishVersion; version++ {
					if res := apply(s, crashChange(id, version)); res.Err != nil {
						fmt.Fprintln(os.Stderr, res.Err)
						os.Exit(1)
					}
					mu.Lock()
					fmt.Printf("%d %d\n", id, version)
					mu.Unlock()
				}
			}
		}()
	}
	select {}
}

func key(n int) sessions.Key { return sessions.MDNKey(5_550_000_000 + sessions.MDN(n)) }

func firstPage(t *testing.T, log pages.Log) (first int64) {
	t.Helper()
	enough := errors.New("enough")
	if err := log.Pages(context.Background(), func(p sessions.Page) error { first = p.Seq; return enough }); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	return first
}

// TestKill kills a writing process with SIGKILL.
// Every acknowledged step must be there; one in flight is there or not, whole.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash.db")
	acked := crash(t, path)
	tables := openTables(t, path)
	defer tables.Close()
	log := openLog(t, tables)
	defer log.Close()
	s := openPages(t, log, pages.Options{Slack: crashSlack})
	defer s.Close()
	done := make(map[string]bool)
	if err := s.CDRs(context.Background(), cdr.Filter{}, func(r cdr.Record) error {
		done[r.Session] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for id := sessions.ID(1); id <= maxID(acked)+crashWorkers; id++ {
		judge(t, s, id, acked[id], done[id.String()])
	}
	if res := apply(s, sessions.Change{ID: 1 << 40, Key: key(1 << 30)}); res.Err != nil {
		t.Errorf("writing after the crash: %v", res.Err)
	}
	if first := firstPage(t, log); first == 1 {
		t.Error("no page was ever dropped")
	}
}

// crash runs the child until it has told enough, kills it, and returns the
// last acknowledged version of each session.
func crash(t *testing.T, path string) map[sessions.ID]uint64 {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFile+"="+path)
	var trouble bytes.Buffer
	child.Stderr = &trouble
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acked := make(map[sessions.ID]uint64)
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var id sessions.ID
		var version uint64
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", (*uint64)(&id), &version); err != nil {
			break // the last line may be torn
		}
		acked[id] = version
		if n == crashAcks {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // it was killed
	if len(acked) < crashWorkers || trouble.Len() > 0 {
		t.Fatalf("the child told of %d sessions: %s", len(acked), trouble.String())
	}
	return acked
}

func maxID(acked map[sessions.ID]uint64) (last sessions.ID) {
	for id := range acked {
		last = max(last, id)
	}
	return last
}

// judge looks at one session of which version acked was acknowledged.
func judge(t *testing.T, s *pages.Store, id sessions.ID, acked uint64, done bool) {
	t.Helper()
	ctx := context.Background()
	rec, err := s.ByID(ctx, id)
	found := rec.Version
	if err != nil && done {
		found = finishVersion
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
	if done || !bytes.Equal(rec.State, crashState(id, found)) {
		t.Errorf("session %s: torn at version %d, record %v", id, found, done)
	}
	for v := uint64(1); v <= finishVersion; v++ {
		by, _ := s.ByCorr(ctx, crashCorr(id, v))
		if (by.ID == id) != (v == found) {
			t.Errorf("session %s: correlation of version %d leads to %s at version %d", id, v, by.ID, found)
		}
	}
}
