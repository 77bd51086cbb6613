package ppg_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/wappush/pap"
)

func notLogged(t *testing.T, log string) {
	t.Helper()
	for _, no := range []string{"5551234567", password, hash} {
		if strings.Contains(log, no) {
			t.Errorf("the log has %q:\n%s", no, log)
		}
	}
}

// FuzzRequest: whatever comes, the answer is one of HTTP's or a control entity
// that can be read, and what is accepted can be asked for.
func FuzzRequest(f *testing.F) {
	for _, env := range []*pap.Envelope{
		pushOf("1", "15551234567"), pushOf("2", "15551234567", "15551234568"),
		ask(&pap.StatusQueryMessage{PushID: "1"}), ask(&pap.CancelMessage{PushID: "1"}), ask(&pap.CCQMessage{Address: "x"}),
		{Control: pap.Control{Message: &pap.PushMessage{PushID: "3", NotifyRequestedTo: "http://results.example/acme/1", Addresses: []pap.Address{"WAPPUSH=1/TYPE=PLMN"}}},
			Content: part("text/vnd.wap.connectivity-xml; SEC=1; MAC="+mac, settings, "X-Wap-Application-Id", "7")},
	} {
		contentType, body, err := env.Encode("b")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(contentType, string(body))
	}
	f.Add("application/xml", "<pap/>")
	f.Add("application/octet-stream; charset=utf-8; a*=utf-8''%20", "x")
	svc := newService()
	server := newServer(f, httpConfig(), svc, &testlog.Log{})
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := httptest.NewRequest(http.MethodPost, "/pap", strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Content-Type", contentType)
		r.SetBasicAuth("acme", password)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusUnsupportedMediaType, http.StatusRequestEntityTooLarge:
			return
		case http.StatusAccepted:
		default:
			t.Fatalf("HTTP %d", w.Code)
		}
		env, err := pap.Decode(w.Header().Get("Content-Type"), w.Body.Bytes(), pap.Limits{})
		if err != nil {
			t.Fatalf("%v in %s", err, w.Body)
		}
		if p, ok := env.Control.Message.(*pap.PushResponse); ok && p.Result.Code == pap.CodeInternalServerError {
			t.Fatalf("%+v", p)
		}
	})
}
