package rendezvous_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
)

// TestUntrusted: who is no proxy says nothing with headers, neither that it is the
// right handset nor that it is another.
func TestUntrusted(t *testing.T) {
	f := newFront(t, proxied, func(c *configs.IOTA) { c.Proxies = []string{"192.0.2.0/24"} })
	f.get(f.url(tokenOf(1)), header("X-ESN", "80123457"), header("X-MDN", "5551234568"), header("X-Forwarded-For", "192.0.2.1"))
	want := rendezvous.Caller{Agent: "Go-http-client/1.1", Addr: netip.MustParseAddr("127.0.0.1")}
	if n := f.server.Stats(); f.caller != want || n.Untrusted != 1 || n.Refused != 0 {
		t.Errorf("caller %+v, counted %+v", f.caller, n)
	}
}

// TestTrusted has the forms in which a proxy may say who a handset is.
func TestTrusted(t *testing.T) {
	for _, tt := range []struct {
		esn, meid, mdn string
		want           rendezvous.Caller
		unreadable     uint64
	}{
		{"80123456", "", "", rendezvous.Caller{ESN: esn}, 0},
		{"0x80123456", "", "", rendezvous.Caller{ESN: esn}, 0},
		{" 12801193046 ", "", "", rendezvous.Caller{ESN: esn}, 0},
		{"", "a0000000001234", "", rendezvous.Caller{MEID: meid}, 0},
		{"", "268435456000004660", "", rendezvous.Caller{MEID: meid}, 0},
		{"a0000000001234", "80123456", "", rendezvous.Caller{MEID: meid, ESN: esn}, 0},
		{"80123456", "80123456", "", rendezvous.Caller{ESN: esn}, 0},
		{"", "", mdn, rendezvous.Caller{MDN: mdn}, 0},
		{"", "", "+1" + mdn, rendezvous.Caller{MDN: "1" + mdn}, 0},
		{"00000000", "unknown", "0" + mdn, rendezvous.Caller{}, 3},
		{"25612345678", "999999999999999999", "tel", rendezvous.Caller{}, 3},
		{"8012345g", "a00000000012345", "", rendezvous.Caller{}, 2},
	} {
		f := newFront(t, proxied)
		f.get(f.url(tokenOf(1)), func(r *http.Request) {
			for name, value := range map[string]string{"X-ESN": tt.esn, "X-MEID": tt.meid, "X-MDN": tt.mdn} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			r.Header.Set("User-Agent", "MMP/2.0"+strings.Repeat("x", 200))
		})
		got := f.caller
		if len(got.Agent) != 128 || !strings.HasPrefix(got.Agent, "MMP/2.0") {
			t.Errorf("agent %q", got.Agent)
		}
		got.Agent, got.Addr = "", netip.Addr{}
		if n := f.server.Stats(); got != tt.want || n.Unreadable != tt.unreadable || n.Untrusted != 0 {
			t.Errorf("%q %q %q: %+v, counted %+v", tt.esn, tt.meid, tt.mdn, got, n)
		}
	}
}

// TestSameNumber: a number may be told with its country code or without.
func TestSameNumber(t *testing.T) {
	for _, tt := range []struct {
		expected, told string
		status         int
	}{
		{"5551234567", "15551234567", 200}, {"15551234567", "5551234567", 200}, {"5551234567", "5551234568", 403},
		{"234567", "5551234567", 403}, {"5551234567", "234567", 403}, {"1234567", "1234567", 200}, {"", "5551234567", 200},
	} {
		f := newFront(t, proxied)
		f.server.Expect(1, rendezvous.Expected{Token: tokenOf(1), MDN: tt.expected})
		if resp, _ := f.request("GET", f.url(tokenOf(1)), "", nil, header("X-MDN", tt.told)); resp.StatusCode != tt.status {
			t.Errorf("%s for %s: HTTP %d", tt.told, tt.expected, resp.StatusCode)
		}
	}
}
