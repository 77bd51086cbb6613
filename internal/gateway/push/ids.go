package push

import (
	"encoding/binary"
	"sync"

	"github.com/otagate/otagate/internal/idtable"
	"github.com/otagate/otagate/sessions"
)

// ids draws the ids of messages. Those that an account gives one after the other are
// neighbours, in blocks of 16 of which all other bits are random: they come and go
// together, and their memory is together (package idtable).
//
// A block has the messages of one account only, so that nobody reads out of the ids of
// its own messages how many there are of others.
type ids struct {
	random func(b []byte)

	mu   sync.Mutex
	next map[string]sessions.ID // of each account, 0 in the lowest bits when its block is used up
}

// manyAccounts is of how many accounts the blocks are kept. Names may be made up for one message.
const manyAccounts = 1024

const block = 1 << idtable.Bits

// of is an id for a message of this account.
func (d *ids) of(account string) sessions.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := d.next[account]
	if id%block == 0 {
		id = d.alone() / block * block
	}
	if len(d.next) >= manyAccounts {
		clear(d.next)
	}
	d.next[account] = id + 1
	return id
}

// alone is an id that no message has, nor one beside it.
func (d *ids) alone() sessions.ID {
	var b [8]byte
	for {
		d.random(b[:])
		if id := sessions.ID(binary.BigEndian.Uint64(b[:])); id >= block {
			return id
		}
	}
}
