package sim_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
)

// The two media types, and a token as a call-back URL has it.
const (
	phonecom = "application/vnd.phonecom.mmc-xml"
	related  = `multipart/related; boundary=b1; start="<m@acme>"; type="application/vnd.phonecom.mmc-xml"`
	token    = "q4Zt0mX2bF7y"
	doctype  = "<?xml version=\"1.0\"?>\n<!DOCTYPE mmc PUBLIC \"-//PHONE.COM//DTD MMC 2.0//EN\" \"http://www.phone.com/dtd/mmc20.dtd\">\n"
)

// page is what the server answers to one request. {URL} in it is the URL of the
// server, {ID} the mmcID that the handset has reported.
type page struct {
	status int // 200 when zero
	media  string
	body   string
	header http.Header
	hang   bool // there is no answer as long as the connection lasts
}

// doc is a document of methods that wants its report at PATH.
func doc(path, methods string) page {
	return page{media: phonecom, body: doctype + `<mmc status-uri="{URL}` + path + `" mmcID="{ID}">` + methods + `</mmc>`}
}

// first is the document that opens a session.
func first(path string, methods ...string) page {
	return page{media: phonecom, body: doctype + `<mmc status-uri="{URL}` + path + `"><method id="1" name="open" reportstatus="true"/>` + strings.Join(methods, "") + `</mmc>`}
}

// with are the parts of a document, in hexadecimal: <1@acme> and so on.
func (p page) with(t *testing.T, parts ...string) page {
	p.media = related
	b := "\r\n--b1\r\nContent-ID: <m@acme>\r\nContent-Type: " + phonecom + "\r\n\r\n" + p.body
	for i, part := range parts {
		b += "\r\n--b1\r\nContent-Type: application/octet-stream\r\nContent-ID: <" + string(rune('1'+i)) + "@acme>\r\n\r\n" + string(unhex(t, part))
	}
	p.body = b + "\r\n--b1--\r\n"
	return p
}

// ask683 is a document with an IS-683 message whose answer is to be read.
func ask683(t *testing.T, path, forward string) page {
	return doc(path, `<method id="7" name="write" object="phone:cdma.is683" valueref="cid:1@acme" reportstatus="true"/>`+
		`<method id="8" name="read" object="phone:cdma.is683.result" reportstatus="true"/>`).with(t, forward)
}

const (
	commitMMC  = `<method id="9" name="commit" reportstatus="true"/>`
	disconnect = `<method id="10" name="disconnect"/>`
)

// got is a request.
type got struct {
	method, path, media string
	header              http.Header
	body                string
}

// desk is a server that answers with its pages in order, and then with 410.
type desk struct {
	t       *testing.T
	srv     *httptest.Server
	arrived chan struct{} // one for each request

	mu    sync.Mutex
	pages []page
	got   []got
	id    string
}

var mmcID = regexp.MustCompile(`mmcID="(\d+)"`)

func newDesk(t *testing.T, pages ...page) *desk {
	d := &desk{t: t, pages: pages, arrived: make(chan struct{}, 100)}
	d.srv = httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(d.srv.Close)
	return d
}

func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	g := got{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Clone(), string(body)}
	if err != nil {
		g.body = "" // cut off
	}
	p := d.next(g)
	d.arrived <- struct{}{}
	if p.hang {
		<-r.Context().Done()
		return
	}
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.media)
	w.WriteHeader(p.status)
	io.WriteString(w, p.body)
}

// next notes a request and gives the answer to it.
func (d *desk) next(g got) page {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, g)
	if m := mmcID.FindStringSubmatch(g.body); m != nil && d.id == "" {
		d.id = m[1]
	}
	if len(d.pages) == 0 {
		return page{status: http.StatusGone}
	}
	p := d.pages[0]
	d.pages = d.pages[1:]
	p.body = strings.NewReplacer("{URL}", d.srv.URL, "{ID}", d.id).Replace(p.body)
	if p.status == 0 {
		p.status = http.StatusOK
	}
	return p
}

// await waits for the next request that nobody has waited for.
func (d *desk) await() {
	select {
	case <-d.arrived:
	case <-time.After(time.Minute):
		d.t.Error("a request does not arrive")
	}
}

// url is where the handset is told to call back.
func (d *desk) url() string { return d.srv.URL + "/iota/" + token }

// requests is what has come so far: method and path of each.
func (d *desk) requests() (lines []string) {
	for _, g := range d.all() {
		lines = append(lines, g.method+" "+strings.ReplaceAll(g.path, token, "T"))
	}
	return lines
}

func (d *desk) all() []got {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.got)
}

