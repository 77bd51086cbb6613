package smpp

import (
	"cmp"
	"fmt"
	"slices"
)

// readAccounts checks accounts, and makes them ready for use.
func (c *ServerConfig) readAccounts(list []Account) ([]*rules, error) {
	all := make([]*rules, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, a := range list {
		r, err := newRules(a)
		switch {
		case err != nil:
			return nil, err
		case c.RequireCertificates && a.CertificateName == "":
			return nil, fmt.Errorf("smpp: account %q: no certificate name, although every account must have one", a.SystemID)
		case seen[a.SystemID]:
			return nil, fmt.Errorf("smpp: account %q is there twice", a.SystemID)
		}
		seen[a.SystemID] = true
		all = append(all, r)
	}
	return all, nil
}

// SetAccounts changes who may bind, while the server runs: list takes the place
// of all accounts there are. The binds of an account that is not in it, or is
// disabled, are unbound. Those of all others stand: window and rate apply to
// them at once, everything else to new binds. On an error nothing has changed.
func (s *Server) SetAccounts(list []Account) error {
	if s.invalid != nil {
		return s.invalid
	}
	all, err := s.cfg.readAccounts(list)
	if err != nil {
		return err
	}
	for _, b := range s.exchange(all) {
		b.c.leave()
	}
	return nil
}

// exchange puts accounts in the place of those there are, and returns the binds
// that are to go.
func (s *Server) exchange(all []*rules) (gone []*BoundPeer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := make(map[string]*account, len(all))
	for _, r := range all {
		a := s.accounts[r.SystemID]
		if a == nil {
			a = &account{systemID: r.SystemID}
		}
		a.follow(r)
		next[r.SystemID] = a
		if r.Disabled {
			gone = append(gone, a.binds...)
			continue
		}
		for _, b := range a.binds {
			b.c.limit(s.window(r))
		}
	}
	for name, a := range s.accounts {
		if next[name] == nil {
			gone = append(gone, a.binds...)
		}
	}
	s.accounts = next
	s.nobody = nobodyLike(all)
	return gone
}

// nobodyLike does the work of an account that does not exist: with the hash of
// another, or what a new one costs.
func nobodyLike(all []*rules) *rules {
	if len(all) > 0 {
		return &rules{hash: all[0].hash}
	}
	return &rules{hash: passwordHash{memory: hashMemory, time: hashTime, threads: hashThreads, salt: make([]byte, hashSalt), key: make([]byte, hashKey)}}
}

// window is how many requests of a bind may be unanswered.
func (s *Server) window(r *rules) int {
	if r.Window > 0 {
		return r.Window
	}
	return s.cfg.InboundWindow
}

// limit changes the window of a connection.
func (c *conn) limit(window int) {
	c.mu.Lock()
	c.inLimit = window
	c.mu.Unlock()
}

// find is the account of a name, with its settings; nil and those of nobody
// when there is none.
func (s *Server) find(systemID []byte) (*account, *rules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.accounts[string(systemID)]; a != nil {
		return a, a.rules.Load()
	}
	return nil, s.nobody
}

// AccountStats is how an account stands, and what it did since the server knows it.
type AccountStats struct {
	SystemID        string
	Disabled        bool
	Binds           int
	Unanswered      int    // requests of all its binds, now
	Window          int    // of all its binds
	Received        uint64 // messages handed to the application
	ThrottledWindow uint64 // requests refused as the window was full
	ThrottledRate   uint64 // requests refused for their rate
}

// Accounts tells how the accounts are, by their names.
func (s *Server) Accounts() []AccountStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]AccountStats, 0, len(s.accounts))
	for _, a := range s.accounts {
		one := AccountStats{
			SystemID: a.systemID, Disabled: a.rules.Load().Disabled, Binds: len(a.binds),
			Received: a.received.Load(), ThrottledWindow: a.throttledWindow.Load(), ThrottledRate: a.throttledRate.Load(),
		}
		for _, b := range a.binds {
			b.c.mu.Lock()
			one.Unanswered += b.c.inbound
			one.Window += b.c.inLimit
			b.c.mu.Unlock()
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(x, y AccountStats) int { return cmp.Compare(x.SystemID, y.SystemID) })
	return all
}
