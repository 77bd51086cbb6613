//go:build interop

package smpp_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/otagate/otagate/smpp"
)

const kannelName = "Kannel"

func TestKannelClient(t *testing.T) {
	if skipped["kannel"] {
		return
	}
	play(t, kannelName, func(t *testing.T, w *wire) esme { return &kannelClient{inbox: newInbox(), t: t, wire: w} })
}

// kannelClient is a bearerbox with one bind, a smsbox that is asked over HTTP, and what
// it tells of messages and receipts.
type kannelClient struct {
	*inbox
	t    *testing.T
	wire *wire
	*kannel
	http *httptest.Server
}

func (c *kannelClient) Bind(b bind) error {
	c.http = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { c.put(r.FormValue("text")) }))
	_, port, err := net.SplitHostPort(b.addr)
	if err != nil {
		return err
	}
	var lines string
	switch b.mode {
	case smpp.CommandBindTransmitter:
		lines = "port = " + port
	case smpp.CommandBindReceiver:
		lines = "port = 0\nreceive-port = " + port
	default:
		lines = "port = " + port + "\ntransceiver-mode = true"
	}
	if b.tls != nil {
		lines += "\nuse-ssl = true"
	}
	c.kannel = startKannel(c.t, kannelLink{port: lines, system: b.system, password: b.password, enquire: 1, heard: c.http.URL, core: b.tls})
	q, err := c.wire.wait(true, b.mode, 1)
	if err != nil {
		return err
	}
	if _, err := c.wire.answered(q, smpp.StatusOK); err != nil {
		return err
	}
	if !eventually(func() bool { return strings.Contains(c.status(), "online") }) {
		return errors.New("bearerbox does not say that its link is online")
	}
	return nil
}

// status is what the bearerbox says of itself.
func (c *kannelClient) status() string {
	r, err := http.Get("http://" + c.admin + "/status.xml?password=admin")
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	_, of, _ := strings.Cut(string(b), "<smscs>")
	return of
}

func (c *kannelClient) Submit(m message) error {
	v := url.Values{"text": {m.text}}
	if m.payload {
		v["text"], v["meta-data"] = nil, []string{"?smpp?" + url.Values{"my_payload": {m.text}}.Encode()}
	}
	if m.sar[1] > 0 {
		v["meta-data"] = []string{fmt.Sprintf("?smpp?my_sar_ref=%d&my_sar_total=%d&my_sar_number=%d", m.sar[0], m.sar[1], m.sar[2])}
	}
	if m.receipt {
		v["dlr-mask"], v["dlr-url"] = []string{"3"}, []string{c.http.URL + "/dlr?text=id:%F"}
	}
	return c.send(http.DefaultClient, v)
}

func (c *kannelClient) Long(text string) error { return c.Submit(message{text: text}) }

func (*kannelClient) DataSM(string) error  { return absent("it submits with submit_sm only") }
func (*kannelClient) QuerySM(string) error { return absent("it sends no query_sm") }

// Enquire is up to its timer.
func (*kannelClient) Enquire() error { return nil }

func (c *kannelClient) Unbind() error {
	c.kannel.stop()
	return nil
}

func (c *kannelClient) Close() {
	if c.kannel != nil {
		c.kannel.stop()
	}
	if c.http != nil {
		c.http.Close()
	}
}

// trust are the lines of the core group that say whom to trust.
func trust(c *certificate) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("ssl-trusted-ca-file = %q\n", c.authority)
}
