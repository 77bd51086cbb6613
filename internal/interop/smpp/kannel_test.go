//go:build interop

package smpp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/process"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
)

// kannel is a bearerbox that is bound to us, and a smsbox in front of it.
type kannel struct {
	t              *testing.T
	admin, sendsms string // their addresses
	boxes          []*exec.Cmd
	out            testlog.Log // of both
	stop           func()
}

// kannelConfig has one link. The groups are parted by empty lines.
const kannelConfig = `
group = core
admin-port = %[1]d
admin-interface = 127.0.0.1
smsbox-port = %[2]d
smsbox-interface = 127.0.0.1
admin-password = admin
box-allow-ip = 127.0.0.1
dlr-storage = internal
sms-resend-freq = 1
%[9]s
group = smsc
smsc = smpp
smsc-id = us
host = 127.0.0.1
%[4]s
smsc-username = %[5]s
smsc-password = %[6]s
system-type = VMA
enquire-link-interval = %[7]d
reconnect-delay = 1
max-pending-submits = 10

group = smpp-tlv
name = my_sar_ref
tag = 0x020C
type = integer
length = 2

group = smpp-tlv
name = my_sar_total
tag = 0x020E
type = integer
length = 1

group = smpp-tlv
name = my_sar_number
tag = 0x020F
type = integer
length = 1

group = smpp-tlv
name = my_payload
tag = 0x0424
type = octetstring
length = 1000

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = %[2]d
sendsms-port = %[3]d
sendsms-interface = 127.0.0.1
global-sender = 2280

group = sendsms-user
username = tester
password = tester
max-messages = 10
concatenation = true

group = sms-service
keyword = default
get-url = "%[8]s/mo?text=%%b&from=%%p"
max-messages = 0
catch-all = true
omit-empty = true
`

// freePort is one that a process may listen on.
func freePort(t *testing.T) int {
	t.Helper()
	addr, taken, err := sim.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	return int(netip.MustParseAddrPort(addr).Port())
}

// kannelLink is what differs between links of Kannel.
type kannelLink struct {
	port             string // lines: port, receive-port, transceiver-mode, use-ssl
	system, password string
	enquire          int    // seconds
	heard            string // URL that is told of messages and receipts
	core             *certificate
}

// startKannel starts both boxes, and waits until the smsbox takes messages. Whether the
// bearerbox gets bound is for the caller to see.
func startKannel(t *testing.T, l kannelLink) *kannel {
	t.Helper()
	admin, box, send := freePort(t), freePort(t), freePort(t)
	k := &kannel{t: t, admin: fmt.Sprintf("127.0.0.1:%d", admin), sendsms: fmt.Sprintf("127.0.0.1:%d", send)}
	file := filepath.Join(t.TempDir(), "kannel.conf")
	text := fmt.Sprintf(kannelConfig, admin, box, send, l.port, l.system, l.password, max(l.enquire, 1), l.heard, trust(l.core))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	k.stop = sync.OnceFunc(k.end)
	t.Cleanup(func() {
		k.stop()
		if t.Failed() {
			t.Logf("Kannel: %s", last(k.out.String(), 8000))
		}
	})
	k.start("bearerbox", file)
	reach(t, k.admin)
	reach(t, fmt.Sprintf("127.0.0.1:%d", box))
	k.start("smsbox", file)
	reach(t, k.sendsms)
	return k
}

func last(s string, n int) string { return s[max(0, len(s)-n):] }

func (k *kannel) start(name, file string) {
	k.t.Helper()
	c := exec.Command(name, "-v", "1", file)
	c.Stdout, c.Stderr = &k.out, &k.out
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.boxes = append(k.boxes, c)
}

// reach waits until somebody listens.
func reach(t *testing.T, addr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := process.Await(ctx, addr); err != nil {
		t.Fatalf("nobody listens on %s: %v", addr, err)
	}
}

// end ends the boxes as an operator does, the smsbox first. The bearerbox waits for what
// is under way, which a test that failed may never get.
func (k *kannel) end() {
	for i := len(k.boxes) - 1; i >= 0; i-- {
		c := k.boxes[i]
		done := make(chan error, 1)
		go func() { done <- c.Wait() }()
		_ = c.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-done:
		case <-time.After(patience):
			_ = c.Process.Kill()
			<-done
			k.t.Errorf("%s does not end", c.Path)
		}
	}
}

// send gives the smsbox one message: 202 takes it.
func (k *kannel) send(c *http.Client, more url.Values) error {
	v := url.Values{"username": {"tester"}, "password": {"tester"}, "from": {"2280"}, "to": {handset}}
	for key := range more {
		v[key] = more[key]
	}
	r, err := c.Get("http://" + k.sendsms + "/cgi-bin/sendsms?" + v.Encode())
	if err != nil {
		return err
	}
	said, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return err
	}
	if r.StatusCode != http.StatusAccepted {
		return fmt.Errorf("sendsms: %s %s", r.Status, said)
	}
	return nil
}
