package dissect_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
)

// TestPasswordInDatagram: settings have passwords in them, and no way of
// carrying them shows one, be it whole or in parts.
func TestPasswordInDatagram(t *testing.T) {
	const password = "hush"
	account := omacp.DMAccount{
		ServerID: "dm.example", Name: "Acme", URL: "https://dm.example/",
		Client: omacp.DMCredentials{Name: "c", Secret: password}, Server: omacp.DMCredentials{Secret: password},
	}
	d, err := account.Document()
	if err != nil {
		t.Fatal(err)
	}
	c, err := wappush.CPContent(d, omacp.Options{}, nil, omacp.Key{})
	if err != nil {
		t.Fatal(err)
	}
	push, err := c.Append(nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	hides(t, "wsp", push, password)
	hides(t, "cp", c.Body, password)
	m := sms.Message{Payload: push, Source: 9200, Destination: wappush.Port}
	for way, carriers := range map[sms.Way]map[string]func([]byte) ([]byte, error){
		sms.UDH8:    {"sms-tpdu": deliver, "smpp": submit(0x40, 0xf5), "is637": enhanced},
		sms.UDH16:   {"smpp": submit(0x43, 0x15)},
		sms.WDP:     {"is637-bearer": bearer, "is637": transport},
		sms.SAR:     {"smpp": submit(0, 4)},
		sms.Payload: {"smpp": payload},
	} {
		p, err := sms.Split(&m, way, sms.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for proto, carry := range carriers {
			shown := 0
			for i := range p.Segments() {
				b, err := carry(p.AppendUserData(nil, i))
				if err != nil {
					t.Fatalf("%v, %s: %v", way, proto, err)
				}
				shown += hides(t, proto, b, password)
				hides(t, proto, append(b, 0xff), password) // and an error behind it
			}
			if shown == 0 {
				t.Errorf("%v, %s: the password is in no segment", way, proto)
			}
		}
	}
}

// TestWholePush: a push that fits into one short message is looked into.
func TestWholePush(t *testing.T) {
	c, err := wappush.SLContent(&wappush.ServiceLoading{Href: "http://m.example/"})
	if err != nil {
		t.Fatal(err)
	}
	push, err := c.Append(nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	for way, carrier := range map[sms.Way]struct {
		proto string
		carry func([]byte) ([]byte, error)
	}{sms.UDH8: {"sms-tpdu", deliver}, sms.WDP: {"is637", transport}} {
		for port, whole := range map[uint16]bool{wappush.Port: true, 9200: false} {
			m := sms.Message{Payload: push, Source: 9200, Destination: port}
			p, err := sms.Split(&m, way, sms.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			b, err := carrier.carry(p.AppendUserData(nil, 0))
			if err != nil {
				t.Fatal(err)
			}
			r := decode(t, carrier.proto, b, dissect.Options{})
			if s := r.Trace.Text(false); strings.Contains(s, `<sl href="http://m.example/"/>`) != whole || strings.Contains(s, ", secret>") == whole {
				t.Errorf("%v to port %d:\n%s", way, port, s)
			}
			j, err := r.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if back, err := dissect.Encode(carrier.proto, j); err != nil || !bytes.Equal(back, b) {
				t.Errorf("%v to port %d: back %x, %v, want %x", way, port, back, err, b)
			}
		}
	}
}

// hides wants no password in the text, and counts those that there are.
func hides(t *testing.T, proto string, b []byte, password string) int {
	t.Helper()
	r, _ := dissect.Decode(proto, b, dissect.Options{})
	digits := hex.EncodeToString([]byte(password))
	if s := r.Trace.Text(false); strings.Contains(s, password) || strings.Contains(s, digits) {
		t.Errorf("%s:\n%s", proto, s)
	}
	if s := dissect.Gist(proto, b); strings.Contains(s, password) {
		t.Errorf("%s: %s", proto, s)
	}
	s := r.Trace.Text(true)
	return strings.Count(s, password) + strings.Count(s, digits)
}

func deliver(ud []byte) ([]byte, error) {
	m := tpdu.Deliver{DCS: tpdu.DCSOctetsME}
	if err := m.UserData.Set(ud, len(ud), true); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func submit(esmClass, coding uint8) func([]byte) ([]byte, error) {
	return func(ud []byte) ([]byte, error) {
		return smpp.AppendPDU(nil, smpp.Header{}, &smpp.SubmitSM{ESMClass: esmClass, DataCoding: coding, ShortMessage: ud})
	}
}

func payload(datagram []byte) ([]byte, error) {
	return smpp.AppendPDU(nil, smpp.Header{}, &smpp.SubmitSM{DataCoding: 4, TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: datagram}}})
}

func bearer(ud []byte) ([]byte, error) { return is637.AppendDeliver(nil, 1, ud) }

func transport(ud []byte) ([]byte, error) {
	return pointToPoint(is637.TeleserviceWAP, is637.Deliver{}, ud)
}

func enhanced(ud []byte) ([]byte, error) {
	return pointToPoint(is637.TeleserviceWEMT, is637.Deliver{HeaderInd: true}, ud)
}

func pointToPoint(of is637.Teleservice, d is637.Deliver, ud []byte) ([]byte, error) {
	b, err := d.Append(nil, ud)
	if err != nil {
		return nil, err
	}
	m := is637.Message{Teleservice: is637.Some(of)}
	m.BearerData.V, m.BearerData.OK = b, true
	return m.Append(nil)
}
