package sim

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
)

// iotaSession is a session that runs.
type iotaSession struct {
	c     *IOTA
	index int // among the sessions of c
	mode  IOTAMode
	first string // the first URL

	mmc     *MMC
	mmcID   int         // -1 before open
	written [][2]string // objects and values, until commit
	result  []byte      // the answer to the IS-683 message written last
	right   []byte      // what it should have been, when a report of it is to follow

	n       int          // number of the next request
	before  *iotaRequest // the report before
	secrets []string     // what is not to be shown
}

// How a session ends without success, beside what HTTP and a document may be.
var (
	ErrIOTALost      = errors.New("the link is lost")
	ErrIOTAEnd       = errors.New("the server has no further document")
	ErrIOTAUntrusted = errors.New("the URL is not trusted")
)

var errIOTAURL = errors.New("no URL of HTTP")

// IOTARefused is an answer of HTTP that is no success.
type IOTARefused struct{ Status int }

func (e *IOTARefused) Error() string { return fmt.Sprintf("HTTP status %d", e.Status) }

// IOTAFailed is a session that a critical failure has ended.
type IOTAFailed struct{ Why string }

func (e *IOTAFailed) Error() string { return "the session failed: " + e.Why }

// run runs a session from the first URL to its end.
func (c *IOTA) run(ctx context.Context, mode IOTAMode, first string) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.SessionTime)
	defer cancel()
	s := c.begin(mode, first)
	err := s.start(ctx)
	s.note(func(r *IOTASession) { r.Ended, r.Err = true, err })
	return err
}

func (c *IOTA) begin(mode IOTAMode, first string) *iotaSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions = append(c.sessions, IOTASession{URL: first, Mode: mode, MMCID: -1})
	return &iotaSession{c: c, index: len(c.sessions) - 1, mode: mode, first: first, mmcID: -1}
}

// note changes what is told of the session.
func (s *iotaSession) note(change func(*IOTASession)) {
	s.c.mu.Lock()
	change(&s.c.sessions[s.index])
	s.c.mu.Unlock()
	s.c.news.tell()
}

func (s *iotaSession) start(ctx context.Context) error {
	if err := s.allowed(s.first); err != nil {
		return err
	}
	var err error
	if s.mmc, err = s.c.cfg.Handset.MMC(s.c.cfg.WantsOTAPA && s.mode == IOTANetwork); err != nil {
		return err
	}
	defer s.mmc.End() // link loss, the end of the time, an error: what is temporary goes
	return s.converse(ctx)
}

// allowed tells whether a URL may be used. The list of trusted domains is for
// sessions of the network.
func (s *iotaSession) allowed(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errIOTAURL
	}
	if s.mode == IOTANetwork || raw != s.first { // the URL for all handsets is no secret
		s.hide(u)
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.mode == IOTANetwork && !trusts(s.c.trusted, u) {
		return ErrIOTAUntrusted
	}
	return nil
}

// converse fetches the first document, and with each report the next.
func (s *iotaSession) converse(ctx context.Context) error {
	answer, err := s.exchange(ctx, s.get())
	for {
		if err != nil {
			return err
		}
		if len(answer.body) == 0 {
			return ErrIOTAEnd
		}
		d, err := readMMC(answer.contentType, s.c.cfg.MediaType, answer.body)
		if err != nil {
			return err
		}
		var over bool
		if answer, over, err = s.document(ctx, d); over {
			return err
		}
	}
}

// document does a document and reports; over says that the session is.
func (s *iotaSession) document(ctx context.Context, d *mmcDocument) (answer *iotaAnswer, over bool, err error) {
	if want := s.id(); d.mmcID != want {
		return nil, true, fmt.Errorf("a document for the session %q in session %q", d.mmcID, want)
	}
	if d.wantsReport() {
		if err := s.allowed(d.statusURI); err != nil {
			return nil, true, fmt.Errorf("status-uri: %w", err)
		}
	}
	if d.asks("commit") {
		if _, lost := s.c.strike(s.n, IOTANoCommit); lost {
			return nil, true, ErrIOTALost
		}
	}
	_, cancelled := s.c.strike(s.n, IOTACancel)
	r := s.do(ctx, d, cancelled)
	s.note(func(n *IOTASession) { n.Documents++; n.Disconnected = r.ends })
	if d.wantsReport() {
		answer, err = s.report(ctx, d.statusURI, r)
	}
	switch {
	case r.failed != "":
		return nil, true, &IOTAFailed{r.failed}
	case r.ends || !d.wantsReport():
		return nil, true, nil // what the server says to a report of the end does not matter
	}
	return answer, err != nil, err
}

// id is the number of the session as documents have it.
func (s *iotaSession) id() string {
	if s.mmcID < 0 {
		return ""
	}
	return strconv.Itoa(s.mmcID)
}
