package wsp_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wsp"
)

// TestLengths goes over the places where a length takes one octet more.
func TestLengths(t *testing.T) {
	for _, tt := range []struct {
		n    int
		head string
	}{
		{29, "010620ae961d"}, {30, "010621ae961e"}, {31, "010623ae961f1f"},
		{123, "01067fae961f7b"}, {124, "01068100ae961f7c"}, {127, "01068103ae961f7f"}, {128, "01068105ae961f8100"},
	} {
		p := wsp.Push{TID: 1, ContentType: wsp.ContentType{Type: wsp.SIC}, Headers: []wsp.Header{{Code: wsp.HeaderHost, Value: wsp.Value{Data: make([]byte, tt.n)}}}}
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(b[:len(b)-tt.n]); got != tt.head {
			t.Errorf("%d octets: %s, want %s", tt.n, got, tt.head)
		}
		var q wsp.Push
		if err := q.Decode(b); err != nil || len(q.Headers[0].Value.Data) != tt.n {
			t.Errorf("%d octets: %v", tt.n, err)
		}
	}
}

// vector is one vector of a file, by number.
func vector(t *testing.T, file string, n int) *wsp.Push {
	t.Helper()
	vs, err := testvec.LoadFile(vectors + "/" + file + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	p := new(wsp.Push)
	if err := p.Decode(vs[n-1].Octets); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestApplicationID(t *testing.T) {
	for _, tt := range []struct {
		file string
		n    int
		want wsp.ApplicationID
		ok   bool
	}{
		{"si", 1, wsp.AppAny, true},
		{"si", 2, wsp.AppWMLUA, true},
		{"si", 3, 0, false},
		{"sl", 2, wsp.AppOpenwaveIOTA, true},
		{"sl", 3, wsp.AppOpenwaveIOTA, true},
		{"sl", 4, wsp.AppOpenwaveIOTA, true},
		{"mms", 1, wsp.AppMMSUA, true},
	} {
		if got, ok := vector(t, tt.file, tt.n).ApplicationID(); got != tt.want || ok != tt.ok {
			t.Errorf("%s/%d: %v %t, want %v %t", tt.file, tt.n, got, ok, tt.want, tt.ok)
		}
	}
	p := wsp.Push{Headers: []wsp.Header{{Name: []byte("x-wap-application-id"), Value: wsp.String("X-WAP-application:WML.ua")}}}
	if got, ok := p.ApplicationID(); got != wsp.AppWMLUA || !ok {
		t.Errorf("header and application in text: %v %t", got, ok)
	}
	p.Headers[0].Value = wsp.String("x-our-application:1")
	if got, ok := p.ApplicationID(); ok {
		t.Errorf("an application that is not registered: %v", got)
	}
}

func TestContentType(t *testing.T) {
	p := vector(t, "provisioning", 1)
	sec, ok := p.ContentType.SEC()
	mac, ok2 := p.ContentType.MAC()
	if sec != 1 || !ok || !ok2 || string(mac) != "175A1959B7E1C04241443FB8577699824BEE225D" {
		t.Errorf("SEC %d %t, MAC %q %t", sec, ok, mac, ok2)
	}
	p = vector(t, "provisioning", 4)
	if _, ok := p.ContentType.Media(); ok || p.ContentType.String() != "application/x-wap-prov.browser-settings" {
		t.Errorf("media type %v, registered %t", &p.ContentType, ok)
	}
	if mib, ok := p.ContentType.Charset(); mib != wsp.CharsetUTF8 || !ok {
		t.Errorf("charset %d %t", mib, ok)
	}
	if _, ok := p.ContentType.SEC(); ok {
		t.Error("SEC where there is none")
	}
	if _, ok := p.ContentType.MAC(); ok {
		t.Error("MAC where there is none")
	}
	if mib, ok := vector(t, "si", 7).ContentType.Charset(); mib != wsp.CharsetUCS2 || !ok {
		t.Errorf("charset %d %t", mib, ok)
	}
	for n := 3; n <= 4; n++ {
		if m, ok := vector(t, "si", n).ContentType.Media(); m != wsp.SIC || !ok {
			t.Errorf("si/%d: %v %t", n, m, ok)
		}
	}
	if m, ok := vector(t, "si", 5).ContentType.Media(); m != wsp.SI || !ok {
		t.Errorf("a registered type in text: %v %t", m, ok)
	}
}

func TestValues(t *testing.T) {
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	p := vector(t, "headers", 1)
	for code, want := range map[wsp.HeaderCode]time.Time{wsp.HeaderDate: at, wsp.HeaderExpires: at.AddDate(0, 0, 1), wsp.HeaderTod: at} {
		if got, ok := p.Header(code).Value.Time(); !got.Equal(want) || !ok {
			t.Errorf("%v: %v %t", code, got, ok)
		}
	}
	if got := wsp.Date(at); string(got.Data) != "\x38\x6d\x43\x80" || got.Kind != wsp.Octets {
		t.Errorf("a date: %+v", got)
	}
	if got := wsp.EncodingVersionHeader(1, 3).Value; got.N != 0x13 || got.Kind != wsp.Short {
		t.Errorf("version 1.3: %+v", got)
	}
	if s, ok := p.Header(wsp.HeaderHost).Value.Text(); string(s) != "host" || !ok {
		t.Errorf("Host %q %t", s, ok)
	}
	if s, ok := wsp.QuotedString("a b").Text(); string(s) != "a b" || !ok {
		t.Errorf("a quoted string: %q %t", s, ok)
	}
	if _, ok := p.Header(wsp.HeaderHost).Value.Time(); ok {
		t.Error("text as a date")
	}
	if _, ok := wsp.Integer(5).Text(); ok {
		t.Error("a number as text")
	}
	if _, ok := (wsp.Value{Data: make([]byte, 5)}).Number(); !ok {
		t.Error("zeros in front are no fault")
	}
	if _, ok := (wsp.Value{Data: []byte{1, 0, 0, 0, 0}}).Number(); ok {
		t.Error("33 bits as a number of 32")
	}
	if _, ok := (wsp.Value{}).Number(); ok {
		t.Error("no value as a number")
	}
	if p.Header(wsp.HeaderContentLength) != nil {
		t.Error("a header that is not there")
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		got  fmt.Stringer
		want string
	}{
		{wsp.TypePush, "Push"}, {wsp.TypeConfirmedPush, "ConfirmedPush"}, {wsp.PDUType(5), "unknown"},
		{wsp.SIC, "application/vnd.wap.sic"}, {wsp.IOTAMMCXML, "application/iota.mmc-xml"}, {wsp.MediaType(0x3ff), "0x3ff"},
		{wsp.AppSyncMLDM, "x-wap-application:syncml.dm"}, {wsp.AppVodafoneOTAProv, "x-oma-vodafone:otaprov.ua"}, {wsp.ApplicationID(0x1b), "0x1b"},
		{wsp.HeaderPushFlag, "Push-Flag"}, {wsp.HeaderCode(0x3b), "0x3b"},
		{wsp.ParameterSEC, "SEC"}, {wsp.ParameterCode(0x0a), "0x0a"},
		{wsp.PushFlag(5), "initiator authenticated, last push"}, {wsp.PushFlag(0), "none"},
	} {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	if m, ok := wsp.ParseMediaType("Text/vnd.wap.SI"); m != wsp.SI || !ok {
		t.Errorf("media type %v %t", m, ok)
	}
}

// TestTrace: the trace shows numbers of several octets as one field, with what
// they mean.
func TestTrace(t *testing.T) {
	p := wsp.Push{TID: 9, ContentType: wsp.ContentType{Type: wsp.SLC}, Headers: []wsp.Header{
		wsp.ApplicationHeader(wsp.AppOpenwaveIOTA), {Code: wsp.HeaderHost, Value: wsp.Value{Kind: wsp.Text, Data: make([]byte, 0)}},
		{Code: wsp.HeaderContentURI, Value: wsp.Value{Data: make([]byte, 150)}}}}
	b, err := p.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var tr wire.Trace
	c := wire.NewCursorAt("wsp", b, 0, &tr)
	if _, err := wsp.Read(&c); err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, f := range tr.Fields {
		notes[f.Name] = f.Note
		if f.Name == "HeadersLen" && (f.Value != "161" || f.Len != 2) {
			t.Errorf("HeadersLen: %+v", f)
		}
	}
	for name, want := range map[string]string{"media type": "application/vnd.wap.slc", "X-Wap-Application-Id": "x-wap-openwave:iota.ua", "PDU type": "Push"} {
		if notes[name] != want {
			t.Errorf("%s: %q, want %q in\n%s", name, notes[name], want, tr.Text(false))
		}
	}
}

// TestSegments joins the user data of two short messages.
func TestSegments(t *testing.T) {
	segments, err := testvec.LoadProto(vectors, "tp-ud")
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for _, s := range segments {
		b = append(b, s.Octets[1+s.Octets[0]:]...) // behind the user data header
	}
	var p wsp.Push
	if err := p.Decode(b); err != nil {
		t.Fatal(err)
	}
	if want := vector(t, "provisioning", 2); len(segments) != 2 || !bytes.Equal(p.Body, want.Body) || p.TID != want.TID {
		t.Errorf("%d segments give %+v, want %+v", len(segments), p, want)
	}
}

// TestWDP joins the segments of the CDMA teleservice, of which the first has
// ports.
func TestWDP(t *testing.T) {
	segments, err := testvec.LoadProto(vectors, "wdp")
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for i, s := range segments {
		head := 3
		if i == 0 {
			head = 7
		}
		b = append(b, s.Octets[head:]...)
	}
	var p wsp.Push
	if err := p.Decode(b); err != nil {
		t.Fatal(err)
	}
	if want := vector(t, "sl", 2); len(segments) != 2 || !bytes.Equal(p.Body, want.Body) || p.TID != want.TID {
		t.Errorf("%d segments give %+v, want %+v", len(segments), p, want)
	}
}
