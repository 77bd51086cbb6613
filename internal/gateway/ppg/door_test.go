package ppg_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

// box is an outbox in memory.
type box struct {
	mu      sync.Mutex
	rows    []sessions.Outbox
	settled chan sessions.Settlement
}

func (b *box) Claim(_ context.Context, dest string, _ time.Time, n int, _ time.Duration) ([]sessions.Outbox, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []sessions.Outbox
	for len(b.rows) > 0 && len(out) < n && b.rows[0].Dest == dest {
		out, b.rows = append(out, b.rows[0]), b.rows[1:]
	}
	return out, nil
}

func (b *box) Settle(_ context.Context, rows ...sessions.Settlement) error {
	for _, r := range rows {
		b.settled <- r
	}
	return nil
}

func (b *box) NextDue(context.Context, string) (time.Time, error) { return time.Time{}, nil }

// initiatorServer takes result notifications.
func initiatorServer(t *testing.T, h http.HandlerFunc) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// notified accepts a push for which this URL is to be told, and gives its end.
func notified(t *testing.T, begin, to string, r delivery.Result) *push.End {
	t.Helper()
	f := newFront(t, func(c *configs.HTTP) { c.Initiators[0].Notify = []string{begin} })
	env := pushOf("1@acme", "+15551234567")
	env.Control.Message.(*pap.PushMessage).NotifyRequestedTo = to
	env.Control.Version = pap.Version20
	if code, desc := f.pushed(202, env); code != pap.CodeAccepted {
		t.Fatalf("%v %s", code, desc)
	}
	m := f.svc.messages()[0]
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return &push.End{ID: m.ID, To: m.To.String(), Origin: &m.Origin, Result: r, Began: began, Ended: began.Add(time.Minute)}
}

var delivered = delivery.Result{Outcome: delivery.Done, Reason: delivery.ReasonDelivered}

// tellOnce runs a door over one row and gives how it was settled.
func tellOnce(t *testing.T, notify string, e *push.End, edit func(*sessions.Outbox)) (sessions.Settlement, ppg.DoorStats, string) {
	t.Helper()
	b, log := &box{settled: make(chan sessions.Settlement, 1)}, &testlog.Log{}
	now := func() time.Time { return e.Ended }
	d, err := ppg.NewDoor(ppg.DoorConfig{
		Initiators: []configs.Initiator{{Name: "acme", Notify: []string{notify}}}, Box: b, Now: now, Log: zerolog.New(log),
	})
	if err != nil {
		t.Fatal(err)
	}
	row, wanted := d.Report(e)
	if !wanted || row.Dest != "pap/acme" || row.ID != e.ID || row.Dedup == "" || !row.Validity.After(e.Ended) {
		t.Fatalf("row %+v, wanted %t", row, wanted)
	}
	row.Row, row.Attempt = 7, 3
	if edit != nil {
		edit(&row)
	}
	b.rows = append(b.rows, row)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	d.Reported(e)
	d.Reported(&push.End{Origin: &push.Origin{Account: "nobody"}})
	s := <-b.settled
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return s, d.Stats(), log.String()
}

const taken = `<pap><resultnotification-response push-id="1@acme" code="%s"><address address-value="x"/></resultnotification-response></pap>`

// TestNotification has what the initiator gets.
func TestNotification(t *testing.T) {
	got := make(chan string, 1)
	s := initiatorServer(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- fmt.Sprintf("%s %s %s\n%s", r.Method, r.URL, r.Header.Get("Content-Type"), b)
	})
	end := notified(t, s.URL+"/", s.URL+"/r?token=1", delivered)
	if settled, n, _ := tellOnce(t, s.URL+"/", end, nil); settled != (sessions.Settlement{Row: 7, Attempt: 3}) || n.Told != 1 {
		t.Errorf("settled %+v, counted %+v", settled, n)
	}
	const want = `POST /r?token=1 application/xml
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.wapforum.org/DTD/pap_2.0.dtd" [<?wap-pap-ver supported-versions="2.0,1.*"?>]>
<pap>
<resultnotification-message push-id="1@acme" sender-name="otagate" received-time="2026-01-02T03:04:05Z" event-time="2026-01-02T03:05:05Z" message-state="delivered" code="1000" desc="ok">
<address address-value="WAPPUSH=+15551234567/TYPE=PLMN@ppg.example"/>
</resultnotification-message>
</pap>
`
	if g := <-got; g != want {
		t.Errorf("got\n%swant\n%s", g, want)
	}
}

