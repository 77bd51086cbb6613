package sessions

import "sync"

// keyIndex finds live sessions by key from any goroutine. It is striped, so
// that shards do not wait for each other.
type keyIndex struct{ stripes [16]stripe }

type stripe struct {
	mu sync.RWMutex
	m  map[Key]ID
}

func (x *keyIndex) init() {
	for i := range x.stripes {
		x.stripes[i].m = make(map[Key]ID)
	}
}

func (x *keyIndex) of(k Key) *stripe {
	h := (k.Number ^ uint64(k.Kind)<<60) * 0x9E3779B97F4A7C15 >> 60
	return &x.stripes[h]
}

func (x *keyIndex) set(k Key, id ID) {
	s := x.of(k)
	s.mu.Lock()
	s.m[k] = id
	s.mu.Unlock()
}

// drop removes k if it is still id's: the store may have given the key to the
// next session before this shard heard of the end of the last.
func (x *keyIndex) drop(k Key, id ID) {
	s := x.of(k)
	s.mu.Lock()
	if s.m[k] == id {
		delete(s.m, k)
	}
	s.mu.Unlock()
}

func (x *keyIndex) find(k Key) (ID, bool) {
	s := x.of(k)
	s.mu.RLock()
	id, ok := s.m[k]
	s.mu.RUnlock()
	return id, ok
}
