//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestRelayDiskFull: there is no room for messages nor for their records, and then
// there is.
func TestRelayDiskFull(t *testing.T) {
	p := promises(t, "messages on a full disk: the file system (tmpfs) of tables and log is filled while an account submits, then emptied",
		"what the log has room for is taken, then submit_sm are refused with ESME_RSYSERR or ESME_RTHROTTLED; with room again all goes on without a restart; what was taken is relayed once, what was refused is not")
	s := newShop(t, mount(t, "tmpfs", "tmpfs", "size=64m", 0), "smsc", nil)
	s.start()
	rest := newBalloon(t, s.store)
	s.trouble(p, time.Millisecond, rest.fill)
	rest.burst()
	s.better(p)
}

// TestRelayDiskFullKilled: the gateway dies while the disk is full.
func TestRelayDiskFullKilled(t *testing.T) {
	p := promises(t, "messages on a full disk, and the gateway killed under load (SIGKILL) and started again: first with the disk still full, then with room",
		"the start on a full disk succeeds or says why in one sentence; what was taken is relayed after the start with room")
	s := newShop(t, mount(t, "tmpfs", "tmpfs", "size=64m", 0), "smsc", nil)
	s.start()
	rest := newBalloon(t, s.store)
	s.trouble(p, time.Millisecond, rest.fill)
	s.kill()
	s.serve()
	s.startedFull(p)
	rest.burst()
	s.start()
	s.better(p)
}

// apart has a shop's log on a file system of its own, in the store of a new one.
func apart(t *testing.T, link, tables, log string) *shop {
	t.Helper()
	s := newShop(t, mount(t, "tmpfs", "tmpfs", "size="+tables, 0), link, nil)
	if err := os.Mkdir(s.log(), 0o700); err != nil {
		t.Fatal(err)
	}
	mountOn(t, s.log(), "tmpfs", "tmpfs", "size="+log, 0)
	return s
}

// TestRelayTablesFull: records cannot go where they belong. They are long here, so
// that the limit is reached soon: the name of the link is in each.
func TestRelayTablesFull(t *testing.T) {
	p := promises(t, "messages, and only the tables have no room: the log is on a file system of its own; then the tables have room",
		"messages are taken and relayed as long as less than 16 MiB of records wait in the log, then refused; with room again all goes on, and each message has its one record")
	s := apart(t, strings.Repeat("centre-", 200), "64m", "512m")
	s.start()
	rest := newBalloon(t, s.store)
	s.trouble(p, 0, rest.fill)
	rest.burst()
	s.better(p)
}

// TestRelayLogFull: the log has no more files than it has, and all else can grow.
func TestRelayLogFull(t *testing.T) {
	const files = 4
	p := promises(t, "messages, and only the file system of their log is full: first with the message centre there, then without it, so that all messages wait; then it has room, and the centre is there",
		"what comes and goes has room in the files that are there; what waits has not, and is refused with ESME_RSYSERR or ESME_RTHROTTLED; with room again all goes on without a restart")
	s := apart(t, "smsc", "64m", "32m")
	s.start()
	rest := newBalloon(t, s.log())
	end := s.load(time.Millisecond)
	s.takes(500)
	rest.fill()
	before, _ := s.count()
	s.fills(files)
	end()
	s.arrived()
	after, refused := s.count()
	p.was("%d messages are relayed and %d refused, while the log goes through %d files", after-before, refused, files)
	if refused > 0 {
		t.Errorf("%d messages were refused with the centre there", refused)
	}
	s.trouble(p, time.Millisecond, s.centreOff)
	rest.burst()
	s.centreOn()
	s.better(p)
}

// afterwards kills the gateway, repairs the disk and starts the gateway on it again.
func (s *shop) afterwards(p *promise, d *disk) {
	s.t.Helper()
	s.kill()
	d.repaired()
	s.start()
	s.better(p)
}

// TestRelayDiskFails: blocks cannot be written. A write of the log waits for them, and
// so it fails where it happens.
func TestRelayDiskFails(t *testing.T) {
	p := promises(t, "messages on a disk that fails: the blocks under tables and log (ext4 without a journal, on a loop device) can be written no more while an account submits; then the gateway is killed under load, the file system repaired and mounted, the gateway started",
		"submit_sm are refused with ESME_RSYSERR or ESME_RTHROTTLED; what was taken is relayed and has its record. What was in doubt at the kill may come twice: a message without a receipt whose answer was lost, a receipt, and one that was refused, since what a failed write leaves may count after a start")
	d := newDisk(t, false)
	s := newShop(t, d.dir, "smsc", nil)
	s.start()
	s.trouble(p, 0, d.fails)
	s.afterwards(p, d)
}

