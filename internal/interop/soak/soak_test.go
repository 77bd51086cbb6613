package soak

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// fewest is how many ticks a run has at least.
const fewest = 20

// TestSoak relays messages, see the package.
func TestSoak(t *testing.T) {
	soak(t, *messages, true)
}

// TestSoakWithoutResend: nothing is sent twice, and what is in doubt is known to be.
func TestSoakWithoutResend(t *testing.T) {
	soak(t, min(*messages, 20_000), false)
}

func soak(t *testing.T, messages int, resend bool) {
	t.Logf("seed %d", *seed)
	w := newWorld(t, messages, 21**tick/2, resend) // half a tick, or what is sent again would meet the next cut
	w.shop = openShop(w.addr, messages, w.ledger)
	began := time.Now()
	ticks := w.cutAll()
	end := time.Now()
	w.settle()
	w.stop()
	t.Logf("%d ticks of %s", ticks, *tick)
	w.report(end.Sub(began))
	w.checkMemory(end, messages)
	w.checkRecords()
}

// cutAll cuts links and binds until all messages have been answered, and some were on
// their way at a cut.
func (w *world) cutAll() (n int) {
	r := rand.New(rand.NewPCG(*seed, 0))
	t := time.NewTicker(*tick)
	defer t.Stop()
	said := time.Now()
	for ; !w.shop.done(); n++ {
		<-t.C
		if n >= fewest && w.met() {
			w.shop.sate()
		}
		for i, c := range w.centres {
			if i == n%len(w.centres) || n%5 == 4 {
				c.cut(r, time.Duration(r.Int64N(int64(*tick)/3)))
			}
		}
		if n%3 == 2 {
			w.shop.binds[r.IntN(len(w.shop.binds))].cut(r)
		}
		if time.Since(said) > time.Minute {
			said = time.Now()
			w.progress()
		}
	}
	return n
}

// met tells whether cuts have met messages on both sides.
func (w *world) met() bool {
	c, _ := w.ledger.snapshot()
	return c.again > 0 && w.watch.now().Push.Doubts > 0
}

func (w *world) progress() {
	c, a := w.ledger.snapshot()
	now := w.watch.now()
	w.t.Logf("%s: %d answered, %d taken, %d receipts; %d and %d again, %d and %d offered again; %d wrong; %s; waiting %d, log %d KB, VmRSS %d MB", time.Now().Format("15:04:05"),
		c.answered, c.taken, c.told, c.forced, c.forcedReceipts, c.again, c.offeredTwice, c.wrong, &a, now.Pages.Sessions, now.Pages.Octets>>10, resident(w.gw.Process.Pid)>>20)
}

// still is how long nothing may happen at the end while something is owed.
const still = 2 * time.Minute

// settle waits until nothing is owed, and nothing is on its way.
func (w *world) settle() {
	t := time.NewTicker(100 * time.Millisecond)
	defer t.Stop()
	since, last, seen := time.Now(), counts{}, w.watch.now().Seen
	for {
		<-t.C
		messages, receipts, example := w.ledger.owed()
		now := w.watch.now()
		if messages == 0 && receipts == 0 && now.Seen > seen+1 && now.Pages.Sessions == 0 && now.Pages.Rows == 0 {
			return
		}
		c, _ := w.ledger.snapshot()
		if c.taken != last.taken || c.told != last.told || c.forced != last.forced {
			since, last = time.Now(), c
		}
		if time.Since(since) > still {
			w.t.Errorf("at the end %d messages and %d receipts have not come, %s is one; on their way are %+v", messages, receipts, example, now.Pages)
			return
		}
	}
}

// report prints what there was, and what was wrong.
func (w *world) report(d time.Duration) {
	c, a := w.ledger.snapshot()
	p := w.watch.now()
	n, took := float64(len(w.ledger.first)), d.Seconds()
	use := w.gw.ProcessState.UserTime() + w.gw.ProcessState.SystemTime()
	w.t.Logf("%.0f messages in %.0f s (%.0f a second), %.2f CPU-s of the gateway for 10,000", n, took, n/took, use.Seconds()/n*1e4)
	w.t.Logf("the account: %d messages answered, %d offered again as they had no answer, %d of those taken; refused %v; %d receipts, of them %d unknown, %d were too many at a time",
		c.answered, c.again, c.offeredTwice, c.refused, c.told, c.unknown, c.narrow)
	w.t.Logf("duplicates that the wire left no choice of: %d messages, %d receipts; any other: see below", c.forced, c.forcedReceipts)
	w.t.Logf("receipts: %s", &a)
	w.t.Logf("the gateway: %+v", p.Push)
	for _, s := range w.watch.said() {
		w.t.Log(s)
	}
	for _, s := range w.ledger.wrong {
		w.t.Error(s)
	}
	if c.wrong > len(w.ledger.wrong) {
		w.t.Errorf("and %d more", c.wrong-len(w.ledger.wrong))
	}
}

// enough is how many messages a run has whose memory is judged.
const enough = 1_000_000

// checkMemory holds the last quarter against the second.
func (w *world) checkMemory(end time.Time, messages int) {
	for _, one := range []struct {
		name     string
		of       func(*sample) int
		greatest bool // its greatest value is judged; else that in the middle
	}{
		{"VmRSS", func(s *sample) int { return s.resident }, true},
		{"the store's file beside records", func(s *sample) int { return s.file }, false},
		{"the store's log of messages", func(s *sample) int { return s.log }, false},
	} {
		most, middle, n := w.watch.quarters(end, one.of)
		w.t.Logf("%s: at most %.1f, %.1f, %.1f and %.1f MB in the quarters of the run, in the middle %.1f, %.1f, %.1f and %.1f; %d samples", one.name,
			mb(most[0]), mb(most[1]), mb(most[2]), mb(most[3]), mb(middle[0]), mb(middle[1]), mb(middle[2]), mb(middle[3]), n)
		if messages >= enough && (one.greatest && grown(most) || grown(middle)) {
			w.t.Errorf("%s has grown", one.name)
		}
		if !one.greatest && slices.Max(most[:]) > mostStored {
			w.t.Errorf("%s has more than %d MB", one.name, mostStored>>20)
		}
	}
}

// mostStored bounds what the store has beside records, at any moment: 5000 messages may
// wait (max_queue), about 1 KB each, of which the log may be two and a half times as long, and what was
// free once stays.
const mostStored = 32 << 20

// grown tells whether the last quarter was above 1.25 times the second.
func grown(most [4]int) bool { return most[3] > most[1]+most[1]/4 }

// TestGrown: a leak of 25 octets a message shows over 10 million of them.
func TestGrown(t *testing.T) {
	const size, second, run = 80 << 20, 20_000, 500
	for leak, want := range map[int]bool{0: false, 5: false, 25: true} {
		w, began := watch{}, time.Now()
		for i := range run + 20 { // the last are behind the end
			w.samples = append(w.samples, sample{at: began.Add(time.Duration(i) * time.Second), resident: size - i%7<<20 + leak*i*second})
		}
		most, _, n := w.quarters(began.Add(run*time.Second), func(s *sample) int { return s.resident })
		if grown(most) != want || n != run {
			t.Errorf("%d octets a message: %v of %d samples, grown %t", leak, most, n, grown(most))
		}
	}
}

func mb(octets int) float64 { return float64(octets) / (1 << 20) }
