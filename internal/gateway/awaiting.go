package gateway

import (
	"slices"
	"sync"

	"github.com/otagate/otagate/sessions"
)

// awaiting are the sessions that wait for a handset to come back, by its MIN. It
// is in memory: after a restart a session that waits says so again, and asks the HLR.
type awaiting struct {
	mu    sync.Mutex
	byMIN map[string][]sessions.ID
	min   map[sessions.ID]string
}

func newAwaiting() *awaiting {
	return &awaiting{byMIN: map[string][]sessions.ID{}, min: map[sessions.ID]string{}}
}

func (a *awaiting) add(min string, id sessions.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.min[id]; !known {
		a.min[id] = min
		a.byMIN[min] = append(a.byMIN[min], id)
	}
}

func (a *awaiting) remove(id sessions.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	min, known := a.min[id]
	if !known {
		return
	}
	delete(a.min, id)
	a.byMIN[min] = slices.DeleteFunc(a.byMIN[min], func(other sessions.ID) bool { return other == id })
	if len(a.byMIN[min]) == 0 {
		delete(a.byMIN, min)
	}
}

// of are the sessions that wait for the handset with this MIN.
func (a *awaiting) of(min string) []sessions.ID {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.byMIN[min])
}
