package bench

import (
	"sync"

	"github.com/otagate/otagate/sessions"
)

// token is what a handset shows when it calls back.
type token [16]byte

// tokens finds the session of a token.
type tokens struct {
	mu  sync.RWMutex
	ids map[token]sessions.ID
}

func (x *tokens) find(t token) (sessions.ID, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.ids[t]
	return id, ok
}

func (x *tokens) add(t token, id sessions.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ids[t] = id
}
