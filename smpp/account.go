package smpp

import (
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/time/rate"
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
	RatePerSecond float64        // requests of all its binds together, a submit_multi counting as its destinations; 0 means no limit

	// CertificateName is what the client certificate of its connections has to
	// say: the common name of the subject, or one of the subject's other names
	// (DNS, e-mail, URI). Empty means that none is asked for. The listener must
	// verify certificates (tls.Config's ClientAuth and ClientCAs).
	CertificateName string
}

// account is an Account ready for use. binds is guarded by the server's lock.
type account struct {
	Account
	hash    passwordHash
	limiter *rate.Limiter
	binds   []*BoundPeer
}

func newAccount(a Account) (*account, error) {
	if a.SystemID == "" || len(a.SystemID) >= maxCredential {
		return nil, fmt.Errorf("smpp: account %q: the system_id must have 1 to 255 octets", a.SystemID)
	}
	h, err := parseHash(a.PasswordHash)
	if err != nil {
		return nil, fmt.Errorf("smpp: account %q: %w", a.SystemID, err)
	}
	if a.Window < 0 || a.Window > maxWindow || a.MaxBinds < 0 || a.RatePerSecond < 0 {
		return nil, fmt.Errorf("smpp: account %q: window, binds and rate must not be negative, and the window %d at most", a.SystemID, maxWindow)
	}
	out := &account{Account: a, hash: h}
	if a.RatePerSecond > 0 {
		// A second's worth may come at once: the parts of a long message do.
		out.limiter = rate.NewLimiter(rate.Limit(a.RatePerSecond), max(1, int(a.RatePerSecond)))
	}
	return out, nil
}

func (a *account) from(addr net.Addr) bool {
	if len(a.Networks) == 0 {
		return true
	}
	ap, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return false
	}
	ip := ap.Addr().Unmap()
	for _, n := range a.Networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

func (a *account) may(bind CommandID) bool {
	m := ModeTRX
	switch bind {
	case CommandBindTransmitter:
		m = ModeTX
	case CommandBindReceiver:
		m = ModeRX
	}
	return a.Modes == 0 || a.Modes&m != 0
}
