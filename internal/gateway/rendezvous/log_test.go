package rendezvous_test

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
)

// TestLog: whatever is refused, the log says why and shows no token, number or
// code (that no log of any test here does is seen to by newServer).
func TestLog(t *testing.T) {
	f := newFront(t, proxied)
	for _, tt := range refusals() {
		f.server.End(1)
		f.server.Expect(1, rendezvous.Expected{Token: tokenOf(1), ESN: esn, MEID: meid, MDN: mdn})
		status := f.reach(min(tt.out, 3))
		tt.ask(f, status)
	}
	log := f.log.String()
	for _, yes := range []string{`"why":"unknown token"`, `"why":"another handset"`, `"why":"no report"`, `"session":"0000000000000001"`, `"message":"iota: refused"`, `"from":"127.0.0.1"`} {
		if !strings.Contains(log, yes) {
			t.Errorf("no %s in\n%s", yes, log)
		}
	}
	silent(t, log)
}

// TestSilent: the grep above finds what it looks for.
func TestSilent(t *testing.T) {
	for _, s := range []string{"MDN " + mdn, "esn=80123456", "GET " + strings.ToUpper(tokenOf(1).Text())} {
		var found failures
		silent(&found, s)
		if found.n != 1 {
			t.Errorf("%q is not found", s)
		}
	}
}

type failures struct {
	testing.TB
	n int
}

func (f *failures) Errorf(string, ...any) { f.n++ }

// TestTrace: whole bodies go to the trace only.
func TestTrace(t *testing.T) {
	var seen []rendezvous.Exchange
	f := &fake{script: documents()}
	s, err := rendezvous.New(config(), f, rendezvous.Options{
		Log: zerolog.Nop(), Trace: func(x rendezvous.Exchange) { seen = append(seen, x) },
		Random: func(b []byte) { clear(b) },
	})
	if err != nil {
		t.Fatal(err)
	}
	f.server = s
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
	ask(s, "GET", path(""), "", "")
	contentType, body := encoded(t, reportOn(documents()[1].Document, "1234"))
	ask(s, "POST", path("/1"), contentType, body)
	if len(seen) != 3 {
		t.Fatalf("%d exchanges", len(seen))
	}
	for i, want := range []struct {
		req  uint16
		sent bool
	}{{1, true}, {1, false}, {2, true}} {
		x := seen[i]
		if x.Session != 1 || x.Req != want.req || x.Sent != want.sent || x.Peer.String() != "192.0.2.1" {
			t.Errorf("%d: %+v", i, x)
		}
		if _, err := iota.Phonecom20().Decode(x.ContentType, x.Body, iota.Limits{}); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if !strings.Contains(seen[2].ContentType, "boundary=mmc-000000000000000000000000;") {
		t.Errorf("type %s", seen[2].ContentType)
	}
}
