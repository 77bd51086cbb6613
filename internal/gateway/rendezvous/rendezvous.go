package rendezvous

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// Caller is what is known of a handset that calls. ESN, MEID and MDN are there
// only when somebody has told them whose word is taken; 0 and empty are not known.
type Caller struct {
	ESN   uint32
	MEID  string // 14 hexadecimal digits in capitals
	MDN   string // digits
	Agent string // User-Agent, of the handset's own choice
	Addr  netip.Addr
}

// Sessions are those that documents belong to. The methods must not block, except
// Boot, and may be called from many goroutines. No two events of one session
// come at once.
type Sessions interface {
	// CalledBack says that a handset has followed its call-back. sessions.ErrBusy
	// makes the handset come again, any other error turns it away; either leaves
	// the call-back unused.
	CalledBack(id sessions.ID, c Caller) error
	// Reported brings the report that answers document req, which is not the last
	// one when the session did not wait for it. Errors are as those of CalledBack,
	// or ErrMismatch, and leave the document unanswered.
	Reported(id sessions.ID, req uint16, m *iota.Message) error
	// Broken says that the conversation is over without a report about req.
	Broken(id sessions.ID, req uint16, why string)
	// Boot begins a session of a handset that came by itself. A *Refusal is what
	// it is answered, sessions.ErrBusy as above. Its Document may come before Boot
	// returns.
	Boot(ctx context.Context, c Caller) (sessions.ID, iota.Token, error)
}

// Refusal is an answer of HTTP's own. The handset is told the reason, so there
// is no secret in it.
type Refusal struct {
	Status int // 400 to 599
	Reason string
}

func (r *Refusal) Error() string {
	if r.Reason == "" {
		return http.StatusText(r.Status)
	}
	return r.Reason
}

// Expected is a session that a handset may call about. What is 0 or empty is not
// compared.
type Expected struct {
	Token iota.Token
	ESN   uint32
	MEID  string
	MDN   string
	Until time.Time // the call-back is of use; zero is for ever
	// Called is of a session in which the handset has called already, as after a
	// restart: only its reports are awaited.
	Called bool
}

// Options put a server into its surroundings. All of them may be left out.
type Options struct {
	Log    zerolog.Logger
	Now    func() time.Time
	Random func(b []byte) // of the boundaries between parts
	Trace  func(Exchange)
}

// Exchange is a body that came or went, for a trace. It may hold codes and keys.
type Exchange struct {
	Session     sessions.ID
	Req         uint16 // of the document, or of the one reported about
	Peer        netip.Addr
	Sent        bool // by us; otherwise it came
	ContentType string
	Body        []byte
}

// ErrMismatch says that a report does not answer the document after all: what it
// holds is of something else. It can be sent again, better.
var ErrMismatch = errors.New("rendezvous: the report is of another document")

var errNoSessions = errors.New("rendezvous: nobody to tell")
