package ppg

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/wappush/omacp"
)

// initiator is somebody who may push.
type initiator struct {
	name     string
	hash     *smpp.Verifier
	networks []netip.Prefix
	notify   beginnings
	rules    omacp.Rules // of settings
	pace     pace
	// right is the digest of the password that the hash has matched. HTTP sends
	// the password with every request, and looking at the hash each time would
	// make 50 requests a second the most that a processor can do.
	right atomic.Pointer[[sha256.Size]byte]
}

func newInitiator(c *configs.Initiator) (*initiator, error) {
	wrong := func(err error) (*initiator, error) { return nil, fmt.Errorf("http.initiators[%s]: %w", c.Name, err) }
	text, err := c.Hash()
	if err != nil {
		return wrong(err)
	}
	i := &initiator{name: c.Name, pace: pace{rate: c.Rate}, rules: omacp.Rules{Names: omacp.NonTabledNames(), OnDevice: c.OnDevice}}
	if i.hash, err = smpp.NewVerifier(text); err != nil {
		return wrong(err)
	}
	for _, n := range c.Networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return wrong(err)
		}
		i.networks = append(i.networks, p.Masked())
	}
	if i.notify, err = newBeginnings(c.Notify); err != nil {
		return wrong(err)
	}
	return i, nil
}

func (i *initiator) from(a netip.Addr) bool {
	return slices.ContainsFunc(i.networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// anybody tells whether somebody may push from there. Who may not learns
// nothing, and costs nothing.
func (s *Server) anybody(from netip.Addr) bool {
	return slices.ContainsFunc(s.all, func(i *initiator) bool { return i.from(from) })
}

// strangers is how many connections from nobody's network may be open: enough
// to tell them that they are forbidden.
const strangers = 8

// room lets at most n connections be open, and a few of strangers, which do not
// take the places of the others.
func (s *Server) room(n int) func(from netip.Addr) (leave func(), ok bool) {
	ours, others := make(web.Room, n), make(web.Room, strangers)
	return func(from netip.Addr) (func(), bool) {
		room := ours
		if !s.anybody(from) {
			room = others
		}
		leave, ok := room.Enter()
		if !ok {
			s.counts.connections.Add(1)
		}
		return leave, ok
	}
}

var errPassword = errors.New("ppg: wrong password")

// admit finds the initiator. Unknown name, wrong password and wrong network
// are one answer, after the same work.
func (s *Server) admit(r *http.Request, from netip.Addr) (*initiator, error) {
	name, password, ok := r.BasicAuth()
	if !ok || len(password) > maxPassword {
		return nil, errPassword
	}
	who := s.byName[name]
	if who != nil && who.remembered(s.digest(password)) {
		if !who.from(from) {
			return nil, errPassword
		}
		return who, nil
	}
	looked := who
	if who == nil {
		looked = s.all[0] // the work is the same as for one who is known
	}
	select {
	case s.hashing <- struct{}{}:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	right := looked.hash.Matches([]byte(password))
	<-s.hashing
	if who == nil || !right || !who.from(from) {
		return nil, errPassword
	}
	sum := s.digest(password)
	who.right.Store(&sum)
	return who, nil
}

// maxPassword is that of a hash.
const maxPassword = 255

func (s *Server) digest(password string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, s.secret[:])
	h.Write([]byte(password))
	h.Sum(sum[:0])
	return sum
}

func (i *initiator) remembered(sum [sha256.Size]byte) bool {
	right := i.right.Load()
	return right != nil && hmac.Equal(right[:], sum[:])
}

// penalty makes whoever guesses wait. The log does not show a name that nobody
// has: it may be the password.
func (s *Server) penalty(r *http.Request, from netip.Addr) {
	s.counts.passwords.Add(1)
	name, _, given := r.BasicAuth()
	if s.byName[name] == nil {
		name = ""
	}
	s.wrong.Do(func() {
		s.cfg.Log.Warn().Str("initiator", name).Bool("given", given).Stringer("from", from).Msg("pap: wrong name, password or network")
	})
	if !given {
		return // a client that asks what is wanted
	}
	t := time.NewTimer(s.cfg.Delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}
