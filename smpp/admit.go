package smpp

import "slices"

// admit judges a bind. It looks at the password of whoever asks, with the
// hash of another account when the system_id does not exist, so that the work
// is the same; how many do so at a time is limited.
func (s *Server) admit(b *BoundPeer, p *Bind) (Status, Reason) {
	a, r := s.find(p.SystemID)
	select {
	case s.hashing <- struct{}{}:
	case <-b.c.closing:
		return StatusSystemError, ReasonShutdown
	}
	right := r.hash.matches(p.Password)
	<-s.hashing
	switch {
	case a == nil:
		return StatusInvalidSystemID, ReasonUnknownSystemID
	case !r.from(b.c.nc.RemoteAddr()):
		return StatusBindFailed, ReasonNetwork
	case !r.certified(b.c.nc):
		return StatusBindFailed, ReasonCertificate
	case len(p.Password) > MaxPassword && !r.LongPasswords:
		return StatusInvalidPassword, ReasonPasswordTooLong
	case !right:
		return StatusInvalidPassword, ReasonWrongPassword
	case !r.may(p.Kind):
		return StatusBindFailed, ReasonMode
	}
	return s.enlist(b, a, p.Kind)
}

// enlist counts the bind in before it is answered, so that two at the same
// time cannot both be the last allowed one.
func (s *Server) enlist(b *BoundPeer, a *account, mode CommandID) (Status, Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := a.rules.Load()
	switch {
	case s.accounts[a.systemID] != a: // since the password was looked at
		return StatusInvalidSystemID, ReasonUnknownSystemID
	case r.Disabled:
		return StatusBindFailed, ReasonDisabled
	case r.MaxBinds > 0 && len(a.binds) >= r.MaxBinds:
		return StatusAlreadyBound, ReasonTooManyBinds
	}
	a.binds = append(a.binds, b)
	b.acct, b.mode = a, mode
	b.c.limit(s.window(r))
	return StatusOK, ReasonNone
}

func (s *Server) release(b *BoundPeer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.acct == nil {
		return
	}
	b.acct.binds = slices.DeleteFunc(b.acct.binds, func(x *BoundPeer) bool { return x == b })
}
