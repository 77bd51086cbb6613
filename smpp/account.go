package smpp

import (
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
)

// Modes are the kinds of bind an account may use.
type Modes uint8

// The kinds of bind.
const (
	ModeTX  Modes = 1 << iota // bind_transmitter
	ModeRX                    // bind_receiver
	ModeTRX                   // bind_transceiver
)

// Account is an ESME that may bind.
type Account struct {
	SystemID      string
	PasswordHash  string         // argon2id in PHC form, or bcrypt; see HashPassword
	LongPasswords bool           // take more than the standard's 8 octets
	Networks      []netip.Prefix // addresses it may come from; none means any
	MaxBinds      int            // at the same time; 0 means no limit
	Modes         Modes          // 0 means all
	Window        int            // unanswered requests per bind; 0 means the server's
	Disabled      bool           // it may not bind now

	// RatePerSecond counts the short messages that the requests of all its binds
	// are or become; see Segments. A submit_multi counts for each destination.
	// 0 means no limit.
	RatePerSecond float64

	// CertificateName is what the client certificate of its connections has to
	// say: the common name of the subject, or one of the subject's other names
	// (DNS, e-mail, URI). Empty means that none is asked for. The listener must
	// verify certificates (tls.Config's ClientAuth and ClientCAs).
	CertificateName string
}

// account is what stays of an Account while its settings change. binds is
// guarded by the server's lock.
type account struct {
	systemID string
	rules    atomic.Pointer[rules]
	limiter  limiter
	binds    []*BoundPeer

	received, throttledWindow, throttledRate atomic.Uint64
}

// rules are the settings of an account, which do not change.
type rules struct {
	Account
	hash passwordHash
}

func newRules(a Account) (*rules, error) {
	if a.SystemID == "" || len(a.SystemID) >= maxCredential {
		return nil, fmt.Errorf("smpp: account %q: the system_id must have 1 to 255 octets", a.SystemID)
	}
	h, err := parseHash(a.PasswordHash)
	if err != nil {
		return nil, fmt.Errorf("smpp: account %q: %w", a.SystemID, err)
	}
	if a.Window < 0 || a.Window > maxWindow || a.MaxBinds < 0 || !(a.RatePerSecond >= 0) {
		return nil, fmt.Errorf("smpp: account %q: window, binds and rate must not be negative, and the window %d at most", a.SystemID, maxWindow)
	}
	return &rules{Account: a, hash: h}, nil
}

// follow makes the settings those of the account.
func (a *account) follow(r *rules) {
	a.rules.Store(r)
	a.limiter.set(r.RatePerSecond)
}

func (r *rules) from(addr net.Addr) bool {
	if len(r.Networks) == 0 {
		return true
	}
	ap, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return false
	}
	ip := ap.Addr().Unmap()
	for _, n := range r.Networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

func (r *rules) may(bind CommandID) bool {
	m := ModeTRX
	switch bind {
	case CommandBindTransmitter:
		m = ModeTX
	case CommandBindReceiver:
		m = ModeRX
	}
	return r.Modes == 0 || r.Modes&m != 0
}
