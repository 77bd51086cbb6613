package pagelog_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
)

// script is a life with everything in it: pages of all lengths, commits of records
// only, segments that go and are used again, a restart.
func script(w *world) {
	for i := range 16 {
		switch {
		case w.log == nil:
			return
		case i == 9:
			if err := w.log.Close(); err == nil {
				w.log = nil
				w.open()
			}
			continue
		case i%5 == 4:
			w.append(-1, 0, 2)
		case i%6 == 3:
			w.append(20_000, 1, 1)
		default:
			w.append(i*1000, 2, i%3)
		}
		if i%4 == 2 && w.log != nil {
			w.tick()
		}
	}
}

// calls are the calls of the script, and how many sectors each writes.
func calls(t *testing.T) (kinds []string, sizes []int) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.kill()
		w.open()
		script(w)
		kinds, sizes = w.disk.kinds, w.disk.sizes
		w.end()
	})
	have := map[string]int{}
	for _, kind := range kinds {
		have[kind]++
	}
	for _, kind := range []string{"make", "rename", "remove", "sync", "write", "take", "open"} {
		if have[kind] < 2 {
			t.Fatalf("the script does not %s enough: %v", kind, have)
		}
	}
	return kinds, sizes
}

func none(int) bool { return false }
func all(int) bool  { return true }

func upTo(n int) func(int) bool { return func(i int) bool { return i < n } }

// fatesOf are the ways in which a call of a kind can fail or be the last.
func fatesOf(kind string, size int) (list []fate) {
	for _, dies := range []bool{true, false} {
		if kind != "write" {
			list = append(list, fate{dies: dies}, fate{dies: dies, applied: true})
			continue
		}
		step := 1 + size/25 // of a long frame, not each
		for n := 0; n <= size; n += step {
			list = append(list, fate{dies: dies, seen: upTo(n), disk: all}, fate{dies: dies, seen: upTo(n), disk: none})
		}
		odd := func(i int) bool { return i%2 == 1 }
		list = append(list, fate{dies: dies, seen: all, disk: odd}, fate{dies: dies, seen: odd, disk: all})
	}
	return list
}

// TestCrash lets each call of a life be the last one, or fail, in each way, and the
// power go or stay: what was acknowledged is there, what was refused does not come
// back, records are in the tables once.
func TestCrash(t *testing.T) {
	kinds, sizes := calls(t)
	for k, kind := range kinds {
		for i, f := range fatesOf(kind, sizes[k]) {
			for _, power := range []bool{true, false} {
				name := fmt.Sprintf("call %d (%s), fate %d, power %t", k+1, kind, i, power)
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(failing{t, name})
					defer w.kill()
					w.disk.fates[k+1] = f
					if w.open() {
						script(w)
					}
					w.restart(power, [...]uint64{0, 1<<64 - 1, 0xAAAA, 0x5555}[i%4])
					w.end()
				})
			}
		}
	}
}

// failing names what was being tried.
type failing struct {
	t    *testing.T
	name string
}

func (f failing) Fatalf(format string, args ...any) {
	f.t.Helper()
	f.t.Fatalf(f.name+": "+format, args...)
}

// storms is how many lives TestStorm makes; a seed each.
const storms = 600

// TestStorm lets any calls fail and any processes die, again and again.
func TestStorm(t *testing.T) {
	for seed := range uint64(storms) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(failing{t, fmt.Sprintf("seed %d", seed)})
			defer w.kill()
			storm(w, rand.New(rand.NewPCG(seed, 1)))
		})
	}
}

func storm(w *world, r *rand.Rand) {
	for range 1 + r.IntN(6) {
		for range r.IntN(4) {
			w.disk.fates[1+r.IntN(60)] = someFate(r)
		}
		if w.open() {
			live(w, r)
		}
		w.restart(r.IntN(2) == 0, r.Uint64())
	}
	w.end()
}

func live(w *world, r *rand.Rand) {
	w.hurried = r.IntN(2) == 0
	for range r.IntN(25) {
		switch r.IntN(16) {
		case 0, 1:
			w.tick()
		case 2, 3:
			w.append(-1, 0, 1+r.IntN(3))
		case 4:
			w.look()
		case 5:
			if _ = w.log.Close(); !w.open() { // not all was handed over, perhaps
				return
			}
		default:
			w.append([]int{0, 100, 4000, 8000, 17_000}[r.IntN(5)], r.Int64N(6), r.IntN(4))
		}
	}
}

func someFate(r *rand.Rand) fate {
	mask := func() func(int) bool {
		switch bits := r.Uint64(); bits % 4 {
		case 0:
			return all
		case 1:
			return none
		default:
			return func(i int) bool { return bits>>(i%64)&1 == 1 }
		}
	}
	return fate{dies: r.IntN(2) == 0, applied: r.IntN(2) == 0, seen: mask(), disk: mask()}
}
