package main

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/otagate/otagate/wappush/pap"
)

// papGateway is a gateway that answers every push alike, and keeps the last one
// as text in a file.
type papGateway struct {
	kind string // "": push-response; -tls the same; -bad, -other: other answers; -http: a status
	code int
	file string
}

// papCommand starts a gateway at $PAP: pap [-tls|-bad|-other|-http] CODE.
func papCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: pap [-tls|-bad|-other|-http] CODE")
	}
	g := &papGateway{file: ts.MkAbs("request")}
	if len(args) == 2 {
		g.kind = args[0]
	}
	var err error
	g.code, err = strconv.Atoi(args[len(args)-1])
	ts.Check(err)
	srv := httptest.NewUnstartedServer(g)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // a client that does not trust us is wanted
	if g.kind == "-tls" {
		srv.StartTLS()
		cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
		ts.Check(os.WriteFile(ts.MkAbs("gateway.crt"), cert, 0o600))
		ts.Setenv("SSL_CERT_FILE", ts.MkAbs("gateway.crt"))
	} else {
		srv.Start()
	}
	ts.Defer(srv.Close)
	ts.Setenv("PAP", srv.URL+"/pap")
}

func (g *papGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.kind == "-http" {
		w.Header().Set("Retry-After", "3")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(g.code)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	id, err := g.keep(r, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	result := pap.ResponseResult{Code: pap.Code(g.code), Desc: "as the test wants it"}
	var m pap.Message = &pap.PushResponse{PushID: id, Result: result}
	switch g.kind {
	case "-bad":
		m = &pap.BadMessageResponse{Code: result.Code, Desc: result.Desc}
	case "-other":
		m = &pap.PushResponse{PushID: "other@host", Result: result}
	}
	contentType, answer, err := (&pap.Envelope{Control: pap.Control{Message: m}}).Encode("")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusAccepted)
	_, _ = w.Write(answer)
}

// keep writes down what came.
func (g *papGateway) keep(r *http.Request, body []byte) (id string, err error) {
	env, err := pap.Decode(r.Header.Get("Content-Type"), body, pap.Limits{})
	if err != nil {
		return "", err
	}
	m, is := env.Control.Message.(*pap.PushMessage)
	if !is || env.Content == nil {
		return "", fmt.Errorf("no push: %s", env.Control.Message.Element())
	}
	var s strings.Builder
	user, password, _ := r.BasicAuth()
	fmt.Fprintf(&s, "%s:%s\npush-id %s\n", user, password, m.PushID)
	for _, at := range []struct {
		name string
		t    time.Time
	}{{"after", m.DeliverAfter}, {"before", m.DeliverBefore}} {
		if !at.t.IsZero() {
			fmt.Fprintf(&s, "%s %s\n", at.name, at.t.UTC().Format(time.RFC3339))
		}
	}
	if m.NotifyRequestedTo != "" {
		fmt.Fprintf(&s, "notify %s\n", m.NotifyRequestedTo)
	}
	for _, a := range m.Addresses {
		fmt.Fprintf(&s, "address %s\n", a)
	}
	fmt.Fprintf(&s, "content %s\n", env.Content.ContentType)
	for _, h := range env.Content.Headers {
		fmt.Fprintf(&s, "%s: %s\n", h.Name, h.Value)
	}
	fmt.Fprintf(&s, "body %x\n", env.Content.Body)
	return m.PushID, os.WriteFile(g.file, []byte(s.String()), 0o600)
}
