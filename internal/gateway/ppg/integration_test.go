package ppg_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/wappush/pap"
)

// centre takes submit_sm, and keeps the receipts until it is told to send them.
type centre struct{ taken chan smpp.DeliverSM }

func (c *centre) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	receipt := smpp.DeliverSM{
		ESMClass: smpp.ESMClassReceipt, SourceAddr: append([]byte(nil), p.DestinationAddr...),
		ShortMessage: []byte("id:1001 sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 stat:DELIVRD err:000 text:"),
	}
	go func() {
		done(smpp.StatusOK, &smpp.SubmitSMResp{MessageID: []byte("1001")}, nil)
		c.taken <- receipt
	}()
	return nil
}

type replier chan smpp.Status

func (r replier) Respond(s smpp.Status, _ string) { r <- s }

// TestStory goes the whole way with the real delivery and a real store.
func TestStory(t *testing.T) {
	results := make(chan string, 10)
	initiator := initiatorServer(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		results <- string(b)
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprintf(w, taken, "1000")
	})
	f := &front{t: t, cfg: httpConfig(), log: &testlog.Log{}}
	f.cfg.Initiators[0].Notify = []string{initiator.URL + "/"}
	log := zerolog.New(f.log)
	tables, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ppg.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	store, err := disk.OpenMessages(t.Context(), tables, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	door, err := ppg.NewDoor(ppg.DoorConfig{Initiators: f.cfg.Initiators, Box: store, Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	pc := configs.Default().Push
	lc := []configs.Link{{
		Name: "smsc", Window: 10, Response: time.Second, Way: "udh8", Octets: 140, Parts: 9, DataCoding: 4, Receipts: true, MessageID: "any", Doubt: time.Second,
	}}
	c := &centre{taken: make(chan smpp.DeliverSM, 10)}
	routes, err := route.New([]configs.MessageRoute{{Name: "centre", Via: []configs.Via{{Link: "smsc", Weight: 1, Tier: 1}}}}, (&configs.SMPP{}).Dictionary())
	if err != nil {
		t.Fatal(err)
	}
	svc, err := push.New(push.Config{
		Push: &pc, Links: lc, Routes: routes, Store: store, Doors: map[string]push.Door{ppg.DoorName: door},
		Random: func(b []byte) { rand.Read(b) }, Shards: 2, Log: log, Dial: func(string) push.Centre { return c },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- svc.Run(ctx) }()
	go func() { ended <- door.Run(ctx) }()
	<-svc.Ready()
	f.server = newServer(t, f.cfg, svc, f.log)
	web := httptest.NewServer(f.server)
	f.url = web.URL + "/pap"
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		web.Close()
		cancel()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		if err := errors.Join(store.Close(), tables.Close()); err != nil {
			t.Error(err)
		}
	})

	env := pushOf("1@acme", "+15551234567")
	env.Control.Message.(*pap.PushMessage).NotifyRequestedTo = initiator.URL + "/results"
	if code, desc := f.pushed(202, env); code != pap.CodeAccepted {
		t.Fatalf("%v %s", code, desc)
	}
	if code, _ := f.pushed(202, env); code != pap.CodeDuplicatePushID {
		t.Errorf("again: %v", code)
	}
	receipt := <-c.taken
	status := func() pap.MessageState {
		return f.tell(202, ask(&pap.StatusQueryMessage{PushID: "1@acme"})).(*pap.StatusQueryResponse).Results[0].State
	}
	if got := status(); got != pap.StatePending {
		t.Errorf("before the receipt: %v", got)
	}
	if x := f.tell(202, ask(&pap.CancelMessage{PushID: "1@acme"})).(*pap.CancelResponse).Results[0]; x.Code != pap.CodeCancellationNotPossible {
		t.Errorf("cancelled: %+v", x)
	}
	replied := make(replier, 1)
	svc.Deliver("smsc", &receipt, replied)
	if got := <-replied; got != smpp.StatusOK {
		t.Errorf("the receipt: %v", got)
	}
	if got := status(); got != pap.StateDelivered {
		t.Errorf("after the receipt: %v", got)
	}
	n, err := pap.Decode("application/xml", []byte(<-results), pap.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if m := n.Control.Message.(*pap.ResultNotificationMessage); m.State != pap.StateDelivered || m.PushID != "1@acme" || m.Address != "WAPPUSH=+15551234567/TYPE=PLMN@ppg.example" {
		t.Errorf("notified %+v", m)
	}
	if code, _ := f.pushed(202, env); code != pap.CodeDuplicatePushID {
		t.Errorf("again, after the end: %v", code)
	}
	waitSettled(t, door)
	select {
	case again := <-results:
		t.Errorf("notified twice: %s", again)
	default:
	}
	notLogged(t, f.log.String())
}

// waitSettled waits until the notification is settled.
func waitSettled(t *testing.T, d *ppg.Door) {
	t.Helper()
	if !testwait.For(time.Minute, func() bool { return d.Stats().Told == 1 }) {
		t.Fatalf("counted %+v", d.Stats())
	}
}