// report is a report with the session's number taken out; parts follow in hexadecimal.
func (d *desk) report(n int) string {
	d.t.Helper()
	all := d.all()
	if n >= len(all) {
		d.t.Fatalf("%d requests only: %q", len(all), d.requests())
	}
	media, params, err := mime.ParseMediaType(all[n].media)
	if err != nil {
		d.t.Fatal(err)
	}
	if media != "multipart/related" {
		return media + "\n" + mmcID.ReplaceAllString(all[n].body, `mmcID="N"`)
	}
	out := media + " " + params["type"] + "\n"
	r := multipart.NewReader(strings.NewReader(all[n].body), params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return out
		}
		b, e := io.ReadAll(p)
		if err != nil || e != nil {
			d.t.Fatal(err, e)
		}
		out += p.Header.Get("Content-ID") + " " + p.Header.Get("Content-Type") + "\n"
		if p.Header.Get("Content-Type") == "application/octet-stream" {
			b = []byte(hex.EncodeToString(b) + "\n")
		}
		out += mmcID.ReplaceAllString(string(b), `mmcID="N"`)
	}
}

// status is the report of some details.
func status(mmc string, details ...string) string {
	return phonecom + "\n" + bareStatus(mmc, details...)
}

func bareStatus(mmc string, details ...string) string {
	s := doctype + "<mmc>\n<status mmc=\"" + mmc + "\" mmcID=\"N\">\n"
	for _, d := range details {
		s += "<detail " + d + "/>\n"
	}
	return s + "</status>\n</mmc>\n"
}

const opened = `id="1" name="open" result="ok"`

// subject is a handset with its agent.
type subject struct {
	h *sim.Handset
	a *sim.IOTA
}

func newSubject(change func(*sim.HandsetConfig, *sim.IOTAConfig)) subject {
	hc := sim.OTAPAHandset()
	c := sim.IOTAConfig{
		OEM: "RIM", Model: "8330", Software: "4.5.0.160", PSA: "2.0", ESNHeader: "X-Esn", MDNHeader: "X-Mdn",
		Objects: map[string]string{"phone:homepage": "http://old.example/", "phone:nai.current": "old@example", "phone:boot.url": "http://boot.example/"},
	}
	if change != nil {
		change(&hc, &c)
	}
	c.Handset = sim.NewHandset(hc)
	return subject{c.Handset, sim.NewIOTA(c)}
}

// session is the one session of the agent, or the last.
func (s *subject) session() sim.IOTASession {
	all := s.a.Sessions()
	return all[len(all)-1]
}

const newMDN = "01010106a5551234567000" // Download Request with the MDN 5551234567

// TestIOTASession: from the call-back URL to the end, with documents as the one
// client has them whose grammar is known.
func TestIOTASession(t *testing.T) {
	d := newDesk(t,
		page{media: phonecom, body: `<?xml version="1.0"?>
<!DOCTYPE mmc PUBLIC "-//PHONE.COM//DTD MMC 2.0//EN" "http://www.phone.com/dtd/mmc20.dtd">
<mmc status-uri="{URL}/iota/` + token + `/1">
<method id="1" name="open" reportstatus="true"/>
<method id="2" name="read" object="phone:model" reportstatus="true"/>
<method id="3" name="read" object="phone:version.software" reportstatus="true"/>
</mmc>
`},
		page{media: related, body: "--b1\r\nContent-ID: <m@acme>\r\nContent-Type: application/vnd.phonecom.mmc-xml\r\n\r\n" +
			`<?xml version="1.0"?>
<mmc status-uri="{URL}/iota/` + token + `/2" mmcID="{ID}">
<method id="4" name="write" object="phone:cdma.is683" valueref="cid:1@acme" reportstatus="true"/>
<method id="5" name="read" object="phone:cdma.is683.result" reportstatus="true"/>
</mmc>` + "\r\n--b1\r\nContent-ID: <1@acme>\r\nContent-Type: application/octet-stream\r\n\r\n" + string(unhex(t, newMDN)) + "\r\n--b1--\r\n"},
		ask683(t, "/iota/"+token+"/3", "05"),
		doc("/iota/"+token+"/4", commitMMC),
		doc("/iota/"+token+"/5", disconnect),
	)
	var mu sync.Mutex
	var seen []sim.Sight
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) {
		c.Observe = func(x sim.Sight) { mu.Lock(); defer mu.Unlock(); seen = append(seen, x) }
		c.Header = map[string]string{"X-Mdn": "5550001111"}
	})
	if err := s.a.CallBack(t.Context(), d.url()); err != nil {
		t.Fatal(err)
	}
	want := []string{"GET /iota/T", "POST /iota/T/1", "POST /iota/T/2", "POST /iota/T/3", "POST /iota/T/4"}
	if got := d.requests(); !slices.Equal(got, want) {
		t.Errorf("requests %q", got)
	}
	h := d.all()[0].header
	if h.Get("Accept") != "application/vnd.phonecom.mmc-xml, multipart/related, application/octet-stream" || !strings.HasSuffix(h.Get("User-Agent"), "MMP/2.0") ||
		h.Get("X-Esn") != "81234567" || h.Get("X-Mdn") != "5550001111" || h.Get("X-Wap-Profile") == "" {
		t.Errorf("header %q", h)
	}
	for n, want := range map[int]string{
		1: status("ok", opened, `id="2" name="read" object="phone:model" value="8330" result="ok"`, `id="3" name="read" object="phone:version.software" value="4.5.0.160" result="ok"`),
		2: "multipart/related " + phonecom + "\n<0@handset> " + phonecom + "\n" + bareStatus("ok", `id="4" name="write" object="phone:cdma.is683" result="ok"`,
			`id="5" name="read" object="phone:cdma.is683.result" valueref="cid:1@handset" result="ok"`) + "<1@handset> application/octet-stream\n01010100\n",
		4: status("ok", `id="9" name="commit" result="ok"`),
	} {
		if got := d.report(n); got != want {
			t.Errorf("report %d is\n%s\nwant\n%s", n, got, want)
		}
	}
	if s.h.Memory().MDN != "5551234567" || s.h.Commits() != 1 {
		t.Errorf("%s, %d commits", s.h.Memory().MDN, s.h.Commits())
	}
	got := s.session()
	if !got.Committed || !got.Disconnected || !got.Ended || got.Err != nil || got.Documents != 5 || got.Mode != sim.IOTANetwork || got.MMCID < 0 || got.MMCID > 2499 ||
		!slices.Equal(got.Statuses, []int{200, 200, 200, 200, 200}) {
		t.Errorf("%+v", got)
	}
	checkSights(t, seen)
}

