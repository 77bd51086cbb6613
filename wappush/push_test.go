package wappush_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wsp"
)

var mac = []byte("175A1959B7E1C04241443FB8577699824BEE225D")

// TestContent has the octets in front of each content.
func TestContent(t *testing.T) {
	classic := "062f1f2db69181" + "92" + hex.EncodeToString(mac) + "00"
	for _, tt := range []struct {
		what string
		c    wappush.Content
		want string
	}{
		{"SI", wappush.Content{Type: wsp.SIC}, "0603aeaf82"},
		{"SI, no application", wappush.Content{Type: wsp.SIC, Unaddressed: true}, "0601ae"},
		{"SI, last push", wappush.Content{Type: wsp.SIC, Flags: wsp.LastPush}, "0605aeaf82b484"},
		{"SL", wappush.Content{Type: wsp.SLC}, "0603b0af82"},
		{"IOTA", wappush.Content{Type: wsp.SLC, Application: wsp.AppOpenwaveIOTA}, "0605b0af028010"},
		{"provisioning", wappush.Content{Type: wsp.ConnectivityWBXML, SEC: 1, MAC: mac}, classic},
		{"provisioning by the network's PIN", wappush.Content{Type: wsp.ConnectivityWBXML, MAC: mac}, strings.Replace(classic, "9181", "9180", 1)},
		{"provisioning without security", wappush.Content{Type: wsp.ConnectivityWBXML, SEC: 1}, "0601b6"},
		{"DM bootstrap", wappush.Content{Type: wsp.DMWBXML, SEC: 1, MAC: mac}, strings.Replace(classic, "b6", "c2", 1)},
		{"DM notification", wappush.Content{Type: wsp.Notification}, "0603c4af87"},
		{"DM notification, said twice", wappush.Content{Type: wsp.Notification, Application: wsp.AppSyncMLDM}, "0603c4af87"},
		{"MMS", wappush.Content{Type: wsp.MMSMessage}, "0603beaf84"},
		{"anything", wappush.Content{Type: wsp.IOTAMMCXML}, "0604" + "03020301"},
		{"anything for somebody", wappush.Content{Type: wsp.OctetStream, Application: wsp.AppJavaAMS}, "0603daaf92"},
	} {
		tt.c.Body = []byte("body")
		b, err := tt.c.Append([]byte("before"), 0x25)
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
			continue
		}
		want := "before\x25" + string(mustHex(t, tt.want)) + "body"
		if string(b) != want {
			t.Errorf("%s:\n got %x\nwant %x", tt.what, b, want)
		}
	}
}

func mustHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestContentRefuses(t *testing.T) {
	for _, tt := range []struct {
		field string
		c     wappush.Content
	}{
		{"application", wappush.Content{Type: wsp.Notification, Application: wsp.AppWMLUA}},
		{"application", wappush.Content{Type: wsp.Notification, Unaddressed: true}},
		{"application", wappush.Content{Type: wsp.SIC, Application: wsp.AppWMLUA, Unaddressed: true}},
		{"flags", wappush.Content{Type: wsp.Notification, Flags: wsp.LastPush}},
		{"MAC", wappush.Content{Type: wsp.SIC, MAC: mac}},
		{"MAC", wappush.Content{Type: wsp.ConnectivityWBXML, MAC: mac[1:]}},
		{"MAC", wappush.Content{Type: wsp.ConnectivityWBXML, MAC: []byte(strings.Repeat("G", 40))}},
		{"SEC", wappush.Content{Type: wsp.ConnectivityWBXML, SEC: 4, MAC: mac}},
		{"header value", wappush.Content{Type: wsp.SIC, Flags: 0x80}},
	} {
		got, err := tt.c.Append([]byte("kept"), 1)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field || string(got) != "kept" {
			t.Errorf("want an error in %s, got %v and %q", tt.field, err, got)
		}
	}
}

func TestContentNoAllocs(t *testing.T) {
	buf := make([]byte, 0, 300)
	for _, c := range []wappush.Content{
		{Type: wsp.SIC, Flags: wsp.LastPush, Body: make([]byte, 100)},
		{Type: wsp.ConnectivityWBXML, SEC: 1, MAC: mac, Body: make([]byte, 200)},
		{Type: wsp.Notification, Body: make([]byte, 40)},
	} {
		testvec.NoAllocs(t, c.Type.String(), func() { buf, _ = c.Append(buf[:0], 1) })
		if len(buf) < 40 {
			t.Errorf("%v: nothing was appended", c.Type)
		}
	}
}

// TestProvisioningPushes: a device that knows the key takes the pushes, those of
// others, too; and of the same document we make the same push.
func TestProvisioningPushes(t *testing.T) {
	network, err := omacp.IMSISecret("310150123456789")
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := testvec.LoadProto("../testdata/wsp", "wsp")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		key  omacp.Key
		ours bool
	}{
		"provisioning/1": {omacp.Key{PIN: "1111"}, false},
		"provisioning/2": {omacp.Key{PIN: "1234"}, true},
		"provisioning/3": {omacp.Key{Network: network}, true},
	} {
		i := slices.IndexFunc(vectors, func(v testvec.Vector) bool { return v.Name == name })
		if i < 0 {
			t.Fatalf("no vector %s", name)
		}
		push := vectors[i].Octets
		var p wsp.Push
		if err := p.Decode(push); err != nil {
			t.Fatal(err)
		}
		method, _ := p.ContentType.SEC()
		digits, _ := p.ContentType.MAC()
		sec := omacp.SEC(method)
		if err := omacp.Verify(p.Body, sec, string(digits), tt.key); err != nil {
			t.Errorf("%s, %v: %v", name, sec, err)
		}
		if tt.ours {
			if b := provisioningPush(t, p.Body, sec, tt.key, p.TID); !bytes.Equal(b, push) {
				t.Errorf("%s:\n%x, want\n%x", name, b, push)
			}
		}
	}
}

// provisioningPush is the push of a document, made anew.
func provisioningPush(t *testing.T, body []byte, sec omacp.SEC, k omacp.Key, tid uint8) []byte {
	t.Helper()
	var d omacp.Document
	if err := d.Decode(body); err != nil {
		t.Fatal(err)
	}
	c, err := wappush.CPContent(&d, omacp.Options{}, &sec, k)
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Append(nil, tid)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