// TestRelayReadOnly: ext4 makes itself read-only.
func TestRelayReadOnly(t *testing.T) {
	p := promises(t, "messages on a file system (ext4) that makes itself read-only (remount with abort) while an account submits; then as above",
		"as above")
	d := newDisk(t, true)
	s := newShop(t, d.dir, "smsc", nil)
	s.start()
	s.trouble(p, 0, d.aborts)
	s.afterwards(p, d)
}

// TestRelayFsyncFails: what waits for the disk ends with EIO, and then it works again.
func TestRelayFsyncFails(t *testing.T) {
	p := promises(t, "messages while fsync fails: every fsync, fdatasync and write with O_DSYNC of the gateway ends with EIO (seccomp), although what it has written stays in the kernel's cache; then they work again",
		"as with a full disk: all goes on without a restart, and what was refused is not relayed")
	order, wrap := filtered(t)
	s := newShop(t, "", "smsc", wrap)
	s.start()
	s.trouble(p, time.Millisecond, order.fails)
	order.works()
	s.better(p)
	p.was("%d of %d calls failed", order.failed.Load(), order.asked.Load())
}

// TestRelayFsyncFailsKilled: the process dies while they fail.
func TestRelayFsyncFailsKilled(t *testing.T) {
	p := promises(t, "messages while fsync fails, and the gateway killed under load (SIGKILL) while it does and started again with a disk that works",
		"what was taken is relayed and has its record; one that was refused may come, since what was written before the error is in the file")
	order, wrap := filtered(t)
	s := newShop(t, "", "smsc", wrap)
	s.start()
	s.trouble(p, 0, order.fails)
	s.kill()
	order.works()
	s.wrap = nil
	s.start()
	s.better(p)
}

// TestRelayFsyncSlow: many messages wait for one fsync.
func TestRelayFsyncSlow(t *testing.T) {
	const messages = 1000
	p := promises(t, "messages on a disk where an fsync, and a write with O_DSYNC, takes 300 ms, with 40 messages at once",
		"they share few of them: all are taken and relayed, and nothing suffers but the rate")
	order, wrap := filtered(t)
	order.wait = 300 * time.Millisecond
	s := newShop(t, "", "smsc", wrap)
	s.start()
	began, asked := time.Now(), order.asked.Load()
	end := s.load(time.Millisecond)
	s.takes(messages)
	end()
	s.arrived()
	took, n := time.Since(began), order.asked.Load()-asked
	if most := int64(len(s.accepted)); n == 0 || n >= most {
		t.Errorf("%d fsyncs for %d messages", n, most)
	}
	if len(s.refused) > 0 {
		t.Errorf("%d messages were refused", len(s.refused))
	}
	s.balance()
	p.was("%d messages in %s with %d writes and fsyncs, none is refused", len(s.accepted), took.Round(100*time.Millisecond), n)
}

// TestRelayDescriptors: the process may open nothing more. The log needs a new file now
// and then.
func TestRelayDescriptors(t *testing.T) {
	p := promises(t, "messages while file descriptors are gone: the process may not open one more (RLIMIT_NOFILE), and connections wait to be accepted; then it may again",
		"the binds that stand work on: messages are taken and relayed, or refused with ESME_RSYSERR or ESME_RTHROTTLED when the log cannot go on in another file; with descriptors again all goes on")
	s := newShop(t, "", "smsc", nil)
	s.start()
	end := s.load(time.Millisecond)
	s.takes(500)
	was := s.gw.limit(uint64(s.gw.descriptors()))
	for range 50 {
		idle(t) // the kernel's queue takes it, and the gateway whenever it has closed something
	}
	eventually(t, "it is said", func() bool { return s.gw.out.count("accept failed", "too many open files") > 0 })
	before, _ := s.count()
	const files = 4
	s.fills(files)
	end()
	after, refused := s.count()
	load := s.rests()
	s.gw.limit(was)
	p.was("the log goes through %d files, %d messages are taken and %d refused; %.0f %% of a processor when nobody submits", files, after-before, refused, 100*load)
	s.better(p)
}
