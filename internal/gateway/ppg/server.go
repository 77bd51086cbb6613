package ppg

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// DoorName is the name of this door of messages.
const DoorName = "pap"

// Service delivers messages; it is *push.Service.
type Service interface {
	Accept(m *push.Message, done func(id sessions.ID, err error)) error
	Check(m *push.Message) (parts int, err error)
	Cancel(ctx context.Context, id sessions.ID) (cancelled bool, err error)
	Status(ctx context.Context, id sessions.ID) (push.Status, error)
}

// Config puts a server into its surroundings.
type Config struct {
	HTTP    *configs.HTTP
	Memory  time.Duration // how long a push-id is known
	Service Service
	Now     func() time.Time
	Random  func(b []byte)
	Delay   time.Duration // before a wrong password is answered; 0 is a second
	Log     zerolog.Logger
}

// Server is the HTTP server for push initiators.
type Server struct {
	cfg     Config
	all     []*initiator
	byName  map[string]*initiator
	slots   web.Room      // requests at work
	hashing chan struct{} // passwords being looked at
	secret  [32]byte      // of the digests of right passwords
	tls     *tls.Config   // nil: plain
	counts  counters
	wrong   rate.Sometimes
}

const (
	// hashings is how many passwords are looked at together: each may cost 20 ms
	// of one processor and 19 MiB.
	hashings = 4
	// workTime is how long the store may take for one request.
	workTime = 20 * time.Second
	// busyRetry is told to whom there is no room for.
	busyRetry = 2 * time.Second
)

// New makes a server; Serve runs it.
func New(cfg Config) (*Server, error) {
	cfg.Delay = cmp.Or(cfg.Delay, time.Second)
	s := &Server{
		cfg: cfg, byName: map[string]*initiator{},
		slots: make(web.Room, cfg.HTTP.MaxRequests), hashing: make(chan struct{}, hashings),
		wrong: rate.Sometimes{First: 5, Interval: time.Second},
	}
	cfg.Random(s.secret[:])
	for i := range cfg.HTTP.Initiators {
		one, err := newInitiator(&cfg.HTTP.Initiators[i])
		if err != nil {
			return nil, err
		}
		s.all = append(s.all, one)
		s.byName[one.name] = one
	}
	if len(s.all) == 0 {
		return nil, errors.New("http.initiators: nobody could push")
	}
	if cfg.HTTP.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(cfg.HTTP.Certificate, cfg.HTTP.Key)
		if err != nil {
			return nil, errors.New("http.certificate: the two files are no pair") // the error may show what is in them
		}
		s.tls = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	return s, nil
}

// Serve takes requests from l until ctx ends. What is at work then is finished,
// if it does not take long.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := s.cfg.HTTP
	srv := web.Server{
		Name: "pap", Handler: s, Timeout: h.Timeout, WorkTime: workTime + s.cfg.Delay, TLS: s.tls, Log: s.cfg.Log,
		Admit: s.room(4 * h.MaxRequests),
	}
	return srv.Serve(ctx, l)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.counts.requests.Add(1)
	a := s.screen(w, r)
	if a.status != http.StatusAccepted {
		s.counts.refused.Add(1)
	}
	a.write(w)
}

// screen is what is looked at before anything is read.
func (s *Server) screen(w http.ResponseWriter, r *http.Request) answer {
	from := web.AddrOf(r.RemoteAddr)
	switch {
	case !s.anybody(from):
		s.counts.forbidden.Add(1)
		return plain(http.StatusForbidden)
	case r.URL.Path != s.cfg.HTTP.Path:
		return plain(http.StatusNotFound)
	case r.Method != http.MethodPost:
		return plain(http.StatusMethodNotAllowed)
	}
	leave, ok := s.slots.Enter()
	if !ok {
		s.counts.busy.Add(1)
		return answer{status: http.StatusServiceUnavailable, retry: busyRetry}
	}
	who, err := s.admit(r, from)
	if err == nil {
		defer leave()
		return s.serve(w, r, who)
	}
	leave() // whoever guesses waits without keeping others out
	if errors.Is(err, errPassword) {
		s.penalty(r, from)
		return plain(http.StatusUnauthorized)
	}
	return answer{status: http.StatusServiceUnavailable, retry: busyRetry}
}

// serve reads the request of somebody who may push.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, who *initiator) answer {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if errors.Is(err, mime.ErrInvalidMediaParameter) {
		err = nil // package pap knows more forms of them
	}
	if err != nil || media != "multipart/related" && media != "application/xml" && media != "text/xml" || !web.Identity(r.Header) {
		return plain(http.StatusUnsupportedMediaType)
	}
	body, status := web.Body(w, r, s.cfg.HTTP.MaxBody)
	if status == http.StatusRequestTimeout {
		s.counts.slow.Add(1)
	}
	if status != http.StatusOK {
		return plain(status)
	}
	ctx, cancel := context.WithTimeout(r.Context(), workTime)
	defer cancel()
	return s.answer(ctx, who, r.Header.Get("Content-Type"), body)
}

const (
	// maxContent is more than 255 short messages hold.
	maxContent = 36 << 10
	// maxElements lets maxAddresses through, and little more.
	maxElements = 4 * maxAddresses
)

// answer is what PAP says to a body.
func (s *Server) answer(ctx context.Context, who *initiator, contentType string, body []byte) answer {
	env, err := pap.Decode(contentType, body, pap.Limits{
		Size: s.cfg.HTTP.MaxBody, Content: maxContent, Control: xmldoc.Limits{Elements: maxElements},
	})
	if err != nil {
		s.counts.malformed.Add(1)
		return s.tell(who, answer{status: http.StatusAccepted, message: pap.BadMessage(err)})
	}
	var a answer
	if _, is := env.Control.Message.(*pap.PushMessage); !is {
		// A question costs the store as much as a message.
		if wait := who.pace.take(s.cfg.Now(), 1); wait > 0 {
			s.counts.throttled.Add(1)
			return answer{status: http.StatusTooManyRequests, retry: wait}
		}
	}
	switch m := env.Control.Message.(type) {
	case *pap.PushMessage:
		a = s.push(ctx, who, env, m)
	case *pap.StatusQueryMessage:
		a = s.query(ctx, who, m)
	case *pap.CancelMessage:
		a = s.cancel(ctx, who, m)
	case *pap.CCQMessage:
		a.message = &pap.CCQResponse{QueryID: m.QueryID, Code: pap.CodeNotImplemented, Desc: "what a client can do is not known here", Address: m.Address}
	default:
		s.counts.malformed.Add(1)
		a.message = pap.BadMessage(refused(pap.CodeBadRequest, "%s is nothing that an initiator says", m.Element()))
	}
	a.version, a.status = env.Control.Version, cmp.Or(a.status, http.StatusAccepted)
	return s.tell(who, a)
}

// tell logs what was answered. Neither push-id nor address is shown: the one is
// the initiator's own text, and often a number too.
func (s *Server) tell(who *initiator, a answer) answer {
	var code pap.Code
	switch m := a.message.(type) {
	case *pap.PushResponse:
		code = m.Result.Code
	case *pap.BadMessageResponse:
		code = m.Code
	default:
		return a
	}
	if code != pap.CodeAccepted {
		s.counts.rejected.Add(1)
		s.cfg.Log.Info().Str("initiator", who.name).Str("answer", a.message.Element()).Stringer("code", code).Msg("push refused")
	}
	return a
}
