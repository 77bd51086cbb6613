package tpdu_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
)

// Clone's result survives the buffer it was decoded from.
func TestCloneOwnsItsOctets(t *testing.T) {
	for _, v := range load(t) {
		d := direction(t, &v)
		want, err := tpdu.Decode(v.Octets, d)
		if err != nil {
			continue // the codec test says whether that is right
		}
		poisoned := bytes.Clone(v.Octets)
		m, err := tpdu.Decode(poisoned, d)
		if err != nil {
			t.Fatal(err)
		}
		kept := reflect.ValueOf(m).MethodByName("Clone").Call(nil)[0].Interface()
		for i := range poisoned {
			poisoned[i] = 0xdb
		}
		if diff := cmp.Diff(want, kept); diff != "" {
			t.Errorf("%s (-want +kept):\n%s", v.Name, diff)
		}
	}
}

func TestJSONGivesTheSameOctets(t *testing.T) {
	for _, v := range load(t) {
		m, err := tpdu.Decode(v.Octets, direction(t, &v))
		if err != nil {
			continue
		}
		j, err := tpdu.ToJSON(m)
		if err != nil {
			t.Fatalf("%s: %v", v.Name, err)
		}
		back, err := tpdu.FromJSON(j)
		if err != nil {
			t.Fatalf("%s: %s: %v", v.Name, j, err)
		}
		if b, err := back.Append(nil); err != nil || !bytes.Equal(b, v.Canonical) || back.Type() != m.Type() {
			t.Errorf("%s: %x, %v, by way of %s", v.Name, b, err, j)
		}
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for _, c := range []struct {
		json string
		err  error
		word string
	}{
		{`{`, nil, "unexpected end"},
		{`[]`, nil, "array"},
		{`{}`, wire.ErrMissing, "message"},
		{`{"message":"Delivery"}`, wire.ErrUnsupported, "Delivery"},
		{`{"message":"Deliver","Reference":1}`, nil, "Reference"},
		{`{"message":"Submit","PID":256}`, nil, "256"},
		{`{"message":"Submit","Destination":{"Digits":"+"}}`, wire.ErrValue, "address"},
		{`{"message":"Deliver","ServiceCentreTime":"now"}`, nil, "time"},
	} {
		m, err := tpdu.FromJSON([]byte(c.json))
		if err == nil {
			t.Errorf("%s: %+v, want an error", c.json, m)
			continue
		}
		if c.err != nil && !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", c.json, err)
		}
	}
}

