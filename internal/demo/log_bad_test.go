package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/wappush/pap"
)

// aToken is one that nobody has.
const aToken = "qbc4nzidmrfxwl2tk6va7ueohy"

// misplaced are triggers with something secret where it does not belong.
func misplaced() (all []string) {
	for _, x := range []string{baseOrder().MDN, lockCode, userPIN, "http://127.0.0.1/iota/" + aToken} {
		for _, form := range []string{
			"%s", "%s=1", "TRN=%s", "TRN=%sx", "FLOW=%s;TRN=2222220000", "TRN=2222220000;MDN=%sx", "TRN=2222220000;MIN=%s7", "TRN=2222220000;MDN=5551230000;ORDER=%s",
			"FLOW=otapa;MDN=%s;CARRIERS=%[1]s", "FLOW=otapa;MDN=555%sx", "FLOW=iota;MDN=%s;MIN=5551234567", "FLOW=otapa;MDN=5551234567;ESN=%s", "TRN=2222220000;PRL=%s",
			"FLOW=push;MDN=%s", "FLOW=push;MDN=%sx;TYPE=SL;HREF=http://a/", "FLOW=push;MDN=5551234567;TYPE=%s", "FLOW=push;MDN=5551234567;TYPE=CP;PROFILE=%s",
			"FLOW=push;MDN=5551234567;TYPE=CP;PROFILE=internet;SEC=USERPIN;PIN=%sx", "FLOW=push;MDN=5551234567;TYPE=CP;PROFILE=internet;SEC=%s;PIN=1234",
			"FLOW=push;MDN=5551234567;TYPE=CP;PROFILE=internet;SEC=NETWPIN;IMSI=31000%sx", "FLOW=push;MDN=5551234567;TYPE=SL;HREF=%s;LINK=%[1]s", "FLOW=push;MDN=5551234567;TYPE=SL;HREF=x;VALID=%s",
			"FLOW=push;MDN=5551234567;TYPE=SL;ACTION=%s;HREF=http://a/", "FLOW=push;MDN=5551234567;TYPE=SI;CREATED=%s;HREF=http://a/", "FLOW=push;MDN=5551234567;TYPE=SL;HREF=%s%[1]s:%[1]s",
		} {
			all = append(all, fmt.Sprintf(form, x))
		}
	}
	return all
}

// TestLogsOfBadInput: what is refused is logged, and not what was in it.
func TestLogsOfBadInput(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	e, r := overheard(ctx, t, "push-sl")
	for _, text := range misplaced() {
		if _, _, err := r.submit(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	r.badBinds(ctx, t)
	r.badTitles(t)
	r.badPushes(ctx, t)
	e.records(t, r)
	log := e.closed(t, r)
	for _, want := range []string{`"trigger refused"`, `"bind refused"`, `"bad package"`, `"message dropped"`, `"pap: wrong name, password or network"`, `"push refused"`, "555***4567"} {
		if !strings.Contains(log, want) {
			t.Errorf("no line has %s", want)
		}
	}
}

// overheard is a run of a story whose gateway serves, and of which nothing is played.
func overheard(ctx context.Context, t *testing.T, name string) (*eavesdropper, *run) {
	s, _ := Find(name)
	e := newEavesdropper("", &s)
	r := newRun(ctx, &s)
	e.o.push, e.o.iota = s.Push, s.IOTA
	var err error
	if r.lab, err = newLab(&e.o, nil); err != nil {
		t.Fatal(err)
	}
	if err = r.lab.open(ctx, false); err == nil {
		r.ivr, err = r.lab.dial(ctx)
	}
	if err != nil {
		t.Fatal(errors.Join(err, r.lab.close()))
	}
	return e, r
}

// closed is the log when the gateway has ended, in which nothing secret is.
func (e *eavesdropper) closed(t *testing.T, r *run) (log string) {
	t.Helper()
	if err := r.lab.close(); err != nil {
		t.Error(err)
	}
	return e.check(t, append(r.secrets(), secretText("token", aToken)), r.numbers())
}

// records prints the records of what was refused.
func (e *eavesdropper) records(t *testing.T, r *run) {
	if err := r.lab.stop(); err != nil {
		t.Error(err)
	}
	all := records(t, r.lab)
	if len(all) < 50 {
		t.Errorf("%d records", len(all))
	}
	for i := range all {
		// A number where one belongs is a number, whatever else it may be.
		all[i].MDN, all[i].TRN = strings.Trim(all[i].MDN, "0123456789"), strings.Trim(all[i].TRN, "0123456789")
		b, err := all[i].AppendJSON(nil)
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(e.o.Out, "CDR %s\n", b)
	}
}

// badBinds are binds with wrong names and passwords, and octets that are no PDU.
func (r *run) badBinds(ctx context.Context, t *testing.T) {
	for _, name := range []string{account, "nobody"} {
		_, err := sim.DialIVR(ctx, sim.IVRConfig{Address: r.lab.smpp, SystemID: name, Password: lockCode})
		var refused *smpp.BindError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := net.Dial("tcp", r.lab.smpp)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "\x00\x00\x00\x1c%s%s%s", baseOrder().MDN, lockCode, r.lab.pass)
	_, _ = io.Copy(io.Discard, c) // until it is closed
}

// badTitles are messages of SCCP with a subscriber's number as their title, and
// what is not TCAP inside.
func (r *run) badTitles(t *testing.T) {
	number := sccp.Address{Variant: sccp.ANSI, GlobalTitle: sccp.GlobalTitle{GTI: 2, TranslationType: 9, Digits: baseOrder().MDN}, HasSSN: true, SSN: 6}
	own := sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 5), 12)
	for _, m := range []sccp.UDT{
		{Variant: sccp.ANSI, Called: own, Calling: number, Data: []byte(lockCode + baseOrder().MDN)},
		{Variant: sccp.ANSI, Called: number, Calling: number, Data: []byte(baseOrder().MDN)},
	} {
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, octets := range [][]byte{b, b[:len(b)-9]} {
			if err := r.lab.Net.Inject(mtp.Transfer{OPC: mtp.ANSI(1, 12, 7), DPC: mtp.ANSI(1, 12, 5), SI: mtp.ServiceSCCP, NI: mtp.National, Data: octets}); err != nil {
				t.Error(err)
			}
		}
	}
}

