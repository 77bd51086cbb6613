package pagelog_test

import (
	"bytes"
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/storetest"
)

const (
	killAcks   = 500
	killRounds = 3
	killBefore = 10 // pages that each needs
	killLog    = 77
)

func killSize(seq int64) int { return int(seq*7919%9000) + 1 }

// appendForEver tells each acknowledged page.
func appendForEver(dir string, tell func(...any)) error {
	l, err := pagelog.Open(context.Background(), dir, &tables{mark: pagelog.Mark{Log: killLog}}, pagelog.Options{Segment: 64 << 10, Every: time.Millisecond})
	last := int64(0)
	if err == nil {
		err = l.Pages(context.Background(), func(p sessions.Page) error { last = p.Seq; return nil })
	}
	for seq := last + 1; err == nil; seq++ {
		p := sessions.Page{Seq: seq, First: max(1, seq-killBefore), Body: body(seq, killSize(seq)), Records: []cdr.Block{blockOf(int(seq))}}
		if err = l.AppendPage(&p); err == nil {
			tell(seq)
		}
	}
	return err
}

// TestKill kills a writing process with SIGKILL, and the one after it. The last page
// that was acknowledged is there with all that it needs, and at most one more.
func TestKill(t *testing.T) {
	storetest.Crash(t, killRounds, killAcks, appendForEver, func(dir string, told []string) {
		acked := lastOf(t, told)
		tab := &tables{mark: pagelog.Mark{Log: killLog}}
		l := openLog(t, dir, tab, pagelog.Options{})
		all := pagesOf(t, l)
		last := all[len(all)-1]
		if last.Seq != acked && last.Seq != acked+1 || all[0].Seq != last.First || len(all) != killBefore+1 {
			t.Errorf("pages %d to %d (%d), page %d was acknowledged", all[0].Seq, last.Seq, len(all), acked)
		}
		for _, p := range all {
			if !bytes.Equal(p.Body, body(p.Seq, killSize(p.Seq))) {
				t.Errorf("page %d has other octets", p.Seq)
			}
		}
		if got := tab.sessions(); len(got) <= killBefore || got[len(got)-1] != recordOf(int(last.Seq)).Session {
			t.Errorf("records %v", got)
		}
		closeLog(t, l)
	})
}

// lastOf is the last page that was told of, each after the one before it.
func lastOf(t *testing.T, told []string) (acked int64) {
	t.Helper()
	for _, line := range told {
		seq, err := strconv.ParseInt(line, 10, 64)
		if err != nil || seq != acked+1 && acked != 0 {
			t.Fatalf("told of %q after page %d", line, acked)
		}
		acked = seq
	}
	return acked
}
