package gateway

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
)

// openHTTP lets an initiator push, through the signalling network.
func openHTTP(c *configs.Config) {
	c.SMPP.Listen, c.HTTP.Listen = "127.0.0.1:0", "127.0.0.1:0"
	c.HTTP.Initiators = []configs.Initiator{{Name: "acme", PasswordHash: ivrHash, Networks: []string{"127.0.0.0/8"}}}
	c.Push.SS7.HLR, c.Push.SS7.MINOfMDN = "hlr1", true
	c.Routes = []configs.MessageRoute{{Name: "network", Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}}}
	c.SS7.Screening.Peers = append(c.SS7.Screening.Peers, configs.ScreenedPeer{Name: "hlr1", PointCodes: []string{"1-12-7"}, Operations: []string{"SMSNOT"}, Burst: 10})
}

// TestPAP: a push that comes over HTTP is on the disk when it is answered, and
// the door opens and closes with the gateway.
func TestPAP(t *testing.T) {
	l := newLab(t, nil)
	openHTTP(l.cfg)
	g, err := New(t.Context(), l.cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if g.HTTPAddr() == nil {
		t.Fatal("nobody listens")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	ready, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	if err := g.Ready(ready); err != nil {
		t.Fatal(err)
	}
	const body = "--b\r\nContent-Type: application/xml\r\n\r\n<pap><push-message push-id=\"1\"><address address-value=\"WAPPUSH=5551234567/TYPE=PLMN\"/></push-message></pap>\r\n" +
		"--b\r\nContent-Type: text/vnd.wap.sl\r\n\r\n<sl href=\"http://example.com/\"/>\r\n--b--\r\n"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.HTTPAddr().String()+"/pap", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/related; boundary=b")
	req.SetBasicAuth("acme", ivrPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if n := g.push.Stats().Accepted; resp.StatusCode != http.StatusAccepted || n != 1 {
		t.Errorf("HTTP %d, %d messages", resp.StatusCode, n)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestPAPCloses: what New has opened, Close closes.
func TestPAPCloses(t *testing.T) {
	l := newLab(t, nil)
	openHTTP(l.cfg)
	l.cfg.HTTP.Listen = "127.74.65.70:0" // where nobody else listens: a port of 127.0.0.1 may be another test's a moment later
	for range 2 {
		g, err := New(t.Context(), l.cfg, zerolog.Nop())
		if err != nil {
			t.Fatal(err)
		}
		l.cfg.HTTP.Listen = g.HTTPAddr().String() // the second time it must be free
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	}
}
