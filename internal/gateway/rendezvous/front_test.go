package rendezvous_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// fake is the gateway's side: it notes what it hears, and says the next document
// of the script at once.
type fake struct {
	mu     sync.Mutex
	heard  []string
	err    error // of the next event
	script map[uint16]*iota.Message
	server *rendezvous.Server
	boot   func(ctx context.Context, c rendezvous.Caller) (sessions.ID, iota.Token, error)
	mmcID  iota.MMCID
	caller rendezvous.Caller
}

func (f *fake) hear(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.err
	f.err = nil
	if err == nil {
		f.heard = append(f.heard, fmt.Sprintf(format, args...))
	}
	return err
}

func (f *fake) events() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.heard...)
}

func (f *fake) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// say gives the document of a number, when the script has one.
func (f *fake) say(id sessions.ID, req uint16) {
	f.mu.Lock()
	m := f.script[req]
	if m != nil && req > 1 {
		n, d := *m, *m.Document
		n.Document, d.MMCID = &d, f.mmcID
		m = &n
	}
	f.mu.Unlock()
	if m != nil {
		f.server.Document(id, req, m)
	}
}

func (f *fake) CalledBack(id sessions.ID, c rendezvous.Caller) error {
	if err := f.hear("called %d", id); err != nil {
		return err
	}
	f.mu.Lock()
	f.caller = c
	f.mu.Unlock()
	f.say(id, 1)
	return nil
}

func (f *fake) Reported(id sessions.ID, req uint16, m *iota.Message) error {
	if err := f.hear("reported %d/%d %s", id, req, m.Report.Status); err != nil {
		return err
	}
	if m.Report.MMCID != "" {
		f.mu.Lock()
		f.mmcID = m.Report.MMCID
		f.mu.Unlock()
	}
	f.say(id, req+1)
	return nil
}

func (f *fake) Broken(id sessions.ID, req uint16, why string) {
	_ = f.hear("broken %d/%d %s", id, req, why)
}

func (f *fake) Boot(ctx context.Context, c rendezvous.Caller) (sessions.ID, iota.Token, error) {
	f.mu.Lock()
	f.caller = c
	f.mu.Unlock()
	_ = f.hear("boot")
	return f.boot(ctx, c)
}

const (
	mdn  = "5551234567"
	esn  = uint32(0x80123456)
	meid = "A0000000001234"
	spc  = "\x00\x01654321"
)

// documents are those of a session: open, one message of IS-683, commit, disconnect.
func documents() map[uint16]*iota.Message {
	read := func(id string, o iota.Object) iota.Method {
		return iota.Method{ID: id, Name: iota.NameRead, Object: o, ReportStatus: true}
	}
	doc := func(all ...iota.Method) *iota.Message { return &iota.Message{Document: &iota.Document{Methods: all}} }
	relay := doc(
		iota.Method{ID: "1", Name: iota.NameWrite, Object: iota.ObjectIS683, ValueRef: iota.ValueRef{CID: "m@otagate"}, ReportStatus: true},
		read("2", iota.ObjectIS683Result))
	relay.Parts = []iota.Part{{CID: "m@otagate", Octets: []byte(spc)}}
	return map[uint16]*iota.Message{
		1: doc(iota.Method{ID: "1", Name: iota.NameOpen, ReportStatus: true}, read("2", iota.ObjectModel), read("3", iota.ObjectMDN)),
		2: relay,
		3: doc(iota.Method{ID: "1", Name: iota.NameCommit, ReportStatus: true}),
		4: doc(iota.Method{ID: "1", Name: iota.NameDisconnect}),
	}
}

// reportOn is what a handset reports when all went well.
func reportOn(doc *iota.Document, id iota.MMCID) *iota.Message {
	m := &iota.Message{Report: &iota.Report{Status: iota.StatusOK, MMCID: id}}
	for i := range doc.Methods {
		k := &doc.Methods[i]
		if !k.ReportStatus {
			continue
		}
		d := iota.Detail{ID: k.ID, Name: k.Name, Object: k.Object, Result: iota.ResultOK}
		switch {
		case k.Object == iota.ObjectIS683Result:
			d.ValueRef.CID = "r@handset"
			m.Parts = []iota.Part{{CID: "r@handset", Octets: []byte{1, 0}}}
		case k.Object == iota.ObjectMDN:
			d.Value = mdn
		case k.Name == iota.NameRead:
			d.Value = "8330"
		}
		m.Report.Details = append(m.Report.Details, d)
	}
	return m
}

func tokenOf(n byte) iota.Token {
	t, err := iota.NewToken([]byte{n, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07})
	if err != nil {
		panic(err)
	}
	return t
}

