package pagelog_test

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/otagate/otagate/sessions/pagelog"
)

const sector = 512

// fate is what becomes of one call.
type fate struct {
	dies    bool // the process ends with it; otherwise it fails
	applied bool // it has its effect all the same; of a write, see below
	// Of a write: which sectors of it can be seen afterwards, and which of those
	// are on the disk. nil for none.
	seen, disk func(i int) bool
}

var (
	errDead = errors.New("the process is dead")
	errIO   = errors.New("input/output error")
)

// platter is a directory that knows what is on the disk and what the system only
// remembers. Its calls, and those of the tables beside it, are counted, and have the
// fates that were made for them.
type platter struct {
	mu    sync.Mutex
	fates map[int]fate
	next  map[string][]fate // of the next calls of a kind
	calls int
	kinds []string // of the calls
	sizes []int    // of each, the sectors that it writes
	dead  bool

	names   map[string]*inode
	durable map[string]*inode         // the names on the disk
	pending []func(map[string]*inode) // what was done to names since
}

type inode struct {
	seen, disk []byte
	bad        bool // cannot be read
}

func newPlatter() *platter {
	return &platter{fates: map[int]fate{}, next: map[string][]fate{}, names: map[string]*inode{}, durable: map[string]*inode{}}
}

// call counts a call and tells its fate; err is nil for one that goes well.
func (p *platter) call(kind string) (fate, error) {
	if p.dead {
		return fate{}, errDead
	}
	p.calls++
	p.kinds, p.sizes = append(p.kinds, kind), append(p.sizes, 0)
	f, bad := p.fates[p.calls]
	if list := p.next[kind]; len(list) > 0 {
		f, bad, p.next[kind] = list[0], true, list[1:]
	}
	switch {
	case !bad:
		return fate{applied: true}, nil
	case f.dies:
		p.dead = true
		return f, errDead
	}
	return f, errIO
}

// restart begins another process. Without power, only what is on the disk is left, and
// some of the last changes of names: a bit of names says so of each, whatever their order.
func (p *platter) restart(power bool, names uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead, p.fates, p.calls, p.kinds, p.sizes = false, map[int]fate{}, 0, nil, nil
	if power {
		return
	}
	for i, do := range p.pending {
		if names>>(i%64)&1 == 1 {
			do(p.durable)
		}
	}
	p.pending, p.names = nil, maps.Clone(p.durable)
	for _, i := range p.names {
		i.seen = bytes.Clone(i.disk)
	}
}

// change changes the names, for now.
func (p *platter) change(do func(map[string]*inode)) {
	do(p.names)
	p.pending = append(p.pending, do)
}

func (p *platter) List() ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.call("list"); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(p.names)), nil
}

func (p *platter) Read(name string, buf []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.call("read"); err != nil {
		return nil, err
	}
	i := p.names[name]
	if i == nil {
		return nil, fs.ErrNotExist
	}
	if i.bad {
		return nil, errIO
	}
	return append(buf[:0], i.seen...), nil
}

func (p *platter) Make(name string, size int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.call("make")
	if f.applied {
		i := &inode{seen: make([]byte, size), disk: make([]byte, size)}
		if err != nil {
			i = &inode{seen: make([]byte, size/2)}
		}
		p.change(func(names map[string]*inode) { names[name] = i })
	}
	return err
}

func (p *platter) Rename(from, to string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names[from] == nil && !p.dead {
		return fs.ErrNotExist
	}
	f, err := p.call("rename")
	if f.applied {
		i := p.names[from]
		p.change(func(names map[string]*inode) {
			names[to] = i
			delete(names, from)
		})
	}
	return err
}

func (p *platter) Remove(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names[name] == nil && !p.dead {
		return fs.ErrNotExist
	}
	f, err := p.call("remove")
	if f.applied {
		p.change(func(names map[string]*inode) { delete(names, name) })
	}
	return err
}

func (p *platter) Sync() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.call("sync")
	if f.applied {
		for _, do := range p.pending {
			do(p.durable)
		}
		p.pending = nil
	}
	return err
}

func (p *platter) Close() error { return nil }

func (p *platter) Open(name string) (pagelog.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.call("open"); err != nil {
		return nil, err
	}
	i := p.names[name]
	if i == nil {
		return nil, fs.ErrNotExist
	}
	return &handle{p, i}, nil
}

type handle struct {
	p *platter
	i *inode
}

// WriteAt fails where the file ends: a log must not make it longer.
func (h *handle) WriteAt(b []byte, at int64) (int, error) {
	h.p.mu.Lock()
	defer h.p.mu.Unlock()
	if at < 0 || at+int64(len(b)) > int64(len(h.i.seen)) {
		return 0, errors.New("written behind the end")
	}
	f, err := h.p.call("write")
	if n := len(h.p.sizes); n > 0 {
		h.p.sizes[n-1] = (len(b) + sector - 1) / sector
	}
	if err == nil {
		copy(h.i.seen[at:], b)
		copy(h.i.disk[at:], b)
		return len(b), nil
	}
	for from := 0; from < len(b); from += sector {
		some := b[from:min(from+sector, len(b))]
		if n := from / sector; f.seen != nil && f.seen(n) {
			copy(h.i.seen[int(at)+from:], some)
			if f.disk != nil && f.disk(n) {
				copy(h.i.disk[int(at)+from:], some)
			}
		}
	}
	return 0, err
}

func (h *handle) Close() error { return nil }
