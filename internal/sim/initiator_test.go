package sim_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/wappush/pap"
)

// TestInitiator: what it pushes can be read, what it is told it keeps and answers,
// and anything else it refuses.
func TestInitiator(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	i := sim.NewInitiator(sim.InitiatorConfig{Name: "acme", Password: "secret", Observe: func(m sim.Sight) {
		line, _, _ := bytes.Cut(m.Octets, []byte("\r\n"))
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, m.From+" "+m.To+" "+m.Proto+" "+string(line))
	}})
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		body, _ := io.ReadAll(r.Body)
		env, err := pap.Decode(r.Header.Get("Content-Type"), body, pap.Limits{})
		m, is := env.Control.Message.(*pap.PushMessage)
		if err != nil || !is || m.PushID != "1" || string(env.Content.Body) != "content" || name != "acme" || password != "secret" {
			t.Errorf("%v, %s", err, body)
		}
		answer := pap.Envelope{Control: pap.Control{Message: &pap.PushResponse{PushID: "1", Result: pap.ResponseResult{Code: pap.CodeAccepted}}}}
		contentType, out, err := answer.Encode("")
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(http.StatusAccepted)
		w.Write(out)
	}))
	defer gateway.Close()
	resp, err := i.Push(t.Context(), gateway.URL+"/pap", &pap.PushMessage{PushID: "1", Addresses: []pap.Address{"WAPPUSH=+1202/TYPE=PLMN@ppg"}},
		&pap.Part{ContentType: "text/plain", Body: []byte("content")})
	if err != nil || resp.Result.Code != pap.CodeAccepted {
		t.Fatalf("%+v, %v", resp, err)
	}
	hears(t, i)
	mu.Lock()
	defer mu.Unlock()
	want := []string{"PI otagate http POST /pap HTTP/1.1", "otagate PI http HTTP/1.1 202 Accepted", "otagate PI http POST /results HTTP/1.1", "PI otagate http HTTP/1.1 200 OK"}
	if len(seen) < len(want) || !slices.Equal(seen[:len(want)], want) {
		t.Errorf("seen %q", seen)
	}
}

// hears tells the initiator of an end, and then of something that is none.
func hears(t *testing.T, i *sim.Initiator) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- i.Serve(ctx, ln) }()
	c := pap.Control{Message: &pap.ResultNotificationMessage{PushID: "1", State: pap.StateDelivered, Code: pap.CodeOK, Address: "WAPPUSH=+1202/TYPE=PLMN@ppg"}}
	told, err := c.AppendXML(nil)
	if err != nil {
		t.Fatal(err)
	}
	tell(t, ln, string(told), http.StatusOK)
	tell(t, ln, "<pap/>", http.StatusBadRequest)
	if err := i.Wait(ctx, func() bool { return len(i.Results()) == 1 }); err != nil || i.Results()[0].State != pap.StateDelivered {
		t.Errorf("%+v, %v", i.Results(), err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func tell(t *testing.T, ln net.Listener, body string, status int) {
	t.Helper()
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := c.Post("http://"+ln.Addr().String()+"/results", "application/xml", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		t.Errorf("%s is answered with %s", body, resp.Status)
	}
}
