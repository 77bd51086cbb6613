package smpp

import "slices"

// admit judges a bind. It looks at the password of whoever asks, with the
// hash of another account when the system_id does not exist, so that the work
// is the same; how many do so at a time is limited.
func (s *Server) admit(b *BoundPeer, p *Bind) (Status, Reason) {
	a := s.accounts[string(p.SystemID)]
	looked := a
	if a == nil {
		looked = s.nobody
	}
	select {
	case s.hashing <- struct{}{}:
	case <-b.c.closing:
		return StatusSystemError, ReasonShutdown
	}
	right := looked.hash.matches(p.Password)
	<-s.hashing
	switch {
	case a == nil:
		return StatusInvalidSystemID, ReasonUnknownSystemID
	case !a.from(b.c.nc.RemoteAddr()):
		return StatusBindFailed, ReasonNetwork
	case !a.certified(b.c.nc):
		return StatusBindFailed, ReasonCertificate
	case len(p.Password) > MaxPassword && !a.LongPasswords:
		return StatusInvalidPassword, ReasonPasswordTooLong
	case !right:
		return StatusInvalidPassword, ReasonWrongPassword
	case !a.may(p.Kind):
		return StatusBindFailed, ReasonMode
	}
	return s.enlist(b, a, p.Kind)
}

// enlist counts the bind in before it is answered, so that two at the same
// time cannot both be the last allowed one.
func (s *Server) enlist(b *BoundPeer, a *account, mode CommandID) (Status, Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.MaxBinds > 0 && len(a.binds) >= a.MaxBinds {
		return StatusAlreadyBound, ReasonTooManyBinds
	}
	a.binds = append(a.binds, b)
	b.acct, b.mode = a, mode
	if a.Window > 0 {
		b.c.mu.Lock()
		b.c.inLimit = a.Window
		b.c.mu.Unlock()
	}
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
