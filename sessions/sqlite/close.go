package sqlite

import "errors"

// Close commits what is queued, ends the writer and closes the file. Later
// calls of the store are answered with sessions.ErrStore.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.quit) })
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.mu.Unlock()
	<-s.ended
	return errors.Join(s.read.Close(), s.write.close(), s.lock.Close())
}