// config is that of a server which takes what comes.
func config() configs.IOTA {
	c := configs.Default().IOTA
	c.Base, c.Rate, c.PerAddress = "http://prov.example/iota", 0, 0
	return c
}

// newServer is a server with its sessions. Whatever happens, its log has no
// token, number or code.
func newServer(t testing.TB, c configs.IOTA) (*rendezvous.Server, *fake, *testlog.Log) {
	t.Helper()
	log, f := &testlog.Log{}, &fake{script: documents()}
	s, err := rendezvous.New(c, f, rendezvous.Options{Log: zerolog.New(log).Level(zerolog.DebugLevel)})
	if err != nil {
		t.Fatal(err)
	}
	f.server = s
	t.Cleanup(func() { silent(t, log.String()) })
	return s, f, log
}

func silent(t testing.TB, log string) {
	for _, no := range []string{mdn, spc, "654321", "A0000000001234", "80123456", tokenOf(1).Text(), tokenOf(2).Text(), tokenOf(9).Text()} {
		if strings.Contains(strings.ToLower(log), strings.ToLower(no)) {
			t.Errorf("the log has %q:\n%s", no, log)
		}
	}
}

// front is a server that listens, with session 1 expected.
type front struct {
	t      *testing.T
	server *rendezvous.Server
	*fake
	log  *testlog.Log
	base string // of URLs, with the path
	root string // without
}

func newFront(t *testing.T, edit ...func(*configs.IOTA)) *front {
	t.Helper()
	c := config()
	for _, e := range edit {
		e(&c)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	root := "http://" + l.Addr().String()
	c.Base = root + "/iota"
	s, f, log := newServer(t, c)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1), ESN: esn, MEID: meid, MDN: mdn, Until: time.Now().Add(time.Hour)})
	return &front{t: t, server: s, fake: f, log: log, base: c.Base, root: root}
}

// proxied takes the word of this machine.
func proxied(c *configs.IOTA) {
	c.Proxies, c.ESNHeader, c.MEIDHeader, c.MDNHeader = []string{"127.0.0.0/8"}, "X-ESN", "X-MEID", "X-MDN"
}

func (f *front) url(token iota.Token) string { return f.base + "/" + token.Text() }

// request is one request on a connection of its own.
func (f *front) request(method, url, contentType string, body io.Reader, edit ...func(*http.Request)) (*http.Response, string) {
	f.t.Helper()
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		f.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for _, e := range edit {
		e(r)
	}
	tr := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return resp, string(text)
}

// get fetches, and wants a document.
func (f *front) get(url string, edit ...func(*http.Request)) *iota.Message {
	f.t.Helper()
	resp, text := f.request("GET", url, "", nil, edit...)
	return f.document(resp, text)
}

func (f *front) document(resp *http.Response, text string) *iota.Message {
	f.t.Helper()
	if resp.StatusCode != 200 {
		f.t.Fatalf("HTTP %d %s", resp.StatusCode, text)
	}
	d := iota.Standard().ForContentType(resp.Header.Get("Content-Type"))
	if d == nil {
		f.t.Fatalf("type %q", resp.Header.Get("Content-Type"))
	}
	m, err := d.Decode(resp.Header.Get("Content-Type"), []byte(text), iota.Limits{})
	if err != nil || m.Document == nil {
		f.t.Fatalf("%v in %s", err, text)
	}
	return m
}

// encoded is a report as it goes over the wire.
func encoded(t testing.TB, m *iota.Message) (contentType, body string) {
	t.Helper()
	contentType, b, err := iota.Phonecom20().Encode(m, "b")
	if err != nil {
		t.Fatal(err)
	}
	return contentType, string(b)
}

// post reports, and wants a document.
func (f *front) post(url string, m *iota.Message) *iota.Message {
	f.t.Helper()
	contentType, body := encoded(f.t, m)
	resp, text := f.request("POST", url, contentType, strings.NewReader(body))
	return f.document(resp, text)
}

// reach calls back and reports until document n is out.
func (f *front) reach(n uint16) (status string) {
	f.t.Helper()
	if n == 0 {
		return f.url(tokenOf(1)) + "/1"
	}
	m := f.get(f.url(tokenOf(1)))
	for req := uint16(1); req < n; req++ {
		m = f.post(m.Document.StatusURI, reportOn(m.Document, "1234"))
	}
	return m.Document.StatusURI
}

// counter is a field of the counters.
func counter(s rendezvous.Stats, name string) uint64 {
	return reflect.ValueOf(s).FieldByName(name).Uint()
}
