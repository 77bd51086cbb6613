package sim

import (
	"errors"
	"slices"

	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// MMC is a data session in which a handset is programmed. What IS-683 messages
// and a list bring is temporary until the IS-683 Commit, if there was one to make,
// and the commit of the session have both come; all else drops it.
type MMC struct {
	h *Handset

	// Under the lock of h.
	staged *Memory // what an IS-683 Commit has let through, and Commit will make active
	list   []byte  // the roaming list that is written as an object
	wrote  bool    // there is such a list, which may be empty
	gap    bool    // a part of it is missing
}

// ErrMMCBusy: a handset is in one session at a time.
var ErrMMCBusy = errors.New("the handset is in another session")

var (
	errMMCGone = errors.New("the data session is lost")
	errMMCList = errors.New("the roaming list fails its check")
)

// MMC begins a data session. Where closed, nothing but an OTAPA Request opens
// the handset in it, as on a channel of the network; else it is open, and takes
// an OTAPA Request as well.
func (h *Handset) MMC(closed bool) (*MMC, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.mmc != nil || h.otapa.channel {
		return nil, ErrMMCBusy
	}
	h.mmc = &MMC{h: h}
	h.forget()
	h.otapa = otapa{channel: true, optional: !closed}
	return h.mmc, nil
}

// inMMC: the handset is in a data session.
func (h *Handset) inMMC() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.mmc != nil
}

// loseMMC ends a data session, because the radio is wanted for something else.
func (h *Handset) loseMMC() {
	if h.mmc == nil {
		return
	}
	h.mmc, h.otapa = nil, otapa{}
	h.forget()
}

// Answer is the handset's answer to an IS-683 message; nil when it has none.
func (m *MMC) Answer(forward []byte) ([]byte, error) {
	m.h.mu.Lock()
	defer m.h.mu.Unlock()
	if m.h.mmc != m {
		return nil, errMMCGone
	}
	return m.h.answer(forward), nil
}

// WriteList writes a part of a roaming list. A part may come again; where one is
// missing before it, Commit will fail.
func (m *MMC) WriteList(offset int, part []byte) error {
	m.h.mu.Lock()
	defer m.h.mu.Unlock()
	if m.h.mmc != m {
		return errMMCGone
	}
	m.wrote = true
	if offset > len(m.list) {
		m.gap = true
		return nil
	}
	m.list = append(m.list[:offset], append(slices.Clone(part), m.list[min(len(m.list), offset+len(part)):]...)...)
	return nil
}

// Commit makes active what was let through. It fails when a list was written
// that is not good, and then nothing is changed.
func (m *MMC) Commit() error {
	m.h.mu.Lock()
	defer m.h.mu.Unlock()
	if m.h.mmc != m {
		return errMMCGone
	}
	next := m.staged
	if m.wrote {
		if m.gap || m.h.checkList(listBlock(m.list), m.list) != is683.Accepted {
			return errMMCList
		}
		if next == nil {
			c := m.h.active.clone()
			next = &c
		}
		next.PRL = m.list
		m.h.pending.PRL = slices.Clone(m.list)
	}
	m.staged, m.list, m.wrote = nil, nil, false
	if next != nil {
		m.h.active = next.clone()
		m.h.commits++
	}
	return nil
}

// End ends the session. What was not committed is dropped.
func (m *MMC) End() {
	m.h.mu.Lock()
	defer m.h.mu.Unlock()
	if m.h.mmc == m {
		m.h.loseMMC()
	}
}

// listBlock is the block that SSPR would bring the list in.
func listBlock(list []byte) uint8 {
	if l, err := prl.Decode(list); err == nil && l.PRev == is683.SSPRPRevExtended {
		return is683.SSPRExtendedPRL
	}
	return is683.SSPRPRL
}
