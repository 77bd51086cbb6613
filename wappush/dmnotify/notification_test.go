package dmnotify_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/dmnotify"
)

const vectors = "../../testdata/dm"

func decode(b []byte) (testvec.Message, error) {
	n := new(dmnotify.Notification)
	if err := n.Decode(b); err != nil {
		return nil, err
	}
	return n, nil
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "dm", decode) }

func FuzzDecode(f *testing.F) { testvec.Fuzz(f, vectors, "dm", decode) }

func notification() *rapid.Generator[*dmnotify.Notification] {
	return rapid.Custom(func(t *rapid.T) *dmnotify.Notification {
		n := &dmnotify.Notification{
			Version:   dmnotify.Version(rapid.Uint16Range(0, 1023).Draw(t, "version")),
			UIMode:    dmnotify.UIMode(rapid.ByteRange(0, 3).Draw(t, "ui-mode")),
			Initiator: dmnotify.Initiator(rapid.ByteRange(0, 1).Draw(t, "initiator")),
			Future:    rapid.Uint32Range(0, 1<<27-1).Draw(t, "future"),
			SessionID: dmnotify.SessionID(rapid.Uint16().Draw(t, "session")),
			ServerID:  rapid.SliceOfN(rapid.Byte(), 0, 255).Draw(t, "server"),
			Vendor:    rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "vendor"),
		}
		copy(n.Digest[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "digest"))
		return n
	})
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := notification().Draw(t, "n")
		b, err := n.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		m := dmnotify.Notification{Vendor: []byte("stale"), Future: 7}
		if err := m.Decode(b); err != nil {
			t.Fatal(err)
		}
		clone := m.Clone()
		j, err := dmnotify.ToJSON(&m)
		if err != nil {
			t.Fatal(err)
		}
		k, err := dmnotify.FromJSON(j)
		if err != nil {
			t.Fatalf("%v in %s", err, j)
		}
		for i := range b {
			b[i] = 0xa5 // what is kept must be a clone
		}
		if d := cmp.Diff(n, clone, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(n, k, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("through %s:\n%s", j, d)
		}
	})
}

// acme is the notification of the computed vectors.
func acme() *dmnotify.Notification {
	return &dmnotify.Notification{
		Version: dmnotify.Version12, UIMode: dmnotify.Informative, Initiator: dmnotify.Server,
		SessionID: 0x2a, ServerID: []byte("dm.acme.example"),
	}
}

const (
	password = dmnotify.Password("ssec")
	nonce    = "Nonce"
)

// TestDigest has digests that were computed with another program.
func TestDigest(t *testing.T) {
	for _, tt := range []struct{ what, nonce, want string }{
		{"a nonce agreed", nonce, "cabd70af00750f8b3d9c5a0ad842b3c1"},
		{"four zeros", string(dmnotify.ResyncOctets.Nonce()), "ab43ae50950631c48e6c699504c3db05"},
		{"the text", string(dmnotify.ResyncText.Nonce()), "bbe63ebb5d681eebf0785f46efd2c807"},
	} {
		n := acme()
		if err := n.Sign(password, []byte(tt.nonce)); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(n.Digest[:]); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
		}
		if !n.Verify(password, []byte(tt.nonce)) {
			t.Errorf("%s: does not verify", tt.what)
		}
	}
}