// TestAnswers has what each answer of an initiator does.
func TestAnswers(t *testing.T) {
	const told, again, dropped = "told", "again", "dropped"
	var asked int
	var status int
	var body, location string
	s := initiatorServer(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/xml")
		if location != "" {
			w.Header().Set("Location", location)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
	end := notified(t, s.URL+"/", s.URL+"/r", delivered)
	for _, tt := range []struct {
		status int
		body   string
		want   string
	}{
		{200, "", told},
		{204, "", told},
		{202, fmt.Sprintf(taken, "1000"), told},
		{202, fmt.Sprintf(taken, "2004"), dropped},
		{202, fmt.Sprintf(taken, "4001"), again},
		{202, `<pap><badmessage-response code="2000"/></pap>`, dropped},
		{202, `<pap><badmessage-response code="3000"/></pap>`, again},
		{200, "<html>log in</html>", again},
		{200, `<pap><ccq-message><address address-value="x"/></ccq-message></pap>`, again},
		{200, strings.Repeat("x", 100_000), again},
		{302, "", again},
		{400, "", dropped},
		{401, "", again},
		{404, "", again},
		{410, "", dropped},
		{429, "", again},
		{500, "", again},
		{503, "", again},
	} {
		status, body, location, asked = tt.status, tt.body, "", 0
		if tt.status == 302 {
			location = s.URL + "/elsewhere"
		}
		settled, n, log := tellOnce(t, s.URL+"/", end, nil)
		got := told
		switch {
		case !settled.Retry.IsZero():
			got = again
		case n.Dropped == 1:
			got = dropped
		}
		if got != tt.want || n.Told+n.Retried+n.Dropped != 1 || asked != 1 {
			t.Errorf("%d %.40q: %s, asked %d times, counted %+v; want %s", tt.status, tt.body, got, asked, n, tt.want)
		}
		if got == again && settled.Retry.Sub(end.Ended) != 8*time.Second {
			t.Errorf("the pause after the third attempt is %s", settled.Retry.Sub(end.Ended))
		}
		if strings.Contains(log, "5551234") || strings.Contains(log, "/r") {
			t.Errorf("the log shows too much: %s", log)
		}
	}
}

// TestNotSent has rows that never leave.
func TestNotSent(t *testing.T) {
	s := initiatorServer(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
	end := notified(t, s.URL+"/", s.URL+"/r", delivered)
	for what, tt := range map[string]struct {
		allowed string
		edit    func(*sessions.Outbox)
	}{
		"expired":     {s.URL + "/", func(o *sessions.Outbox) { o.Validity = end.Ended.Add(-time.Second) }},
		"damaged":     {s.URL + "/", func(o *sessions.Outbox) { o.Body = []byte("{") }},
		"not allowed": {s.URL + "/other/", nil},
	} {
		settled, n, _ := tellOnce(t, tt.allowed, end, tt.edit)
		if !settled.Retry.IsZero() || n.Dropped != 1 {
			t.Errorf("%s: settled %+v, counted %+v", what, settled, n)
		}
	}
}

func TestUnreachable(t *testing.T) {
	s := httptest.NewServer(nil)
	end := notified(t, s.URL+"/", s.URL+"/secret", delivered)
	s.Close()
	settled, n, log := tellOnce(t, s.URL+"/", end, nil)
	if settled.Retry.IsZero() || n.Retried != 1 || strings.Contains(log, "secret") {
		t.Errorf("settled %+v, counted %+v, log %s", settled, n, log)
	}
}

// TestNotWanted: no row where nobody asked, and none that nobody would send.
func TestNotWanted(t *testing.T) {
	d, err := ppg.NewDoor(ppg.DoorConfig{Initiators: []configs.Initiator{{Name: "acme"}}, Box: &box{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	good := notified(t, "http://h/", "http://h/r", delivered).Origin
	for what, o := range map[string]push.Origin{
		"nobody asked":          {Account: "acme"},
		"damaged":               {Account: "acme", Data: []byte{1, 2}},
		"of another version":    {Account: "acme", Data: append([]byte{9}, good.Data[1:]...)},
		"initiator of the past": {Account: "gone", Data: good.Data},
	} {
		if _, wanted := d.Report(&push.End{ID: 1, Origin: &o, Result: delivered}); wanted {
			t.Errorf("%s: a row", what)
		}
	}
	if row, wanted := d.Report(&push.End{ID: 1, Origin: good, Result: delivered}); !wanted || row.ID != 1 {
		t.Error("no row where there should be one")
	}
}