// badPushes are requests of PAP: of nobody, that cannot be read, to nobody.
func (r *run) badPushes(ctx context.Context, t *testing.T) {
	url := "http://" + r.lab.pap + r.lab.config.HTTP.Path
	post := func(name, password, body string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(name, password)
		req.Header.Set("Content-Type", "application/xml")
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		resp.Body.Close()
	}
	secrets := lockCode + userPIN + baseOrder().MDN
	post(initiatorName, userPIN, secrets)
	post(userPIN, r.lab.pass, secrets)
	post(initiatorName, r.lab.pass, secrets)
	post(initiatorName, r.lab.pass, `<?xml version="1.0"?><!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.1//EN" "http://www.openmobilealliance.org/tech/DTD/pap_2.1.dtd"><pap><`+secrets+`/></pap>`)
	for _, to := range []string{baseOrder().MDN + "9999999", "0" + baseOrder().MDN} {
		if err := r.lab.pushTo(ctx, "p1", to, &pap.Part{ContentType: "text/plain", Body: []byte(secrets)}); err == nil {
			t.Errorf("a push to %s was accepted", to)
		}
	}
}

// TestLogsOfBadCallers: the same of whoever comes where handsets do.
func TestLogsOfBadCallers(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	e, r := overheard(ctx, t, "iota-prl")
	secrets := []string{baseOrder().MDN, lockCode, aToken, fmt.Sprintf("%08X", r.handset.ESN())}
	for _, x := range secrets {
		for _, request := range []string{
			"GET /iota/%[1]s HTTP/1.1\r\nHost: %[1]s\r\nUser-Agent: %[1]s\r\n\r\n", "POST /iota/%[1]s/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "GET /%[1]s HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /boot?esn=%[1]s HTTP/1.1\r\nHost: a\r\n\r\n", "GET /boot?esn=%[1]s0 HTTP/1.1\r\nHost: a\r\nX-ESN: %[1]s\r\n\r\n", "%[1]s /iota HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /iota/%[1]s HTTP/%[1]s\r\n\r\n", "%[1]s\r\n\r\n", "GET /iota/%[1]s HTTP/1.1\r\nHost: a\r\n%[1]s: \x00\r\n\r\n", "GET %%zz%[1]s HTTP/1.1\r\nHost: a\r\n\r\n",
			"PUT /iota/" + aToken + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %[1]s\r\n\r\n",
		} {
			c, err := net.Dial("tcp", r.lab.handsets)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(c, request, x)
			_ = c.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
			c.Close()
		}
	}
	log := e.closed(t, r)
	if n := strings.Count(log, `"iota: refused"`); n < 3*len(secrets) {
		t.Errorf("%d refusals in\n%s", n, log)
	}
}