// TestVerify changes each thing that the digest covers.
func TestVerify(t *testing.T) {
	n := acme()
	if err := n.Sign(password, []byte(nonce)); err != nil {
		t.Fatal(err)
	}
	b, err := n.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var m dmnotify.Notification
	for bit := range 8 * len(b) {
		b[bit/8] ^= 1 << (bit % 8)
		if m.Decode(b) == nil && m.Verify(password, []byte(nonce)) {
			t.Errorf("verifies with bit %d changed", bit)
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
	if err := m.Decode(b); err != nil || !m.Verify(password, []byte(nonce)) {
		t.Fatalf("unchanged: %v", err)
	}
	if m.Verify(password+"x", []byte(nonce)) || m.Verify(password, []byte("nonce")) || m.Verify(password, nil) {
		t.Error("verifies with another password or nonce")
	}
	if m.Verify(password, nil) {
		t.Error("verifies without a nonce")
	}
	m.UIMode = 4
	if m.Verify(password, []byte(nonce)) {
		t.Error("verifies what cannot be sent")
	}
}

func TestVerifyResync(t *testing.T) {
	for _, want := range dmnotify.Resyncs {
		n := acme()
		if err := n.Sign(password, want.Nonce()); err != nil {
			t.Fatal(err)
		}
		if got, ok := n.VerifyResync(password); got != want || !ok {
			t.Errorf("made with %v: %v %t", want, got, ok)
		}
		if _, ok := n.VerifyResync("another"); ok {
			t.Errorf("%v verifies with another password", want)
		}
	}
	n := acme()
	if err := n.Sign(password, []byte(nonce)); err != nil {
		t.Fatal(err)
	}
	if r, ok := n.VerifyResync(password); ok {
		t.Errorf("an ordinary nonce taken for %v", r)
	}
}

// TestAuthMD5 has the example of the OMA DM protocol text, and one computed
// with another program.
func TestAuthMD5(t *testing.T) {
	for _, tt := range []struct {
		name     string
		password dmnotify.Password
		want     string
	}{
		{"Bruce2", "OhBehave", "Zz6EivR3yeaaENcRN6lpAQ=="},
		{"cli", "csec", "Ujdngh6H1aPVgLyyC8MwIA=="},
	} {
		if got := dmnotify.AuthMD5([]byte(tt.name), tt.password, []byte(nonce)).Base64(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// package1 is a first message to the server, in WBXML.
const package1 = "" +
	"02a4016a006d6c7103312e3200017203444d2f312e3200016503324100015b033100016e570368747470733a2f2f646d2e61" +
	"636d652e6578616d706c652f646d0001016757034d4549443a413030303030313233343536373800015603636c690001014e" +
	"5a000147036236340001530373796e636d6c3a617574682d6d643500010100004f03556a646e6768364831615056674c7979" +
	"43384d7749413d3d000101016b464b033100014f0331323030000101604b03320001546757032e2f446576496e666f2f4d61" +
	"6e0001014fc30441636d650101546757032e2f446576496e666f2f4d6f640001014fc3024d31010101120101"

// TestHMAC has a digest that was computed with another program.
func TestHMAC(t *testing.T) {
	body, err := hex.DecodeString(package1)
	if err != nil {
		t.Fatal(err)
	}
	if got := dmnotify.HMAC([]byte("cli"), "csec", []byte(nonce), body).Base64(); got != "Bk6z2RjXb68+1p76rabPxg==" {
		t.Errorf("got %s", got)
	}
}

func TestPasswordMasks(t *testing.T) {
	const secret = dmnotify.Password("hunter2")
	j, err := json.Marshal(struct{ P dmnotify.Password }{secret})
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%s %v %q %x %d %#v %+v", secret, secret, secret, secret, secret, secret, struct{ P dmnotify.Password }{secret}) + string(j) + secret.String()
	if strings.Contains(shown, "hunter") || strings.Contains(shown, hex.EncodeToString([]byte("hunter"))) || !strings.Contains(shown, "***") {
		t.Errorf("shows itself: %s", shown)
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, tt := range []struct {
		field string
		n     dmnotify.Notification
	}{
		{"version", dmnotify.Notification{Version: 1024}},
		{"ui-mode", dmnotify.Notification{UIMode: 4}},
		{"initiator", dmnotify.Notification{Initiator: 2}},
		{"future-use", dmnotify.Notification{Future: 1 << 27}},
		{"server-identifier", dmnotify.Notification{ServerID: make([]byte, 256)}},
	} {
		got, err := tt.n.Append([]byte("kept"))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field || string(got) != "kept" {
			t.Errorf("want an error in %s, got %v and %q", tt.field, err, got)
		}
		if err := tt.n.Sign(password, nil); !errors.As(err, &we) || we.Field != tt.field {
			t.Errorf("signed, with %v", err)
		}
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for _, j := range []string{`{`, `{"message":"x"}`, `{"message":"Notification"}`, `{"message":"Notification","digest":"00"}`, `{"message":"Notification","size":0}`} {
		if n, err := dmnotify.FromJSON([]byte(j)); err == nil {
			t.Errorf("%s: taken as %+v", j, n)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		got  fmt.Stringer
		want string
	}{
		{dmnotify.Version12, "DM 1.1 or 1.2"}, {dmnotify.Version10, "DM 1.0"}, {dmnotify.Version(12), "unknown"},
		{dmnotify.NotSpecified, "not specified"}, {dmnotify.Background, "background"}, {dmnotify.Informative, "informative"},
		{dmnotify.UserInteraction, "user interaction"}, {dmnotify.UIMode(4), "unknown"},
		{dmnotify.User, "user"}, {dmnotify.Server, "server"},
		{dmnotify.SessionID(0x2a), "2A"}, {dmnotify.SessionID(0x9e72), "9E72"},
		{dmnotify.ResyncOctets, "four octets of zero"}, {dmnotify.ResyncText, `the text "0x00000000"`},
	} {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestNoAllocs(t *testing.T) {
	n := acme()
	b, err := n.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, len(b))
	testvec.NoAllocs(t, "append", func() { buf, _ = n.Append(buf[:0]) })
	var m dmnotify.Notification
	testvec.NoAllocs(t, "decode", func() { _ = m.Decode(b) })
	if !bytes.Equal(buf, b) || m.SessionID != 0x2a {
		t.Error("nothing was coded")
	}
}