// What an Append cannot write names its field.
func TestUnencodable(t *testing.T) {
	full := func(n int, length uint8) tpdu.UserData {
		return tpdu.UserData{Length: length, Octets: make([]byte, n)}
	}
	withHeader := tpdu.UserData{HasHeader: true, Header: udh.Header{Elements: []udh.Element{{Data: make([]byte, 256)}}}}
	for _, v := range []struct {
		field string
		m     tpdu.Message
	}{
		{"TP-OA", &tpdu.Deliver{Originating: tpdu.Address{Length: 21}}},
		{"TP-DA", &tpdu.Submit{Destination: tpdu.Address{Length: 21}}},
		{"TP-DA", &tpdu.Command{Destination: tpdu.Address{Length: 21}}},
		{"TP-RA", &tpdu.StatusReport{Recipient: tpdu.Address{Length: 21}}},
		{"TP-UDL", &tpdu.Deliver{UserData: full(8, 8)}},
		{"TP-UDL", &tpdu.Deliver{DCS: tpdu.DCSOctets, UserData: full(8, 9)}},
		{"TP-CDL", &tpdu.Command{Data: full(8, 9)}},
		{"TP-UD", &tpdu.Submit{DCS: tpdu.DCSOctets, UserData: full(141, 141)}},
		{"TP-UD", &tpdu.Submit{UserData: full(141, 161)}},
		{"TP-CD", &tpdu.Command{Data: full(161, 161)}},
		{"TP-UD", &tpdu.DeliverReport{Parameters: tpdu.Parameters{HasDCS: true, DCS: 4, HasUserData: true, UserData: full(161, 161)}}},
		{"data", &tpdu.Deliver{UserData: withHeader}},
		{"TP-VPF", &tpdu.Submit{Validity: tpdu.Validity{Format: 4}}},
		{"TP-FCS", &tpdu.DeliverReport{FCS: 0x7f}},
		{"TP-FCS", &tpdu.SubmitReport{FCS: 1}},
	} {
		b, err := v.m.Append(nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != v.field {
			t.Errorf("%T: %x, %v, want an error in %s", v.m, b, err, v.field)
		}
	}
}

// A message is refused by the type of another one, whatever else it has.
func TestTypeChosenByTheCaller(t *testing.T) {
	b := unhex(t, "03000000000000000000000000000000000000000000")
	for _, m := range []interface{ Decode([]byte) error }{
		new(tpdu.Deliver), new(tpdu.Submit), new(tpdu.StatusReport), new(tpdu.Command), new(tpdu.DeliverReport), new(tpdu.SubmitReport),
	} {
		var we *wire.Error
		if err := m.Decode(b); !errors.As(err, &we) || we.Field != "TP-MTI" || we.Offset != 0 {
			t.Errorf("%T: %v", m, err)
		}
	}
}

// A message used again shows nothing of what it held before.
func TestUsedAgain(t *testing.T) {
	var used, fresh tpdu.DeliverReport
	if err := used.Decode(unhex(t, "40d5077ff60402710000")); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*tpdu.DeliverReport{&used, &fresh} {
		if err := m.Decode(unhex(t, "0000")); err != nil {
			t.Fatal(err)
		}
	}
	used.UserData.Header.Elements = nil // room that is kept
	if d := cmp.Diff(fresh, used); d != "" {
		t.Error(d)
	}
	report, want := new(tpdu.StatusReport), "06050b912143658709f1422112818164004221128181740000"
	for _, h := range []string{"26050b912143658709f14221128181640042211281817400460700000141", want} {
		if err := report.Decode(unhex(t, h)); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := report.Append(nil); err != nil || !bytes.Equal(b, unhex(t, want)) {
		t.Errorf("%x, %v", b, err)
	}
}

func TestUserDataText(t *testing.T) {
	concatenated := udh.Header{Elements: []udh.Element{udh.Concatenation{Reference: 1, Total: 2, Number: 1}.Element()}}
	turkish := udh.Header{Elements: []udh.Element{{ID: udh.LockingShift, Data: []byte{1}}, {ID: udh.SingleShift, Data: []byte{2}}}}
	for _, v := range []struct {
		header udh.Header
		text   string
		in     gsm7.Alphabet
	}{
		{text: "hello"}, {text: ""}, {text: strings.Repeat("x", 160)},
		{header: concatenated, text: "hello"}, {header: concatenated, text: strings.Repeat("€", 76)}, {header: concatenated, text: ""},
		{header: turkish, text: "ışğ Á", in: gsm7.Alphabet{Locking: gsm7.Turkish, Single: gsm7.Spanish}},
	} {
		septets, err := v.in.Append(nil, v.text)
		if err != nil {
			t.Fatal(err)
		}
		m := tpdu.Deliver{UserData: tpdu.UserData{HasHeader: len(v.header.Elements) > 0, Header: v.header}}
		if err := m.UserData.SetSeptets(septets); err != nil {
			t.Fatal(err)
		}
		b, err := m.Append(nil)
		if err != nil {
			t.Fatalf("%q: %v", v.text, err)
		}
		var got tpdu.Deliver
		if err := got.Decode(b); err != nil {
			t.Fatalf("%q: %x: %v", v.text, b, err)
		}
		if text, ok := tpdu.Text(&got); !ok || text != v.text {
			t.Errorf("%x: %q, %t, want %q", b, text, ok, v.text)
		}
	}
}

// TestPublishedPart is the user data of a part that was published with jSS7: 160
// septets with those of its header.
func TestPublishedPart(t *testing.T) {
	ud := unhex(t, "050003eb0201a8f9307c5efe81c2a0319afe06d1cbe27c183407d1f361f8bc0c9adbf3617dda1e2ed37fa0761ef4a6c3e5e1799a9d9e9f40739039ad97a3597374780eca87417310313c4797d3a039feadce83ecedf039ac4fbb41e534c81d26bf5d6110fc4d7fb741f077999c07ad41ccb2bbccca8741f4f7991c06c1dff0b7ba0ca297c565d07c9d76e741")
	var in tpdu.UserData
	if err := in.Set(ud, 160, true); err != nil {
		t.Fatal(err)
	}
	text, err := in.AppendText(nil, tpdu.DCSDefault)
	c, ok := in.Header.Concatenation()
	if err != nil || len(text) != 153 || !bytes.HasSuffix(text, []byte("togda popoje tebe skiny ")) || c.String() != "part 1 of 2, reference 235" || !ok {
		t.Fatalf("%v, %q, %v", c, text, err)
	}
	septets, err := gsm7.Alphabet{}.Append(nil, string(text))
	if err != nil {
		t.Fatal(err)
	}
	m := tpdu.Deliver{UserData: tpdu.UserData{HasHeader: true, Header: in.Header}}
	if err := m.UserData.SetSeptets(septets); err != nil {
		t.Fatal(err)
	}
	if b, err := m.Append(nil); err != nil || !bytes.HasSuffix(b, append([]byte{160}, ud...)) {
		t.Errorf("%x, %v", b, err)
	}
}

func TestUserDataOctets(t *testing.T) {
	u := tpdu.UserData{HasHeader: true, Header: udh.Header{Elements: []udh.Element{udh.Ports{Destination: 2948, Source: 9200, Wide: true}.Element()}}}
	if err := u.SetOctets([]byte{1, 2}); err != nil || u.Length != 9 {
		t.Errorf("length %d, %v", u.Length, err)
	}
	m := tpdu.Deliver{DCS: tpdu.DCSOctetsME, UserData: u}
	b, err := m.Append(nil)
	if err != nil || !bytes.HasSuffix(b, unhex(t, "090605040b8423f00102")) {
		t.Errorf("%x, %v", b, err)
	}
	var set tpdu.UserData
	if err := set.Set(unhex(t, "0605040b8423f00102"), 9, true); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(u, set); d != "" {
		t.Error(d)
	}
	if text, ok := tpdu.Text(&m); ok {
		t.Errorf("octets are the text %q", text)
	}
	for _, err := range []error{u.SetOctets(make([]byte, 249)), u.SetSeptets(make([]byte, 248)), set.Set(nil, 256, false), set.Set(nil, -1, false), set.Set([]byte{5}, 1, true)} {
		if err == nil {
			t.Error("no error")
		}
	}
}

func TestUCS2Text(t *testing.T) {
	for octets, want := range map[string]string{"d83dde00": "😀", "d83d0041": "\ufffdA", "d83d": "\ufffd", "0416041f": "ЖП", "de00d83d": "\ufffd\ufffd"} {
		u := tpdu.UserData{Octets: unhex(t, octets)}
		if got, err := u.AppendText(nil, tpdu.DCSUCS2); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", octets, got, err, want)
		}
	}
	u := tpdu.UserData{Octets: []byte{0, 65, 0}}
	if got, err := u.AppendText(nil, tpdu.DCSUCS2); !errors.Is(err, wire.ErrLength) {
		t.Errorf("odd: %q, %v", got, err)
	}
}

// Messages decoded into a value that is used again, and encoded into a buffer
// that has room, cost no memory.
func TestNoAllocations(t *testing.T) {
	for h, m := range map[string]interface {
		Decode(b []byte) error
		Append(dst []byte) ([]byte, error)
	}{
		"e40a91214365870900007050515110112117050003eb0201906536fbcd02dddf723619140a8500": new(tpdu.Deliver),
		"19000b912143658709f10000422112818164000ac8329bfd065ddf7236":                     new(tpdu.Submit),
		"26050b912143658709f14221128181640042211281817400460700000141":                   new(tpdu.StatusReport),
		"020b212c0c0d91112233445566f7057365742041":                                       new(tpdu.Command),
		"40d5077ff60402710000":                       new(tpdu.DeliverReport),
		"01c80670505151101121000ac8329bfd068542a110": new(tpdu.SubmitReport),
	} {
		b, room := unhex(t, h), make([]byte, 0, 200)
		testvec.NoAllocs(t, h+" decoded", func() {
			if err := m.Decode(b); err != nil {
				t.Fatal(err)
			}
		})
		testvec.NoAllocs(t, h+" encoded", func() {
			if _, err := m.Append(room); err != nil {
				t.Fatal(err)
			}
		})
	}
	var m tpdu.Deliver
	if err := m.Decode(unhex(t, "e40a91214365870900007050515110112117050003eb0201906536fbcd02dddf723619140a8500")); err != nil {
		t.Fatal(err)
	}
	room := make([]byte, 0, 400)
	testvec.NoAllocs(t, "text", func() {
		if _, err := m.UserData.AppendText(room, m.DCS); err != nil {
			t.Fatal(err)
		}
	})
}

func TestToJSON(t *testing.T) {
	m, err := tpdu.Decode(unhex(t, "0000"), tpdu.MobileOriginated)
	if err != nil {
		t.Fatal(err)
	}
	if j, err := tpdu.ToJSON(m); err != nil || string(j) != `{"message":"DeliverReport"}` || !json.Valid(j) {
		t.Errorf("%s, %v", j, err)
	}
}
