package demo

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/otagate/otagate/wappush/pap"
)

// result is the one result notification of a message that came by PAP.
type result struct {
	state pap.MessageState
	code  pap.Code
	times int
}

// submission is one push of the initiator to a number: accepted, and its result
// awaited.
func submission(to string, content *pap.Part) func(*run) error {
	return func(r *run) error {
		ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
		defer cancel()
		if err := r.lab.pushTo(ctx, r.corr, to, content); err != nil {
			return err
		}
		pi := r.lab.initiator
		if err := pi.Wait(ctx, func() bool { return len(pi.Results()) > 0 }); err != nil {
			return fmt.Errorf("the initiator hears no result: %w", err)
		}
		return r.quiet()
	}
}

// pushTo has the initiator push content that has to be accepted.
func (l *Lab) pushTo(ctx context.Context, id, to string, content *pap.Part) error {
	resp, err := l.initiator.Push(ctx, "http://"+l.pap+l.config.HTTP.Path, &pap.PushMessage{
		PushID: id, NotifyRequestedTo: strings.TrimSuffix(l.config.HTTP.Initiators[0].Notify[0], "/") + "/results",
		Addresses: []pap.Address{pap.PLMNAddress("+"+to, "ppg.otagate.example")},
	}, content)
	switch {
	case err != nil:
		return fmt.Errorf("push: %w", err)
	case resp.Result.Code != pap.CodeAccepted:
		return fmt.Errorf("the push was answered with %v, %s", resp.Result.Code, resp.Result.Desc)
	}
	return nil
}

// told is what the initiator has heard of a push.
func (l *Lab) told(id string) (t result) {
	for _, m := range l.initiator.Results() {
		if m.PushID == id {
			t.state, t.code = m.State, m.Code
			t.times++
		}
	}
	return t
}

// checkResult: the initiator hears the promised state once.
func (e *Ending) checkResult(t result) error {
	if t.state != e.State || t.times != 1 || t.code != pap.CodeOK && e.State == pap.StateDelivered {
		return fmt.Errorf("the initiator hears %d times of the end, the last time %v (%v); promised is once %v", t.times, t.state, t.code, e.State)
	}
	return nil
}

// textSI is a Service Indication as its initiator writes it.
func textSI(href, text string) *pap.Part {
	return &pap.Part{ContentType: "text/vnd.wap.si", Body: fmt.Appendf(nil,
		"<?xml version=\"1.0\"?>\n<!DOCTYPE si PUBLIC \"-//WAPFORUM//DTD SI 1.0//EN\" \"http://www.wapforum.org/DTD/si.dtd\">\n"+
			"<si><indication href=%q action=\"signal-high\">%s</indication></si>", href, text)}
}

// gistHTTP is one line about a message of HTTP with PAP or MMC inside. What is pushed,
// and the password, are nobody's business.
func gistHTTP(b []byte, gist func(proto string, b []byte) string) string {
	in := bufio.NewReader(bytes.NewReader(b))
	if bytes.HasPrefix(b, []byte("HTTP/")) {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return "wire: " + err.Error()
		}
		defer resp.Body.Close()
		return fmt.Sprintf("HTTP %d  %s", resp.StatusCode, gistBody(resp.Header, resp.Body, gist))
	}
	req, err := http.ReadRequest(in)
	if err != nil {
		return "wire: " + err.Error()
	}
	defer req.Body.Close()
	return fmt.Sprintf("%s %s  %s", req.Method, req.URL.Path, gistBody(req.Header, req.Body, gist))
}

func gistBody(h http.Header, in io.Reader, gist func(proto string, b []byte) string) string {
	body, err := io.ReadAll(in)
	if err != nil {
		return "wire: " + err.Error()
	}
	if line, ok := gistMMC(h, body, gist); ok {
		return line
	}
	return gistPAP(h, body)
}

func gistPAP(h http.Header, body []byte) string {
	env, err := pap.Decode(h.Get("Content-Type"), body, pap.Limits{})
	if err != nil {
		return fmt.Sprintf("%d octets", len(body))
	}
	m := env.Control.Message
	s := m.Element()
	switch m := m.(type) {
	case *pap.PushMessage:
		s += " " + m.PushID
		if env.Content != nil {
			s += ", " + env.Content.ContentType
		}
	case *pap.PushResponse:
		s += fmt.Sprintf(" %s: %v", m.PushID, m.Result.Code)
	case *pap.ResultNotificationMessage:
		s += fmt.Sprintf(" %s: %v, %v", m.PushID, m.State, m.Code)
	case *pap.ResultNotificationResponse:
		s += fmt.Sprintf(" %s: %v", m.PushID, m.Code)
	}
	return s
}