// checkSights: requests and answers in order, as they were but for the token.
func checkSights(t *testing.T, seen []sim.Sight) {
	t.Helper()
	var lines []string
	for _, x := range seen {
		if bytes.Contains(x.Octets, []byte(token)) {
			t.Errorf("the token is shown:\n%s", x.Octets)
		}
		line, _, _ := bytes.Cut(x.Octets, []byte("\r\n"))
		if x.Proto != "http" {
			line = []byte(hex.EncodeToString(x.Octets))
		}
		lines = append(lines, x.From+" "+x.Proto+" "+string(line))
	}
	masked := token[:2] + strings.Repeat("*", len(token)-2)
	want := []string{"handset http GET /iota/" + masked + " HTTP/1.1", "otagate http HTTP/1.1 200 OK", "handset http POST /iota/" + masked + "/1 HTTP/1.1", "otagate http HTTP/1.1 200 OK",
		"otagate is683-fwd " + newMDN, "handset is683-rev 01010100", "handset http POST /iota/" + masked + "/2 HTTP/1.1"}
	if len(lines) < len(want) || !slices.Equal(lines[:len(want)], want) {
		t.Errorf("seen %q", lines)
	}
}

// TestIOTATemporary: whatever ends a session before both commits, the handset is
// what it was, and can be programmed anew.
func TestIOTATemporary(t *testing.T) {
	const p = "/iota/" + token
	open, download, commit683 := first(p+"/1"), ask683(t, p+"/2", newMDN), ask683(t, p+"/3", "05")
	homepage := doc(p+"/2", `<method id="2" name="write" object="phone:homepage" value="http://new.example/" reportstatus="true"/>`)
	for _, c := range []struct {
		name  string
		pages []page
		fault sim.IOTAFault
		err   error // nil: any
		ok    bool
	}{
		{"no IS-683 Commit", []page{open, download, doc(p+"/4", commitMMC), doc(p+"/5", disconnect)}, sim.IOTAFault{}, nil, true},
		{"no commit", []page{open, homepage, download, commit683, doc(p+"/4", disconnect)}, sim.IOTAFault{}, nil, true},
		{"a document that wants no report", []page{open, homepage, doc(p+"/3", `<method id="3" name="read" object="phone:model"/>`)}, sim.IOTAFault{}, nil, true},
		{"empty answer", []page{open, homepage, download, commit683, {}}, sim.IOTAFault{}, sim.ErrIOTAEnd, false},
		{"refused", []page{open, homepage, download, commit683, {status: http.StatusServiceUnavailable}}, sim.IOTAFault{}, nil, false},
		{"broken document", []page{open, homepage, download, commit683, {media: phonecom, body: "<mmc>"}}, sim.IOTAFault{}, nil, false},
		{"another type", []page{open, homepage, download, commit683, {media: "text/html", body: "<mmc/>"}}, sim.IOTAFault{}, nil, false},
		{"critical failure", []page{open, homepage, download, commit683, doc(p+"/4", `<method id="4" name="write" object="phone:cdma.is683" valueref="cid:2@acme"/>`+commitMMC)}, sim.IOTAFault{}, nil, false},
		{"another session's document", []page{open, homepage, download, commit683, {media: phonecom, body: `<mmc status-uri="{URL}/" mmcID="2500">` + commitMMC + `</mmc>`}}, sim.IOTAFault{}, nil, false},
		{"link lost", []page{open, homepage, download, commit683, doc(p+"/4", commitMMC)}, sim.IOTAFault{Kind: sim.IOTADropBefore, At: 3}, sim.ErrIOTALost, false},
		{"link lost at the commit", []page{open, homepage, download, commit683, doc(p+"/4", commitMMC)}, sim.IOTAFault{Kind: sim.IOTANoCommit}, sim.ErrIOTALost, false},
		{"commit refused", []page{open, homepage, download, commit683, doc(p+"/4", commitMMC)}, sim.IOTAFault{Kind: sim.IOTARefuse}, nil, false},
		{"user gone", []page{open, homepage, download, commit683, doc(p+"/4", commitMMC)}, sim.IOTAFault{Kind: sim.IOTAGone, At: 4}, sim.ErrIOTALost, false},
		{"user cancels", []page{open, homepage, download, commit683, doc(p+"/4", commitMMC)}, sim.IOTAFault{Kind: sim.IOTACancel, At: 5}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSubject(func(_ *sim.HandsetConfig, i *sim.IOTAConfig) {
				if c.fault.Kind != "" {
					i.Faults = []sim.IOTAFault{c.fault}
				}
			})
			before := s.h.Memory()
			err := s.a.CallBack(t.Context(), newDesk(t, c.pages...).url())
			if (err == nil) != c.ok || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("ends with %v", err)
			}
			after := s.h.Memory()
			if diff := before.Differs(&after); diff != "" || s.h.Commits() != 0 || s.a.Object("phone:homepage") != "http://old.example/" {
				t.Errorf("%s changed, %d commits, %s", diff, s.h.Commits(), s.a.Object("phone:homepage"))
			}
			again := newDesk(t, open, homepage, download, commit683, doc(p+"/4", commitMMC), doc(p+"/5", disconnect))
			if err := s.a.CallBack(t.Context(), again.url()); err != nil || s.h.Memory().MDN != "5551234567" || s.a.Object("phone:homepage") != "http://new.example/" {
				t.Errorf("then %v, %s", err, s.h.Memory().MDN)
			}
		})
	}
}

