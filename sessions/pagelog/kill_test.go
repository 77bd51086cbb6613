package pagelog_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// killDir, in the environment, makes the test binary the process that dies.
const killDir = "OTAGATE_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		appendForEver(dir)
		return
	}
	os.Exit(m.Run())
}

const (
	killAcks   = 500
	killRounds = 3
	killBefore = 10 // pages that each needs
	killLog    = 77
)

func killSize(seq int64) int { return int(seq*7919%9000) + 1 }

// appendForEver is the child: it tells each acknowledged page and is killed.
func appendForEver(dir string) {
	l, err := pagelog.Open(context.Background(), dir, &tables{mark: pagelog.Mark{Log: killLog}}, pagelog.Options{Segment: 64 << 10, Every: time.Millisecond})
	last := int64(0)
	if err == nil {
		err = l.Pages(context.Background(), func(p sessions.Page) error { last = p.Seq; return nil })
	}
	for seq := last + 1; err == nil; seq++ {
		p := sessions.Page{Seq: seq, First: max(1, seq-killBefore), Body: body(seq, killSize(seq)), Records: []cdr.Block{blockOf(int(seq))}}
		if err = l.AppendPage(&p); err == nil {
			fmt.Println(seq)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestKill kills a writing process with SIGKILL, and the one after it. The last page
// that was acknowledged is there with all that it needs, and at most one more.
func TestKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for range killRounds {
		acked := kill(t, dir)
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
	}
}

// kill runs the child until it has told enough, and returns the last page that it has
// told of.
func kill(t *testing.T, dir string) (acked int64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killDir+"="+dir)
	var trouble bytes.Buffer
	child.Stderr = &trouble
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		seq, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil || seq != acked+1 && acked != 0 {
			t.Errorf("told of %q after page %d", lines.Text(), acked)
			break
		}
		if acked = seq; n == killAcks {
			break
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what it has told since
		if seq, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil && seq == acked+1 {
			acked = seq
		}
	}
	_ = child.Wait() // it was killed
	if acked == 0 || trouble.Len() > 0 {
		t.Fatalf("the child told of page %d: %s", acked, trouble.String())
	}
	return acked
}
