package bench

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
)

// TestHandPush: what is written by hand must do the same work as ours, or it is
// no ceiling. Of the octets that are written, newPushes sees to that.
func TestHandPush(t *testing.T) {
	p, err := newPushes()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.docWire); n < 270 || n > 330 {
		t.Errorf("settings of %d octets are not some 300", n)
	}
	var ours, hand wappush.ServiceIndication
	if err := ours.Decode(p.siWire); err != nil || !decodeSI(p.siWire, &hand) {
		t.Fatalf("not decoded: %v", err)
	}
	if diff := cmp.Diff(ours, hand); diff != "" {
		t.Error(diff)
	}
	for n := range p.siWire {
		var s wappush.ServiceIndication
		if s.Decode(p.siWire[:n]) == nil || decodeSI(p.siWire[:n], &s) {
			t.Errorf("%d octets of %d are taken", n, len(p.siWire))
		}
	}
}

// TestHandCP: other values are encoded alike, too, and what cannot be is refused.
func TestHandCP(t *testing.T) {
	p, err := newPushes()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		value string
		ok    bool
	}{{"http://a.example/", true}, {"IPV4", true}, {"", true}, {"\xff", false}, {"a\x00b", false}} {
		c2 := p.doc.Characteristics[0]
		c2.Parms = append([]omacp.Parm(nil), c2.Parms...)
		c2.Parms[1].Value = c.value
		d := omacp.Document{Version: "1.0", Characteristics: []omacp.Characteristic{c2}}
		ours, err := d.Append(nil)
		hand, ok := appendCP(nil, &d)
		if (err == nil) != c.ok || ok != c.ok || c.ok && !bytes.Equal(ours, hand) {
			t.Errorf("%q: ours %v %x, by hand %t %x", c.value, err, ours, ok, hand)
		}
	}
}