// TestIOTAOneAtATime: who is called back while in a session does not go.
func TestIOTAOneAtATime(t *testing.T) {
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.MDN = "5550009999" })
	d := newDesk(t, first("/"+token+"/1", `<method id="2" name="read" object="phone:cdma.nam.mdn" reportstatus="true"/>`), page{hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.a.CallBack(ctx, d.url()) }()
	if err := s.a.Wait(t.Context(), func() bool { all := s.a.Sessions(); return len(all) == 1 && all[0].Documents == 1 }); err != nil {
		t.Fatal(err)
	}
	if err := s.a.CallBack(t.Context(), d.url()); !errors.Is(err, sim.ErrMMCBusy) {
		t.Errorf("a second session: %v", err)
	}
	d.await()
	d.await()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), token) || len(d.all()) != 2 || !strings.Contains(d.report(1), `value="5550009999"`) {
		t.Errorf("%v, %q", err, d.requests())
	}
}

// TestIOTAMasked: a token in a query, and the errors of a session, are fit to be shown.
func TestIOTAMasked(t *testing.T) {
	d := newDesk(t, page{status: http.StatusGone})
	var shown []string
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) {
		c.Observe = func(m sim.Sight) { shown = append(shown, string(m.Octets)) }
	})
	err := s.a.CallBack(t.Context(), d.srv.URL+"/nip?v=1&s="+token)
	var refused *sim.IOTARefused
	if !errors.As(err, &refused) || refused.Status != http.StatusGone || err.Error() != "HTTP status 410" {
		t.Errorf("%v", err)
	}
	if len(shown) != 2 || !strings.HasPrefix(shown[0], "GET /nip?v=1&s=q4********** HTTP/1.1\r\n") {
		t.Errorf("%q", shown)
	}
}

// TestIOTAOutlived: what takes longer than a session may is dropped.
func TestIOTAOutlived(t *testing.T) {
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.SessionTime = 200_000_000 })
	d := newDesk(t, first("/1"), ask683(t, "/2", newMDN), ask683(t, "/3", "05"), page{hang: true})
	if err := s.a.CallBack(t.Context(), d.url()); err == nil || s.h.Memory().MDN == "5551234567" {
		t.Errorf("%v, %s", err, s.h.Memory().MDN)
	}
}
