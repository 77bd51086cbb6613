package sessions_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/otagate/otagate/sessions"
)

// rush asks for so many new sessions at once. Their answers are counted as they come, by
// their errors.
func (b *bench) rush(first, n sessions.ID) (answers map[error]int) {
	b.Helper()
	answers = map[error]int{}
	for id := first; id < first+n; id++ {
		do := "go"
		if id%10 == 0 {
			do = "bad" // the store does not hear of it
		}
		err := b.rt.Create(sessions.Create[toy, toyEvent]{ID: id, Key: mdn(id), Event: toyEvent{do: do}}, func(r sessions.Result) { answers[r.Err]++ })
		if err != nil {
			b.Fatal(err)
		}
	}
	synctest.Wait()
	return answers
}

// TestCreateWindow: of many new sessions so many are with the store, and one that lives is
// not behind the others.
func TestCreateWindow(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{Shards: 1, CreateWindow: 8}, func(b *bench) {
		if res := b.create(1, toyEvent{do: "go"}); res.Err != nil {
			b.Fatal(res.Err)
		}
		store.set(func(m *memStore) { m.hold = true })
		answers := b.rush(100, 200)
		b.post(1, toyEvent{do: "go"})
		if n := len(store.held); n != 9 || store.held[8].id != 1 {
			b.Fatalf("%d changes are with the store, want a window of 8 and one more", n)
		}
		store.release()
		synctest.Wait()
		if s := b.rt.Stats(); s.Live != 181 || s.Mailbox != 0 || s.InFlight != 0 || answers[nil] != 180 || len(answers) == 1 {
			b.Errorf("%v, %+v", answers, s)
		}
	})
}

// TestCreateWindowStop: whoever waits for the window is told that there is no more.
func TestCreateWindowStop(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{Shards: 1, CreateWindow: 8}, func(b *bench) {
		store.set(func(m *memStore) { m.hold = true })
		answers := b.rush(101, 9)
		more := b.rush(111, 9)
		go store.release() // the runtime waits for what the store has
		b.stop()
		stopped := 0
		for _, all := range []map[error]int{answers, more} {
			for err, n := range all {
				if errors.Is(err, sessions.ErrStopped) {
					stopped += n
				}
			}
		}
		if got := answers[nil] + more[nil]; got != 8 || stopped != 10 {
			b.Errorf("%d begin and %d are told, of 18: %v %v", got, stopped, answers, more)
		}
	})
}
