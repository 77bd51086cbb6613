package push

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/otagate/otagate/internal/idtable"
	"github.com/otagate/otagate/sessions"
)

// TestIDs: ids that an account draws one after the other are neighbours, and never those of
// another account.
func TestIDs(t *testing.T) {
	drawn := ids{random: func(b []byte) { rand.Read(b) }, next: map[string]sessions.ID{}}
	owner, seen := map[sessions.ID]string{}, map[sessions.ID]bool{}
	blocks := 0
	for i := range 5 * block {
		for _, account := range []string{"shop", "bank"} {
			id := drawn.of(account)
			if id == 0 || seen[id] {
				t.Fatalf("%s was drawn before", id)
			}
			seen[id] = true
			of, known := owner[id>>idtable.Bits]
			switch {
			case !known:
				owner[id>>idtable.Bits] = account
				blocks++
			case of != account:
				t.Fatalf("draw %d: %s of %s is beside one of %s", i, id, account, of)
			}
		}
	}
	if blocks != 2*5 {
		t.Errorf("%d blocks", blocks)
	}
}

// TestIDsOfMany: accounts whose names come once do not stay.
func TestIDsOfMany(t *testing.T) {
	drawn := ids{random: func(b []byte) { rand.Read(b) }, next: map[string]sessions.ID{}}
	for i := range 3 * manyAccounts {
		drawn.of(fmt.Sprint(i))
	}
	if n := len(drawn.next); n > manyAccounts {
		t.Errorf("%d accounts are kept", n)
	}
}

// TestIDsNotZero: whatever is random.
func TestIDsNotZero(t *testing.T) {
	var next byte
	drawn := ids{next: map[string]sessions.ID{}, random: func(b []byte) {
		clear(b)
		b[7] = next
		next++
	}}
	for range 3 * block {
		if id := drawn.of("shop"); id < block {
			t.Fatalf("%s", id)
		}
	}
}
