package ppg_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The password of the initiators, and its bcrypt hash of the lowest cost.
const (
	password = testpassword.Text
	hash     = testpassword.Hash
)

// service is a delivery that keeps what it is given.
type service struct {
	mu       sync.Mutex
	got      []push.Message
	ids      map[sessions.ID]push.Status
	seen     map[string]sessions.ID
	refuse   error             // of Check
	fail     func(n int) error // of the n-th Accept, told to done
	silent   bool              // done is never called
	cancels  bool              // Cancel succeeds
	statuses func(error) error // of Status, after what it would say
	asked    int               // calls of Status
	accepts  int
}

func newService() *service {
	return &service{ids: map[sessions.ID]push.Status{}, seen: map[string]sessions.ID{}}
}

func (s *service) Check(m *push.Message) (int, error) {
	if s.refuse != nil {
		return 0, s.refuse
	}
	return 1 + len(m.Content.Payload)/140, nil
}

func (s *service) Accept(m *push.Message, done func(sessions.ID, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.accepts
	s.accepts++
	id, err := m.ID, error(nil)
	if s.fail != nil {
		err = s.fail(n)
	}
	if first, there := s.seen[m.Seen.Key]; err == nil && there {
		id, err = first, sessions.ErrDuplicate
	}
	if err == nil {
		s.got = append(s.got, *m)
		s.seen[m.Seen.Key] = m.ID
		s.ids[m.ID] = push.Status{To: m.To.String(), Live: true, Phase: delivery.Sending}
	}
	if !s.silent {
		go done(id, err)
	}
	return nil
}

func (s *service) Cancel(_ context.Context, id sessions.ID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, ok := s.ids[id]
	if !ok || !st.Live {
		return false, sessions.ErrNotFound
	}
	if s.cancels {
		s.ids[id] = over(st.To, "failed", delivery.ReasonCancelled)
	}
	return s.cancels, nil
}

func (s *service) Status(_ context.Context, id sessions.ID) (push.Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	st, ok := s.ids[id]
	var err error
	if !ok {
		err = fmt.Errorf("%w: message %s", sessions.ErrNotFound, id)
	}
	if s.statuses != nil {
		err = s.statuses(err)
	}
	return st, err
}

// end ends the messages to a number.
func (s *service) end(to, outcome string, reason delivery.Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, st := range s.ids {
		if st.To == to {
			s.ids[id] = over(to, outcome, reason)
		}
	}
}

func over(to, outcome string, reason delivery.Reason) push.Status {
	return push.Status{To: to, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Outcome: outcome, Reason: string(reason)}
}

func (s *service) messages() []push.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]push.Message(nil), s.got...)
}

// front is a server at a real listener.
type front struct {
	t      *testing.T
	svc    *service
	server *ppg.Server
	cfg    *configs.HTTP
	url    string
	log    *testlog.Log
}

func httpConfig() *configs.HTTP {
	c := configs.Default().HTTP
	c.Listen, c.Timeout = "127.0.0.1:0", 5*time.Second
	c.Initiators = []configs.Initiator{
		{Name: "acme", PasswordHash: hash, Networks: []string{"127.0.0.0/8"}, Notify: []string{"http://results.example/acme/"}},
		{Name: "other", PasswordHash: hash, Networks: []string{"127.0.0.0/8"}},
		{Name: "far", PasswordHash: hash, Networks: []string{"192.0.2.0/24"}},
	}
	return &c
}

func newServer(t testing.TB, c *configs.HTTP, svc ppg.Service, log *testlog.Log) *ppg.Server {
	t.Helper()
	s, err := ppg.New(ppg.Config{
		HTTP: c, Memory: time.Hour, Service: svc, Now: time.Now, Delay: time.Millisecond, Log: zerolog.New(log),
		Random: func(b []byte) {
			for i := range b {
				b[i] = 0x25
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newFront(t *testing.T, edit ...func(*configs.HTTP)) *front {
	t.Helper()
	f := &front{t: t, svc: newService(), cfg: httpConfig(), log: &testlog.Log{}}
	for _, e := range edit {
		e(f.cfg)
	}
	f.server = newServer(t, f.cfg, f.svc, f.log)
	web := httptest.NewServer(f.server)
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	f.url = web.URL + f.cfg.Path
	return f
}

// say posts a body as acme.
func (f *front) say(contentType string, body []byte, edit ...func(*http.Request)) *http.Response {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.url, bytes.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.SetBasicAuth("acme", password)
	for _, e := range edit {
		e(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// tell posts an envelope and reads the answer of PAP, whose HTTP status must be
// this one.
func (f *front) tell(status int, env *pap.Envelope, edit ...func(*http.Request)) pap.Message {
	f.t.Helper()
	contentType, body, err := env.Encode("boundary")
	if err != nil {
		f.t.Fatal(err)
	}
	return f.read(f.say(contentType, body, edit...), status)
}

func (f *front) read(resp *http.Response, status int) pap.Message {
	f.t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		f.t.Fatal(err)
	}
	if resp.StatusCode != status {
		f.t.Fatalf("HTTP %d, want %d: %s", resp.StatusCode, status, b.Bytes())
	}
	got, err := pap.Decode(resp.Header.Get("Content-Type"), b.Bytes(), pap.Limits{})
	if err != nil {
		f.t.Fatalf("%v in %s", err, b.Bytes())
	}
	return got.Control.Message
}

const sl = `<sl href="http://example.com/"/>`

// slPDU is what sl becomes.
const slPDU = "250603b0af82" + "03066a008509036578616d706c6500" + "8501"

func part(contentType, body string, headers ...string) *pap.Part {
	p := &pap.Part{ContentType: contentType, Body: []byte(body)}
	for i := 0; i+1 < len(headers); i += 2 {
		p.Headers = append(p.Headers, pap.Header{Name: headers[i], Value: headers[i+1]})
	}
	return p
}

// pushOf is a push-message of an SL.
func pushOf(id string, to ...string) *pap.Envelope {
	m := &pap.PushMessage{PushID: id}
	for _, n := range to {
		m.Addresses = append(m.Addresses, pap.PLMNAddress(n, "ppg.example"))
	}
	return &pap.Envelope{Control: pap.Control{Message: m}, Content: part("text/vnd.wap.sl", sl)}
}

func ask(m pap.Message) *pap.Envelope { return &pap.Envelope{Control: pap.Control{Message: m}} }

// pushed tells the code of a push-response.
func (f *front) pushed(status int, env *pap.Envelope, edit ...func(*http.Request)) (pap.Code, string) {
	f.t.Helper()
	m := f.tell(status, env, edit...)
	r, ok := m.(*pap.PushResponse)
	if !ok {
		f.t.Fatalf("got %s: %+v", m.Element(), m)
	}
	if want := env.Control.Message.(*pap.PushMessage).PushID; r.PushID != want {
		f.t.Errorf("push-id %q, want %q", r.PushID, want)
	}
	return r.Result.Code, r.Result.Desc
}

var errFull = fmt.Errorf("%w: disk full", sessions.ErrStore)

var errTooLong = &sms.TooLongError{Segments: 9, Limit: 5}

var errStrange = errors.New("strange")
