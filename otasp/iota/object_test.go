package iota_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/iota"
)

// realAddress is what the client whose code is public writes.
const realAddress = "C4000050441C1F01"

func TestWDPAddress(t *testing.T) {
	var a iota.WDPAddress
	if err := a.UnmarshalText([]byte(realAddress)); err != nil {
		t.Fatal(err)
	}
	want := iota.IPAddress(netip.MustParseAddrPort("68.28.31.1:80"))
	if d := cmp.Diff(want, &a); d != "" {
		t.Error(d)
	}
	if ip, ok := a.IP(); !ok || ip != netip.MustParseAddr("68.28.31.1") {
		t.Errorf("%v", ip)
	}
	if text, err := want.MarshalText(); err != nil || string(text) != realAddress {
		t.Errorf("%s, %v", text, err)
	}
	b, _ := hex.DecodeString(realAddress)
	for n := range b {
		var we *wire.Error
		if err := a.Decode(b[:n]); !errors.As(err, &we) {
			t.Errorf("cut to %d octets: %v", n, err)
		}
	}
	if err := a.Decode(append(b, 0)); !errors.Is(err, wire.ErrTrailing) {
		t.Errorf("an octet too many: %v", err)
	}
	if err := a.UnmarshalText([]byte("C4x")); !errors.Is(err, wire.ErrValue) {
		t.Errorf("no digits: %v", err)
	}
	for _, bad := range []iota.WDPAddress{{Bearer: 1}, {Port: 1}, {Address: make([]byte, 64)}} {
		if got, err := bad.Append([]byte{1}); err == nil || len(got) != 1 {
			t.Errorf("%+v: %x", bad, got)
		}
		if _, err := bad.MarshalText(); err == nil {
			t.Errorf("%+v has a text", bad)
		}
	}
}

func FuzzWDPAddress(f *testing.F) {
	b, _ := hex.DecodeString(realAddress)
	f.Add(b)
	f.Add([]byte{0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var a iota.WDPAddress
		if err := a.Decode(b); err != nil {
			var we *wire.Error
			if !errors.As(err, &we) {
				t.Fatal(err)
			}
			return
		}
		if got, err := a.Append(nil); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%x became %x, %v", b, got, err)
		}
	})
}

func TestChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		octets := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "octets")
		size := rapid.IntRange(1, 120).Draw(t, "size")
		var all []byte
		for c := range iota.Chunks(octets, size) {
			if int(c.Offset) != len(all) || len(c.Octets) == 0 || len(c.Octets) > size {
				t.Fatalf("chunk at %d of %d octets", c.Offset, len(c.Octets))
			}
			if all = append(all, c.Octets...); len(all) < len(octets) && len(c.Octets) != size {
				t.Fatalf("a short chunk at %d", c.Offset)
			}
		}
		if !bytes.Equal(all, octets) {
			t.Fatalf("%x", all)
		}
	})
	for range iota.Chunks([]byte{1}, 0) {
		t.Error("a chunk of no size")
	}
	n := 0
	for range iota.Chunks(make([]byte, 10), 1) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d chunks", n)
	}
}
