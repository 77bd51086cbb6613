//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

// mount mounts something on a new directory until the test ends.
func mount(t *testing.T, source, fstype, data string, flags uintptr) (dir string) {
	t.Helper()
	dir = t.TempDir()
	mountOn(t, dir, source, fstype, data, flags)
	return dir
}

func mountOn(t *testing.T, dir, source, fstype, data string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount(source, dir, fstype, flags, data); err != nil {
		t.Fatalf("mounting %s: %v", fstype, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) { // unmounted before
			t.Error(err)
		}
	})
}

// balloon is a file that takes all the room that there is in a file system.
type balloon struct {
	t    *testing.T
	file string
}

func newBalloon(t *testing.T, dir string) balloon { return balloon{t, filepath.Join(dir, "balloon")} }

func (b balloon) fill() {
	b.t.Helper()
	f, err := os.Create(b.file)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	for _, n := range []int{1 << 20, 4096, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, n))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			b.t.Fatalf("filling the disk: %v", err)
		}
	}
}

func (b balloon) burst() {
	b.t.Helper()
	if err := os.Remove(b.file); err != nil {
		b.t.Fatal(err)
	}
}

// startedFull looks at what comes of a start on a full disk, and ends it.
func (s *site) startedFull(p *promise) {
	s.t.Helper()
	if testwait.For(3*time.Second, func() bool { return !s.gw.running() }) {
		p.was("the start with a full disk: %s", s.sentence())
		return
	}
	p.was("the start with a full disk succeeds")
	s.gw.kill()
}

// callers of the tests of the store: some are done before the trouble, some are
// in work when it comes, some trigger while it lasts.
const (
	before = 5
	within = 20
	during = 30
)

// trouble takes the store away, and looks at what must not happen then.
func (l *lab) trouble(p *promise, begin func()) {
	l.t.Helper()
	l.activate(l.callers[:before])
	l.held.Store(true)
	l.taken(l.callers[before : before+within])
	eventually(l.t, "they wait for an answer", func() bool { return l.lost.Load() >= within })
	begin()
	late := l.callers[before+within:]
	answers := l.answers(late)
	for status, n := range answers {
		if !comesBack(status) {
			l.t.Errorf("%d of %d triggers were answered with %s", n, len(late), status)
		}
	}
	l.held.Store(false) // those in work can go on, if only the store could
	load := l.rests()
	done := 0
	for _, c := range l.callers[before : before+within] {
		done += c.call.Handset.Commits()
	}
	if done != 0 {
		l.t.Errorf("%d handsets were programmed without a record of it", done)
	}
	p.was("%d triggers: %d ESME_RSYSERR, %d ESME_RTHROTTLED, none taken; %d sessions in work stay where they were; %.0f %% of a processor",
		len(late), answers[smpp.StatusSystemError], answers[smpp.StatusThrottled], within, 100*load)
}

// better looks at what must happen when the store is back.
func (l *lab) better(p *promise) {
	l.t.Helper()
	l.delivered(l.callers[before : before+within])
	l.activate(l.callers[before+within:]) // the same triggers, CORR and all
	if got, want := l.ivr.Receipts(), len(l.callers); got != want {
		l.t.Errorf("%d receipts for %d sessions", got, want)
	}
	l.balance()
	p.was("afterwards all %d sessions end as ordered, with one record and one receipt each", len(l.callers))
}

// TestDiskFull: the file system of the store has no room left, and then has.
func TestDiskFull(t *testing.T) {
	p := promises(t, "disk full: the store's file system (tmpfs) is filled to the last octet while sessions are in work, then emptied",
		"triggers are refused with ESME_RSYSERR or ESME_RTHROTTLED; running sessions wait at what they last committed, no handset is programmed meanwhile; with room again all goes on without a restart, no record is lost or doubled")
	l := newLab(t, options{store: mount(t, "tmpfs", "tmpfs", "size=16m", 0), callers: before + within + during})
	l.start()
	rest := newBalloon(t, l.store)
	l.trouble(p, rest.fill)
	rest.burst()
	l.better(p)
}

// TestDiskFullKilled: the gateway dies while the disk is full.
func TestDiskFullKilled(t *testing.T) {
	p := promises(t, "disk full, and the gateway killed (SIGKILL) and started again: first with the disk still full, then with room",
		"the start on a full disk succeeds or says why in one sentence; every session that was taken goes on after the start with room, none that was refused does")
	l := newLab(t, options{store: mount(t, "tmpfs", "tmpfs", "size=16m", 0), callers: before + within + during})
	l.start()
	rest := newBalloon(t, l.store)
	l.trouble(p, rest.fill)
	l.gw.kill()
	l.held.Store(true)
	l.launch()
	l.startedFull(p)
	rest.burst()
	l.held.Store(false)
	l.restarted(p)
}

// restarted looks at what must happen after a start on a store that is well.
func (l *lab) restarted(p *promise) {
	l.t.Helper()
	l.start()
	work := l.callers[before : before+within]
	l.delivered(work)
	l.activate(l.callers[before+within:])
	l.balance()
	p.was("after the start %d sessions that were in work and %d triggered again end as ordered, with one record each", within, during)
}

// TestStartReadOnly: the store is there, on a file system that is mounted
// read-only.
func TestStartReadOnly(t *testing.T) {
	p := promises(t, "read-only: the gateway is started on a store whose file system is mounted read-only",
		"it does not start, and says in one sentence what is wrong; mounted for writing again, it starts and has all records")
	l := newLab(t, options{store: mount(t, "tmpfs", "tmpfs", "size=16m", 0), callers: before})
	l.start()
	l.activate(l.callers)
	l.gw.stop()
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("", l.store, "", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	l.launch()
	l.gw.exits()
	said := l.sentence()
	if !strings.Contains(said, "read-only") && !strings.Contains(said, "writable") {
		t.Errorf("not said what is wrong: %s", said)
	}
	p.was("%q", said)
	remount(0)
	l.launch()
	eventually(t, "the gateway serves", func() bool { return l.gw.out.count(`"serving"`) > 0 || !l.gw.running() })
	l.balance()
	p.was("then it starts, with %d records", before)
}
