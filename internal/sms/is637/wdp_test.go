package is637_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
)

func deliver(t *testing.T, userData []byte) []byte {
	t.Helper()
	b, err := is637.AppendDeliver(nil, 0x1234, userData)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bearerOf(t *testing.T, octets []byte) *is637.Bearer {
	t.Helper()
	b := new(is637.Bearer)
	if err := b.Decode(octets); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWDPOf(t *testing.T) {
	segment := unhex(t, "00020023f00b84abcd")
	want := &is637.WDP{Total: 2, Source: is637.PortWSP, Destination: is637.PortPush, Data: wire.Hex{0xab, 0xcd}}
	plain, nested := deliver(t, segment), deliver(t, deliver(t, segment))
	for _, c := range []struct {
		service is637.Teleservice
		octets  []byte
	}{{is637.TeleserviceWAP, plain}, {is637.TeleserviceCTWAP, nested}} {
		w, err := is637.WDPOf(c.service, bearerOf(t, c.octets))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, w); d != "" {
			t.Errorf("%v:\n%s", c.service, d)
		}
	}
	for _, c := range []struct {
		service is637.Teleservice
		octets  []byte
		want    error
	}{
		{is637.TeleserviceWMT, plain, wire.ErrUnsupported},
		{is637.TeleserviceWAP, nested, wire.ErrValue}, // 00 03 10: segment 16 of 3
		{is637.TeleserviceCTWAP, plain, wire.ErrShort},
		{is637.TeleserviceWAP, unhex(t, "0003100010"), wire.ErrMissing},
		{is637.TeleserviceCTWAP, unhex(t, "0003100010"), wire.ErrMissing},
	} {
		if w, err := is637.WDPOf(c.service, bearerOf(t, c.octets)); !errors.Is(err, c.want) {
			t.Errorf("%v of %x: %+v, %v; want %v", c.service, c.octets, w, err, c.want)
		}
	}
}

func TestSkipRepeatedPorts(t *testing.T) {
	for _, c := range []struct {
		octets, data string
		repeated     bool
	}{
		{"00010023f00b8423f00b84d606", "d606", true},
		{"00010023f00b84d606", "d606", false},
		{"00010023f00b840b8423f0d606", "0b8423f0d606", false},
		{"00020100000000d606", "00000000d606", false},
	} {
		var w is637.WDP
		if err := w.Decode(unhex(t, c.octets)); err != nil {
			t.Fatal(err)
		}
		if got := w.SkipRepeatedPorts(); got != c.repeated || w.Data.String() != c.data {
			t.Errorf("%s: %t, data %v", c.octets, got, w.Data)
		}
	}
}

func TestDeliverTooLong(t *testing.T) {
	if b, err := is637.AppendDeliver(nil, 1, make([]byte, 253)); err != nil || len(b) != 5+2+255 {
		t.Errorf("%d octets, %v", len(b), err)
	}
	if _, err := is637.AppendDeliver(nil, 1, make([]byte, 254)); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("one too many: %v", err)
	}
}
