//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"testing"
	"time"
)

// TestFsyncFails: every fsync and fdatasync of the process ends with EIO, and
// then they work again.
func TestFsyncFails(t *testing.T) {
	p := promises(t, "fsync failing: every fsync and fdatasync of the gateway ends with EIO (the kernel asks the test, seccomp), then they work again",
		"as with a full disk: nothing is acknowledged that the disk has not confirmed, running sessions wait, all goes on by itself")
	order, wrap := filtered(t)
	l := newLab(t, options{callers: before + within + during, wrap: wrap})
	l.start()
	l.trouble(p, order.fails)
	order.works()
	l.better(p)
	p.was("%d of %d calls failed", order.failed.Load(), order.asked.Load())
}

// TestFsyncFailsKilled: the process dies while fsync fails. What a failed fsync
// has left in the kernel may be on the disk or not, so that a trigger that was
// refused may have a session after the start: it is found by its CORR then.
func TestFsyncFailsKilled(t *testing.T) {
	p := promises(t, "fsync failing, and the gateway killed (SIGKILL) while it does and started again with a disk that works",
		"every session that was taken goes on. A refused trigger may have left a session, since what a failed fsync leaves in the file may count after a start: the same trigger (CORR) is then answered with that session, and no handset is programmed twice")
	order, wrap := filtered(t)
	l := newLab(t, options{callers: before + within + during, wrap: wrap})
	l.start()
	l.trouble(p, order.fails)
	l.gw.kill()
	order.works()
	l.wrap = nil
	l.restarted(p)
	p.was("%d of these were there already", l.gw.out.count("trigger repeated"))
}

// TestFsyncSlow: an fsync takes its time; many triggers wait for one.
func TestFsyncSlow(t *testing.T) {
	p := promises(t, "fsync that takes 300 ms, with 50 triggers at once",
		"they share few of them: all are taken and end as ordered")
	order, wrap := filtered(t)
	order.wait = 300 * time.Millisecond
	l := newLab(t, options{callers: during + within, wrap: wrap, timeSMDPP: 5 * time.Second})
	l.start()
	began, asked := time.Now(), order.asked.Load()
	l.activate(l.callers)
	took, n := time.Since(began), order.asked.Load()-asked
	if most := time.Duration(len(l.callers)) * order.wait; took > most {
		t.Errorf("%s for %d sessions; one after the other the triggers alone take %s", took, len(l.callers), most)
	}
	if n == 0 {
		t.Error("no fsync was asked about")
	}
	l.balance()
	p.was("%d activations end in %s with %d fsyncs", len(l.callers), took.Round(100*time.Millisecond), n)
}
