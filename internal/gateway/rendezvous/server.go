package rendezvous

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// Server is the HTTP server for handsets.
type Server struct {
	cfg      configs.IOTA
	sessions Sessions
	opts     Options
	prefix   string // of the paths of call-backs, with the slash behind
	proxies  []netip.Prefix
	dialects iota.Dialects
	tls      *tls.Config // nil: plain
	limits   *limits
	slots    web.Room      // requests at work
	stop     chan struct{} // closed when the server is to end
	counts   counters
	unheard  rate.Sometimes // refusals in the log

	mu    sync.Mutex
	byID  map[sessions.ID]*call
	byKey map[key]*call
	boots int                       // calls of Boot
	early map[sessions.ID]*document // of sessions that Boot has not named yet
}

// New makes a server; Serve runs it.
func New(cfg configs.IOTA, sess Sessions, o Options) (*Server, error) {
	if sess == nil {
		return nil, errNoSessions
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = func(b []byte) { rand.Read(b) } // it never fails
	}
	s := &Server{
		cfg: cfg, sessions: sess, opts: o, limits: newLimits(cfg.PerAddress, cfg.Rate, o.Now),
		slots: make(web.Room, cfg.MaxRequests), stop: make(chan struct{}),
		unheard: rate.Sometimes{First: 5, Interval: time.Second},
		byID:    map[sessions.ID]*call{}, byKey: map[key]*call{}, early: map[sessions.ID]*document{},
	}
	if err := s.addresses(); err != nil {
		return nil, err
	}
	s.dialects = iota.Standard()
	if cfg.Dialect != configs.DialectAuto {
		d := s.dialects.Named(cfg.Dialect)
		if d == nil {
			return nil, fmt.Errorf("iota.dialect: none is called %.20q", cfg.Dialect)
		}
		s.dialects = iota.Dialects{d}
	}
	var err error
	s.tls, err = newTLS(&cfg)
	return s, err
}

// addresses reads what is of URLs and networks.
func (s *Server) addresses() error {
	if _, err := (probe()).URL(s.cfg.Base); err != nil {
		return errors.New("iota.base: no beginning of a URL")
	}
	base, err := url.Parse(s.cfg.Base)
	if err != nil {
		return errors.New("iota.base: no beginning of a URL")
	}
	s.prefix = strings.TrimRight(base.Path, "/") + "/"
	for _, text := range s.cfg.Proxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("iota.proxies: %w", err)
		}
		s.proxies = append(s.proxies, p.Masked())
	}
	return nil
}

// probe is a token of nobody, to try a base with.
func probe() iota.Token {
	t, _ := iota.NewToken(make([]byte, iota.MinToken))
	return t
}

// Serve takes requests from l until ctx ends, once. What is at work then is
// finished, if it does not take long; what waits for a document is sent away.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.warn(l.Addr())
	c := &s.cfg
	srv := web.Server{
		Name: "iota", Handler: s, Timeout: c.Timeout, WorkTime: 2 * c.AnswerTime, TLS: s.tls, Log: s.opts.Log,
		Admit: s.room(2 * c.MaxRequests), Unheard: func() { s.counts.heads.Add(1) },
		Stopping: func() { close(s.stop) }, // who waits sees this first, and then that it is not waited for
	}
	return srv.Serve(ctx, l)
}

// warn says loudly what may be right in one network and is wrong in most.
func (s *Server) warn(at net.Addr) {
	a := web.AddrOf(at.String())
	switch {
	case s.tls == nil && !a.IsLoopback():
		s.opts.Log.Warn().Stringer("at", at).Msg("iota: HTTP without TLS: codes, keys and call-backs can be read on the way")
	case s.tls != nil && s.tls.MinVersion < tls.VersionTLS12:
		s.opts.Log.Warn().Stringer("at", at).Str("tls_min", s.cfg.TLSMin).
			Msg("iota: TLS BELOW 1.2 IS BROKEN: whoever is on the way may read codes and keys; it is taken because tls_min says so")
	}
	if s.cfg.Boot.Enabled && s.cfg.Boot.TrustQuery {
		s.opts.Log.Warn().Msg("iota: boot.trust_query: anybody may say to be any handset, and gets what is meant for it")
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.counts.requests.Add(1)
	a := s.admitted(w, r)
	if a.why != fine {
		s.counts.refused[a.why].Add(1)
		s.logRefusal(&a, r)
	}
	a.write(w)
}

// logRefusal says why, also of what the handset is not told.
func (s *Server) logRefusal(a *answer, r *http.Request) {
	level := zerolog.DebugLevel
	s.unheard.Do(func() { level = zerolog.InfoLevel })
	_, _, word := a.why.refusal()
	e := s.opts.Log.WithLevel(level).Stringer("from", web.AddrOf(r.RemoteAddr)).Str("why", word)
	if a.session != 0 {
		e = e.Stringer("session", a.session)
	}
	e.Msg("iota: refused")
}

// admitted answers a request that there is room for.
func (s *Server) admitted(w http.ResponseWriter, r *http.Request) answer {
	if from := web.AddrOf(r.RemoteAddr); !s.isProxy(from) {
		leave, why, retry := s.limits.request(from)
		if why != fine {
			return again(why, retry)
		}
		defer leave()
	}
	leave, ok := s.slots.Enter()
	if !ok {
		return again(crowded, busyRetry)
	}
	defer leave()
	return s.route(w, r)
}

// route finds what a path is of:
//
//	GET boot_path    GET base/TOKEN    POST base/TOKEN/REQ
func (s *Server) route(w http.ResponseWriter, r *http.Request) answer {
	if s.cfg.Boot.Enabled && r.URL.Path == s.cfg.BootPath {
		if r.Method != http.MethodGet {
			return answer{why: method, allow: http.MethodGet}
		}
		return s.boot(r)
	}
	rest, ok := strings.CutPrefix(r.URL.Path, s.prefix)
	text, number, isReport := strings.Cut(rest, "/")
	token, err := iota.ParseToken(text)
	switch {
	case !ok:
		return refuse(notFound)
	case err != nil:
		return refuse(unknown)
	case !isReport && r.Method != http.MethodGet:
		return answer{why: method, allow: http.MethodGet}
	case !isReport:
		return s.of(token, func(c *call) answer { return s.callBack(r, c, token) })
	}
	req, ok := parseReq(number)
	switch {
	case !ok:
		return refuse(notFound)
	case r.Method != http.MethodPost:
		return answer{why: method, allow: http.MethodPost}
	}
	return s.of(token, func(c *call) answer { return s.report(w, r, c, token, req) })
}

// of answers for the session of a token.
func (s *Server) of(token iota.Token, answered func(c *call) answer) answer {
	c := s.find(token)
	if c == nil {
		return refuse(unknown)
	}
	a := answered(c)
	a.session = c.id
	return a
}

// Find is the session of a token.
func (s *Server) Find(t iota.Token) (sessions.ID, bool) {
	c := s.find(t)
	if c == nil {
		return 0, false
	}
	return c.id, true
}

func (s *Server) find(token iota.Token) *call {
	k := keyOf(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byKey[k]
}
